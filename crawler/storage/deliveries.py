"""Deliveries as rows: made in one transaction with what they deliver, and counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from crawler.errors import StorageError
from crawler.failpoints import reach
from crawler.model.delivery import Attempt, Delivery
from crawler.storage.database import Database
from crawler.storage.item_rows import parts
from crawler.storage.subscriptions import change_row, row_of
from crawler.storage.tables import attempts, delivered_items, deliveries, meta

HELD = "deliveries_held"  # key in ``meta``
OPEN_STATES = ("pending", "sending", "retry")
GIVEN_UP = "given up by the operator"  # the error of a message that nobody waits for


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


class DeliveryStore:
    """Reads and writes the outbox."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- making ---------------------------------------------------------------------------------

    def close_window(self, closing: Closing, now: datetime) -> bool:
        """Write a window's deliveries, what they deliver and its closing in one transaction.

        False when the rows moved on since the decision was made (another process closed a
        window or delivered one of the items): decide anew. Subscription and window are unique,
        so that a window which was closed before is only noted.
        """
        reach("close.begin")
        with self.database.write() as connection:
            row = row_of(connection, closing.subscription, lock=True)
            if row is None or not row.delivering:
                return False
            if closing.scheduled and row.subscription.last_window != closing.expected:
                return False
            if not self._exists(connection, closing):
                if self._delivered(connection, closing):
                    return False
                self._insert(connection, closing, now)
            columns: dict[str, Any] = {"last_closed_at": now}
            if closing.scheduled:
                columns |= {"last_window": closing.window, "next_due": closing.next_due}
            change_row(connection, closing.subscription, **columns)
            reach("close.window_written")
        reach("close.committed")
        return True

    def queue(self, delivery: Delivery) -> bool:
        """Queue one message of its own (a confirmation, a note to the operator).

        False when its (subscription, window, part) was queued before.
        """
        with self.database.write() as connection:
            statement = self.database.insert(deliveries).values(**values_of(delivery, 0))
            fresh = statement.on_conflict_do_nothing(
                index_elements=["subscription", "window", "part"]
            ).returning(deliveries.c.id)
            return connection.execute(fresh).first() is not None

    def cancel(self, subscription: str, reason: str) -> int:
        """Give up what waits for a recipient who left; what is being sent stays."""
        waiting = and_(
            deliveries.c.subscription == subscription, deliveries.c.state.in_(("pending", "retry"))
        )
        with self.database.write() as connection:
            done = connection.execute(
                update(deliveries).where(waiting).values(state="dead", error=reason)
            )
            return done.rowcount

    # -- reading --------------------------------------------------------------------------------

    def get(self, delivery_id: str) -> Delivery:
        """Raises StorageError when there is none of that id."""
        with self.database.read() as connection:
            row = connection.execute(
                select(deliveries).where(deliveries.c.id == delivery_id)
            ).first()
        if row is None:
            raise StorageError(f'No delivery has the id "{delivery_id}".')
        return delivery_of(row)

    def find(
        self, *, subscription: str = "", states: Collection[str] = (), limit: int = 100
    ) -> list[Delivery]:
        """Deliveries, newest first."""
        query = select(deliveries).order_by(deliveries.c.created_at.desc(), deliveries.c.part)
        if subscription:
            query = query.where(deliveries.c.subscription == subscription)
        if states:
            query = query.where(deliveries.c.state.in_(list(states)))
        with self.database.read() as connection:
            return [delivery_of(row) for row in connection.execute(query.limit(limit))]

    def recipients(self, subscription: str, windows: Sequence[str]) -> list[str]:
        """To whom these windows went, in the order given; those never queued are left out."""
        query = select(deliveries.c.window, deliveries.c.to).where(
            deliveries.c.subscription == subscription, deliveries.c.window.in_(windows)
        )
        with self.database.read() as connection:
            found = {row.window: row.to for row in connection.execute(query)}
        return [found[window] for window in windows if window in found]

    def attempts_of(self, delivery_id: str) -> list[Attempt]:
        """Every attempt at a delivery, first one first."""
        query = select(attempts).where(attempts.c.delivery == delivery_id)
        with self.database.read() as connection:
            return [
                Attempt(
                    row.delivery, row.number, row.started, row.finished, row.outcome, row.reason
                )
                for row in connection.execute(query.order_by(attempts.c.number))
            ]

    def counts(self) -> dict[str, int]:
        """How many deliveries stand in each state."""
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        with self.database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def outcomes(self, since: datetime) -> dict[str, int]:
        """How many attempts ended how since a moment; ``ambiguous`` ones were looked up, parked
        or, by mail, repeated."""
        query = (
            select(attempts.c.outcome, func.count())
            .where(attempts.c.started >= since)
            .group_by(attempts.c.outcome)
        )
        with self.database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def last_sent(self, way: str) -> datetime | None:
        """When a message last arrived by a channel ("email") or at an address ("webhook:…")."""
        query = select(func.max(deliveries.c.sent_at)).where(
            deliveries.c.state == "sent", or_(deliveries.c.channel == way, deliveries.c.to == way)
        )
        with self.database.read() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def next_attempt(self) -> datetime | None:
        """When the next delivery is ready: what a loop sleeps until."""
        query = select(func.min(deliveries.c.next_attempt)).where(
            deliveries.c.state.in_(("pending", "retry"))
        )
        with self.database.read() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def revive(self, subscriptions: Collection[str], now: datetime) -> int:
        """Queue anew what was given up for these subscriptions, the repair being done."""
        dead = and_(
            deliveries.c.subscription.in_(list(subscriptions)),
            deliveries.c.state == "dead",
            deliveries.c.payload != "",
            deliveries.c.error != GIVEN_UP,
            deliveries.c.window.not_like("test:%"),
        )
        columns: dict[str, Any] = {
            "state": "pending",
            "next_attempt": deliveries.c.created_at,  # in the order in which they were made
            "created_at": now,
            "error": "",
        }
        with self.database.write() as connection:
            return connection.execute(update(deliveries).where(dead).values(**columns)).rowcount

    def held(self) -> bool:
        """Whether nothing is sent until ``digest release``: after a restore."""
        query = select(meta.c.value).where(meta.c.key == HELD)
        with self.database.read() as connection:
            return bool(connection.scalar(query))

    def hold(self, reason: str) -> None:
        """Send nothing until ``digest release``."""
        with self.database.write() as connection:
            connection.execute(delete(meta).where(meta.c.key == HELD))
            connection.execute(meta.insert().values(key=HELD, value=reason))
            # Sent after the backup was made, perhaps: looked up before any repeat.
            waiting = deliveries.c.state.in_(("pending", "retry"))
            connection.execute(
                update(deliveries).where(waiting).values(state="sending", lease_until=None)
            )

    def release(self) -> None:
        """Let sending go on."""
        with self.database.write() as connection:
            connection.execute(delete(meta).where(meta.c.key == HELD))

    def mark(self, subscription: str, to: str, ids: Collection[str], now: datetime) -> int:
        """Count items as delivered without sending them; how many were new."""
        marked = 0
        with self.database.write() as connection:
            for item in ids:
                fresh = self.database.insert(delivered_items).values(
                    subscription=subscription, item=item, delivery="", to=to, how="marked", at=now
                )
                fresh = fresh.on_conflict_do_nothing(index_elements=["subscription", "item"])
                found = connection.execute(fresh.returning(delivered_items.c.item)).first()
                marked += found is not None
        return marked

    def end(self, delivery_id: str, reason: str) -> None:
        """Give up one delivery that waits to be tried again."""
        waiting = and_(deliveries.c.id == delivery_id, deliveries.c.state.in_(("pending", "retry")))
        with self.database.write() as connection:
            ended = update(deliveries).where(waiting).values(state="dead", error=reason)
            connection.execute(ended)

    def forget_payloads(self, before: datetime) -> int:
        """Drop the messages themselves of what ended before a moment (``[retention]``)."""
        ended = and_(
            deliveries.c.created_at < before,
            deliveries.c.state.in_(("sent", "dead", "parked")),
            deliveries.c.payload != "",
        )
        with self.database.write() as connection:
            return connection.execute(update(deliveries).where(ended).values(payload="")).rowcount

    def give_up(self, until: datetime, reason: str) -> int:
        """Give up what was queued before a moment and has not been sent."""
        old = and_(deliveries.c.created_at < until, deliveries.c.state.in_(OPEN_STATES))
        with self.database.write() as connection:
            ended = update(deliveries).where(old).values(state="dead", error=reason)
            return connection.execute(ended).rowcount

    def how(self, subscription: str, item: str) -> tuple[str, str] | None:
        """(how, delivery id) by which a subscription got an item."""
        query = select(delivered_items.c.how, delivered_items.c.delivery).where(
            delivered_items.c.subscription == subscription, delivered_items.c.item == item
        )
        with self.database.read() as connection:
            row = connection.execute(query).first()
        return (row.how, row.delivery) if row else None

    # -- inside ---------------------------------------------------------------------------------

    def _exists(self, connection: Connection, closing: Closing) -> bool:
        query = select(deliveries.c.id).where(
            deliveries.c.subscription == closing.subscription,
            deliveries.c.window == closing.window,
        )
        return connection.execute(query.limit(1)).first() is not None

    def _delivered(self, connection: Connection, closing: Closing) -> bool:
        for ids in parts(closing.delivered):
            query = select(delivered_items.c.item).where(
                delivered_items.c.subscription == closing.subscription,
                delivered_items.c.item.in_(ids),
            )
            if connection.execute(query.limit(1)).first() is not None:
                return True
        return False

    def _insert(self, connection: Connection, closing: Closing, now: datetime) -> None:
        if not closing.deliveries:
            return
        connection.execute(
            deliveries.insert(), [values_of(one, closing.stories) for one in closing.deliveries]
        )
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
            for item, how in closing.delivered.items()
        ]
        if rows:
            connection.execute(delivered_items.insert(), rows)
        reach("close.items_written")
        if closing.changes_told:
            told = and_(
                delivered_items.c.subscription == closing.subscription,
                delivered_items.c.item.in_(closing.changes_told),
            )
            connection.execute(update(delivered_items).where(told).values(at=now))


_FIELDS = (
    "id", "subscription", "window", "part", "channel", "to", "state", "payload", "created_at",
    "next_attempt", "attempts", "lease_owner", "lease_until", "external_id", "error", "sent_at",
    "thread_of", "reason",
)  # fmt: skip


def values_of(delivery: Delivery, stories: int) -> dict[str, Any]:
    return {key: getattr(delivery, key) for key in _FIELDS} | {"stories": stories}


def delivery_of(row: Any, **changes: Any) -> Delivery:
    return Delivery(**({key: getattr(row, key) for key in _FIELDS} | changes))
