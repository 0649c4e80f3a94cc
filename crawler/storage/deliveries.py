"""Deliveries as rows: made in one transaction with what they deliver, and counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update

from crawler.errors import StorageError
from crawler.model.delivery import Attempt, Delivery
from crawler.storage.closings import Closing as Closing
from crawler.storage.closings import close_windows, values_of
from crawler.storage.closings import delivery_of as delivery_of
from crawler.storage.database import Database
from crawler.storage.tables import meta
from crawler.storage.tables_recipients import attempts, delivered_items, deliveries

HELD = "deliveries_held"  # key in ``meta``
OPEN_STATES = ("pending", "sending", "retry")
GIVEN_UP = "given up by the operator"  # the error of a message that nobody waits for


class DeliveryStore:
    """Reads and writes the outbox."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- making ---------------------------------------------------------------------------------

    def close_windows(self, closings: Sequence[Closing], now: datetime) -> frozenset[str]:
        """Close windows of different subscriptions together; whose are closed, of the others
        the rows moved on: decide anew."""
        return close_windows(self.database, closings, now)

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
