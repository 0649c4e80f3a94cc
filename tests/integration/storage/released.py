"""Databases as released versions left them, with data: the SQLite file, or its rows elsewhere."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import JSON, Boolean, Connection, DateTime, MetaData, Table, text

from crawler.storage import schema
from crawler.storage.database import Database

FOLDER = Path(__file__).parents[2] / "fixtures" / "releases"
RELEASES = sorted(file.name.split(".")[0] for file in FOLDER.glob("*.db.gz"))
_REBUILT = {"search_docs", "alembic_version"}  # numbered by the index; written by Alembic


def unpacked(revision: str, folder: Path) -> Path:
    """The file that the release with this schema left."""
    path = folder / "clusterwatch.db"
    path.write_bytes(gzip.decompress((FOLDER / f"{revision}.db.gz").read_bytes()))
    return path


def with_rows_of(revision: str, file: Path, database: Database) -> None:
    """The release's tables in an empty database of another kind, with the rows of its file."""
    source = sqlite3.connect(file)
    source.row_factory = sqlite3.Row
    with database.write() as connection:
        configuration = schema.alembic_config()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)
        for table in _tables(connection):
            rows = source.execute(f'SELECT * FROM "{table.name}"').fetchall()
            if rows:
                connection.execute(table.insert(), [_typed(table, row) for row in rows])
            _number_on(connection, table)
    source.close()


def _tables(connection: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in _REBUILT]


def _typed(table: Table, row: sqlite3.Row) -> dict[str, Any]:
    return {
        name: row[name] if row[name] is None else _reader(table.c[name].type)(row[name])
        for name in row.keys()  # noqa: SIM118 (iterating a row gives its values)
    }


def _reader(kind: object) -> Callable[[Any], Any]:
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, DateTime):
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC)
    return json.loads if isinstance(kind, JSON) else lambda value: value


def _number_on(connection: Connection, table: Table) -> None:
    """Numbers go on behind the rows that were brought in."""
    for column in table.primary_key.columns:
        name = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
        if connection.scalar(text(f"SELECT {name}")):
            most = f"(SELECT coalesce(max({column.name}), 1) FROM {table.name})"
            connection.execute(text(f"SELECT setval({name}, {most})"))
