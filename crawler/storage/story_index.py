"""The story index as rows: a few bounded reads find what a new item may belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, select, update

from crawler.model.item import Item
from crawler.storage.database import Database
from crawler.storage.story_statements import (
    ADD_FINGERPRINT,
    by_bands,
    by_common,
    statements,
)
from crawler.storage.tables import (
    anchor_counts,
    fingerprints,
    item_anchors,
    item_bands,
)
from crawler.stories.anchors import Anchor
from crawler.stories.fingerprint import Fingerprint
from crawler.stories.index import (
    BAND_VOTES,
    MAX_AROUND,
    MAX_CANDIDATES,
    Plan,
    best,
    day_of,
    least_votes,
    plan,
)
from crawler.stories.items import StoryItem
from crawler.stories.rarity import Counts, is_counted, is_indexed

ALL_ITEMS = ""  # the row of anchor_counts that counts the items themselves
MOST_DATED = 60  # ids whose dates are read; those with most votes


class SqlIndex:
    """A StoryIndex (crawler.stories.index) inside one transaction."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self.ask = statements(database.is_sqlite)

    # -- reading ----------------------------------------------------------------------------

    def candidates(
        self, item: StoryItem, limit: int = MAX_CANDIDATES, *, rarity: Counts | None = None
    ) -> list[StoryItem]:
        """See StoryIndex; ``rarity`` of the item's anchors where it has been read before."""
        votes = self._votes(item, rarity)
        leading = dict(votes.most_common(MOST_DATED))
        rows = self._connection.execute(self.ask.dates, {"ids": self.ask.listed(leading)}).all()
        dates = {row.id: row.published_at for row in rows}
        known = {key: leading[key] for key in dates}
        chosen = best(known, dates.get, item.published, limit, least_votes(item))
        stories = {row.story for row in rows if row.id in chosen and row.story}
        return self.load([*chosen, *self._tellings(stories, chosen)])

    def around(self, ids: Collection[str]) -> list[StoryItem]:
        """See StoryIndex; near misses stand among the links, below an even chance."""
        rows = self._connection.execute(self.ask.missed, {"ids": self.ask.listed(ids)})
        missed = [
            key for key in dict.fromkeys(key for row in rows for key in row) if key not in ids
        ]
        if not missed:
            return []
        chosen = missed[:MAX_AROUND]
        known = self._connection.execute(
            self.ask.dates, {"ids": self.ask.listed([*chosen, *ids])}
        ).all()
        own = {row.story for row in known if row.id in ids}
        stories = {row.story for row in known if row.story and row.story not in own}
        away = [row.id for row in known if row.story in stories]
        return self.load([*away, *self._tellings(stories, away)])

    def rarity(self, anchors: Iterable[Anchor]) -> Counts:
        """See StoryIndex; anchors that are not counted have no row."""
        keys = {str(anchor): anchor for anchor in anchors if is_counted(anchor)}
        rows = self._connection.execute(
            self.ask.counts, {"keys": self.ask.listed([ALL_ITEMS, *keys])}
        )
        counts = {row[0]: row[1] for row in rows}
        total = counts.pop(ALL_ITEMS, 0)
        return Counts(total, {keys[key]: number for key, number in counts.items()})

    def load(self, ids: Collection[str]) -> list[StoryItem]:
        """Items with their fingerprints, in the order of ``ids``; unknown ones left out."""
        rows = self._connection.execute(self.ask.load, {"ids": self.ask.listed(ids)})
        found = {row.id: _story_item(row) for row in rows}
        return [found[key] for key in dict.fromkeys(ids) if key in found]

    # -- writing ----------------------------------------------------------------------------

    def add(self, item: StoryItem) -> None:
        """Write the fingerprint of an item whose row exists."""
        found = item.fingerprint
        row = {
            "item": item.id, "sketch": found.sketch, "length": found.length,
            "anchors": _stored(found), "left_out": sorted(found.left_out),
        }  # fmt: skip
        self._connection.execute(ADD_FINGERPRINT, row)
        bands = [{"value": value, "item": item.id} for value in sorted(set(found.bands))]
        keys = sorted(str(anchor) for anchor in found.anchor_set if is_indexed(anchor))
        counted = sorted(str(anchor) for anchor in found.anchor_set if is_counted(anchor))
        rows = [{"anchor": key, "day": day_of(item), "item": item.id} for key in keys]
        if bands:
            self._connection.execute(item_bands.insert(), bands)
        if rows:
            self._connection.execute(item_anchors.insert(), rows)
        self._count([ALL_ITEMS, *counted], 1)

    def remove(self, item_id: str) -> None:
        """Forget the fingerprint of an item: before another is written, or for ever."""
        query = select(fingerprints.c.anchors).where(fingerprints.c.item == item_id)
        stored = self._connection.scalar(query)
        if stored is None:
            return
        found = {anchor for part in stored for anchor in _anchors(part)}
        for table in (fingerprints, item_bands, item_anchors):
            self._connection.execute(delete(table).where(table.c.item == item_id))
        self._count([ALL_ITEMS, *sorted(str(a) for a in found if is_counted(a))], -1)

    # -- inside -------------------------------------------------------------------------------

    def _count(self, keys: Sequence[str], by: int) -> None:
        """Sorted keys, so that two writers on PostgreSQL lock the rows in one order."""
        if by < 0:
            changed = update(anchor_counts).where(anchor_counts.c.anchor.in_(keys))
            self._connection.execute(changed.values(items=anchor_counts.c["items"] + by))
            return
        statement = self._database.insert(anchor_counts)
        statement = statement.on_conflict_do_update(
            index_elements=["anchor"], set_={"items": anchor_counts.c["items"] + by}
        )
        self._connection.execute(statement, [{"anchor": key, "items": by} for key in keys])

    def _votes(self, item: StoryItem, rarity: Counts | None) -> Counter[str]:
        votes: Counter[str] = Counter()
        for (found,) in self._by_bands(sorted(set(item.fingerprint.bands))):
            votes[found] += BAND_VOTES
        planned = plan(item, rarity or self.rarity(item.fingerprint.anchors))
        weights = {str(anchor): nats for anchor, nats in (*planned.rare, *planned.common)}
        for key, found in (*self._by_rare(planned), *self._by_common(planned)):
            votes[found] += weights[key]
        votes.pop(item.id, None)
        return votes

    def _by_bands(self, bands: list[int]) -> Sequence[Any]:
        if not bands:
            return ()
        values = {f"v{number}": band for number, band in enumerate(bands)}
        return self._connection.execute(by_bands(len(bands)), values).all()

    def _by_rare(self, planned: Plan) -> list[tuple[str, str]]:
        keys = [str(anchor) for anchor, _ in planned.rare]
        if not keys:
            return []
        rows = self._connection.execute(self.ask.rare, {"keys": self.ask.listed(keys)})
        return [(row[0], row[1]) for row in rows]

    def _by_common(self, planned: Plan) -> list[tuple[str, str]]:
        if not planned.common or planned.last_day < planned.first_day:
            return []
        values: dict[str, object] = {
            f"v{number}": str(anchor) for number, (anchor, _) in enumerate(planned.common)
        }
        values |= {"first": planned.first_day, "last": planned.last_day}
        rows = self._connection.execute(by_common(len(planned.common)), values)
        return [(row.anchor, row.item) for row in rows]

    def _tellings(self, stories: Collection[str], chosen: Sequence[str]) -> list[str]:
        """The other items of these stories, the newest of each, so many of all."""
        if not stories:
            return []
        told = {"stories": self.ask.listed(stories), "chosen": self.ask.listed(chosen)}
        return list(self._connection.scalars(self.ask.tellings, told))


def story_item(item: Item, found: Fingerprint) -> StoryItem:
    """An item of the archive as grouping sees it."""
    return StoryItem(
        id=item.id,
        source=item.source,
        host=urlsplit(item.canonical_url).netloc,
        url=item.canonical_url,
        title=item.title,
        text=item.text,
        language=item.language,
        published=item.published.utc if item.published else None,
        first_seen=item.first_seen,
        fingerprint=found,
        story=item.story,
    )


def _story_item(row: Any) -> StoryItem:
    titled, others = (_anchors(part) for part in row.anchors)
    found = Fingerprint(
        bands=(),  # looked up by, never compared
        sketch=row.sketch,
        length=row.length,
        content_hash=row.content_hash,
        title_hash=row.title_hash,
        anchors=(*titled, *others),
        titled=len(titled),
        left_out=frozenset(row.left_out),
    )
    return StoryItem(
        id=row.id,
        source=row.source,
        host=urlsplit(row.canonical_url).netloc,
        url=row.canonical_url,
        title=row.title,
        text=row.text,
        language=row.language,
        published=row.published_at,
        first_seen=row.first_seen,
        fingerprint=found,
        story=row.story,
    )


def _stored(found: Fingerprint) -> list[list[str]]:
    """The anchors as JSON: those of the title, the others."""
    keys = [str(anchor) for anchor in found.anchors]
    return [keys[: found.titled], keys[found.titled :]]


def _anchors(stored: Sequence[str]) -> tuple[Anchor, ...]:
    return tuple(Anchor(*one.split(":", 1)) for one in stored)
