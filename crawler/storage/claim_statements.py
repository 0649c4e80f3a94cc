"""The statements of the outbox's rows: built once, since at thousands of deliveries putting one
together costs more than running it. Those that every single delivery takes go to the driver."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Integer, and_, bindparam, exists, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from crawler.storage.direct import Direct
from crawler.storage.tables import UtcDateTime
from crawler.storage.tables_recipients import attempts, deliveries, incidents

_NOW = bindparam("b_now", type_=UtcDateTime())


def _waiting() -> ColumnElement[bool]:
    main = deliveries.alias("main")
    first_sent = or_(
        deliveries.c.thread_of == "",
        deliveries.c.thread_of.in_(select(main.c.id).where(main.c.state == "sent")),
    )
    return and_(
        or_(deliveries.c.state == "pending", deliveries.c.state == "retry"),
        or_(deliveries.c.next_attempt.is_(None), deliveries.c.next_attempt <= _NOW),
        first_sent,
    )


def _abandoned() -> ColumnElement[bool]:
    over = or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= _NOW)
    return and_(deliveries.c.state == "sending", over)


_ANY_READY = or_(_waiting(), _abandoned())
_UNTOLD = or_(
    and_(incidents.c.told_open.is_(False), incidents.c.closed_at.is_(None)),
    and_(incidents.c.told_closed.is_(False), incidents.c.closed_at.is_not(None)),
)
ANYTHING = select(
    or_(
        *(exists().where(deliveries.c.state == one) for one in ("pending", "sending", "retry")),
        exists().where(_UNTOLD),
    )
)
_ORDER = (deliveries.c.next_attempt, deliveries.c.part, deliveries.c.id)
READY = (
    select(deliveries.c.id, deliveries.c.channel, deliveries.c.state)
    .where(_ANY_READY)
    .order_by(*_ORDER)
    .limit(bindparam("b_most", type_=Integer()))
)
TAKEN = (
    select(deliveries)
    .where(deliveries.c.id.in_(bindparam("b_ids", expanding=True)), _ANY_READY)
    .order_by(*_ORDER)
    .with_for_update(skip_locked=True, of=deliveries)
)
THIS = deliveries.c.id == bindparam("b_id")
LEASE = (
    update(deliveries)
    .where(THIS)
    .values(
        state="sending",
        lease_owner=bindparam("b_owner"),
        lease_until=bindparam("b_until", type_=UtcDateTime()),
        attempts=deliveries.c.attempts + 1,
    )
)
ATTEMPT = and_(attempts.c.delivery == bindparam("b_id"), attempts.c.number == bindparam("b_number"))
BEGIN_ATTEMPT = attempts.insert().values(
    delivery=bindparam("b_id"), number=bindparam("b_number"), started=_NOW, outcome="started"
)
_END_ATTEMPT = (
    update(attempts)
    .where(ATTEMPT)
    .values(finished=_NOW, outcome=bindparam("b_outcome"), reason=bindparam("b_reason"))
)


@lru_cache(maxsize=2)
def ending(is_sqlite: bool) -> Direct:
    """How an attempt ended."""
    return Direct(_END_ATTEMPT, is_sqlite)


@lru_cache(maxsize=32)
def settling(names: tuple[str, ...], is_sqlite: bool) -> Direct:
    """The change of a delivery's columns, if the lease is still its owner's: its id comes back."""
    held = and_(
        THIS,
        deliveries.c.state == "sending",
        deliveries.c.lease_owner == bindparam("b_owner"),
        deliveries.c.attempts == bindparam("b_number"),
    )
    values = {name: bindparam(f"v_{name}", type_=deliveries.c[name].type) for name in names}
    changed = update(deliveries).where(held).values(**values)
    return Direct(changed.returning(deliveries.c.id), is_sqlite)
