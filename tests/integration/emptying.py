"""A database without rows, its schema as it was."""

from __future__ import annotations

from crawler.storage.database import Database
from crawler.storage.tables import metadata


def empty(database: Database) -> None:
    """Delete every row: much quicker than TRUNCATE where tables hold few."""
    with database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
