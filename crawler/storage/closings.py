"""Windows are closed: what they send, what then counts as delivered, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, select, update

from crawler.failpoints import reach
from crawler.model.delivery import Delivery
from crawler.storage.database import Database
from crawler.storage.direct import Direct, Driver
from crawler.storage.item_rows import parts
from crawler.storage.tables_recipients import delivered_items, deliveries, subscriptions


@dataclass(frozen=True, slots=True)
class Closing:
    """One window to be closed: what it sends and what then counts as delivered."""

    subscription: str
    to: str
    window: str
    scheduled: bool  # moves the subscription's last window; an extra one does not
    expected: str  # the last window the decision rests on
    deliveries: tuple[Delivery, ...] = ()
    delivered: Mapping[str, str] = field(default_factory=dict)  # item id -> how
    changes_told: tuple[str, ...] = ()  # item ids whose change this message tells
    stories: int = 0
    next_due: datetime | None = None


def close_windows(database: Database, closings: Sequence[Closing], now: datetime) -> frozenset[str]:
    """Write these windows' deliveries, what they deliver and their closing in one transaction.

    At most one window a subscription. Back come the subscriptions whose windows are closed; of
    the others the rows moved on since the decision was made (another process closed a window or
    delivered one of the items): decide anew. Subscription and window are unique, so that a window
    which was closed before is only noted.
    """
    reach("close.begin")
    with database.write() as connection:
        last = _last_windows(connection, [one.subscription for one in closings])
        open_ = [one for one in closings if _is_open(one, last.get(one.subscription))]
        queued = _queued(connection, open_)
        fresh = [one for one in open_ if (one.subscription, one.window) not in queued]
        got = _got(connection, fresh)
        writable = [one for one in fresh if got[one.subscription].isdisjoint(one.delivered)]
        _insert(connection, writable, now)
        lost = {one.subscription for one in fresh} - {one.subscription for one in writable}
        done = [one for one in open_ if one.subscription not in lost]
        _note(connection, done, now)
        reach("close.window_written")
    reach("close.committed")
    return frozenset(one.subscription for one in done)


def _last_windows(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Subscription → its last window, of those that deliver; locked in the order of the ids, so
    that no two transactions wait for each other."""
    found: dict[str, str] = {}
    for part in parts(sorted(ids)):
        query = select(subscriptions.c.id, subscriptions.c.last_window).where(
            subscriptions.c.id.in_(part),
            subscriptions.c.status == "active",
            subscriptions.c.undeclared.is_(False),
        )
        rows = connection.execute(query.order_by(subscriptions.c.id).with_for_update())
        found |= {row.id: row.last_window for row in rows}
    return found


def _is_open(closing: Closing, last: str | None) -> bool:
    if last is None:
        return False
    return not closing.scheduled or last == closing.expected


def _queued(connection: Connection, closings: Sequence[Closing]) -> set[tuple[str, str]]:
    """(subscription, window) of those that were queued before."""
    found: set[tuple[str, str]] = set()
    for ids in parts({one.subscription for one in closings}):
        query = select(deliveries.c.subscription, deliveries.c.window).where(
            deliveries.c.subscription.in_(ids),
            deliveries.c.window.in_({one.window for one in closings}),
        )
        found |= {(row.subscription, row.window) for row in connection.execute(query)}
    return found


def _got(connection: Connection, closings: Sequence[Closing]) -> dict[str, set[str]]:
    """Subscription → which of all the items named here it has got."""
    found: dict[str, set[str]] = defaultdict(set)
    ids = [one.subscription for one in closings]
    for part in parts({item for one in closings for item in one.delivered}):
        query = select(delivered_items.c.subscription, delivered_items.c.item).where(
            delivered_items.c.subscription.in_(ids), delivered_items.c.item.in_(part)
        )
        for subscription, item in connection.execute(query):
            found[subscription].add(item)
    return found


def _insert(connection: Connection, closings: Sequence[Closing], now: datetime) -> None:
    made = [values_of(one, closing.stories) for closing in closings for one in closing.deliveries]
    if not made:
        return
    driver = Driver(connection)
    driver.run_many(_inserting(deliveries, driver.is_sqlite), made)
    reach("close.deliveries_written")
    rows = [
        {
            "subscription": closing.subscription,
            "item": item,
            "delivery": closing.deliveries[0].id,
            "to": closing.to,
            "how": how,
            "at": now,
        }
        for closing in closings
        if closing.deliveries
        for item, how in closing.delivered.items()
    ]
    if rows:
        driver.run_many(_inserting(delivered_items, driver.is_sqlite), rows)
    reach("close.items_written")
    for closing in closings:
        if closing.deliveries and closing.changes_told:
            told = and_(
                delivered_items.c.subscription == closing.subscription,
                delivered_items.c.item.in_(closing.changes_told),
            )
            connection.execute(update(delivered_items).where(told).values(at=now))


@lru_cache(maxsize=4)
def _inserting(table: Table, is_sqlite: bool) -> Direct:
    """SQLAlchemy prepares ten values a mail at the cost of writing them."""
    return Direct(table.insert(), is_sqlite)


def _note(connection: Connection, closings: Sequence[Closing], now: datetime) -> None:
    """The windows are closed; a scheduled one is the subscription's last."""
    this = update(subscriptions).where(subscriptions.c.id == bindparam("this"))
    values: dict[str, Any] = {"last_closed_at": bindparam("now")}
    moved = values | {"last_window": bindparam("window"), "next_due": bindparam("due")}
    extra = [{"this": one.subscription, "now": now} for one in closings if not one.scheduled]
    scheduled = [
        {"this": one.subscription, "now": now, "window": one.window, "due": one.next_due}
        for one in closings
        if one.scheduled
    ]
    for statement, rows in ((this.values(**values), extra), (this.values(**moved), scheduled)):
        if rows:
            connection.execute(statement, rows)


_FIELDS = (
    "id", "subscription", "window", "part", "channel", "to", "state", "payload", "created_at",
    "next_attempt", "attempts", "lease_owner", "lease_until", "external_id", "error", "sent_at",
    "thread_of", "reason",
)  # fmt: skip


def values_of(delivery: Delivery, stories: int) -> dict[str, Any]:
    """A delivery's columns."""
    return {key: getattr(delivery, key) for key in _FIELDS} | {"stories": stories}


def delivery_of(row: Any, **changes: Any) -> Delivery:
    """A row as a delivery, with ``changes`` that the row does not have yet."""
    return Delivery(**({key: getattr(row, key) for key in _FIELDS} | changes))
