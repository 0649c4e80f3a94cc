"""Large tables filled quickly: without indexes, keys and checks, which are made again afterwards.

Ten million items have hundreds of millions of entries in indexes; sorted into new indexes they
take minutes, one by one in random order a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

from sqlalchemy import Table, text

from bench.story_archive import each, make, pragmas
from crawler.storage.database import Database
from crawler.storage.tables import metadata

_SERVER = {  # while filling: sorts in memory, few checkpoints
    "maintenance_work_mem": "1GB",
    "max_wal_size": "4GB",
    "max_parallel_maintenance_workers": "1",
}


@contextmanager
def bulk(database: Database, tables: Sequence[Table]) -> Iterator[None]:
    """The tables are bare inside; afterwards whole, and known to PostgreSQL's planner."""
    indexes = [index for table in tables for index in table.indexes]
    if database.is_sqlite:
        pragmas(database, "foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000")
    each(database, [f"DROP INDEX {index.name}" for index in indexes])
    with nullcontext() if database.is_sqlite else _without_keys(database, tables):
        yield
    for index in indexes:
        make(database, [index])
    if not database.is_sqlite:
        _settle(database, ["VACUUM ANALYZE", "CHECKPOINT", "ALTER SYSTEM RESET ALL"])


@contextmanager
def _without_keys(database: Database, tables: Sequence[Table]) -> Iterator[None]:
    """SQLite cannot drop a key; PostgreSQL does, where no other table points at it."""
    keyed = [table for table in tables if not _is_pointed_at(table)]
    _settle(database, [f"ALTER SYSTEM SET {key} = '{value}'" for key, value in _SERVER.items()])
    each(database, [f"ALTER TABLE {one.name} DISABLE TRIGGER ALL" for one in tables])
    each(database, [f"ALTER TABLE {one.name} DROP CONSTRAINT pk_{one.name}" for one in keyed])
    yield
    for one in keyed:
        columns = ", ".join(column.name for column in one.primary_key)
        key = f"ADD CONSTRAINT pk_{one.name} PRIMARY KEY ({columns})"
        each(database, [f"ALTER TABLE {one.name} {key}"])
    each(database, [f"ALTER TABLE {one.name} ENABLE TRIGGER ALL" for one in tables])


def _is_pointed_at(table: Table) -> bool:
    return any(
        key.column.table is table
        for other in metadata.tables.values()
        for key in other.foreign_keys
    )


def _settle(database: Database, statements: Sequence[str]) -> None:
    """Statements that stand outside of transactions; the server reads its settings again."""
    with database.autocommit() as connection:
        for statement in (*statements, "SELECT pg_reload_conf()"):
            connection.execute(text(statement))
