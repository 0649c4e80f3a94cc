"""The outbox as rows: who may send which delivery until when, and how each attempt ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from crawler.failpoints import reach
from crawler.model.delivery import Delivery
from crawler.storage.database import Database
from crawler.storage.deliveries import DeliveryStore, delivery_of
from crawler.storage.item_rows import parts
from crawler.storage.tables import attempts, deliveries


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this owner alone may send until the lease ends."""

    delivery: Delivery
    attempt: int
    ambiguous: bool  # it was found in ``sending``: it may have arrived


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery whose last attempt failed, and that is tried or looked up again later."""

    delivery: str
    subscription: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InFlight:
    """A delivery that somebody holds a lease of."""

    delivery: str
    owner: str
    since: datetime
    until: datetime


class ClaimStore:
    """Leases of deliveries. One owner a worker; a lease that ended makes a row ambiguous."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(self, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        """Lease the delivery that waits longest, and note the attempt; None when none is ready.

        A row in ``sending`` whose lease ended comes as ``ambiguous``. Thread parts are ready
        once part 0 is sent. SKIP LOCKED keeps two workers on PostgreSQL off each other's rows;
        on SQLite the transaction is short and alone.
        """
        if not self._any_ready(now):
            return None
        reach("claim.begin")
        with self.database.write() as connection:
            query = _ready(now).limit(1).with_for_update(skip_locked=True, of=deliveries)
            row = connection.execute(query).first()
            if row is None:
                return None
            changes = {
                "state": "sending",
                "lease_owner": owner,
                "lease_until": now + lease,
                "attempts": row.attempts + 1,
            }
            _update(connection, row.id, **changes)
            reach("claim.lease_written")
            ambiguous = row.state == "sending"
            _begin_attempt(connection, row.id, row.attempts + 1, now, ambiguous)
            reach("claim.attempt_written")
        reach("claim.committed")
        return Claim(delivery_of(row, **changes), row.attempts + 1, ambiguous)

    def settle(self, claim: Claim, outcome: str, now: datetime, **columns: Any) -> bool:
        """Write an attempt's outcome, and the delivery's next state if the lease is still ours.

        False when the lease was lost meanwhile: the row belongs to another owner, only the
        attempt is kept.
        """
        reason = str(columns.get("error", ""))[:500]
        held = and_(
            deliveries.c.id == claim.delivery.id,
            deliveries.c.state == "sending",
            deliveries.c.lease_owner == claim.delivery.lease_owner,
            deliveries.c.attempts == claim.attempt,
        )
        freed = {"lease_owner": "", "lease_until": None} | columns
        reach("settle.begin")
        with self.database.write() as connection:
            done = connection.execute(update(deliveries).where(held).values(**freed))
            reach("settle.delivery_written")
            connection.execute(
                update(attempts)
                .where(attempts.c.delivery == claim.delivery.id, attempts.c.number == claim.attempt)
                .values(finished=now, outcome=outcome, reason=reason)
            )
            if done.rowcount and columns.get("state") == "dead":
                _bury_thread(connection, claim.delivery.id)
            reach("settle.attempt_written")
        reach("settle.committed")
        return bool(done.rowcount)

    def waiting(
        self, way: str = "", *, uncalled: datetime | None = None, most: int | None = None
    ) -> list[Waiting]:
        """What waits for another attempt, oldest first: all of it, or by one channel ("email")
        or for one address ("webhook:…"); with ``uncalled`` only what ``hurry`` would still move
        (its ``now`` and ``settling`` together), with ``most`` the oldest so many."""
        query = select(
            deliveries.c.id, deliveries.c.subscription, deliveries.c.reason, deliveries.c.created_at
        ).where(_tried())
        if way:
            query = query.where(or_(deliveries.c.channel == way, deliveries.c.to == way))
        if uncalled is not None:
            paused = deliveries.c.next_attempt > deliveries.c.created_at
            retry = and_(deliveries.c.state == "retry", paused)
            look = and_(deliveries.c.state == "sending", deliveries.c.lease_until > uncalled)
            query = query.where(or_(retry, look))
        ordered = query.order_by(deliveries.c.created_at, deliveries.c.id).limit(most)
        with self.database.read() as connection:
            return [Waiting(*row) for row in connection.execute(ordered)]

    def hurry(self, ids: Collection[str], now: datetime, settling: timedelta) -> None:
        """Try these at once, in the order in which they were made; what may have arrived is
        looked up once it had time to settle."""
        with self.database.write() as connection:
            for part in parts(ids):
                these = and_(deliveries.c.id.in_(part), _tried())
                retry = and_(these, deliveries.c.state == "retry")
                connection.execute(
                    update(deliveries).where(retry).values(next_attempt=deliveries.c.created_at)
                )
                soon = now + settling
                late = and_(these, deliveries.c.state == "sending", deliveries.c.lease_until > soon)
                connection.execute(update(deliveries).where(late).values(lease_until=soon))

    def _any_ready(self, now: datetime) -> bool:
        """A look without a write: an idle worker must not take SQLite's one write lock."""
        with self.database.read() as connection:
            return connection.execute(_ready(now).limit(1)).first() is not None

    def held(self) -> bool:
        """Whether nothing is sent until ``digest release``: after a restore."""
        return DeliveryStore(self.database).held()

    def in_flight(self) -> list[InFlight]:
        """Every lease that is held, with the start of its attempt."""
        query = select(
            deliveries.c.id, deliveries.c.lease_owner, attempts.c.started, deliveries.c.lease_until
        ).join(
            attempts,
            and_(
                attempts.c.delivery == deliveries.c.id,
                attempts.c.number == deliveries.c.attempts,
            ),
        )
        held = and_(deliveries.c.state == "sending", deliveries.c.lease_until.is_not(None))
        with self.database.read() as connection:
            return [InFlight(*row) for row in connection.execute(query.where(held))]

    def orphan(self, lost: InFlight) -> None:
        """End the lease of an owner that is surely gone."""
        theirs = and_(
            deliveries.c.id == lost.delivery,
            deliveries.c.state == "sending",
            deliveries.c.lease_owner == lost.owner,
        )
        with self.database.write() as connection:
            connection.execute(update(deliveries).where(theirs).values(lease_until=None))

    def release(self, owner: str) -> int:
        """Hand back what this owner claimed and did not begin to send (a shutdown)."""
        mine = and_(deliveries.c.lease_owner == owner, deliveries.c.state == "sending")
        with self.database.write() as connection:
            done = connection.execute(update(deliveries).where(mine).values(lease_until=None))
            return done.rowcount


def _ready(now: datetime) -> Select[Any]:
    main = deliveries.alias("main")
    first_sent = or_(
        deliveries.c.thread_of == "",
        deliveries.c.thread_of.in_(select(main.c.id).where(main.c.state == "sent")),
    )
    return (
        select(deliveries)
        .where(or_(and_(_waiting(now), first_sent), _abandoned(now)))
        .order_by(deliveries.c.next_attempt, deliveries.c.part, deliveries.c.id)
    )


def _tried() -> ColumnElement[bool]:
    """Failed before, and nobody's now; a look-up waits in ``sending`` without an owner."""
    looked_up = and_(
        deliveries.c.state == "sending",
        deliveries.c.lease_owner == "",
        deliveries.c.lease_until.is_not(None),
    )
    return or_(deliveries.c.state == "retry", looked_up)


def _waiting(now: datetime) -> ColumnElement[bool]:
    return and_(
        deliveries.c.state.in_(("pending", "retry")),
        or_(deliveries.c.next_attempt.is_(None), deliveries.c.next_attempt <= now),
    )


def _abandoned(now: datetime) -> ColumnElement[bool]:
    over = or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now)
    return and_(deliveries.c.state == "sending", over)


def _update(connection: Connection, delivery_id: str, **columns: Any) -> None:
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**columns))


def _begin_attempt(
    connection: Connection, delivery_id: str, number: int, now: datetime, ambiguous: bool
) -> None:
    if ambiguous:  # the attempt before never came to an end
        unfinished = and_(attempts.c.delivery == delivery_id, attempts.c.outcome == "started")
        connection.execute(
            update(attempts).where(unfinished).values(outcome="ambiguous", finished=now)
        )
    connection.execute(
        attempts.insert().values(
            delivery=delivery_id, number=number, started=now, outcome="started"
        )
    )


def _bury_thread(connection: Connection, delivery_id: str) -> None:
    """Thread parts of a message that will never be sent are never sent either."""
    waiting = and_(
        deliveries.c.thread_of == delivery_id, deliveries.c.state.in_(("pending", "retry"))
    )
    connection.execute(
        update(deliveries).where(waiting).values(state="dead", error="its main message is dead")
    )
