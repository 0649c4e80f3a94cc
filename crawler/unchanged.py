"""Polls that found nothing new, stored many at a time: what ``ingest`` does for each of them.

Nearly every poll ends here, so nothing is read that the poll before has left in memory, and
nothing is written that stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crawler.config.tables import CrawlSettings
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome
from crawler.outcomes import after_success, outcome_of, pace_of
from crawler.rhythms import Rhythms
from crawler.storage.checks import finish_many, keep_many_validators
from crawler.storage.database import Database
from crawler.storage.fetched import validators_key
from crawler.storage.network import mark_up
from crawler.storage.sources import SourceRow

_SAID_ANYWAY = ("last_ok", "next_due", "interval_seconds")  # most polls then write alike


class UnchangedPolls:
    """One per crawl. Its methods block; the crawl calls them in threads, one at a time."""

    def __init__(self, database: Database, crawl: CrawlSettings, rhythms: Rhythms) -> None:
        self._database = database
        self._crawl = crawl
        self._rhythms = rhythms

    def store(
        self, polled: Sequence[tuple[SourceRow, Reading]], now: datetime
    ) -> list[PollOutcome]:
        """Store readings without items, each with its source as it was claimed, in one
        transaction; their leases go back with it."""
        outcomes = [outcome_of(reading, (), ()) for _, reading in polled]
        with self._database.write() as connection:
            found = [
                (outcome, self._values(connection, row, reading, outcome, now))
                for (row, reading), outcome in zip(polled, outcomes, strict=True)
            ]
            keep_many_validators(self._database, connection, _validators(polled, now))
            finish_many(connection, found, now)
            mark_up(connection)
        return outcomes

    def _values(
        self,
        connection: Connection,
        row: SourceRow,
        reading: Reading,
        outcome: PollOutcome,
        now: datetime,
    ) -> dict[str, Any]:
        """The columns that the poll changes."""
        pace = pace_of(self._crawl, row.source.every)
        rhythm = self._rhythms.of(connection, row.source.id, row.state.last_polled)
        self._rhythms.keep(row.source.id, now, rhythm)
        values = after_success(reading, row.state, outcome, pace, rhythm, now)
        said = {name: values.pop(name) for name in _SAID_ANYWAY}
        before = row.state
        return said | {name: new for name, new in values.items() if getattr(before, name) != new}


def _validators(polled: Sequence[tuple[SourceRow, Reading]], now: datetime) -> list[dict[str, Any]]:
    """The rows of what servers gave to ask again with; the last of an address counts."""
    rows = {
        (key := validators_key(row.source, url)): {
            "url_key": key,
            "url": url,
            "etag": kept.etag,
            "last_modified": kept.last_modified,
            "body_hash": kept.body_hash,
            "checked_at": now,
        }
        for row, reading in polled
        for url, kept in reading.validators.items()
    }
    return list(rows.values())
