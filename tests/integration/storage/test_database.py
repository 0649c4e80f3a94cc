"""The database as such: schema, versions, transactions, on SQLite and PostgreSQL."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import QueuePool

from crawler.errors import ConfigError, StorageError
from crawler.storage import database as module
from crawler.storage import schema
from crawler.storage.database import SQLITE_KEPT, Database
from crawler.storage.direct import Direct
from crawler.storage.tables import items, meta


def test_an_empty_database_is_created_on_first_use(database: Database) -> None:
    assert {"items", "sources", "deliveries", "alembic_version"} <= database.tables()
    assert schema.current(database) == schema.HEAD


def test_creating_twice_changes_nothing(database: Database) -> None:
    database.ensure()
    assert schema.current(database) == schema.HEAD


def test_an_older_schema_is_refused_with_the_remedy(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(StorageError, match="needs") as refused:
        database.ensure()
    assert "clusterwatch db upgrade" in refused.value.remedy


def test_a_newer_schema_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="knows up to"):
        database.ensure()


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    def fail_half_way() -> None:
        with database.write() as connection:
            connection.execute(meta.insert().values(key="k", value="v"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.read() as connection:
        assert connection.execute(select(meta)).all() == []


ADD_META = meta.insert().values(key=bindparam("b_key"), value="v")


def add_directly(database: Database, key: str, *, fails: bool = False) -> None:
    with database.write_directly() as driver:
        driver.run(Direct(ADD_META, database.is_sqlite), {"b_key": key})
        if fails:
            raise RuntimeError


def keys(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(select(meta.c.key)))


def test_a_direct_write_is_whole_or_nothing(database: Database) -> None:
    add_directly(database, "kept")
    with pytest.raises(RuntimeError):
        add_directly(database, "lost", fails=True)
    with pytest.raises(IntegrityError):
        add_directly(database, "kept")
    add_directly(database, "next")  # the connection is as good as before
    assert {"kept", "lost", "next"} & keys(database) == {"kept", "next"}


def test_a_direct_write_waits_for_its_turn_and_says_what_is_in_its_way(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_SECONDS", 0)
    database = Database(sqlite_url)
    database.ensure()
    with Database(sqlite_url).write(), pytest.raises(StorageError, match="locked"):
        add_directly(database, "k")
    add_directly(database, "k")
    assert "k" in keys(database)
    database.close()


@pytest.mark.parametrize("way", ["read", "write", "write_directly", "autocommit"])
def test_a_server_that_is_not_there_is_said(way: str) -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StorageError, match="did not answer"), getattr(database, way)():
        pass
    database.close()


def test_two_readers_that_become_writers_do_not_deadlock(database: Database) -> None:
    for number in range(2):
        with database.write() as connection:
            count = len(connection.execute(select(meta)).all())
            assert count == number
            connection.execute(meta.insert().values(key=f"k{number}", value="v"))


def test_reads_are_planned_for_what_they_ask(database: Database) -> None:
    """A plan for any value takes ``<> 'erased'`` for hardly a row, a day for a third of all."""
    if database.is_sqlite:
        pytest.skip("SQLite plans a statement by its values")
    kept = select(items.c.id).where(items.c.held_back != "erased")
    for _ in range(20):
        with database.read() as connection:
            connection.execute(kept)
    plans = text("SELECT coalesce(sum(generic_plans), 0) FROM pg_prepared_statements")
    with database.write() as connection:
        assert connection.scalar(plans) == 0
        for _ in range(20):  # what is written again and again is planned once
            connection.execute(kept)
        assert connection.scalar(plans) > 0


@pytest.mark.parametrize("way", ["write", "write_directly", "autocommit"])
def test_what_is_written_again_and_again_is_planned_once_also_after_a_read(
    database: Database, way: str
) -> None:
    """The pool hands a read's connection to the next who asks."""
    if database.is_sqlite:
        pytest.skip("SQLite has no plans of a server")
    touched = meta.update().values(value="v").where(meta.c.key == bindparam("b_key"))
    for _ in range(20):
        with database.read():
            pass
        with getattr(database, way)() as door:
            if way == "write_directly":
                door.run(Direct(touched, False), {"b_key": "k"})
            else:
                door.execute(touched, {"b_key": "k"})
    plans = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE meta%'")
    with database.read() as connection:
        assert connection.scalar(plans) == 1


def test_foreign_keys_hold(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    from crawler.storage.tables import addresses

    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(addresses.insert().values(url_key="k", item="nobody", url="u"))


def test_sqlite_is_durable_and_concurrent(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close()


def test_a_sqlite_backup_is_a_whole_copy(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    database.ensure()
    with database.write() as connection:
        connection.execute(meta.insert().values(key="k", value="v"))
    database.backup_to(tmp_path / "copy.db")
    database.close()
    copy = Database(f"sqlite:///{tmp_path / 'copy.db'}")
    with copy.read() as connection:
        assert connection.execute(select(meta.c.value)).scalar() == "v"
    copy.close()
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite://", "sqlite:///:memory:", "sqlite:///a\0b", "postgresql://[::1/x"]
)
def test_a_wrong_address_names_what_is_allowed(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Database(url)
    assert "sqlite:///clusterwatch.db" in refused.value.line()


def test_an_option_that_the_driver_does_not_know_is_one_line() -> None:
    database = Database("postgresql://u:hunter2@127.0.0.1:9/x?foo=bar")
    with pytest.raises(StorageError, match='invalid connection option "foo"') as refused:
        database.ensure()
    assert "hunter2" not in refused.value.line()
    database.close()


def test_a_file_that_is_gone_is_said_and_not_made_anew(tmp_path: Path) -> None:
    file, away = tmp_path / "news.db", tmp_path / "away"
    database = Database(f"sqlite:///{file}")
    database.ensure()
    assert file.stat().st_mode & 0o777 == 0o600
    away.mkdir()
    for one in sorted(tmp_path.glob("news.db*")):
        one.rename(away / one.name)
    ways = (database.read, database.write, database.write_directly, database.autocommit)
    for attempt in ways:
        with pytest.raises(StorageError, match="is gone") as refused, attempt():
            pass
        assert refused.value.remedy
    assert not file.exists()
    for one in sorted(away.iterdir()):
        one.rename(tmp_path / one.name)
    with database.write() as connection:  # it is back: no hand is needed
        connection.execute(meta.insert().values(key="k", value="v"))
    database.close()


def test_a_file_that_was_replaced_is_the_database_from_then_on(tmp_path: Path) -> None:
    file, other = tmp_path / "news.db", tmp_path / "other.db"
    stores = [Database(f"sqlite:///{path}") for path in (file, other)]
    for name, database in zip(("old", "new"), stores, strict=True):
        database.ensure()
        with database.write() as connection:
            connection.execute(meta.insert().values(key="k", value=name))
    stores[1].backup_to(tmp_path / "whole.db")
    stores[1].close()
    with stores[0].read() as connection:
        assert connection.scalar(select(meta.c.value).where(meta.c.key == "k")) == "old"
    for one in tmp_path.glob("news.db-*"):
        one.unlink()
    (tmp_path / "whole.db").replace(file)
    with stores[0].read() as connection:
        assert connection.scalar(select(meta.c.value).where(meta.c.key == "k")) == "new"
    stores[0].close()


def test_few_connections_to_a_file_wait_for_work(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'clusterwatch.db'}")
    with ExitStack() as readers:
        for _ in range(SQLITE_KEPT + 4):
            connection = readers.enter_context(database.read())
            assert connection.scalar(text("SELECT 1")) == 1
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    assert (pool.checkedin(), pool.checkedout()) == (SQLITE_KEPT, 0)
    database.close()


@pytest.mark.parametrize("address", ["mysql://db.example/news", "news.db", "sqlite:///a\0.db"])
def test_an_address_of_another_database_is_told_with_those_there_are(address: str) -> None:
    with pytest.raises(ConfigError, match="no address of a SQLite file or a PostgreSQL") as refused:
        Database(address)
    assert "driver" not in str(refused.value) + (refused.value.remedy or "")
