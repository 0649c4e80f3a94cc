"""The schema's version: created when empty, refused when older or newer, upgraded by Alembic."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, text

from crawler.errors import StorageError
from crawler.storage.tables import meta

if TYPE_CHECKING:
    from alembic.config import Config

    from crawler.storage.database import Database

# The newest revision in migrations/versions; a test compares it with Alembic's own head,
# so that opening a database need not import Alembic.
HEAD = "0004"
_UNINDEXED = "search_index_due"  # in meta: since an upgrade


def ensure(database: Database) -> None:
    """Create the schema in an empty database; raise StorageError for another version."""
    version = current(database)
    if version == HEAD:
        return
    if version is None:
        with database.write() as connection:
            if current_in(connection, database) is None:
                database.create_all(connection)
                _stamp(connection)
        return
    _refuse(version)


def current(database: Database) -> str | None:
    """The database's revision, None for an empty one. Raises StorageError for a foreign one."""
    with database.read() as connection:
        return current_in(connection, database)


def current_in(connection: Connection, database: Database) -> str | None:
    tables = database.engine.dialect.get_table_names(connection)
    if "alembic_version" not in tables:
        if "items" in tables or "sources" in tables:
            raise StorageError(
                "The database has tables, but no version of ours.",
                remedy="Use another database for Clusterwatch.",
            )
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None


def upgrade(database: Database, now: datetime) -> Path | None:
    """Bring the schema to the newest revision; returns the backup made before (SQLite only).

    Raises StorageError when the database is of a newer version than this program.
    """
    version = current(database)
    if version is None:
        ensure(database)
        return None
    if version > HEAD:
        _refuse(version)
    backup = None
    if version != HEAD:
        backup = copied(database, version, now)
        _migrate(database)
    _index_anew(database)
    return backup


def _migrate(database: Database) -> None:
    from alembic import command

    with database.write() as connection:
        configuration = alembic_config()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
        connection.execute(meta.delete().where(meta.c.key == _UNINDEXED))
        connection.execute(meta.insert().values(key=_UNINDEXED, value=HEAD))


def _index_anew(database: Database) -> None:
    """What an upgrade leaves to be done, in many transactions: it may have been killed before."""
    from crawler.storage.search import SearchStore

    with database.read() as connection:
        due = connection.execute(select(meta.c.key).where(meta.c.key == _UNINDEXED)).first()
    if due:
        SearchStore(database).catch_up()
        with database.write() as connection:
            connection.execute(meta.delete().where(meta.c.key == _UNINDEXED))


def alembic_config() -> Config:
    """Alembic's configuration without a file: scripts beside this module."""
    from alembic.config import Config

    configuration = Config()
    folder = Path(__file__).parent / "migrations"
    configuration.set_main_option("script_location", str(folder).replace("%", "%%"))
    return configuration


def _stamp(connection: Connection) -> None:
    connection.execute(
        text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
    )
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD}
    )


def _refuse(version: str) -> None:
    if version > HEAD:
        raise StorageError(
            f"The database has schema {version}, this program knows up to {HEAD}.",
            remedy="Install the newer Clusterwatch that made it.",
        )
    raise StorageError(
        f"The database has schema {version}, this program needs {HEAD}.",
        remedy="Run: clusterwatch db upgrade",
    )


def copied(database: Database, before: str, now: datetime) -> Path | None:
    """A copy of the SQLite file beside it, named for what follows; None on PostgreSQL."""
    path = database.path
    if path is None:
        return None
    target = path.with_name(f"{path.name}.{before}.{now:%Y%m%dT%H%M%S}.bak")
    database.backup_to(target)
    return target
