"""Which subscriptions are looked at when: a look that finds nothing due reads none of them.

``next_due`` says from when on there may be something for a subscription; None: look. Whoever looks
and finds nothing writes until when nobody needs to look again. Immediate ones rest a little, and
no longer than until the next item comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Text, and_, bindparam, cast, func, literal_column, or_, select, update

from crawler.model.subscription import Subscription
from crawler.storage.database import Database
from crawler.storage.item_rows import parts
from crawler.storage.subscriptions import SubscriptionRow, row_from, rows_of
from crawler.storage.tables import UtcDateTime, items
from crawler.storage.tables_recipients import subscriptions

# What brings an old item to an immediate subscription (its text came late, another source lists
# it too) is seen after so long; a new item at once.
IMMEDIATE_REST = timedelta(minutes=5)
_LATEST_COMMIT = timedelta(minutes=1)  # after its ``first_seen`` an item may not be readable yet
_NEVER = datetime.min.replace(tzinfo=UTC)
_SET_BACK = timedelta(minutes=1)  # the least that a clock is set back by; threads differ by less

# Constants and no parameters: PostgreSQL's plan for any parameter could not use a partial index.
_DELIVERING = and_(
    subscriptions.c.status == literal_column("'active'"), subscriptions.c.undeclared.is_(False)
)
_PAUSED = subscriptions.c.status == literal_column("'paused'")
# However much white space of whatever kind stands around it; no other schedule has the word.
_IMMEDIATE = func.lower(subscriptions.c.schedule).contains("immediate")
_NOW = bindparam("b_now", type_=UtcDateTime())


_NEWEST = select(func.max(items.c.first_seen))
# Two questions: of one with OR, SQLite would go through the whole index.
_NEVER_LOOKED_AT = select(subscriptions).where(_DELIVERING, subscriptions.c.next_due.is_(None))
_DUE = select(subscriptions).where(
    _DELIVERING,
    subscriptions.c.next_due <= bindparam("b_latest", type_=UtcDateTime()),
    or_(subscriptions.c.next_due <= _NOW, _IMMEDIATE),
)
_PAUSE_OVER = select(subscriptions).where(_PAUSED, subscriptions.c.paused_until <= _NOW)
# What the next times and the sources of a subscription rest on; JSON cannot be grouped by.
_ALIKE = (
    subscriptions.c.schedule,
    subscriptions.c.timezone,
    subscriptions.c.quiet_hours,
    cast(subscriptions.c.holidays, Text),
    subscriptions.c.last_window,
    cast(subscriptions.c.sources, Text),
)
_ONE_OF_EACH = (
    select(func.min(subscriptions.c.id))
    .where(_DELIVERING, subscriptions.c.next_due <= _NOW, ~_IMMEDIATE)
    .group_by(*_ALIKE)
)


class Looks:
    """Finds the subscriptions that may be due, and lets the others rest."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last: datetime | None = None

    def due(self, now: datetime) -> list[SubscriptionRow]:
        """Those that deliver and may be due at ``now``: immediate ones first, for what they tell
        counts in the digests after them, then those that were never looked at or wait longest."""
        self._mind_the_clock(now)
        with self._database.read() as connection:
            newest: datetime | None = connection.scalar(_NEWEST)
            woken = newest + _LATEST_COMMIT + IMMEDIATE_REST if newest else now
            due = {"b_now": now, "b_latest": max(now, woken)}
            rows = [*connection.execute(_NEVER_LOOKED_AT), *connection.execute(_DUE, due)]
            found = [row_from(row) for row in rows]
        return sorted(found, key=_order)

    def near(self, until: datetime) -> list[Subscription]:
        """Those that deliver and will be due until then; of those alike in time and sources, one.
        Who was never looked at is left to that look."""
        with self._database.read() as connection:
            ids = list(connection.scalars(_ONE_OF_EACH, {"b_now": until}))
            return [row.subscription for row in rows_of(connection, ids).values()]

    def pauses_over(self, now: datetime) -> list[SubscriptionRow]:
        """Paused ones whose pause is over at ``now``."""
        with self._database.read() as connection:
            return [row_from(row) for row in connection.execute(_PAUSE_OVER, {"b_now": now})]

    def rest(self, looked: Sequence[tuple[Subscription, datetime]]) -> None:
        """Nobody looks at these before those moments. One that was changed since it was looked
        at is looked at again."""
        if not looked:
            return
        with self._database.write() as connection:
            rows = rows_of(connection, [one.id for one, _ in looked], lock=True)
            resting = [
                {"b_id": one.id, "b_due": until}
                for one, until in looked
                if one.id in rows and rows[one.id].subscription == one
            ]
            this = update(subscriptions).where(subscriptions.c.id == bindparam("b_id"))
            if resting:
                connection.execute(this.values(next_due=bindparam("b_due")), resting)

    def _mind_the_clock(self, now: datetime) -> None:
        """What was written counts for nothing where the clock was set back, nor for a process
        that has just begun: its clock or its time zones may be others."""
        if self._last is None or now < self._last - _SET_BACK:
            self._look_at_everybody(now)
        self._last = now  # only now: what could not be written is tried again

    def _look_at_everybody(self, now: datetime) -> None:
        """Nobody rests any more. Locked in the order of the ids, as by all who write several."""
        later = and_(_DELIVERING, subscriptions.c.next_due > now)
        resting = select(subscriptions.c.id).where(later).order_by(subscriptions.c.id)
        with self._database.write() as connection:
            for ids in parts(list(connection.scalars(resting.with_for_update()))):
                these = update(subscriptions).where(subscriptions.c.id.in_(ids))
                connection.execute(these.values(next_due=None))


def _order(row: SubscriptionRow) -> tuple[bool, datetime, str]:
    one = row.subscription
    if one.schedule.strip().lower() == "immediate":
        return False, _NEVER, one.id
    return True, row.next_due or _NEVER, one.id
