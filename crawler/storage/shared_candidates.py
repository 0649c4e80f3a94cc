"""What may be sent to subscriptions that ask for the same: their candidates, read together.

Which items there are is asked once, who got which of them once for many subscriptions, and a
story's texts are read only if one of them has not got it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from crawler.model.item import Item
from crawler.model.story import Story
from crawler.model.subscription import Subscription
from crawler.storage.candidates import (
    MOST_CHANGES,
    MOST_GROWN,
    MOST_ITEMS,
    TOLD_CHANGES,
    TOLD_STORIES,
    Candidates,
    about,
    listed_by,
)
from crawler.storage.database import Database
from crawler.storage.item_rows import parts
from crawler.storage.items import ItemStore
from crawler.storage.tables import items, sightings
from crawler.storage.tables_recipients import delivered_items, subscriptions


@dataclass(frozen=True, slots=True)
class Question:
    """What narrows an item's way to a subscription by the rows alone."""

    topics: tuple[str, ...]  # ("*",): every item
    languages: tuple[str, ...]  # (): all
    sources: tuple[str, ...] | None  # ids; None: all


@dataclass(frozen=True, slots=True)
class _Telling:
    id: str
    story: str  # the item's own id where it stands alone
    first_seen: datetime


class SharedCandidates:
    """The candidates of one question, of everybody who asks it."""

    def __init__(
        self, database: Database, question: Question, since: datetime, shown_since: datetime
    ) -> None:
        """``since``: the earliest from which one of them looks; of stories shown since
        ``shown_since`` those that have grown are found."""
        self._database = database
        self._store = ItemStore(database)
        self._shown_since = shown_since
        self._items: dict[str, Item] = {}
        self._listed: dict[str, tuple[str, ...]] = {}
        with database.read() as connection:
            found = connection.execute(_asked(connection, question, since)).all()
            # More than one digest may hold: each subscription's own newest are asked for then.
            self.crowded = len(found) > MOST_ITEMS
            self._tellings = [] if self.crowded else _tellings(connection, found)
        self._story_of = {one.id: one.story for one in self._tellings}
        self._of_story = _by_story(self._tellings)
        self._stories: dict[str, Story] = {}

    def of(self, asking: Sequence[Subscription], several: Collection[str]) -> dict[str, Candidates]:
        """What each of them may get, by subscription; the same stories are the same objects.

        ``several``: recipients that more than one subscription sends to.
        """
        ids = [one.id for one in asking]
        with self._database.read() as connection:
            got = _delivered(connection, ids, self._story_of)
            waiting = {one: self._pending(got[one]) for one in ids}
            hungry = [one for one in asking if waiting[one.id]]
            changed = _changed(connection, [one.id for one in hungry])
            grown = self._grown(connection, hungry)
        told = {story for stories in grown.values() for story in stories}
        self._read({*told, *(story for stories in waiting.values() for story in stories)}, changed)
        with self._database.read() as connection:
            grew = [one.id for story in told for one in self._of_story[story]]
            for one, also in _delivered(connection, list(grown), grew).items():
                got[one] |= also
            alerted = _alerted(
                connection, [one for one in hungry if one.to in several], [*self._story_of, *grew]
            )
        return {
            one.id: Candidates(
                stories=tuple(self._stories[story] for story in waiting[one.id]),
                delivered=frozenset(got[one.id]),
                alerted=frozenset(alerted[one.id]),
                listed_by=self._listed,
                changed=tuple(self._items[item] for item in changed[one.id]),
                grown=tuple(self._stories[story] for story in grown[one.id]),
            )
            for one in asking
        }

    # -- inside ---------------------------------------------------------------------------------

    def _pending(self, got: Collection[str]) -> list[str]:
        """Stories of which nothing was delivered, the order of the rows kept."""
        done = {self._story_of[item] for item in got}
        return [story for story in self._of_story if story not in done]

    def _grown(
        self, connection: Connection, asking: Sequence[Subscription]
    ) -> dict[str, list[str]]:
        """Subscription → stories it got that a telling in its language has joined since."""
        found: dict[str, list[str]] = defaultdict(list)
        languages: dict[str, list[str]] = defaultdict(list)
        for one in asking:
            languages[one.digest_language].append(one.id)
        for language, ids in languages.items():
            for row in connection.execute(_grown(ids, language, self._shown_since)):
                if len(found[row.subscription]) < MOST_GROWN:
                    found[row.subscription].append(row.story)
        return found

    def _read(self, stories: Collection[str], changed: dict[str, list[str]]) -> None:
        """Read what of these stories and items is not known yet."""
        missing = sorted(story for story in stories if story not in self._stories)
        with self._database.read() as connection:
            unknown = [story for story in missing if story not in self._of_story]
            self._of_story |= _by_story(_of_stories(connection, unknown))
        wanted = {one.id for story in missing for one in self._of_story[story]}
        wanted |= {item for ids in changed.values() for item in ids}
        fresh = [item for item in wanted if item not in self._items]
        self._items |= {item.id: item for item in self._store.by_ids(fresh)}
        with self._database.read() as connection:
            self._listed |= listed_by(connection, fresh)
        for story in missing:
            told = tuple(self._items[one.id] for one in self._of_story[story])
            self._stories[story] = Story(story, told, min(one.first_seen for one in told))


def recipients_of_several(database: Database) -> frozenset[str]:
    """Whom more than one subscription sends to, those that ended included."""
    query = select(subscriptions.c.to).group_by(subscriptions.c.to).having(func.count() > 1)
    with database.read() as connection:
        return frozenset(connection.scalars(query))


def _asked(connection: Connection, question: Question, since: datetime) -> Select[Any]:
    """Items that may be pending for somebody: a superset, it is selection that decides."""
    query = (
        select(items.c.id, items.c.story, items.c.first_seen)
        .where(items.c.held_back == "", items.c.first_seen >= since)
        .order_by(items.c.first_seen.desc(), items.c.id)
        .limit(MOST_ITEMS + 1)
    )
    if question.languages:
        query = query.where(items.c.language.in_(question.languages))
    if question.sources is not None:
        listed = select(sightings.c.item).where(
            sightings.c.source.in_(question.sources), sightings.c.first_seen >= since
        )
        named = items.c.source.in_(question.sources)
        query = query.where(or_(named, items.c.id.in_(listed)))
    if "*" in question.topics:
        return query
    return query.where(about(connection, question.topics, since))


def _tellings(connection: Connection, found: Sequence[Any]) -> list[_Telling]:
    """The items found and every other telling of their stories, the leading first."""
    alone = [_Telling(row.id, row.id, row.first_seen) for row in found if row.story is None]
    told = sorted({row.story for row in found if row.story is not None})
    return alone + _of_stories(connection, told)


def _of_stories(connection: Connection, stories: Iterable[str]) -> list[_Telling]:
    moment = func.coalesce(items.c.published_at, items.c.first_seen)
    found: list[_Telling] = []
    for part in parts(list(stories)):
        query = select(items.c.id, items.c.story, items.c.first_seen).where(items.c.story.in_(part))
        query = query.order_by(items.c.duplicate_of.is_not(None), moment, items.c.id)
        found.extend(_Telling(*row) for row in connection.execute(query))
    return found


def _by_story(tellings: Iterable[_Telling]) -> dict[str, list[_Telling]]:
    grouped: dict[str, list[_Telling]] = {}
    for one in tellings:
        grouped.setdefault(one.story, []).append(one)
    return grouped


def _delivered(
    connection: Connection, subscribed: Sequence[str], ids: Collection[str]
) -> dict[str, set[str]]:
    """Subscription → which of these items it got."""
    got: dict[str, set[str]] = {one: set() for one in subscribed}
    for part in parts(ids):
        query = select(delivered_items.c.subscription, delivered_items.c.item).where(
            delivered_items.c.subscription.in_(subscribed), delivered_items.c.item.in_(part)
        )
        for subscription, item in connection.execute(query):
            got[subscription].add(item)
    return got


def _alerted(
    connection: Connection, asking: Sequence[Subscription], ids: Collection[str]
) -> dict[str, set[str]]:
    """Subscription → which of these items its recipient was alerted to by another."""
    found: dict[str, set[str]] = defaultdict(set)
    by_recipient: dict[str, list[str]] = defaultdict(list)
    for one in asking:
        by_recipient[one.to].append(one.id)
    for part in parts(ids if by_recipient else ()):
        query = select(
            delivered_items.c.subscription, delivered_items.c.item, delivered_items.c.to
        ).where(
            delivered_items.c.to.in_(list(by_recipient)),
            delivered_items.c.how == "alerted",
            delivered_items.c.item.in_(part),
        )
        for subscription, item, to in connection.execute(query):
            for other in by_recipient[to]:
                if other != subscription:
                    found[other].add(item)
    return found


def _changed(connection: Connection, subscribed: Sequence[str]) -> dict[str, list[str]]:
    """Subscription → what it got and has materially changed since, the last changed first."""
    query = (
        select(delivered_items.c.subscription, items.c.id)
        .join(items, items.c.id == delivered_items.c.item)
        .where(
            delivered_items.c.subscription.in_(subscribed),
            delivered_items.c.how.in_(TOLD_CHANGES),
            items.c.changed_at > delivered_items.c.at,
        )
        .order_by(items.c.changed_at.desc(), items.c.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for subscription, item in connection.execute(query) if subscribed else ():
        if len(found[subscription]) < MOST_CHANGES:
            found[subscription].append(item)
    return found


def _grown(subscribed: Sequence[str], language: str, since: datetime) -> Select[Any]:
    # ``coalesce`` keeps SQLite from beginning with every item of the language: what these
    # subscriptions got is less.
    shown, got = delivered_items.alias("shown"), delivered_items.alias("got")
    told, later = items.alias("told"), items.alias("later")
    already = select(got.c.item).where(
        and_(got.c.subscription == shown.c.subscription, got.c.item == later.c.id)
    )
    return (
        select(shown.c.subscription, told.c.story)
        .join(told, told.c.id == shown.c.item)
        .join(later, later.c.story == told.c.story)
        .where(
            shown.c.subscription.in_(subscribed),
            shown.c.how.in_(TOLD_STORIES),
            shown.c.at >= since,
            later.c.held_back == "",
            func.coalesce(later.c.language, "") == language,
            ~already.exists(),
        )
        .group_by(shown.c.subscription, told.c.story)
        .order_by(func.max(later.c.first_seen).desc(), told.c.story)
    )
