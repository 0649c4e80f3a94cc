"""What may be sent to a subscription: pending items with their whole stories, from the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from crawler.model.item import Item
from crawler.model.story import Story
from crawler.model.subscription import Subscription
from crawler.storage.database import Database
from crawler.storage.item_rows import parts
from crawler.storage.items import ItemStore
from crawler.storage.tables import items, matches, sightings
from crawler.storage.tables_recipients import delivered_items

MOST_ITEMS = 2000  # in one digest; older ones wait for the next
MOST_CHANGES = 20
MOST_GROWN = 20
TOLD_CHANGES = ("shown", "alerted", "rolled_up")  # how an item was delivered whose change is told
TOLD_STORIES = ("shown", "alerted")  # … and of which a further telling is named
_LISTED, _WALKED = 2_000, 20_000  # matches of a topic, items since a moment
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everything a selection looks at; it decides, not the query."""

    stories: tuple[Story, ...] = ()
    delivered: frozenset[str] = frozenset()  # item ids this subscription got
    alerted: frozenset[str] = frozenset()  # item ids its recipient got at once
    listed_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    changed: tuple[Item, ...] = ()  # delivered, materially changed since, not told yet
    grown: tuple[Story, ...] = ()  # delivered, with a telling in the reader's language since


class CandidateStore:
    """Reads what a subscription may get."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.items = ItemStore(database)

    def pending(
        self, subscription: Subscription, since: datetime, shown_since: datetime | None = None
    ) -> Candidates:
        """Stories with an item first seen since then that may alert and was not delivered;
        of those ``shown_since``, the ones that have grown."""
        with self.database.read() as connection:
            found = connection.execute(_pending(connection, subscription, since)).all()
            ids = _with_tellings(connection, [(row.id, row.story) for row in found])
            grown = list(connection.scalars(_grown(subscription, shown_since or _NEVER)))
            told = _with_tellings(connection, [("", story) for story in grown])
        return self._gathered(subscription, ids, told)

    def of_item(self, subscription: Subscription, item_id: str) -> Candidates:
        """The one story an item stands in, whatever became of it: for ``explain``."""
        item = self.items.get(item_id)
        with self.database.read() as connection:
            ids = _with_tellings(connection, [(item.id, item.story)])
        return self._gathered(subscription, ids)

    def held_back(self, sources: Collection[str], since: datetime) -> int:
        """How many items of these sources were too old to report when first seen."""
        query = select(items.c.source, func.count()).where(
            items.c.first_seen >= since, items.c.held_back == "max_age"
        )
        with self.database.read() as connection:
            found = connection.execute(query.group_by(items.c.source)).all()
        return sum(row[1] for row in found if row[0] in sources)

    def _gathered(
        self, subscription: Subscription, ids: Sequence[str], told: Sequence[str] = ()
    ) -> Candidates:
        tellings = self.items.by_ids(ids)
        every = [*ids, *told]
        with self.database.read() as connection:
            mine, theirs = _delivered(connection, subscription, every)
            changed = list(connection.scalars(_changed(subscription)))
            listed = listed_by(connection, every)
        return Candidates(
            stories=_stories(tellings),
            delivered=mine,
            alerted=theirs,
            listed_by=listed,
            changed=tuple(self.items.by_ids(changed)),
            grown=_stories(self.items.by_ids(told)),
        )


def _pending(connection: Connection, subscription: Subscription, since: datetime) -> Select[Any]:
    got = select(delivered_items.c.item).where(delivered_items.c.subscription == subscription.id)
    query = (
        select(items.c.id, items.c.story)
        .where(items.c.held_back == "", items.c.first_seen >= since)
        .order_by(items.c.first_seen.desc(), items.c.id)
        .limit(MOST_ITEMS)
    )
    if "*" not in subscription.topics:
        query = query.where(about(connection, subscription.topics, since))
    return query.where(items.c.id.not_in(got), ~_told(subscription.id))


def about(connection: Connection, topics: Sequence[str], since: datetime) -> ColumnElement[bool]:
    """Items that match one of these topics, asked so that the smaller side is walked: all that
    ever matched, as a list, or the items since then, each looked up."""
    matching = and_(matches.c.topic.in_(topics), matches.c.quiet.is_(False))
    ever = select(matches.c.item).where(matching)
    recent = select(items.c.id).where(items.c.first_seen >= since)
    if _fewer(connection, ever, _LISTED) or not _fewer(connection, recent, _WALKED):
        return items.c.id.in_(ever)
    return exists().where(matches.c.item == items.c.id, matching)


def _fewer(connection: Connection, rows: Select[Any], most: int) -> bool:
    counted = select(func.count()).select_from(rows.limit(most).subquery())
    return (connection.scalar(counted) or 0) < most


def _told(subscription: str) -> ColumnElement[bool]:
    """Whether a telling of an item's story was delivered. Asked of each item: what a reader got
    in years is far more than what waits."""
    telling, got = items.alias("telling"), delivered_items.alias("got")
    return exists().where(
        telling.c.story == items.c.story,
        got.c.item == telling.c.id,
        got.c.subscription == subscription,
    )


def _grown(subscription: Subscription, since: datetime) -> Select[Any]:
    """Stories shown to this subscription since then that a telling in the digest's language
    has joined; those last grown first."""
    shown = delivered_items.alias("shown")
    told, later = items.alias("told"), items.alias("later")
    got = select(delivered_items.c.item).where(delivered_items.c.subscription == subscription.id)
    return (
        select(told.c.story)
        .join(shown, shown.c.item == told.c.id)
        .join(later, later.c.story == told.c.story)
        .where(
            shown.c.subscription == subscription.id,
            shown.c.how.in_(TOLD_STORIES),
            shown.c.at >= since,
            later.c.held_back == "",
            func.coalesce(later.c.language, "") == subscription.digest_language,  # no index
            later.c.id.not_in(got),
        )
        .group_by(told.c.story)
        .order_by(func.max(later.c.first_seen).desc(), told.c.story)
        .limit(MOST_GROWN)
    )


def _with_tellings(connection: Connection, found: Sequence[tuple[str, str | None]]) -> list[str]:
    """Ids of the items found and of every other telling of their stories, the leading first."""
    alone = [item for item, story in found if story is None]
    told = {story for _, story in found if story is not None}
    moment = func.coalesce(items.c.published_at, items.c.first_seen)
    for part in parts(sorted(told)):
        query = select(items.c.id).where(items.c.story.in_(part))
        query = query.order_by(items.c.duplicate_of.is_not(None), moment, items.c.id)
        alone.extend(connection.scalars(query))
    return alone


def _stories(tellings: Iterable[Item]) -> tuple[Story, ...]:
    grouped: dict[str, list[Item]] = {}
    for item in tellings:
        grouped.setdefault(item.story or item.id, []).append(item)
    return tuple(
        Story(story, tuple(found), min(item.first_seen for item in found))
        for story, found in grouped.items()
    )


def _delivered(
    connection: Connection, subscription: Subscription, ids: Sequence[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Item ids this subscription got, and those its recipient was alerted to by another."""
    mine: set[str] = set()
    theirs: set[str] = set()
    for part in parts(ids):
        query = select(delivered_items).where(
            delivered_items.c.item.in_(part),
            or_(
                delivered_items.c.subscription == subscription.id,
                delivered_items.c.to == subscription.to,
            ),
        )
        for row in connection.execute(query):
            if row.subscription == subscription.id:
                mine.add(row.item)
            elif row.how == "alerted":
                theirs.add(row.item)
    return frozenset(mine), frozenset(theirs)


def _changed(subscription: Subscription) -> Select[Any]:
    return (
        select(items.c.id)
        .join(delivered_items, delivered_items.c.item == items.c.id)
        .where(
            delivered_items.c.subscription == subscription.id,
            delivered_items.c.how.in_(TOLD_CHANGES),
            items.c.changed_at > delivered_items.c.at,
        )
        .order_by(items.c.changed_at.desc(), items.c.id)
        .limit(MOST_CHANGES)
    )


def listed_by(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Item id → every source that listed it, the first first."""
    found: dict[str, tuple[str, ...]] = {}
    for part in parts(ids):
        query = select(sightings.c.item, sightings.c.source).where(sightings.c.item.in_(part))
        for row in connection.execute(query.order_by(sightings.c.first_seen)):
            found[row.item] = (*found.get(row.item, ()), row.source)
    return found
