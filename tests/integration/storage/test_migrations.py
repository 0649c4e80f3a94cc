"""Migrations lead exactly to the tables; upgrades keep data and copy SQLite before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from crawler.config import Settings, load
from crawler.errors import StorageError
from crawler.storage import schema
from crawler.storage.database import Database
from crawler.storage.tables import meta, metadata, sources
from scheduler import bring_up, run


def test_there_is_one_head_and_the_program_knows_it() -> None:
    scripts = ScriptDirectory.from_config(schema.alembic_config())
    assert scripts.get_heads() == [schema.HEAD]


def test_migrations_from_nothing_make_exactly_the_tables(database_url: str) -> None:
    from alembic import command

    database = Database(database_url)
    with database.write() as connection:
        configuration = schema.alembic_config()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
    assert schema.current(database) == schema.HEAD
    assert differences(database) == []
    database.close()


def test_an_empty_database_made_directly_has_no_differences_either(database: Database) -> None:
    assert differences(database) == []


def test_the_newest_schema_needs_no_upgrade(database: Database, now: datetime) -> None:
    with database.write() as connection:
        connection.execute(meta.insert().values(key="k", value="v"))
    assert schema.upgrade(database, now) is None
    with database.read() as connection:
        assert connection.scalar(select(meta.c.value)) == "v"


def test_a_database_of_a_newer_program_is_not_touched(database: Database, now: datetime) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="knows up to"):
        database.ensure()


def test_the_backup_before_an_upgrade_is_a_whole_copy(
    sqlite_url: str, now: datetime, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    database.ensure()
    with database.write() as connection:
        connection.execute(meta.insert().values(key="k", value="v"))
    kept = schema.copied(database, "0001", now)
    assert kept is not None
    copy = Database(f"sqlite:///{kept}")
    with copy.read() as connection:
        assert connection.scalar(select(meta.c.value)) == "v"
    copy.close()
    database.close()


def differences(database: Database) -> list[Any]:
    with database.read() as connection:
        options = {"compare_type": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))


def test_an_upgrade_from_the_first_release_keeps_the_data_and_copies_sqlite_before(
    database_url: str, now: datetime
) -> None:
    database = Database(database_url)
    make_first_release(database)
    with pytest.raises(StorageError) as refused:
        database.ensure()
    assert "clusterwatch db upgrade" in refused.value.remedy
    kept = schema.upgrade(database, now)
    assert schema.current(database) == schema.HEAD
    assert differences(database) == []
    with database.read() as connection:
        assert connection.scalar(select(meta.c.value).where(meta.c.key == "k")) == "v"
        assert connection.scalar(select(sources.c.name)) == "Biocat"
    assert (kept is not None and kept.exists()) == database.is_sqlite
    database.close()


def installed(folder: Path, url: str) -> Settings:
    """An installation whose database an older release made."""
    file = folder / "clusterwatch.toml"
    file.write_text(f'[clusterwatch]\nname = "main"\ndatabase = "{url}"\n', "utf-8")
    database = Database(url)
    make_first_release(database)
    database.close()
    return load(file, environment={})


def test_the_daemon_brings_an_older_sqlite_file_up_after_a_copy(
    tmp_path: Path, sqlite_url: str
) -> None:
    settings = installed(tmp_path, sqlite_url)
    bring_up(settings)
    database = Database(sqlite_url)
    assert schema.current(database) == schema.HEAD
    database.close()
    bring_up(settings)
    assert len(list(tmp_path.glob("clusterwatch.db.0001.*.bak"))) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_only_sqlite_is_brought_up_by_itself(tmp_path: Path, database_url: str) -> None:
    with pytest.raises(StorageError) as refused:
        run(installed(tmp_path, database_url))
    assert "clusterwatch db upgrade" in refused.value.remedy


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """FTS5 keeps tables of its own under the name of the virtual one."""
    return not (kind == "table" and str(name).startswith("search_grams"))


def make_first_release(database: Database) -> None:
    """A database as the first release left it, with a row in it."""
    from alembic import command

    with database.write() as connection:
        configuration = schema.alembic_config()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0001")
        connection.execute(text("INSERT INTO meta (key, value) VALUES ('k', 'v')"))
        connection.execute(
            text(
                "INSERT INTO sources (id, name, url, tags, enabled, only_links, skip_links,"
                " added_at, undeclared, learned, baseline) VALUES ('biocat', 'Biocat',"
                " 'https://biocat.example/news', '[]', true, '[]', '[]',"
                " '2026-11-01 08:00:00', false, '{}', true)"
            )
        )
