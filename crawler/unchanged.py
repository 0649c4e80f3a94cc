"""Polls that found nothing new, stored many at a time: what ``ingest`` does for each of them.

Nearly every poll ends here, so nothing is read that the poll before has left in memory, and
nothing is written that stays as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crawler.config.tables import CrawlSettings
from crawler.logs import event
from crawler.model.source import PollOutcome
from crawler.outcomes import Unchanged, after_unchanged, overtaken, pace_of
from crawler.rhythms import Rhythms
from crawler.storage.checks import finish_many, keep_many_validators, leased_to
from crawler.storage.database import Database
from crawler.storage.direct import Driver
from crawler.storage.fetched import validators_key, validators_row
from crawler.storage.network import mark_up
from crawler.storage.source_rows import SourceRow

logger = logging.getLogger(__name__)


class UnchangedPolls:
    """One per crawl. Its methods block; the crawl calls them in threads, one at a time."""

    def __init__(
        self, database: Database, crawl: CrawlSettings, rhythms: Rhythms, owner: str = ""
    ) -> None:
        """``owner``: of the leases that the polls are made under."""
        self._database = database
        self._owner = owner
        self._crawl = crawl
        self._usual_pace = pace_of(crawl, None)
        self._rhythms = rhythms

    def store(
        self, polled: Sequence[tuple[SourceRow, Unchanged]], now: datetime
    ) -> list[PollOutcome]:
        """Store polls, each with its source as it was claimed, in one transaction; their leases
        go back with it. Of those whose lease is another's by now nothing is stored."""
        with self._database.write() as connection:
            driver = Driver(connection)
            mine = leased_to(driver, [row.source.id for row, _ in polled], self._owner)
            ours = [(row, one) for row, one in polled if row.source.id in mine]
            found = [
                (one.outcome(row.source.id), self._values(connection, row, one, now))
                for row, one in ours
            ]
            keep_many_validators(driver, _validators(ours, now))
            finish_many(driver, found, now, self._owner)
            mark_up(connection)
        for row, _ in polled:
            if row.source.id not in mine:
                event(logger, logging.WARNING, "lease.lost", source=row.source.id)
        outcomes = {outcome.source: outcome for outcome, _ in found}
        return [
            outcomes.get(row.source.id) or overtaken(row.source.id, one.kind) for row, one in polled
        ]

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
        (key := validators_key(row.source, one.url)): validators_row(
            key, one.url, one.validators, now
        )
        for row, one in polled
        if one.validators is not None
    }
    return list(rows.values())
