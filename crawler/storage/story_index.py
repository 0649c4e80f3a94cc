"""The story index as rows: a few bounded reads find what a new item may belong to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, select, update

from crawler.model.item import Item
from crawler.storage.database import Database
from crawler.storage.direct import Driver
from crawler.storage.story_statements import FAR, statements
from crawler.storage.story_writes import writes
from crawler.storage.tables_stories import (
    anchor_counts,
    fingerprints,
    item_anchors,
    item_bands,
)
from crawler.stories.anchors import Anchor
from crawler.stories.fingerprint import Fingerprint
from crawler.stories.index import (
    MAX_AROUND,
    MAX_CANDIDATES,
    Plan,
    best,
    day_of,
    leading,
    least_votes,
    plan,
)
from crawler.stories.items import StoryItem
from crawler.stories.rarity import Counts, is_counted, standing

ALL_ITEMS = ""  # the row of anchor_counts that counts the items themselves
READ = 256  # stored fingerprints that are kept as they were read: about 5 MB


class Loaded(NamedTuple):
    """The columns of an item that is compared."""

    id: str
    source: str
    canonical_url: str
    title: str
    text: str
    language: str
    published_at: datetime | None
    first_seen: datetime
    story: str | None
    sketch: bytes
    length: int
    content_hash: str
    title_hash: str
    anchors: str  # JSON, as _stored gives it
    left_out: str  # JSON, a list of keys
    pinned: bool  # whether anything was decided by hand, of any items


class Dated(NamedTuple):
    """The columns of an item that may be too far away."""

    id: str
    published_at: datetime | None
    story: str | None


class SqlIndex:
    """A StoryIndex (crawler.stories.index) inside one transaction."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self.ask = statements(database.is_sqlite)
        self.write = writes(database.is_sqlite)
        self.driver = Driver(connection)
        self.pinned = False  # whether anything is decided by hand, as the last ``load`` saw it

    # -- reading ----------------------------------------------------------------------------

    def candidates(
        self, item: StoryItem, limit: int = MAX_CANDIDATES, *, rarity: Counts | None = None
    ) -> list[StoryItem]:
        """See StoryIndex; ``rarity`` of the item's anchors where it has been read before."""
        planned = plan(item, rarity or self.rarity(item.fingerprint.anchors))
        votes, far = self._votes(item, planned)
        chosen = best(leading(votes, least_votes(item)), far.__contains__, limit)
        return self.load(chosen, tellings=True) if chosen else []

    def around(self, ids: Collection[str]) -> list[StoryItem]:
        """See StoryIndex; near misses stand among the links, below an even chance."""
        listed = self.ask.listed(ids)
        rows = self.driver.rows(self.ask.missed, {"ids": listed})
        found = dict.fromkeys(key for row in rows for key in row)
        missed = [key for key in found if key not in ids]
        if not missed:
            return []
        known = self._dates([*missed[:MAX_AROUND], *ids])
        own = {one.story for one in known if one.id in ids}
        stories = {one.story for one in known if one.story and one.story not in own}
        return self.load([one.id for one in known if one.story in stories], tellings=True)

    def rarity(self, anchors: Iterable[Anchor]) -> Counts:
        """See StoryIndex; anchors that are not counted have no row."""
        known = ((standing(anchor), anchor) for anchor in anchors)
        keys = {found.spelled: anchor for found, anchor in known if found.counted}
        asked = {"keys": self.ask.listed([ALL_ITEMS, *keys])}
        ((found,),) = self.driver.rows(self.ask.counts, asked)
        counts = json.loads(found or "{}")
        total = counts.pop(ALL_ITEMS, 0)
        return Counts(total, {keys[key]: number for key, number in counts.items()})

    def load(self, ids: Collection[str], *, tellings: bool = False) -> list[StoryItem]:
        """Items with their fingerprints, in the order of ``ids``, unknown ones left out; then
        the newest other ``tellings`` of their stories, so many of all."""
        query = self.ask.load_stories if tellings else self.ask.load
        found = self.driver.rows(query, {"ids": self.ask.listed(ids)})
        rows = [Loaded(*row) for row in found]
        self.pinned = any(row.pinned for row in rows)
        known = {row.id: _story_item(row) for row in rows}
        first = [known.pop(key) for key in dict.fromkeys(ids) if key in known]
        return first + sorted(known.values(), key=lambda item: (item.first_seen, item.id))

    # -- writing ----------------------------------------------------------------------------

    def add(self, item: StoryItem) -> None:
        """Write the fingerprint of an item whose row exists."""
        found = item.fingerprint
        row = {
            "item": item.id, "sketch": found.sketch, "length": found.length,
            "anchors": _stored(found), "left_out": json.dumps(sorted(found.left_out)),
        }  # fmt: skip
        run, listed = self.driver.run, self.ask.listed
        run(self.write.add_fingerprint, row)
        bands, known = sorted(set(found.bands)), [standing(anchor) for anchor in found.anchor_set]
        keys = sorted(one.spelled for one in known if one.indexed)
        counted = sorted(one.spelled for one in known if one.counted)
        if bands:
            run(self.write.add_bands, {"values": listed(bands), "item": item.id})
        if keys:
            told = {"keys": listed(keys), "day": day_of(item), "item": item.id}
            run(self.write.add_anchors, told)
        # Sorted keys, so that two writers on PostgreSQL lock the rows in one order.
        run(self.write.count, {"keys": listed([ALL_ITEMS, *counted])})

    def remove(self, item_id: str) -> None:
        """Forget the fingerprint of an item: before another is written, or for ever."""
        query = select(fingerprints.c.anchors).where(fingerprints.c.item == item_id)
        stored = self._connection.scalar(query)
        if stored is None:
            return
        found = {anchor for part in stored for anchor in _anchors(part)}
        for table in (fingerprints, item_bands, item_anchors):
            self._connection.execute(delete(table).where(table.c.item == item_id))
        keys = [ALL_ITEMS, *sorted(str(a) for a in found if is_counted(a))]
        fewer = update(anchor_counts).where(anchor_counts.c.anchor.in_(keys))
        self._connection.execute(fewer.values(items=anchor_counts.c["items"] - 1))

    # -- inside -------------------------------------------------------------------------------

    def _votes(self, item: StoryItem, planned: Plan) -> tuple[dict[str, int], set[str]]:
        """Item id → votes; and the ids of what is too old or too young for one story."""
        asked = {"bands": self.ask.listed(sorted(set(item.fingerprint.bands)))}
        asked |= self.ask.weighed("rare", _spelled(planned.rare))
        asked |= self.ask.weighed("common", _spelled(planned.common))
        asked |= {"first": planned.first_day, "last": planned.last_day}
        asked |= {"since": planned.since, "until": planned.until}
        votes: defaultdict[str, int] = defaultdict(int)
        undated, dated = set[str](), set[str]()
        for nats, known, ids in self.driver.rows(self.ask.postings, asked):
            keys = ids.split() if ids else ()
            for key in keys:
                votes[key] += nats
            (dated if known else undated).update(keys)
        far = {key[len(FAR) :] for key in dated if key.startswith(FAR)}
        for key in far:
            votes[key] += votes.pop(FAR + key)
        votes.pop(item.id, None)
        return votes, far | self._far(undated - dated - far, planned)

    def _far(self, ids: Collection[str], planned: Plan) -> set[str]:
        """Which of these items, found by their texts alone, are outside the window."""
        known = self._dates(ids) if ids else ()
        days = {one.id: one.published_at.toordinal() for one in known if one.published_at}
        return {key for key, day in days.items() if not planned.since <= day <= planned.until}

    def _dates(self, ids: Collection[str]) -> list[Dated]:
        """Date and story of items."""
        asked = {"ids": self.ask.listed(ids)}
        return [Dated(*row) for row in self.driver.rows(self.ask.dates, asked)]


def story_item(item: Item, found: Fingerprint) -> StoryItem:
    """An item of the archive as grouping sees it."""
    return StoryItem(
        id=item.id,
        source=item.source,
        host=_host(item.canonical_url),
        url=item.canonical_url,
        title=item.title,
        text=item.text,
        language=item.language,
        published=item.published.utc if item.published else None,
        first_seen=item.first_seen,
        fingerprint=found,
        story=item.story,
    )


def _story_item(row: Loaded) -> StoryItem:
    found = _read(
        row.sketch, row.length, row.content_hash, row.title_hash, row.anchors, row.left_out
    )
    return StoryItem(
        id=row.id,
        source=row.source,
        host=_host(row.canonical_url),
        url=row.canonical_url,
        title=row.title,
        text=row.text,
        language=row.language,
        published=row.published_at,
        first_seen=row.first_seen,
        fingerprint=found,
        story=row.story,
    )


@lru_cache(maxsize=READ)
def _read(
    sketch: bytes, length: int, content_hash: str, title_hash: str, anchors: str, left_out: str
) -> Fingerprint:
    """A fingerprint from its columns; items of the last days are candidates again and again."""
    titled, others = (_anchors(part) for part in json.loads(anchors))
    return Fingerprint(
        bands=(),  # looked up by, never compared
        sketch=sketch,
        length=length,
        content_hash=content_hash,
        title_hash=title_hash,
        anchors=(*titled, *others),
        titled=len(titled),
        left_out=frozenset(json.loads(left_out)),
    )


@lru_cache(maxsize=READ)
def _host(url: str) -> str:
    return urlsplit(url).netloc


def _stored(found: Fingerprint) -> str:
    """The anchors as JSON: those of the title, the others."""
    keys = [standing(anchor).spelled for anchor in found.anchors]
    return json.dumps([keys[: found.titled], keys[found.titled :]])


def _spelled(weighed: Iterable[tuple[Anchor, int]]) -> dict[str, int]:
    """Anchors as they are stored → their nats."""
    return {standing(anchor).spelled: nats for anchor, nats in weighed}


def _anchors(stored: Sequence[str]) -> tuple[Anchor, ...]:
    return tuple(map(_anchor, stored))


@lru_cache(maxsize=16_384)
def _anchor(spelled: str) -> Anchor:
    """The same object for the same anchor: sets of them compare sooner."""
    return Anchor(*spelled.split(":", 1))
