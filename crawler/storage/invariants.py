"""What must hold among the rows of a database, how to see that it does not, and how to mend it.

Every write keeps these by its transaction; what breaks them is a damaged disk, a row changed by
hand or a clock that jumped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, or_, select, text, update

from crawler.storage.database import Database
from crawler.storage.item_rows import ERASED
from crawler.storage.search import SearchStore
from crawler.storage.tables import addresses, items, sources
from crawler.storage.tables_recipients import deliveries, subscriptions
from crawler.storage.tables_stories import anchor_counts, fingerprints, search_docs, stories
from crawler.urls import url_key

EXAMPLES = 3
FARTHEST = timedelta(days=400)  # nothing is due later than that, nor leased for as long
_COUNTED = ""  # the row of anchor_counts that counts the items themselves
_FROM_BACKUP = "Restore a backup: clusterwatch restore FILE"
_Mend = Callable[[Database, Connection, datetime], None]


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that does not hold."""

    name: str
    message: str  # what is wrong, how often, with examples
    mendable: bool
    remedy: str = ""  # where it cannot be mended


@dataclass(frozen=True, slots=True)
class _Invariant:
    name: str
    wrong: str  # "3 items have no address": the words after the number
    breaches: Callable[[datetime], Select[Any]]  # rows (id,) that break it
    mend: _Mend


def breaches(database: Database, now: datetime) -> list[Breach]:
    """Every invariant that does not hold; an empty list for a sound database."""
    found = _file(database)
    with database.read() as connection:
        for one in _INVARIANTS:
            rows = one.breaches(now).subquery()
            number = connection.scalar(select(func.count()).select_from(rows)) or 0
            if number:
                some = connection.scalars(select(rows.c[0]).limit(EXAMPLES))
                found.append(_breach(one, number, [str(key) for key in some]))
    return found


def mend(database: Database, now: datetime) -> None:
    """Repair what can be repaired, each invariant in a transaction of its own.

    Nothing that was delivered is forgotten by it, so that it never causes an alert.
    """
    for one in _INVARIANTS:
        with database.write() as connection:
            rows = one.breaches(now).subquery()
            if connection.scalar(select(func.count()).select_from(rows)):
                one.mend(database, connection, now)
    SearchStore(database).catch_up()


def _breach(one: _Invariant, number: int, some: Sequence[str]) -> Breach:
    named = ", ".join(some) + (" …" if number > len(some) else "")
    return Breach(one.name, f"{number} {one.wrong} ({named}).", mendable=True)


def _file(database: Database) -> list[Breach]:
    """The SQLite file itself; PostgreSQL looks after its own."""
    if not database.is_sqlite:
        return []
    with database.read() as connection:
        said = list(connection.scalars(text("PRAGMA integrity_check(3)")))
        lost = connection.execute(text("PRAGMA foreign_key_check")).all()
    found = []
    if said != ["ok"]:
        found.append(Breach("file", f"The file is damaged: {said[0]}.", False, _FROM_BACKUP))
    if lost:
        tables = ", ".join(sorted({row[0] for row in lost}))
        message = f"{len(lost)} rows name others that are gone (tables: {tables})."
        found.append(Breach("references", message, False, _FROM_BACKUP))
    return found


# -- items and stories ------------------------------------------------------------------------


def _without_address(_: datetime) -> Select[Any]:
    known = exists().where(addresses.c.item == items.c.id)
    return select(items.c.id).where(~known)


def _address_again(database: Database, connection: Connection, now: datetime) -> None:
    """An item without an address would be taken for new when it is listed again."""
    rows = connection.execute(
        select(items.c.id, items.c.canonical_url).where(items.c.id.in_(_without_address(now)))
    ).all()
    again = [
        {"url_key": url_key(row.canonical_url), "item": row.id, "url": row.canonical_url}
        for row in rows
    ]
    connection.execute(database.insert(addresses).on_conflict_do_nothing(), again)


_target = stories.alias()


def _redirects_nowhere(_: datetime) -> Select[Any]:
    there = exists().where(_target.c.id == stories.c.merged_into)
    return select(stories.c.id).where(stories.c.merged_into.is_not(None), ~there)


def _redirects_in_circles(_: datetime) -> Select[Any]:
    """Merges lead to the surviving story in one step or a few: never back."""
    walk = (
        select(stories.c.id.label("start"), stories.c.merged_into.label("at"))
        .where(stories.c.merged_into.is_not(None))
        .cte("walk", recursive=True)
    )
    onward = select(walk.c.start, _target.c.merged_into).where(
        _target.c.id == walk.c.at, _target.c.merged_into.is_not(None), walk.c.at != walk.c.start
    )
    walk = walk.union(onward)
    return select(walk.c.start).where(walk.c.at == walk.c.start).distinct()


def _stand_alone(which: Callable[[datetime], Select[Any]]) -> _Mend:
    """These stories stand for themselves again."""

    def mended(_: Database, connection: Connection, now: datetime) -> None:
        ids = list(connection.scalars(which(now)))
        connection.execute(update(stories).where(stories.c.id.in_(ids)).values(merged_into=None))

    return mended


def _in_no_story(_: datetime) -> Select[Any]:
    there = exists().where(stories.c.id == items.c.story)
    return select(items.c.id).where(items.c.story.is_not(None), ~there)


def _story_again(database: Database, connection: Connection, now: datetime) -> None:
    gone = connection.scalars(
        select(items.c.story).where(items.c.id.in_(_in_no_story(now))).distinct()
    )
    rows = [{"id": key, "created_at": now, "merged_into": None} for key in gone]
    connection.execute(database.insert(stories).on_conflict_do_nothing(), rows)


_original = items.alias()


def _repeats_nothing(_: datetime) -> Select[Any]:
    there = exists().where(_original.c.id == items.c.duplicate_of)
    return select(items.c.id).where(items.c.duplicate_of.is_not(None), ~there)


def _no_repeat(_: Database, connection: Connection, now: datetime) -> None:
    ids = list(connection.scalars(_repeats_nothing(now)))
    connection.execute(update(items).where(items.c.id.in_(ids)).values(duplicate_of=None))


# -- indexes ----------------------------------------------------------------------------------


def _not_searchable(_: datetime) -> Select[Any]:
    there = exists().where(search_docs.c.item == items.c.id)
    return select(items.c.id).where(items.c.held_back != ERASED, ~there)


def _indexed_later(_: Database, __: Connection, ___: datetime) -> None:
    """`mend` lets the index catch up after the other repairs."""


def _found_but_gone(_: datetime) -> Select[Any]:
    there = exists().where(items.c.id == search_docs.c.item)
    return select(search_docs.c.item).where(~there)


def _not_found(_: Database, connection: Connection, now: datetime) -> None:
    gone = list(connection.scalars(_found_but_gone(now)))
    connection.execute(delete(search_docs).where(search_docs.c.item.in_(gone)))


def _miscounted(_: datetime) -> Select[Any]:
    number = select(func.count()).select_from(fingerprints).scalar_subquery()
    differs = anchor_counts.c["items"] != number
    return select(anchor_counts.c["items"]).where(anchor_counts.c.anchor == _COUNTED, differs)


def _counted_again(_: Database, connection: Connection, __: datetime) -> None:
    number = select(func.count()).select_from(fingerprints).scalar_subquery()
    counted = anchor_counts.c.anchor == _COUNTED
    connection.execute(update(anchor_counts).where(counted).values(items=number))


# -- deliveries and times ---------------------------------------------------------------------


def _sent_without_time(_: datetime) -> Select[Any]:
    return select(deliveries.c.id).where(
        deliveries.c.state == "sent", deliveries.c.sent_at.is_(None)
    )


def _sent_when_made(_: Database, connection: Connection, now: datetime) -> None:
    ids = list(connection.scalars(_sent_without_time(now)))
    timed = update(deliveries).where(deliveries.c.id.in_(ids))
    connection.execute(timed.values(sent_at=deliveries.c.created_at))


def _nothing_to_send(_: datetime) -> Select[Any]:
    waiting = deliveries.c.state.in_(("pending", "retry"))
    return select(deliveries.c.id).where(waiting, deliveries.c.payload == "")


def _park(_: Database, connection: Connection, now: datetime) -> None:
    ids = list(connection.scalars(_nothing_to_send(now)))
    parked = {"state": "parked", "error": "its message is gone", "next_attempt": None}
    connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(parked))


def _never_polled(now: datetime) -> Select[Any]:
    """Times written while the clock was ahead hold a source until then."""
    last = now + FARTHEST
    return select(sources.c.id).where(or_(sources.c.next_due > last, sources.c.lease_until > last))


def _poll_now(_: Database, connection: Connection, now: datetime) -> None:
    ids = list(connection.scalars(_never_polled(now)))
    due = {"next_due": now, "lease_owner": "", "lease_until": None}
    connection.execute(update(sources).where(sources.c.id.in_(ids)).values(due))


def _never_due(now: datetime) -> Select[Any]:
    return select(subscriptions.c.id).where(subscriptions.c.next_due > now + FARTHEST)


def _look_again(_: Database, connection: Connection, now: datetime) -> None:
    ids = list(connection.scalars(_never_due(now)))
    connection.execute(
        update(subscriptions).where(subscriptions.c.id.in_(ids)).values(next_due=None)
    )


_INVARIANTS = (
    _Invariant(
        "addresses", "items have no address, and would be new again", _without_address,
        _address_again,
    ),
    _Invariant(
        "redirects", "merged stories lead to one that is gone", _redirects_nowhere,
        _stand_alone(_redirects_nowhere),
    ),
    _Invariant(
        "circles", "merged stories lead back to themselves", _redirects_in_circles,
        _stand_alone(_redirects_in_circles),
    ),
    _Invariant("stories", "items stand in a story that is gone", _in_no_story, _story_again),
    _Invariant(
        "duplicates", "items repeat one that is gone", _repeats_nothing, _no_repeat
    ),
    _Invariant(
        "search", "items are not in the search index", _not_searchable, _indexed_later
    ),
    _Invariant(
        "search leftovers", "entries of the search index are of no item", _found_but_gone,
        _not_found,
    ),
    _Invariant(
        "rarity", "is the number of items that rarity counts with, not theirs", _miscounted,
        _counted_again,
    ),
    _Invariant(
        "sent", "sent deliveries do not say when", _sent_without_time, _sent_when_made
    ),
    _Invariant(
        "waiting", "deliveries wait that have no message", _nothing_to_send, _park
    ),
    _Invariant(
        "polls", "sources would not be looked at for more than a year", _never_polled, _poll_now
    ),
    _Invariant(
        "digests", "subscriptions would not be due for more than a year", _never_due, _look_again
    ),
)  # fmt: skip
