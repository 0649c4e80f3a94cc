"""What every test may use: both databases, closed sockets but loopback, a fixed clock."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings

from crawler.storage.database import Database

# The same examples in every run: what fails here fails everywhere.
settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.load_profile("house")

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A fixed moment: a Saturday morning."""
    return NOW


@pytest.fixture(autouse=True)
def _sockets_closed_except_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            assert host.startswith("127.") or host in ("::1", "localhost"), (
                f"a test tried to reach {host}"
            )
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


class PostgresServer:
    """A throw-away PostgreSQL cluster on a Unix socket, run by an unprivileged user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.user = "postgres" if os.geteuid() == 0 else ""
        self.bin = _postgres_bin()

    def start(self, *settings: str) -> None:
        """A new cluster; ``settings`` as in postgresql.conf, ``name=value``."""
        data = self.folder / "data"
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run(
            "initdb",
            "-D",
            str(data),
            "-A",
            "trust",
            "-U",
            "clusterwatch",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        )
        self.resume(*settings)

    def resume(self, *settings: str) -> None:
        """Run on the data that are there."""
        data = self.folder / "data"
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
        options += "".join(f" -c {one}" for one in settings)
        self._run(
            "pg_ctl", "-D", str(data), "-w", "-l", str(self.folder / "log"), "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def cpu_ns(self) -> int:
        """CPU time of the server's living processes (Linux)."""
        main = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        alive = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        used = (Path(f"/proc/{one}/schedstat").read_text().split()[0] for one in alive)
        return sum(map(int, used))

    def create_database(self) -> str:
        name = f"t{uuid4().hex[:12]}"
        self._run("createdb", "-h", str(self.folder), "-U", "clusterwatch", name)
        return f"postgresql://clusterwatch@/{name}?host={self.folder}"

    def drop_database(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        self._run("dropdb", "-h", str(self.folder), "-U", "clusterwatch", "--force", name)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), *arguments]
        if self.user:
            command = [
                "setpriv",
                f"--reuid={self.user}",
                f"--regid={self.user}",
                "--clear-groups",
                *command,
            ]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/"
        )


def _postgres_bin() -> Path:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    raise FileNotFoundError("initdb")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@contextlib.contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server of one's own, e.g. to be stopped. Skips where PostgreSQL is not installed."""
    try:
        _postgres_bin()
    except FileNotFoundError:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="cw-pg-", dir="/tmp"))
    server = PostgresServer(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'clusterwatch.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield url
    server.drop_database(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty installation's database; every test that asks for it runs on both."""
    database = Database(database_url)
    database.ensure()
    yield database
    database.close()
