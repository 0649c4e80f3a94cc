"""The outbox as rows: who may send which delivery until when, and how each attempt ended."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from crawler.failpoints import reach
from crawler.logs import event
from crawler.model.delivery import Delivery
from crawler.storage.claim_statements import (
    ANYTHING,
    ATTEMPT,
    BEGIN_ATTEMPT,
    LEASE,
    READY,
    TAKEN,
    THIS,
    ending,
    settling,
)  # fmt: skip
from crawler.storage.database import Database
from crawler.storage.deliveries import DeliveryStore, delivery_of
from crawler.storage.direct import Driver
from crawler.storage.item_rows import parts
from crawler.storage.tables_recipients import attempts, deliveries

_AT_HAND = 20  # tried one after the other, where other owners are faster
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this owner alone may send until the lease ends."""

    delivery: Delivery
    attempt: int
    ambiguous: bool  # it was found in ``sending``: it may have arrived


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery that may be claimed."""

    delivery: str
    channel: str
    ambiguous: bool


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

    def idle(self) -> bool:
        """Whether nothing waits, is in flight or has to be told: one look, every few seconds."""
        with self.database.read() as connection:
            return not connection.scalar(ANYTHING)

    def ready(self, now: datetime, most: int) -> list[Ready]:
        """What may be claimed, the longest waiting first.

        A row in ``sending`` whose lease ended is among them; thread parts are ready once part 0
        is sent. A look without a write: an idle worker must not take SQLite's one write lock.
        """
        with self.database.read() as connection:
            rows = connection.execute(READY, {"b_now": now, "b_most": most})
            return [Ready(row.id, row.channel, row.state == "sending") for row in rows]

    def claim(self, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        """Lease the delivery that waits longest, and note the attempt; None when none is ready."""
        for one in self.ready(now, _AT_HAND):
            if found := self.take([one.delivery], owner, now, lease):
                return found[0]
        return None

    def take(self, ids: Sequence[str], owner: str, now: datetime, lease: timedelta) -> list[Claim]:
        """Lease these deliveries in one transaction and note the attempts, in the order in which
        they waited; those that are not ready any more are left out.

        A row in ``sending`` whose lease ended comes as ``ambiguous``. SKIP LOCKED keeps two
        workers on PostgreSQL off each other's rows; on SQLite the transaction is short and alone.
        """
        reach("claim.begin")
        with self.database.write() as connection:
            rows = connection.execute(TAKEN, {"b_now": now, "b_ids": list(ids)}).all()
            taken = [
                Claim(delivery_of(row), row.attempts + 1, row.state == "sending") for row in rows
            ]
            leased = {"b_owner": owner, "b_until": now + lease}
            if taken:
                connection.execute(LEASE, [leased | {"b_id": one.delivery.id} for one in taken])
                reach("claim.lease_written")
                _begin_attempts(connection, taken, now)
                reach("claim.attempt_written")
        reach("claim.committed")
        return [replace(one, delivery=_leased(one, owner, now + lease)) for one in taken]

    def hand_back(self, claims: Sequence[Claim]) -> None:
        """These were claimed and never begun (a shutdown): they are ready again."""
        with self.database.write() as connection:
            for one in claims:
                this = {"b_id": one.delivery.id, "b_number": one.attempt}
                mine = and_(THIS, deliveries.c.lease_owner == one.delivery.lease_owner)
                back = {"state": "retry" if one.attempt > 1 else "pending", "lease_owner": ""}
                connection.execute(
                    update(deliveries)
                    .where(mine, deliveries.c.state == "sending")
                    .values(lease_until=None, attempts=one.attempt - 1, **back),
                    this,
                )
                connection.execute(delete(attempts).where(ATTEMPT), this)

    def settle(self, claim: Claim, outcome: str, now: datetime, **columns: Any) -> bool:
        """Write an attempt's outcome, and the delivery's next state if the lease is still ours.

        False when the lease was lost meanwhile: the row belongs to another owner, only the
        attempt is kept.
        """
        if columns.get("state") == "dead":
            with self.database.write() as connection:
                ours = _settle(Driver(connection), claim, outcome, now, columns)
                if ours:
                    _bury_thread(connection, claim.delivery.id)
        else:  # every mail that was sent
            with self.database.write_directly() as driver:
                ours = _settle(driver, claim, outcome, now, columns)
        reach("settle.committed")
        return ours

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


def _settle(
    driver: Driver, claim: Claim, outcome: str, now: datetime, columns: Mapping[str, Any]
) -> bool:
    reach("settle.begin")
    given = {"lease_owner": "", "lease_until": None, **columns}
    this = {
        "b_id": claim.delivery.id, "b_owner": claim.delivery.lease_owner, "b_number": claim.attempt,
    }  # fmt: skip
    values = {f"v_{name}": value for name, value in given.items()}
    ours = bool(driver.rows(settling(tuple(given), driver.is_sqlite), this | values))
    reach("settle.delivery_written")
    reason = str(columns.get("error", ""))[:500]
    ended = {**this, "b_now": now, "b_outcome": outcome, "b_reason": reason}
    driver.run(ending(driver.is_sqlite), ended)
    reach("settle.attempt_written")
    if not ours:
        event(_log, logging.WARNING, "delivery.lease_lost", id=claim.delivery.id)
    return ours


def _tried() -> ColumnElement[bool]:
    """Failed before, and nobody's now; a look-up waits in ``sending`` without an owner."""
    looked_up = and_(
        deliveries.c.state == "sending",
        deliveries.c.lease_owner == "",
        deliveries.c.lease_until.is_not(None),
    )
    return or_(deliveries.c.state == "retry", looked_up)


def _leased(claim: Claim, owner: str, until: datetime) -> Delivery:
    return replace(
        claim.delivery, state="sending", attempts=claim.attempt, lease_owner=owner,
        lease_until=until,
    )  # fmt: skip


def _begin_attempts(connection: Connection, claims: Sequence[Claim], now: datetime) -> None:
    for one in claims:
        if one.ambiguous:  # the attempt before never came to an end
            unfinished = and_(
                attempts.c.delivery == one.delivery.id, attempts.c.outcome == "started"
            )
            connection.execute(
                update(attempts).where(unfinished).values(outcome="ambiguous", finished=now)
            )
    rows = [{"b_id": one.delivery.id, "b_number": one.attempt, "b_now": now} for one in claims]
    connection.execute(BEGIN_ATTEMPT, rows)


def _bury_thread(connection: Connection, delivery_id: str) -> None:
    """Thread parts of a message that will never be sent are never sent either."""
    waiting = and_(
        deliveries.c.thread_of == delivery_id, deliveries.c.state.in_(("pending", "retry"))
    )
    connection.execute(
        update(deliveries).where(waiting).values(state="dead", error="its main message is dead")
    )
