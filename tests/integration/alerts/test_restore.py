"""``clusterwatch restore``: everything comes back, nothing is sent, what was there is kept."""

from __future__ import annotations

import fcntl
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.storage.database import Database, utc_now
from crawler.storage.deliveries import HELD
from crawler.storage.tables import metadata
from tests.conftest import PostgresServer
from tests.integration.alerts.calls import ABOUT_AI, CONFIGURATION, publish
from tests.integration.alerts.house import Clock, House
from tests.integration.commands import Command

Rows = dict[str, list[tuple[Any, ...]]]


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
    command("db", "sync")
    publish(home, "1", "2")
    assert command("digest", "send", "--now").code == 0
    assert command("backup", "copy.db").code == 0
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
    answer = command("restore", "copy.db", "--json")
    told = answer.json
    assert (answer.code, told["held"]) == (0, True)
    assert rows_of(home / "clusterwatch.db") == before
    assert rows_of(Path(told["kept"])) == changed
    assert Path(told["kept"]).name.startswith("clusterwatch.db.before-restore-")
    assert not (home / "clusterwatch.db.restoring").exists()
    for file in ("clusterwatch.db", "copy.db", told["kept"]):
        assert (home / file).stat().st_mode & 0o777 == 0o600


def test_sending_waits_until_it_is_released(command: Command, home: Path, backed_up: Path) -> None:
    answer = command("restore", "copy.db")
    assert answer.code == 0
    assert "clusterwatch digest release --dry-run" in answer.out
    publish(home, "3")
    answer = command("digest", "send", "--now")
    assert answer.code == 1
    assert "digest release" in answer.err
    assert command("digest", "release").code == 0
    assert "team → file:digests/: sent" in command("digest", "send", "--now").out


def test_it_is_refused_while_the_daemon_runs(command: Command, home: Path, backed_up: Path) -> None:
    before = rows_of(home / "clusterwatch.db")
    with (home / "clusterwatch.db.daemon").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = command("restore", "copy.db")
    assert (answer.code, answer.out) == (1, "")
    assert "Stop it first" in answer.err
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
    answer = command("restore", "copy.db")
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1
    assert rows_of(home / "clusterwatch.db") == before
    left = {path.name for path in home.iterdir()} - {"clusterwatch.db.daemon"}
    assert left == set(present) - {"clusterwatch.db.daemon"}


def test_the_database_itself_is_no_backup_of_it(command: Command, backed_up: Path) -> None:
    answer = command("restore", "clusterwatch.db")
    assert answer.code == 2
    assert "is the database itself" in answer.err


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
    answer = command("restore", "copy.db", "--json")
    assert answer.code == 0
    assert rows_of(database) == before
    kept = answer.json["kept"]
    assert (kept is not None) == (left == "a broken file")
    if kept:
        assert Path(kept).read_bytes() == b"broken " * 1000


def test_postgresql_is_left_to_its_own_tool(command: Command, home: Path) -> None:
    address = 'name = "main"\ndatabase = "postgresql://nobody@127.0.0.1:1/none"'
    (home / "clusterwatch.toml").write_text(CONFIGURATION.replace('name = "main"', address, 1))
    answer = command("restore", "copy.db")
    assert answer.code == 1
    assert "pg_restore" in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_backup_brings_its_configuration_to_a_new_host(
    command: Command, home: Path, tmp_path_factory: pytest.TempPathFactory, backed_up: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    fresh = tmp_path_factory.mktemp("host")
    (fresh / "copy.db").write_bytes(backed_up.read_bytes())
    monkeypatch.chdir(fresh)
    told = command("restore", "copy.db", "--json").json
    assert Path(told["configuration"]).samefile(fresh / "clusterwatch.toml")
    assert (fresh / "clusterwatch.toml").read_text("utf-8") == CONFIGURATION
    assert rows_of(fresh / "clusterwatch.db") == rows_of(home / "clusterwatch.db")
    assert "team" in command("subscriptions", "list").out


def test_a_configuration_that_says_something_else_stays(
    command: Command, home: Path, backed_up: Path
) -> None:
    told = command("restore", "copy.db", "--json").json
    assert told["configuration"] is None
    Path(told["kept"]).unlink()  # its name has the second
    changed = CONFIGURATION + "[crawl]\nobey_robots = true\n"
    (home / "clusterwatch.toml").write_text(changed, "utf-8")
    answer = command("restore", "copy.db")
    assert "clusterwatch.toml.from-backup" in answer.out
    assert (home / "clusterwatch.toml").read_text("utf-8") == changed
    assert (home / "clusterwatch.toml.from-backup").read_text("utf-8") == CONFIGURATION


def test_a_backup_names_the_secrets_and_holds_none(command: Command, home: Path) -> None:
    (home / "clusterwatch.env").write_text("SLACK_BOT_TOKEN=xoxb-very-secret\n", "utf-8")
    told = command("backup", "copy.db")
    assert "SLACK_BOT_TOKEN" in told.out
    assert b"xoxb-very-secret" not in (home / "copy.db").read_bytes()
    assert command("restore", "copy.db", "--json").json["secrets"] == ["SLACK_BOT_TOKEN"]


def test_a_postgresql_dump_holds_every_row_and_sending_can_be_held(
    command: Command, home: Path, postgres_server: PostgresServer
) -> None:
    urls = [postgres_server.create_database() for _ in range(2)]
    stores = [Database(url) for url in urls]
    install(home, urls[0])
    command("db", "sync")
    House(stores[0], Clock(utc_now())).publish("1", text=ABOUT_AI)
    assert command("digest", "send", "--now").code == 0
    dump = str(home / "news.dump")
    tool(postgres_server, "pg_dump", "-Fc", "-f", dump, name_of(urls[0]))
    tool(postgres_server, "pg_restore", "-d", name_of(urls[1]), dump)
    assert all_rows(stores[1]) == all_rows(stores[0])
    assert all_rows(stores[1])["deliveries"]
    install(home, urls[1])
    assert command("digest", "hold").code == 0
    held = command("digest", "send", "--now")
    assert (held.code, "digest release" in held.err) == (1, True)
    assert command("digest", "release").code == 0
    assert command("digest", "send", "--now").code == 0
    for store, url in zip(stores, urls, strict=True):
        store.close()
        postgres_server.drop_database(url)


def install(home: Path, url: str) -> None:
    address = f'name = "main"\ndatabase = "{url}"'
    text = CONFIGURATION.replace('name = "main"', address, 1)
    (home / "clusterwatch.toml").write_text(text, "utf-8")


def name_of(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def tool(server: PostgresServer, program: str, *arguments: str) -> None:
    connection = ("-h", str(server.folder), "-U", "clusterwatch")
    subprocess.run([server.bin / program, *connection, *arguments], check=True)


def all_rows(database: Database) -> Rows:
    with database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }
