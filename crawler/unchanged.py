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
from crawler.model.source import PollOutcome
from crawler.outcomes import Unchanged, after_unchanged, pace_of
from crawler.rhythms import Rhythms
from crawler.storage.checks import finish_many, keep_many_validators
from crawler.storage.database import Database
from crawler.storage.direct import Driver
from crawler.storage.fetched import validators_key
from crawler.storage.network import mark_up
from crawler.storage.sources import SourceRow


class UnchangedPolls:
    """One per crawl. Its methods block; the crawl calls them in threads, one at a time."""

    def __init__(self, database: Database, crawl: CrawlSettings, rhythms: Rhythms) -> None:
        self._database = database
        self._crawl = crawl
        self._usual_pace = pace_of(crawl, None)
        self._rhythms = rhythms

    def store(
        self, polled: Sequence[tuple[SourceRow, Unchanged]], now: datetime
    ) -> list[PollOutcome]:
        """Store polls, each with its source as it was claimed, in one transaction; their leases
        go back with it."""
        outcomes = [one.outcome(row.source.id) for row, one in polled]
        with self._database.write() as connection:
            values = [self._values(connection, row, one, now) for row, one in polled]
            driver = Driver(connection)
            keep_many_validators(driver, _validators(polled, now))
            finish_many(driver, list(zip(outcomes, values, strict=True)), now)
            mark_up(connection)
        return outcomes

    def _values(
        self, connection: Connection, row: SourceRow, one: Unchanged, now: datetime
    ) -> dict[str, Any]:
        """The columns that the poll changes."""
        source_id, every = row.source.id, row.source.every
        rhythm = self._rhythms.of(connection, source_id, row.state.last_polled)
        self._rhythms.keep(source_id, now, rhythm)
        pace = self._usual_pace if every is None else pace_of(self._crawl, every)
        return after_unchanged(one, row.state, pace, rhythm, now)


def _validators(
    polled: Sequence[tuple[SourceRow, Unchanged]], now: datetime
) -> list[dict[str, Any]]:
    """The rows of what servers gave to ask again with; the last of an address counts."""
    rows = {
        (key := validators_key(row.source, one.url)): {
            "url_key": key,
            "url": one.url,
            "etag": one.validators.etag,
            "last_modified": one.validators.last_modified,
            "body_hash": one.validators.body_hash,
            "checked_at": now,
        }
        for row, one in polled
        if one.validators is not None
    }
    return list(rows.values())
