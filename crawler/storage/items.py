"""Items, their addresses, sightings and topic matches as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from crawler.errors import UsageError
from crawler.model.item import Item, Sighting
from crawler.model.topic import Evidence, Match
from crawler.storage.database import Database
from crawler.storage.item_rows import BATCH as BATCH
from crawler.storage.item_rows import ERASED, item_of, known_addresses, parts
from crawler.storage.item_rows import insert_item as insert_item
from crawler.storage.item_rows import save_matches as save_matches
from crawler.storage.item_rows import update_item as update_item
from crawler.storage.tables import items, matches, sightings

_MOST_FOUND = 5_000  # items of one search
_MOST_LANGUAGES = 400


@dataclass(frozen=True, slots=True)
class Filter:
    """What ``items list`` asks for; empty values do not filter."""

    since: datetime | None = None  # first seen at or after
    topic: str = ""
    source: str = ""
    language: str = ""
    query: str = ""
    limit: int | None = None


class ItemStore:
    """Reads the archive; writes go through a connection that ``ingest`` hands over."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- reading ----------------------------------------------------------------------------

    def get(self, item_id: str) -> Item:
        """Raises UsageError when no item has that id."""
        found = self.by_ids([item_id])
        if not found:
            raise UsageError(
                f'No item has the id "{item_id}".', remedy="Find it with: clusterwatch items list"
            )
        return found[0]

    def by_ids(self, ids: Collection[str]) -> list[Item]:
        """Items in the order of ``ids``; unknown ones are left out."""
        with self.database.read() as connection:
            return items_by_ids(connection, ids)

    def by_address(self, url_key: str) -> Item | None:
        """The item an address leads to."""
        with self.database.read() as connection:
            found = known_addresses(connection, [url_key])
        return self.get(found[url_key]) if found else None

    def find(self, wanted: Filter) -> list[Item]:
        """Items newest first: by publication where known, else by first sight; of a search those
        found last come first."""
        if wanted.query:
            return self.by_ids(self._searched(wanted))
        query = filtered(select(items), wanted).order_by(
            func.coalesce(items.c.published_at, items.c.first_seen).desc(), items.c.id
        )
        if wanted.limit is not None:
            query = query.limit(wanted.limit)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
            found = _matches(connection, [row.id for row in rows])
        return [item_of(row, found.get(row.id, ())) for row in rows]

    def page(
        self, wanted: Filter, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Item]:
        """Items last found first, ``after`` the (first seen, id) at which a page ended."""
        query = filtered(select(items), wanted)
        if after is not None:
            moment, identity = after
            query = query.where(
                or_(
                    items.c.first_seen < moment,
                    and_(items.c.first_seen == moment, items.c.id < identity),
                )
            )
        query = query.order_by(items.c.first_seen.desc(), items.c.id.desc()).limit(limit)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
            found = _matches(connection, [row.id for row in rows])
        return [item_of(row, found.get(row.id, ())) for row in rows]

    def count(self, wanted: Filter) -> int:
        """How many items a filter finds, its limit aside; of a search at most 5,000."""
        if wanted.query:
            return len(self._searched(replace(wanted, limit=None)))
        query = filtered(select(func.count()).select_from(items), wanted)
        with self.database.read() as connection:
            return int(connection.scalar(query) or 0)

    def _searched(self, wanted: Filter) -> list[str]:
        from crawler.grams import query
        from crawler.storage.search import SearchStore

        found = SearchStore(self.database).find(
            query(wanted.query), wanted.limit or _MOST_FOUND, topic=wanted.topic,
            source=wanted.source, language=wanted.language, since=wanted.since,
        )  # fmt: skip
        return [item for _, item in found]

    def languages(self) -> list[str]:
        """The languages items are in, by code: one look into the index for each."""
        found: list[str] = []
        with self.database.read() as connection:
            while len(found) < _MOST_LANGUAGES:
                last = found[-1] if found else ""
                query = select(func.min(items.c.language)).where(items.c.language > last)
                code = connection.scalar(query)
                if code is None:
                    break
                found.append(code)
        return found

    def sightings(self, item_id: str) -> list[Sighting]:
        """Which sources listed an item, first one first."""
        query = (
            select(sightings).where(sightings.c.item == item_id).order_by(sightings.c.first_seen)
        )
        with self.database.read() as connection:
            return [
                Sighting(row.source, row.item, row.url, row.first_seen, row.last_seen)
                for row in connection.execute(query)
            ]

    def pending_texts(self, source: str, since: datetime, limit: int) -> list[tuple[str, str]]:
        """(item id, address) of items first seen since then and stored from their listing
        alone, oldest first."""
        query = (
            select(items.c.id, items.c.url)
            .where(
                items.c.source == source,
                items.c.text_pending,
                items.c.first_seen >= since,
            )
            .order_by(items.c.first_seen, items.c.id)
            .limit(limit)
        )
        with self.database.read() as connection:
            return [(row.id, row.url) for row in connection.execute(query)]

    def known_faces(self, source: str, limit: int = 60) -> frozenset[str]:
        """Addresses and titles a source listed lately: what a redesigned page is searched for."""
        query = (
            select(sightings.c.url, items.c.title)
            .join(items, items.c.id == sightings.c.item)
            .where(sightings.c.source == source, items.c.held_back != "backfill")
            .order_by(sightings.c.last_seen.desc(), sightings.c.first_seen.desc())
            .limit(limit)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return frozenset(part for row in rows for part in (row.url, row.title) if part)

    def topic_ids_of(self, ids: Collection[str]) -> dict[str, tuple[Match, ...]]:
        """Matches of several items."""
        with self.database.read() as connection:
            return _matches(connection, list(ids))


# -- inside -------------------------------------------------------------------------------------


def items_by_ids(connection: Connection, ids: Collection[str]) -> list[Item]:
    """What ``ItemStore.by_ids`` gives, inside a transaction."""
    rows: dict[str, Any] = {}
    for part in parts(ids):
        query = select(items).where(items.c.id.in_(part))
        rows |= {row.id: row for row in connection.execute(query)}
    found = _matches(connection, list(rows))
    return [item_of(rows[one], found.get(one, ())) for one in ids if one in rows]


def filtered(query: Select[Any], wanted: Filter) -> Select[Any]:
    """``query`` over items, of those that fit; words and limit are left to the caller."""
    query = query.where(items.c.held_back != ERASED)
    if wanted.since is not None:
        query = query.where(items.c.first_seen >= wanted.since)
    if wanted.language:
        query = query.where(items.c.language == wanted.language)
    if wanted.source:
        listed = select(sightings.c.item).where(sightings.c.source == wanted.source)
        query = query.where(items.c.id.in_(listed))
    if wanted.topic:
        about = select(matches.c.item).where(matches.c.topic == wanted.topic)
        query = query.where(items.c.id.in_(about))
    return query


def _matches(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Match, ...]]:
    found: dict[str, list[Match]] = {}
    for part in parts(ids):
        query = select(matches).where(matches.c.item.in_(part))
        for row in connection.execute(query.order_by(matches.c.score.desc(), matches.c.topic)):
            found.setdefault(row.item, []).append(_match(row))
    return {item: tuple(one) for item, one in found.items()}


def _match(row: Any) -> Match:
    evidence = tuple(Evidence(*one) for one in row.evidence)
    return Match(row.topic, row.score, evidence, row.quiet)
