"""The steps from a reading to stored stories, in their order.

canonicalise → identify → language → fingerprint → classify → group → store. The steps
themselves are pure and stand in their rooms; this file reads what they need, lets them
decide, and writes.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from crawler.config import Settings, duration
from crawler.errors import ExtractError
from crawler.identity import Face, Known, decide, guid_hash, shared_guids
from crawler.logs import event
from crawler.model.item import Item, Published, RawItem
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome, SourceState
from crawler.model.topic import TopicDefinition
from crawler.preparation import Prepared, key_or_none, listed_stamp, one_line, prepare
from crawler.sources.polling import Pace, interval, next_due, pause_after_failure
from crawler.storage import items as rows
from crawler.storage.database import Database
from crawler.storage.fetched import keep_drops, keep_validators, validators_key
from crawler.storage.items import ItemStore, KnownEntry
from crawler.storage.sources import SourceStore
from crawler.storage.stories import StoryStore
from crawler.topics.matching import TopicMatcher
from crawler.urls import canonical_url, url_key

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which listed entries need their article read."""

    new: tuple[RawItem, ...] = ()
    changed: tuple[RawItem, ...] = ()


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
        self.stories = StoryStore(database)
        self.matcher = matcher
        self._settings = settings
        self._versions = {topic.id: topic.version for topic in topics}

    # -- before articles are fetched ----------------------------------------------------------

    def compare(self, source: str, listed: Sequence[RawItem], *, full: bool = False) -> Comparison:
        """Which of the listed entries are new, and which changed since they were stored."""
        shared = shared_guids(listed)
        keys = {key: raw for raw in listed if (key := key_or_none(raw)) is not None}
        with self.database.read() as connection:
            known = rows.known_addresses(connection, list(keys))
            guids = rows.known_guids(
                connection, source, [h for raw in listed if (h := guid_hash(raw, shared))]
            )
            stamps = rows.listed_stamps(connection, source, list(known.values()))
        new, changed = [], []
        for key, raw in keys.items():
            item = known.get(key) or _same_by_guid(raw, guids.get(guid_hash(raw, shared), []))
            if item is None:
                new.append(raw)
            elif full or stamps.get(item, listed_stamp(raw)) != listed_stamp(raw):
                changed.append(raw)
        return Comparison(tuple(new), tuple(changed))

    # -- after they were fetched ---------------------------------------------------------------

    def store(self, reading: Reading, now: datetime, *, dry_run: bool = False) -> PollOutcome:
        """Store one reading in one transaction; what it came to.

        ``dry_run`` decides everything the same way and writes nothing.
        """
        row = self.sources.get(reading.source)
        if reading.error:
            return self._store_failure(reading, row.state, now, dry_run)
        shared = shared_guids(reading.listed)
        prepared, dropped = self._prepare_all(reading, shared, now)
        if dry_run:
            return self._outcome(reading, self._would_be_new(prepared, row.state, now), (), now)
        with self.database.write() as connection:
            new, updated = self._store_entries(connection, reading, prepared, row.state, now)
            self._sight_listed(connection, reading, shared, now)
            keep_drops(self.database, connection, reading.source, dropped)
            for url, kept in reading.validators.items():
                key = validators_key(row.source, url)
                keep_validators(self.database, connection, key, url, kept, now)
            outcome = self._outcome(reading, new, updated, now)
            self.sources.finish(
                connection, outcome, self._success_values(reading, row.state, outcome, now), now
            )
        self._set_pace(reading, now)
        for item in new:
            event(logger, logging.INFO, "item.stored", source=reading.source, item_id=item.id)
        return outcome

    # -- steps -----------------------------------------------------------------------------------

    def _prepare_all(
        self, reading: Reading, shared: set[str], now: datetime
    ) -> tuple[list[Prepared], list[dict[str, Any]]]:
        prepared: list[Prepared] = []
        dropped = [_drop(one.url, one.stage, one.reason, now) for one in reading.dropped]
        for entry in reading.entries:
            try:
                prepared.append(prepare(entry, reading, shared, self.matcher, now))
            except ExtractError as error:
                dropped.append(_drop(entry.listed.url, "identity", error.message, now))
            else:
                if entry.stage == "robots":
                    dropped.append(_drop(entry.listed.url, "robots", entry.problem, now))
        return prepared, dropped

    def _store_entries(
        self,
        connection: Connection,
        reading: Reading,
        prepared: Sequence[Prepared],
        state: SourceState,
        now: datetime,
    ) -> tuple[list[Item], list[str]]:
        known = rows.known_addresses(
            connection, [key for one in prepared for key, _ in one.addresses]
        )
        listed_now = self._listed_now(connection, reading)
        new: list[Item] = []
        updated: list[str] = []
        for one in prepared:
            found = one.entry.item or self._identity(connection, reading, one, known, listed_now)
            if found is None:
                new.append(self._insert(connection, one, state, now))
                known |= {key: one.item.id for key, _ in one.addresses}
                found = one.item.id
            elif self._update(connection, found, one, now):
                updated.append(found)
            rows.add_addresses(self.database, connection, found, one.addresses)
            if not one.entry.item:
                self._sight(connection, reading.source, found, one.entry.listed, one.guid_hash, now)
        return new, updated

    def _identity(
        self,
        connection: Connection,
        reading: Reading,
        one: Prepared,
        known: Mapping[str, str],
        listed_now: set[str],
    ) -> str | None:
        by_address = next((known[key] for key, _ in one.addresses if key in known), None)
        if by_address is not None:
            return by_address
        guids = rows.known_guids(
            connection, reading.source, [one.guid_hash] if one.guid_hash else []
        )
        alike = rows.same_content(
            connection, reading.source, one.print.content_hash, one.print.title_hash
        )
        face = Face(one.item.title, one.item.text, one.print.content_hash)
        return decide(
            face,
            by_address=None,
            by_guid=[_known(entry, listed_now) for entry in guids.get(one.guid_hash, [])],
            alike=[_known(entry, listed_now) for entry in alike],
        )

    def _listed_now(self, connection: Connection, reading: Reading) -> set[str]:
        keys = [key for raw in reading.listed if (key := key_or_none(raw)) is not None]
        return set(rows.known_addresses(connection, keys).values())

    def _insert(
        self, connection: Connection, one: Prepared, state: SourceState, now: datetime
    ) -> Item:
        held = self.held_back(one.item.published, state, now)
        item = replace(one.item, held_back=held)
        rows.insert_item(
            connection,
            item,
            content_hash=one.print.content_hash,
            title_hash=one.print.title_hash,
            text_pending=one.entry.retry,
        )
        rows.save_matches(connection, item.id, item.topics, self._versions, now)
        rows.add_addresses(self.database, connection, item.id, one.addresses)
        grouped = self.stories.group(connection, item, one.print, now)
        return replace(item, story=grouped.story, duplicate_of=grouped.duplicate_of)

    def _update(self, connection: Connection, item_id: str, one: Prepared, now: datetime) -> bool:
        """Another reading of an item we have; True when its title or text is new."""
        if one.entry.article is None and not one.entry.listed.text:
            return False  # nothing was read: what is stored stays
        before = rows.get_in(connection, item_id)
        item = one.item
        columns: dict[str, Any] = {"text_pending": one.entry.retry}
        changed = (before.title, before.text) != (item.title or before.title, item.text)
        if changed:
            columns |= {
                "title": item.title or before.title,
                "text": item.text,
                "language": item.language,
                "content_hash": one.print.content_hash,
                "title_hash": one.print.title_hash,
                "updated_at": now,
                "modified": item.modified.isoformat() if item.modified else "",
            }
            rows.save_matches(connection, item_id, item.topics, self._versions, now)
            told = replace(item, id=item_id, story=before.story, duplicate_of=before.duplicate_of)
            self.stories.refresh(connection, told, one.print, now)
        if before.published is None and item.published is not None:
            columns |= rows.published_columns(item.published)
        rows.update_item(connection, item_id, **columns)
        return changed

    def _sight_listed(
        self, connection: Connection, reading: Reading, shared: set[str], now: datetime
    ) -> None:
        """Every listed entry was seen again, whether it was read or not."""
        done = {entry.listed.url for entry in reading.entries}
        rest = {
            key: raw
            for raw in reading.listed
            if raw.url not in done and (key := key_or_none(raw)) is not None
        }
        known = rows.known_addresses(connection, list(rest))
        for key, raw in rest.items():
            if key in known:
                guid = guid_hash(raw, shared)
                self._sight(connection, reading.source, known[key], raw, guid, now)

    def _sight(
        self,
        connection: Connection,
        source: str,
        item_id: str,
        raw: RawItem,
        guid: str,
        now: datetime,
    ) -> None:
        rows.sight(
            self.database, connection, source=source, item_id=item_id, url=raw.url,
            guid_hash=guid, stamp=listed_stamp(raw), now=now,
        )  # fmt: skip

    def _would_be_new(
        self, prepared: Sequence[Prepared], state: SourceState, now: datetime
    ) -> list[Item]:
        with self.database.read() as connection:
            known = rows.known_addresses(
                connection, [key for one in prepared for key, _ in one.addresses]
            )
        return [
            replace(one.item, held_back=self.held_back(one.item.published, state, now))
            for one in prepared
            if not any(key in known for key, _ in one.addresses)
        ]

    # -- decisions about alerts and time ---------------------------------------------------------

    def held_back(self, published: Published | None, state: SourceState, now: datetime) -> str:
        """Why a new item never alerts: "baseline", "max_age", or "" when it may."""
        crawl = self._settings.crawl
        age = now - published.utc if published else None
        if published is not None and published.whole_day:
            # A date counts as that whole day: its age counts from the day's end.
            age = now - published.utc - timedelta(days=1)
        if not state.baseline and crawl.first_run != "all":
            recent = timedelta(0) if crawl.first_run == "none" else duration(crawl.first_run)
            if crawl.first_run == "none" or age is None or age > recent:
                return "baseline"
        return "max_age" if age is not None and age > crawl.max_age else ""

    def _success_values(
        self, reading: Reading, state: SourceState, outcome: PollOutcome, now: datetime
    ) -> dict[str, Any]:
        values: dict[str, Any] = {
            "last_ok": now, "failures": 0, "error": "", "error_kind": "", "failing_since": None,
            "baseline": True, "next_due": now + self._pace(reading.source).every,
        }  # fmt: skip
        if reading.kind and not reading.unchanged:
            values |= {"watch_kind": reading.kind, "watch_url": reading.moved or reading.watch_url}
        if reading.learned is not None:
            values["learned"] = dict(reading.learned)
        if outcome.new:
            values["last_new"] = now
        if reading.full:
            values["full_at"] = now
        return values

    def _set_pace(self, reading: Reading, now: datetime) -> None:
        """The next turn, from the rhythm that now includes this poll's items."""
        pace = self._pace(reading.source)
        seen = self.sources.first_seen_times(reading.source)
        wait = interval(pace, seen, now)
        due = next_due(
            now, wait, reading.source, ttl_seconds=reading.ttl_seconds, max_every=pace.max_every
        )
        self.sources.set_pace(reading.source, wait, due)

    def _store_failure(
        self, reading: Reading, state: SourceState, now: datetime, dry_run: bool
    ) -> PollOutcome:
        outcome = self._outcome(reading, [], (), now)
        if dry_run:
            return outcome
        failures = state.failures + 1
        wait = pause_after_failure(self._pace(reading.source), failures, reading.error_kind)
        values = {
            "failures": failures,
            "error": outcome.error[:500],
            "error_kind": reading.error_kind,
            "failing_since": state.failing_since or now,
            "next_due": next_due(
                now, wait, reading.source, retry_after_seconds=reading.retry_after_seconds
            ),
        }
        with self.database.write() as connection:
            self.sources.finish(connection, outcome, values, now)
        event(
            logger, logging.WARNING, "source.failed", source=reading.source,
            kind=reading.error_kind, failures=failures, reason=reading.error,
        )  # fmt: skip
        return outcome

    def _pace(self, source_id: str) -> Pace:
        crawl = self._settings.crawl
        every = self.sources.get(source_id).source.every
        return Pace(every or crawl.every, crawl.min_every, crawl.max_every, fixed=every is not None)

    def _outcome(
        self, reading: Reading, new: Sequence[Item], updated: Sequence[str], now: datetime
    ) -> PollOutcome:
        error = f"{reading.error} {reading.remedy}".strip()
        return PollOutcome(
            source=reading.source,
            status="failed" if reading.error else ("unchanged" if reading.unchanged else "ok"),
            kind=reading.kind,
            requests=reading.requests,
            not_modified=reading.not_modified,
            seen=len(reading.listed),
            new=len(new),
            updated=len(updated),
            failed=sum(entry.stage in ("fetch", "extract") for entry in reading.entries),
            error=error,
            items=tuple(new),
        )


def _same_by_guid(raw: RawItem, known: Sequence[KnownEntry]) -> str | None:
    return next((one.item for one in known if one_line(one.title) == one_line(raw.title)), None)


def _known(entry: KnownEntry, listed_now: set[str]) -> Known:
    return Known(entry.item, entry.title, entry.text, entry.content_hash, entry.item in listed_now)


def _drop(url: str, stage: str, reason: str, now: datetime) -> dict[str, Any]:
    try:
        key = url_key(canonical_url(url))
    except ExtractError:
        key = url_key(url[:2000])
    return {"url_key": key, "url": url[:2000], "stage": stage, "reason": reason, "last_seen": now}
