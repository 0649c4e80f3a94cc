"""The steps from a reading to stored stories, in their order.

canonicalise → identify → language → fingerprint → classify → group → store. The steps
themselves are pure and stand in their rooms; this file reads what they need, lets them
decide, and writes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crawler import metrics
from crawler.comparison import (
    Again,
    Comparison,
    Listed,
    compare,
    seen_again,
    sighting,
)
from crawler.config import Settings
from crawler.errors import ExtractError
from crawler.identity import PASSAGE, address_of, guid_hash, shared_guids
from crawler.lessons import Lessons
from crawler.logs import event
from crawler.model.item import RawItem
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome
from crawler.model.topic import TopicDefinition
from crawler.outcomes import (
    OFFLINE,
    OFFLINE_PAUSE,
    after_failure,
    after_success,
    outcome_of,
    overtaken,
    pace_of,
)
from crawler.preparation import Prepared, drop_row, key_or_none, prepare
from crawler.relocation import MOST_ADDRESSES, is_elsewhere
from crawler.rhythms import Rhythms
from crawler.sources.faults import fault_of
from crawler.sources.polling import rhythm_of
from crawler.storage import boilerplate
from crawler.storage import item_rows as rows
from crawler.storage.checks import keep_many_validators
from crawler.storage.database import Database
from crawler.storage.direct import Driver
from crawler.storage.fetched import keep_drops, validators_key, validators_row
from crawler.storage.items import ItemStore
from crawler.storage.network import NetworkStore, mark_up
from crawler.storage.source_history import first_seen_times
from crawler.storage.source_rows import SourceRow
from crawler.storage.sources import SourceStore
from crawler.storing import Rules, Storing
from crawler.topics.matching import TopicMatcher
from crawler.urls import url_key

logger = logging.getLogger(__name__)


class _NothingStored(Exception):
    """Ends the transaction of a dry run."""


class _Overtaken(Exception):
    """Ends the transaction of a poll whose lease is another's by now."""


class Ingest:
    """Decides what is new and stores it. Methods block; the crawl calls them in threads."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        topics: Sequence[TopicDefinition],
        matcher: TopicMatcher,
    ) -> None:
        self.database = database
        self.items = ItemStore(database)
        self.sources = SourceStore(database)
        self.network = NetworkStore(database)
        self.rhythms = Rhythms()
        self._settings = settings
        self.use(topics, matcher)

    def use(self, topics: Sequence[TopicDefinition], matcher: TopicMatcher) -> None:
        """Decide by these topics from now on."""
        self.matcher = matcher
        self._versions = {topic.id: topic.version for topic in topics}

    # -- before articles are fetched ----------------------------------------------------------

    def compare(self, source: str, listed: Sequence[RawItem], *, full: bool = False) -> Comparison:
        """Which of the listed entries are new, and which changed since they were stored."""
        learned = self.sources.get(source).state.learned
        return self.compare_many([Listed.of(source, listed, learned, full=full)])[0]

    def compare_many(self, pages: Sequence[Listed]) -> list[Comparison]:
        """The same for the pages of many sources, in one transaction."""
        with self.database.read() as connection:
            return compare(connection, pages)

    # -- after they were fetched ---------------------------------------------------------------

    def store(
        self, reading: Reading, now: datetime, *, dry_run: bool = False, owner: str = ""
    ) -> PollOutcome:
        """Store one reading in one transaction; what it came to.

        ``dry_run`` decides everything the same way and writes nothing. ``owner``: of the lease
        that the source was read under. Where it is another's by now nothing is stored, and the
        outcome is "busy": the poll that took it over finds what this one found. A backfill's
        reading is stored whoever has the lease: it writes nothing of the source's state, and no
        poll finds again what it found.
        """
        try:
            return self._store(reading, now, dry_run, owner)
        except _Overtaken:
            event(logger, logging.WARNING, "lease.lost", source=reading.source)
            return overtaken(reading.source, reading.kind)

    def _store(self, reading: Reading, now: datetime, dry_run: bool, owner: str) -> PollOutcome:
        if dry_run and not reading.entries:
            return outcome_of(reading, (), ())
        row = self.sources.get(reading.source)
        if reading.error:
            return self._store_failure(reading, row, now, dry_run, owner)
        shared = shared_guids(reading.listed)
        lessons = Lessons.of(row)
        prepared, dropped = self._prepare_all(reading, shared, lessons, now)
        outcome = outcome_of(reading, (), ())
        try:
            with self.database.write() as connection:
                rows.one_at_a_time(self.database, connection)
                rules = Rules(self._settings.crawl, self._versions, now)
                storing = Storing(self.database, connection, reading, lessons, rules)
                new, updated = storing.store(prepared, row.state)
                outcome = outcome_of(reading, new, updated)
                if dry_run:
                    raise _NothingStored
                self._sight_listed(connection, reading, shared, lessons, now)
                if new:  # only new items are counted
                    boilerplate.forget(connection, reading.source)
                keep_drops(self.database, connection, reading.source, dropped)
                if not reading.backfill:
                    self._finish(connection, reading, row, outcome, lessons, now, owner)
        except _NothingStored:
            return outcome
        for item in outcome.items:
            metrics.add("items_stored", "yes" if item.topics else "no")
            event(logger, logging.INFO, "item.stored", source=reading.source, item_id=item.id,
                  story=item.story)  # fmt: skip
        return outcome

    # -- steps -----------------------------------------------------------------------------------

    def _prepare_all(
        self, reading: Reading, shared: set[str], lessons: Lessons, now: datetime
    ) -> tuple[list[Prepared], list[dict[str, Any]]]:
        prepared: list[Prepared] = []
        zone = self._settings.zone
        repeated: frozenset[int] = frozenset()
        if reading.entries:
            with self.database.read() as connection:
                repeated = lessons.repeated(connection, reading)
        dropped = [drop_row(one.url, one.stage, one.reason, now) for one in reading.dropped]
        for entry in reading.entries:
            try:
                prepared.append(prepare(entry, reading, shared, self.matcher, now, repeated, zone))
            except ExtractError as error:
                dropped.append(drop_row(entry.listed.url, "identity", error.message, now))
            except Exception as error:  # one odd item must not stop the rest
                logger.exception("item.broken source=%s", reading.source)
                reason = f"reading it failed: {type(error).__name__}"
                dropped.append(drop_row(entry.listed.url, "identity", reason, now))
            else:
                if entry.stage in ("robots", "tdm"):
                    dropped.append(drop_row(entry.listed.url, entry.stage, entry.problem, now))
        return prepared, dropped

    def _sight_listed(
        self,
        connection: Connection,
        reading: Reading,
        shared: set[str],
        lessons: Lessons,
        now: datetime,
    ) -> None:
        """Every listed entry was seen again, whether it was read or not."""
        again = seen_again(connection, reading, shared, lessons.noise)
        listed = [sighting(one.raw, one.item, guid_hash(one.raw, shared)) for one in again]
        rows.sight_many(connection, reading.source, listed, now)
        if not reading.backfill:  # an archive's pages list little of what the source lists
            told = [one for one in again if one.before and not one.raw.guid.startswith(PASSAGE)]
            self._follow(connection, reading, told)

    def _follow(self, connection: Connection, reading: Reading, told: Sequence[Again]) -> None:
        """Items that their GUIDs tell stand where their source lists them now."""
        here = {key_or_none(raw) for raw in reading.listed} if told else set()
        moved = [one for one in told if is_elsewhere(one.before, one.raw.url, here)]
        for one in moved:
            address = address_of(one.raw.url)
            key = url_key(address)
            ways = rows.keys_of(connection, one.item)
            if key in ways or len(ways) < MOST_ADDRESSES:
                rows.move_item(connection, reading.source, one.item, one.raw.url, address)
                rows.add_addresses(connection, {key: (one.item, one.raw.url)})

    def _finish(
        self,
        connection: Connection,
        reading: Reading,
        row: SourceRow,
        outcome: PollOutcome,
        lessons: Lessons,
        now: datetime,
        owner: str,
    ) -> None:
        """The source's state and next turn, and how to ask it next time. Raises _Overtaken."""
        # An incomplete reading has to read the same page again.
        kept = {} if reading.incomplete else dict(reading.validators)
        if reading.moved and reading.watch_url in kept:  # asked there from now on
            kept[reading.moved] = kept[reading.watch_url]
        keep_many_validators(
            Driver(connection),
            [
                validators_row(validators_key(row.source, url), url, told, now)
                for url, told in kept.items()
            ],
        )
        rhythm = rhythm_of(first_seen_times(connection, reading.source))
        self.rhythms.keep(reading.source, now, rhythm)
        pace = pace_of(self._settings.crawl, row.source.every)
        state = after_success(reading, row.state, outcome, pace, rhythm, now)
        state = lessons.learned(reading, state)
        if not self.sources.finish(connection, outcome, state, now, owner):
            raise _Overtaken
        mark_up(connection)

    def _store_failure(
        self, reading: Reading, row: SourceRow, now: datetime, dry_run: bool, owner: str
    ) -> PollOutcome:
        outcome = outcome_of(reading, (), ())
        if dry_run:
            return outcome
        if reading.error_kind == OFFLINE:
            self.network.mark_down(now)
            if not self.sources.postpone(reading.source, now + OFFLINE_PAUSE, owner):
                raise _Overtaken
            return outcome
        pace = pace_of(self._settings.crawl, row.source.every)
        values = after_failure(reading, row.source, row.state, pace, now)
        with self.database.write() as connection:
            if not self.sources.finish(connection, outcome, values, now, owner):
                raise _Overtaken
            if not fault_of(values["error_kind"]).network:  # the site answered something
                mark_up(connection)
        event(
            logger, logging.INFO, "source.failed", source=reading.source,
            kind=reading.error_kind, failures=values["failures"], reason=reading.error,
        )  # fmt: skip
        return outcome
