"""Requests that were taken, by their keys: what comes twice is done once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from crawler.storage.database import Database
from crawler.storage.tables_recipients import seen_requests

_KEPT = timedelta(hours=6)  # Slack repeats an event for an hour; signatures age within minutes


class SeenStore:
    """Remembers keys for some hours, for all processes of an installation."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def take(self, key: str, now: datetime) -> bool:
        """Remember a key (at most 80 characters); False where it was taken before."""
        with self.database.write() as connection:
            connection.execute(delete(seen_requests).where(seen_requests.c.at < now - _KEPT))
            fresh = self.database.insert(seen_requests).values(key=key, at=now)
            fresh = fresh.on_conflict_do_nothing(index_elements=["key"])
            taken = connection.execute(fresh.returning(seen_requests.c.key))
            return taken.first() is not None
