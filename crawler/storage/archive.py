"""The archive as readers page through it: stories newest first, each once, at any size.

A story stands where the newest of its tellings stands that fit what is asked for. Pages follow
each other by key, never by number. What drives a read is decided here, since neither database
knows in time how rare a filter is: the items of a rare topic or source are looked up and sorted,
with frequent ones the index of all items is walked a bounded stretch until the page is full.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from crawler.grams import MOST_CHARACTERS, Query, folded
from crawler.grams import query as words_of
from crawler.model.item import Item
from crawler.storage.database import Database
from crawler.storage.item_rows import ERASED, item_of, parts
from crawler.storage.search import SearchStore
from crawler.storage.tables import items, matches, sightings
from crawler.storage.tables_stories import search_docs

RARE = 5_000  # items of a topic or source that are looked up and sorted at once …
MANY = 50_000  # … or when nothing of them is among the next …
WALKED = 20_000  # … items of the archive
FEW = 200  # hits of a search that are sorted by when they were told
_ROUNDS = 6  # looks into the index for one page of a search
_MOST_TELLINGS = 50  # of one story beside the one that is shown


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks for; empty values do not filter."""

    topic: str = ""
    source: str = ""
    language: str = ""
    since: datetime | None = None  # published, or first seen where undated
    query: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: by time, or of a search by the number of the index."""

    told_at: datetime | None = None
    item: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A story's place in the archive: the telling at which it stands."""

    item: str
    story: str  # "" for an item outside every story
    position: Position


class ArchiveStore:
    """Reads pages of stories."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def page(self, wanted: Wanted, limit: int, after: Position | None = None) -> list[Placed]:
        """Up to ``limit`` stories after a position, newest first.

        Of a search with more than ``FEW`` hits those found last come first.
        """
        if wanted.query:
            return self._searched(wanted, limit, after)
        with self.database.read() as connection:
            return [
                Placed(row.id, row.story or "", Position(row.told_at, row.id))
                for row in _listed(connection, wanted, limit, after)
            ]

    def tellings(self, stories: Collection[str]) -> dict[str, list[Item]]:
        """The tellings of stories, newest first, without their texts and topics."""
        place = func.row_number().over(
            partition_by=items.c.story, order_by=(items.c.told_at.desc(), items.c.id.desc())
        )
        found: dict[str, list[Item]] = {}
        with self.database.read() as connection:
            for some in parts(stories):
                told = select(*_LIGHT, place.label("place")).where(
                    items.c.story.in_(some), items.c.held_back != ERASED
                )
                numbered = told.subquery()
                few = select(numbered).where(numbered.c.place <= _MOST_TELLINGS)
                for row in connection.execute(few.order_by(numbered.c.story, numbered.c.place)):
                    found.setdefault(row.story, []).append(item_of(row, ()))
        return found

    # -- inside ---------------------------------------------------------------------------------

    def _searched(self, wanted: Wanted, limit: int, after: Position | None) -> list[Placed]:
        """Few hits by when they were told; of many those found last come first."""
        asked = words_of(wanted.query)
        if after is None or after.told_at is not None:
            hits = self._hits(asked, wanted, FEW + 1, None)
            if len(hits) <= FEW or after is not None:
                return self._by_time(hits, after)[:limit]
        before = after.number if after else None
        found: list[Placed] = []
        for _ in range(_ROUNDS):
            hits = self._hits(asked, wanted, limit, before)
            found += self._once(hits, asked, wanted)
            if len(hits) < limit or len(found) >= limit:
                break
            before = hits[-1][0]
        return found[:limit]

    def _hits(
        self, asked: Query, wanted: Wanted, limit: int, before: int | None
    ) -> list[tuple[int, str]]:
        return SearchStore(self.database).find(
            asked, limit, before=before, topic=wanted.topic, source=wanted.source,
            language=wanted.language, told_since=wanted.since,
        )  # fmt: skip

    def _by_time(self, hits: Sequence[tuple[int, str]], after: Position | None) -> list[Placed]:
        with self.database.read() as connection:
            rows = _rows_of(connection, [item for _, item in hits])
        places = [
            Placed(row.id, row.story or "", Position(row.told_at, row.id)) for row in rows.values()
        ]
        places.sort(key=_when, reverse=True)
        seen: set[str] = set()
        once = []
        for place in places:
            if place.story not in seen:
                once.append(place)
                seen |= {place.story} - {""}
        if after is None:
            return once
        return [place for place in once if _when(place) < (after.told_at, after.item)]

    def _once(
        self, hits: Sequence[tuple[int, str]], asked: Query, wanted: Wanted
    ) -> Iterable[Placed]:
        """The hits at which their story is found first; others stood on this or an earlier page."""
        with self.database.read() as connection:
            rows = _rows_of(connection, [item for _, item in hits])
            stories = {row.story for row in rows.values() if row.story}
            newest = _newest_numbers(connection, stories, asked, wanted)
        for number, item in hits:
            story = (item in rows and rows[item].story) or ""
            if not story or newest.get(story, number) <= number:
                yield Placed(item, story, Position(number=number))


_HEAVY = ("text", "summary")
_LIGHT = [column for column in items.c if column.name not in _HEAVY] + [
    literal("").label(name) for name in _HEAVY
]


def _narrowing(wanted: Wanted) -> list[tuple[Any, tuple[ColumnElement[bool], ...]]]:
    """(column of item ids, conditions) of the filters that other tables know."""
    found: list[tuple[Any, tuple[ColumnElement[bool], ...]]] = []
    if wanted.topic:
        found.append((matches.c.item, (matches.c.topic == wanted.topic,)))
    if wanted.source:
        found.append((sightings.c.item, (sightings.c.source == wanted.source,)))
    return found


def _fits(wanted: Wanted, one: Any) -> list[ColumnElement[bool]]:
    """What an item has to be to stand in the archive for ``wanted``."""
    fits: list[ColumnElement[bool]] = [one.c.held_back != ERASED]
    if wanted.language:
        fits.append(one.c.language == wanted.language)
    if wanted.since is not None:
        fits.append(one.c.told_at >= wanted.since)
    for column, ids in _narrowing(wanted):
        fits.append(exists().where(column == one.c.id, *ids))
    return fits


def _listed(
    connection: Connection, wanted: Wanted, limit: int, after: Position | None
) -> Sequence[Any]:
    """A page's rows, by the cheapest of three ways."""
    driver = _driver(connection, wanted, RARE)
    if driver is None and _narrowing(wanted):
        # Frequent ones are among the newest, unless they come from a source that ended long ago.
        cut = _told_after(connection, WALKED, after)
        rows = connection.execute(_listing(wanted, None, limit, after, cut)).all()
        if len(rows) == limit or cut is None:
            return rows
        driver = _driver(connection, wanted, MANY)
    return connection.execute(_listing(wanted, driver, limit, after)).all()


def _driver(connection: Connection, wanted: Wanted, most: int) -> FromClause | None:
    """The items of the rarest filter, as a table of ids; None where each has more than ``most``."""
    found = []
    for column, ids in _narrowing(wanted):
        some = select(column).where(*ids).limit(most + 1).subquery()
        count = int(connection.scalar(select(func.count()).select_from(some)) or 0)
        if count <= most:
            found.append((count, select(column.label("item")).where(*ids)))
    if not found:
        return None
    return min(found, key=lambda pair: pair[0])[1].cte("chosen").prefix_with("MATERIALIZED")


def _told_after(connection: Connection, count: int, after: Position | None) -> datetime | None:
    """When the item was told that stands ``count`` places further; None where the archive ends."""
    query = select(items.c.told_at).order_by(items.c.told_at.desc(), items.c.id.desc())
    if after is not None and after.told_at is not None:
        query = query.where(items.c.told_at <= after.told_at)
    found: datetime | None = connection.scalar(query.offset(count).limit(1))
    return found


def _listing(
    wanted: Wanted,
    driver: Any,
    limit: int,
    after: Position | None,
    cut: datetime | None = None,
) -> Any:
    other = items.alias("newer")
    # Expressions, so that both databases look a story's few tellings up by the story.
    told = func.coalesce(other.c.told_at, other.c.first_seen)
    newer = or_(told > items.c.told_at, and_(told == items.c.told_at, other.c.id > items.c.id))
    told_later = exists().where(
        other.c.story == items.c.story,
        newer,
        *_fits(replace(wanted, language="", since=None), other),
    )
    if wanted.language:
        told_later = told_later.where(func.coalesce(other.c.language, "") == wanted.language)
    query = select(items.c.id, items.c.story, items.c.told_at).where(
        *_fits(wanted, items), ~told_later
    )
    if after is not None and after.told_at is not None:
        at = literal(after.told_at, items.c.told_at.type)
        # As a pair both databases enter the index by it; a condition with OR tempts them away.
        query = query.where(tuple_(items.c.told_at, items.c.id) < tuple_(at, literal(after.item)))
    if cut is not None:
        query = query.where(items.c.told_at >= cut)
    if driver is None:
        order = (items.c.told_at.desc(), items.c.id.desc())
    else:
        query = query.where(items.c.id.in_(select(driver.c.item)))
        # An expression, so that no index of the order tempts away from the few that are chosen.
        order = (func.coalesce(items.c.told_at, items.c.first_seen).desc(), items.c.id.desc())
    return query.order_by(*order).limit(limit)


def _rows_of(connection: Connection, ids: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for some in parts(ids):
        told = func.coalesce(items.c.told_at, items.c.first_seen).label("told_at")
        query = select(items.c.id, items.c.story, told).where(items.c.id.in_(some))
        found |= {row.id: row for row in connection.execute(query)}
    return found


def _when(place: Placed) -> tuple[Any, str]:
    return (place.position.told_at, place.item)


def _newest_numbers(
    connection: Connection, stories: Collection[str], asked: Query, wanted: Wanted
) -> dict[str, int]:
    """Story → the highest number of the index at which a telling of it is found."""
    newest: dict[str, int] = {}
    for some in parts(stories):
        body = func.substr(items.c.text, 1, MOST_CHARACTERS).label("body")
        query = (
            select(items.c.story, search_docs.c.docid, items.c.title, body)
            .join(search_docs, search_docs.c.item == items.c.id)
            .where(items.c.story.in_(some), *_fits(wanted, items))
        )
        for row in connection.execute(query):
            if row.docid > newest.get(row.story, 0) and asked.in_text(
                folded(f"{row.title}\n{row.body}")
            ):
                newest[row.story] = row.docid
    return newest
