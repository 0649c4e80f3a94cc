"""Second chances: one message that did not arrive is sent again, or given up for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select, tuple_, update
from sqlalchemy.sql.elements import ColumnElement

from crawler.errors import UsageError
from crawler.storage.database import Database
from crawler.storage.deliveries import GIVEN_UP
from crawler.storage.tables_recipients import deliveries


def send_again(database: Database, delivery_id: str, now: datetime) -> int:
    """Queue anew what was given up or parked of a message and its thread; how many parts.

    Who repeats a parked one has looked: it may have arrived. Raises UsageError where there is
    nothing to repeat: it is on its way or sent, or its text is no longer kept.
    """
    ended = and_(deliveries.c.state.in_(("dead", "parked")), deliveries.c.payload != "")
    columns = {"state": "pending", "next_attempt": now, "created_at": now, "error": ""}
    with database.write() as connection:
        done = connection.execute(
            update(deliveries).where(_whole(delivery_id), ended).values(**columns)
        )
    if not done.rowcount:
        raise UsageError(
            "There is nothing to send again: it is on its way, or its text is no longer kept."
        )
    return done.rowcount


def give_up(database: Database, delivery_id: str) -> int:
    """Nobody waits for a message any more: it is neither sent nor asked about; how many parts.

    Raises UsageError for one that is being sent or was.
    """
    open_ended = deliveries.c.state.in_(("pending", "retry", "dead", "parked"))
    with database.write() as connection:
        done = connection.execute(
            update(deliveries)
            .where(_whole(delivery_id), open_ended)
            .values(state="dead", error=GIVEN_UP)
        )
    if not done.rowcount:
        raise UsageError("It cannot be given up: it is being sent, or was.")
    return done.rowcount


def _whole(delivery_id: str) -> ColumnElement[bool]:
    """The message's window: its first part and what hangs in its thread."""
    one = deliveries.alias()
    asked = select(one.c.subscription, one.c.window).where(one.c.id == delivery_id)
    return tuple_(deliveries.c.subscription, deliveries.c.window).in_(asked)
