"""Stories as rows: grouping inside the transaction of an item, splits and joins by hand."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from crawler.errors import UsageError
from crawler.model.item import Item
from crawler.model.story import Story, StoryLink
from crawler.storage.database import Database
from crawler.storage.direct import Driver
from crawler.storage.item_rows import ERASED, parts
from crawler.storage.items import Filter, ItemStore, filtered, items_by_ids
from crawler.storage.story_index import SqlIndex, story_item
from crawler.storage.story_parting import tell_apart
from crawler.storage.story_pins import lift, links_by_hand, pin, pinned
from crawler.storage.story_statements import statements
from crawler.storage.story_writes import writes
from crawler.storage.tables import items
from crawler.storage.tables_stories import stories, story_links
from crawler.stories.fingerprint import Fingerprint
from crawler.stories.grouping import (
    MAX_CLUSTERED,
    NOTHING_BY_HAND,
    Grouping,
    GroupingDecision,
    contradicted,
)
from crawler.stories.items import StoryItem
from crawler.stories.links import compare

_LITTLE = "too little in common"  # why two items stay apart that no fact contradicts
_BY_HAND = "split by hand"


@dataclass(frozen=True, slots=True)
class Grouped:
    """What became of an item: its story, what it repeats, stories that were merged into it."""

    story: str
    duplicate_of: str | None
    merges: tuple[str, ...] = ()


class StoryStore:
    """Groups new items and reads stories; ids never change, merged ones redirect."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- for ingest: inside its transaction ---------------------------------------------------

    def group(
        self, connection: Connection, item: Item, found: Fingerprint, now: datetime
    ) -> Grouped:
        """Give a stored item its story, and write its fingerprint, links and merges."""
        index = SqlIndex(self.database, connection)
        new = story_item(item, found)
        decision = self._decided(connection, index, new)
        story = decision.story or self._new_story(connection, item.id, now)
        for merged in decision.merges:
            _redirect(connection, merged, story)
        for leaving in decision.leaves:
            into = leaving.story or self._new_story(connection, leaving.items[0], now)
            _move(connection, leaving.items, into)
        if decision.moves:
            _move(connection, decision.moves, story)
        index.add(new)
        values = {"of": item.id, "to": story, "same": decision.duplicate_of}
        index.driver.run(index.write.set_story, values)
        self._write(connection, (*decision.links, *decision.near_misses))
        return Grouped(story, decision.duplicate_of, decision.merges)

    def refresh(
        self, connection: Connection, item: Item, found: Fingerprint, now: datetime
    ) -> Grouped:
        """Group an item anew whose text changed: it keeps its story, and may merge others;
        it leaves where the edit contradicts what the others tell."""
        index = SqlIndex(self.database, connection)
        index.remove(item.id)
        new = story_item(item, found)
        own = item.story or self._new_story(connection, item.id, now)
        decision = self._decided(connection, index, new, leave_out=own)
        parted = _contradicted(connection, index, new, own)
        index.add(new)
        joined = [s for s in (decision.story, *decision.merges) if s]
        duplicate_of = item.duplicate_of
        if parted:
            tell_apart(self.database, connection, item.id, own, now)
            duplicate_of = decision.duplicate_of
            own = joined.pop(0) if joined else self._new_story(connection, item.id, now)
        for merged in joined:
            _redirect(connection, merged, own)
        values = {"story": own, "duplicate_of": duplicate_of}
        connection.execute(update(items).where(items.c.id == item.id).values(**values))
        self._write(connection, (*decision.links, *decision.near_misses, *parted))
        return Grouped(own, duplicate_of, tuple(joined))

    def _decided(
        self, connection: Connection, index: SqlIndex, new: StoryItem, leave_out: str = ""
    ) -> GroupingDecision:
        """The reads that the decision about a new item needs; most need the first ones alone."""
        rarity = index.rarity(new.fingerprint.anchors)
        candidates = index.candidates(new, rarity=rarity)
        told = [one for one in candidates if not leave_out or one.story != leave_out]
        if not told:
            return Grouping(new, (), rarity).decide()
        manual = NOTHING_BY_HAND
        if index.pinned:
            manual = pinned(connection, index.ask, [new.id, *(one.id for one in told)])
        grouping = Grouping(new, told, rarity, manual=manual)
        if not grouping.reached:
            return grouping.decide()
        around = [one for one in index.around(grouping.items) if one.story != leave_out]
        if grouping.is_clear and not around:
            return grouping.decide()
        if around and index.pinned:
            known = [new.id, *(one.id for one in (*told, *around))]
            manual = pinned(connection, index.ask, known)
        return grouping.decide(around, index.rarity(grouping.anchors(around)), manual=manual)

    # -- reading ----------------------------------------------------------------------------

    def get(self, wanted: str) -> Story:
        """A story by its id, by one that was merged away or by that of a telling.
        Raises UsageError."""
        with self.database.read() as connection:
            current = _current(connection, wanted)
            ids = _tellings(connection, current)
        if not ids:
            raise UsageError(
                f'No story has the id "{wanted}".',
                remedy="Find it with: clusterwatch stories list",
            )
        return self._story(current, ids)

    def find(self, wanted: Filter) -> list[Story]:
        """Stories with a telling that fits, each with all its tellings and without its links;
        those of the newest fitting telling first. ``limit`` counts stories."""
        key = func.coalesce(items.c.story, items.c.id)
        newest = func.max(func.coalesce(items.c.published_at, items.c.first_seen))
        query = filtered(select(key), wanted).group_by(key)
        query = query.order_by(newest.desc(), func.max(items.c.first_seen).desc(), key)
        with self.database.read() as connection:
            found = list(connection.scalars(query.limit(wanted.limit)))
            ids = [one for some in parts(found) for one in _tellings(connection, *some)]
            tellings = items_by_ids(connection, dict.fromkeys((*ids, *found)))
        told: dict[str, list[Item]] = {story: [] for story in found}
        for item in tellings:
            # On PostgreSQL each statement sees what others joined and split until then.
            if item.held_back != ERASED and (story := item.story or item.id) in told:
                told[story].append(item)
        return [
            Story(story, tuple(some), min(item.first_seen for item in some))
            for story, some in told.items()
            if some
        ]

    def links(self, item_id: str) -> tuple[StoryLink, ...]:
        """Why an item stands where it does, strongest first; near misses carry their veto."""
        with self.database.read() as connection:
            return _links(connection, [item_id])

    def compare(self, one_id: str, other_id: str) -> StoryLink:
        """What speaks for and against two items being one story, weighed now. Raises UsageError."""
        with self.database.read() as connection:
            index = SqlIndex(self.database, connection)
            found = {item.id: item for item in index.load([one_id, other_id])}
            for wanted in (one_id, other_id):
                if wanted not in found:
                    raise UsageError(f'No item has the id "{wanted}".')
            one, other = found[one_id], found[other_id]
            return compare(one, other, index.rarity(one.fingerprint.anchors)).link

    # -- by hand, remembered --------------------------------------------------------------------

    def split(self, item_id: str, now: datetime) -> str:
        """Take an item out of its story for good; returns the id of the one it has now.
        Raises UsageError, also for the id of a story with several tellings."""
        with self.database.write() as connection:
            item = self._known(connection, item_id)
            rest = [key for key in _tellings(connection, item.story or "") if key != item.id]
            if not rest:
                return item.story or self._alone(connection, item.id, now)
            if item.id != item_id:
                raise UsageError(
                    f'"{item_id}" is a story with {len(rest) + 1} tellings.',
                    remedy=f"Name the one to take out, of: clusterwatch stories show {item_id}",
                )
            pin(self.database, connection, item_id, rest, together=False, now=now)
            values = {"story": self._new_story(connection, item_id, now), "duplicate_of": None}
            connection.execute(update(items).where(items.c.id == item_id).values(**values))
            repeats = update(items).where(items.c.duplicate_of == item_id, items.c.id.in_(rest))
            connection.execute(repeats.values(duplicate_of=None))
            return str(values["story"])

    def join(self, item_ids: Sequence[str], now: datetime) -> str:
        """Make the stories of these items one for good; the oldest story keeps its id. A story's
        id stands for its leading item."""
        with self.database.write() as connection:
            found = [self._known(connection, key) for key in dict.fromkeys(item_ids)]
            if len(found) < 2:
                raise UsageError("Joining needs two items.", remedy="Name two or more item ids.")
            told = [item.story or self._alone(connection, item.id, now) for item in found]
            into = _oldest(connection, told)
            for story in dict.fromkeys(told):
                if story != into:
                    _redirect(connection, story, into)
            first, *others = [item.id for item in found]
            tellings = _tellings(connection, into)
            lift(self.database, connection, tellings, now)
            # The stories are joined, not single tellings: what contradicts one stays as well.
            rest = [key for key in tellings if key != first]
            pin(self.database, connection, first, rest, together=True, now=now)
            self._write(connection, links_by_hand(self.database, connection, first, others))
            return into

    # -- inside -------------------------------------------------------------------------------

    def _story(self, story_id: str, ids: Sequence[str]) -> Story:
        tellings = tuple(ItemStore(self.database).by_ids(ids))
        with self.database.read() as connection:
            links = _links(connection, ids)
        first = min(item.first_seen for item in tellings)
        return Story(story_id, tellings, first, links)

    def _new_story(self, connection: Connection, item_id: str, now: datetime) -> str:
        """A story named after its first item; after a split a number follows."""
        first = f"s{item_id}"
        names = (first if n == 1 else f"{first}-{n}" for n in count(1))
        free, driver = writes(self.database.is_sqlite).new_story, Driver(connection)
        values: Iterator[dict[str, Any]] = ({"id": name, "created_at": now} for name in names)
        return next(str(one["id"]) for one in values if driver.rows(free, one))

    def _alone(self, connection: Connection, item_id: str, now: datetime) -> str:
        story = self._new_story(connection, item_id, now)
        connection.execute(update(items).where(items.c.id == item_id).values(story=story))
        return story

    def _known(self, connection: Connection, wanted: str) -> Any:
        """The item of an id, the leading one of a story's."""
        query = select(items.c.id, items.c.story)
        row = connection.execute(query.where(items.c.id == wanted)).first()
        if row is None and (tellings := _tellings(connection, _current(connection, wanted))):
            row = connection.execute(query.where(items.c.id == tellings[0])).first()
        if row is None:
            raise UsageError(
                f'No item has the id "{wanted}".', remedy="Find it with: clusterwatch items list"
            )
        return row

    def _write(self, connection: Connection, links: Iterable[StoryLink]) -> None:
        add, driver = writes(self.database.is_sqlite).add_link, Driver(connection)
        for link in links:
            row = {
                "item": link.item,
                "other": link.other,
                "relation": link.relation,
                "score": link.score,
                "anchors": json.dumps(link.anchors),
                "veto": link.veto,
            }
            driver.run(add, row)


def _contradicted(
    connection: Connection, index: SqlIndex, edited: StoryItem, story: str
) -> tuple[StoryLink, ...]:
    """What parts an edited item from the other tellings of its story; () where it stays."""
    ids = [key for key in _tellings(connection, story) if key != edited.id][:MAX_CLUSTERED]
    tellings = index.load(ids)
    if not tellings:
        return ()
    manual = pinned(connection, index.ask, [edited.id, *ids])
    rarity = index.rarity(edited.fingerprint.anchors)
    return contradicted(edited, tellings, rarity, manual=manual)


def _move(connection: Connection, ids: Sequence[str], story: str) -> None:
    connection.execute(update(items).where(items.c.id.in_(ids)).values(story=story))


def _redirect(connection: Connection, story: str, into: str) -> None:
    """Every item and every older redirect of ``story`` now leads to ``into``."""
    connection.execute(update(items).where(items.c.story == story).values(story=into))
    moved = update(stories).where(or_(stories.c.id == story, stories.c.merged_into == story))
    connection.execute(moved.values(merged_into=into))


def _current(connection: Connection, wanted: str) -> str:
    """The id of the story that a story's id or a telling's leads to."""
    known = connection.execute(select(stories).where(stories.c.id == wanted)).first()
    if known is not None:
        return str(known.merged_into or known.id)
    return connection.scalar(select(items.c.story).where(items.c.id == wanted)) or wanted


def _oldest(connection: Connection, ids: Collection[str]) -> str:
    query = select(stories.c.id).where(stories.c.id.in_(ids))
    return str(connection.scalars(query.order_by(stories.c.created_at, stories.c.id)).first())


def _tellings(connection: Connection, *some: str) -> list[str]:
    """Ids of the items of stories: originals before copies, then the oldest first."""
    moment = func.coalesce(items.c.published_at, items.c.first_seen)
    query = select(items.c.id).where(items.c.story.in_(some))
    return list(
        connection.scalars(query.order_by(items.c.duplicate_of.is_not(None), moment, items.c.id))
    )


def _links(connection: Connection, ids: Sequence[str]) -> tuple[StoryLink, ...]:
    """The links and near misses of items, the links first, strongest first.

    What keeps two items in two stories now is told, also where only little was shared; what
    once spoke against two that are one story is not.
    """
    query = select(story_links).where(
        or_(story_links.c.item.in_(ids), story_links.c.other.in_(ids))
    )
    rows = connection.execute(query.order_by(story_links.c.score.desc())).all()
    every = {key for row in rows for key in (row.item, row.other)}
    stood = select(items.c.id, items.c.story).where(items.c.id.in_(every))
    stories_of = {row.id: row.story for row in connection.execute(stood)}
    manual = pinned(connection, statements(connection.dialect.name == "sqlite"), sorted(every))
    found = []
    for row in rows:
        one = stories_of.get(row.item) == stories_of.get(row.other)
        said = _BY_HAND if manual.verdict(row.item, row.other) == "apart" else row.veto or _LITTLE
        if not (one and row.veto):
            found.append(_link(row, "" if one else said))
    return tuple(sorted(found, key=lambda link: bool(link.veto)))


def _link(row: Any, veto: str) -> StoryLink:
    return StoryLink(row.item, row.other, row.relation, row.score, tuple(row.anchors), veto)
