"""Polls that found nothing new, stored many at a time: what ``ingest`` does for each of them.

Nearly every poll ends here, so nothing is read that the poll before has not left in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crawler.config.tables import CrawlSettings
from crawler.lessons import Lessons
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome
from crawler.outcomes import after_success, outcome_of, pace_of
from crawler.storage.checks import finish_many, keep_many_validators
from crawler.storage.database import Database
from crawler.storage.fetched import validators_key
from crawler.storage.network import mark_up
from crawler.storage.source_history import first_seen_times
from crawler.storage.sources import SourceRow

MOST_RHYTHMS = 50_000  # sources whose rhythm is kept in memory


class UnchangedPolls:
    """One per crawl. Its methods block; the crawl calls them in threads, one at a time."""

    def __init__(self, database: Database, crawl: CrawlSettings) -> None:
        self._database = database
        self._crawl = crawl
        # By source: when it was last polled here, and the hours in which items were first seen.
        self._rhythms: dict[str, tuple[datetime | None, tuple[datetime, ...]]] = {}

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
        for row, _ in polled:
            self._keep(row.source.id, now)
        return outcomes

    def _values(
        self,
        connection: Connection,
        row: SourceRow,
        reading: Reading,
        outcome: PollOutcome,
        now: datetime,
    ) -> dict[str, Any]:
        pace = pace_of(self._crawl, row.source.every)
        seen = self._seen(connection, row)
        values = after_success(reading, row.state, outcome, pace, seen, now)
        return Lessons.of(row).learned(reading.listed, values)

    def _seen(self, connection: Connection, row: SourceRow) -> tuple[datetime, ...]:
        """When the source's items were first seen, to the hour. Only polls of the source change
        it: what is in memory holds as long as the last one was ours."""
        polled, hours = self._rhythms.get(row.source.id, (None, ()))
        if polled is None or polled != row.state.last_polled:
            moments = first_seen_times(connection, row.source.id)
            whole = (one.replace(minute=0, second=0, microsecond=0) for one in moments)
            hours = tuple(dict.fromkeys(whole))
            self._rhythms[row.source.id] = (row.state.last_polled, hours)
        return hours

    def _keep(self, source_id: str, now: datetime) -> None:
        _, hours = self._rhythms.pop(source_id)
        self._rhythms[source_id] = (now, hours)  # behind those that were polled before
        if len(self._rhythms) > MOST_RHYTHMS:
            del self._rhythms[next(iter(self._rhythms))]


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
