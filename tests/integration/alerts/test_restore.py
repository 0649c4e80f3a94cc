"""``clusterwatch restore``: everything comes back, nothing is sent, what was there is kept."""

from __future__ import annotations

import fcntl
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.__main__ import application
from crawler.cli.app import run
from crawler.storage.database import Database, utc_now
from crawler.storage.deliveries import HELD
from crawler.storage.tables import metadata
from tests.integration.alerts.house import Clock, House

CONFIGURATION = """
[clusterwatch]
name = "main"
[[sources]]
id = "a"
url = "https://a.example.org/news"
[[subscriptions]]
id = "team"
to = "file:digests/"
topics = ["ai"]
"""
Rows = dict[str, list[tuple[Any, ...]]]
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    (tmp_path / "clusterwatch.toml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(application(), list(arguments))
        spoken = capsys.readouterr()
        return code, spoken.out, spoken.err

    return call


def publish(home: Path, *identities: str) -> None:
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    house = House(database, Clock(utc_now()))
    for identity in identities:
        house.publish(identity)
    database.close()


def rows_of(path: Path) -> Rows:
    """Every row of every table, but the hold."""
    with closing(sqlite3.connect(path)) as connection:
        names = [*(table.name for table in metadata.sorted_tables), "alembic_version"]
        found: Rows = {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names
        }
    found["meta"] = [row for row in found["meta"] if row[0] != HELD]
    return found


@pytest.fixture
def backed_up(command: Command, home: Path) -> Path:
    """A backup with one digest sent, and a database that went on since."""
    command("subscriptions", "list")
    publish(home, "1", "2")
    assert command("digest", "send", "--now")[0] == 0
    assert command("backup", "copy.db")[0] == 0
    return home / "copy.db"


def test_every_row_of_every_table_is_as_it_was(
    command: Command, home: Path, backed_up: Path
) -> None:
    before = rows_of(home / "clusterwatch.db")
    assert before["deliveries"]
    assert len(before["items"]) == 2
    publish(home, "3")
    command("digest", "send", "--now")
    command("subscriptions", "add", "slack:#late", "--topic", "ai")
    changed = rows_of(home / "clusterwatch.db")
    assert changed != before
    code, out, _ = command("restore", "copy.db", "--json")
    told = json.loads(out)
    assert (code, told["held"]) == (0, True)
    assert rows_of(home / "clusterwatch.db") == before
    assert rows_of(Path(told["kept"])) == changed
    assert Path(told["kept"]).name.startswith("clusterwatch.db.before-restore-")
    assert not (home / "clusterwatch.db.restoring").exists()


def test_sending_waits_until_it_is_released(command: Command, home: Path, backed_up: Path) -> None:
    code, out, _ = command("restore", "copy.db")
    assert code == 0
    assert "clusterwatch digest release --dry-run" in out
    publish(home, "3")
    code, _, err = command("digest", "send", "--now")
    assert code == 1
    assert "digest release" in err
    assert command("digest", "release")[0] == 0
    assert "team → file:digests/: sent" in command("digest", "send", "--now")[1]


def test_it_is_refused_while_the_daemon_runs(command: Command, home: Path, backed_up: Path) -> None:
    before = rows_of(home / "clusterwatch.db")
    with (home / "clusterwatch.db.daemon").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, out, err = command("restore", "copy.db")
    assert (code, out) == (1, "")
    assert "Stop it first" in err
    assert rows_of(home / "clusterwatch.db") == before


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE items (id TEXT)")
        connection.commit()


def text(path: Path) -> None:
    path.write_text("no database at all, but long enough to be looked at " * 40)


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8192:16384] = b"\xff" * 8192
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (newer, "schema 9999"),
        (foreign, "no database of Clusterwatch"),
        (text, "no database of Clusterwatch"),
        (damaged, "no database of Clusterwatch"),
        (Path.unlink, "no such file"),
    ],
)
def test_a_file_that_is_no_backup_changes_nothing(
    command: Command, home: Path, backed_up: Path, spoil: Callable[[Path], None], said: str
) -> None:
    before = rows_of(home / "clusterwatch.db")
    spoil(backed_up)
    present = sorted(path.name for path in home.iterdir())
    code, out, err = command("restore", "copy.db")
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert rows_of(home / "clusterwatch.db") == before
    left = {path.name for path in home.iterdir()} - {"clusterwatch.db.daemon"}
    assert left == set(present) - {"clusterwatch.db.daemon"}


def test_the_database_itself_is_no_backup_of_it(command: Command, backed_up: Path) -> None:
    code, _, err = command("restore", "clusterwatch.db")
    assert code == 2
    assert "is the database itself" in err


@pytest.mark.parametrize("left", ["nothing", "a stale log", "a broken file"])
def test_a_database_that_is_lost_or_broken_comes_back(
    command: Command, home: Path, backed_up: Path, left: str
) -> None:
    before = rows_of(home / "clusterwatch.db")
    database = home / "clusterwatch.db"
    database.unlink()
    if left == "a stale log":
        (home / "clusterwatch.db-wal").write_bytes(b"left over" * 500)
        (home / "clusterwatch.db-shm").write_bytes(b"left over" * 500)
    if left == "a broken file":
        database.write_bytes(b"broken " * 1000)
    code, out, _ = command("restore", "copy.db", "--json")
    assert code == 0
    assert rows_of(database) == before
    kept = json.loads(out)["kept"]
    assert (kept is not None) == (left == "a broken file")
    if kept:
        assert Path(kept).read_bytes() == b"broken " * 1000


def test_postgresql_is_left_to_its_own_tool(command: Command, home: Path) -> None:
    address = 'name = "main"\ndatabase = "postgresql://nobody@127.0.0.1:1/none"'
    (home / "clusterwatch.toml").write_text(CONFIGURATION.replace('name = "main"', address, 1))
    code, _, err = command("restore", "copy.db")
    assert code == 1
    assert "pg_restore" in err
    assert len(err.splitlines()) == 1
