"""Which sources are polled ahead of a digest, so that it knows the morning's news (pure).

A digest that goes out once a day or a week is worth an extra look: those of its sources that were
last polled more than an hour before it are polled within that hour, each at its own moment. The
digest itself waits for none of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from alerts.receipts import watched_by
from alerts.schedules import parse_schedule
from alerts.windows import rhythm, upcoming
from crawler.model.subscription import Subscription
from crawler.storage.source_rows import SourceRow

AHEAD = timedelta(hours=1)
_LEFT_FREE = timedelta(minutes=5)  # before the digest, for polls to end


def worth_a_look(near: Iterable[Subscription], now: datetime) -> tuple[datetime, datetime]:
    """(before which it was polled, after which it is due): what a source has to be that a ``near``
    digest may want looked at. Whose own turn comes in time is polled without it."""
    digests = [due for one in near for due in upcoming(one, now, 1)]
    return max(digests) - AHEAD, min(digests) - _LEFT_FREE


def polls_ahead(
    near: Iterable[Subscription], sources: Sequence[SourceRow], now: datetime
) -> list[SourceRow]:
    """The sources to be polled now because a digest is ``near`` (see ``near_ones``).

    A source that fails keeps its back-off: it is not asked more often because somebody reads it.
    """
    due = _nearest(near, sources, now)
    return [row for row in sources if row.source.id in due and _turn(row, due[row.source.id], now)]


def near_ones(subscriptions: Iterable[Subscription], now: datetime) -> list[Subscription]:
    """Those whose digest goes out within the hour; of those alike in time and sources, one."""
    alike = {(rhythm(one), one.sources): one for one in subscriptions if has_hour(one)}
    return [
        one for one in alike.values() if any(due - now <= AHEAD for due in upcoming(one, now, 1))
    ]


def has_hour(subscription: Subscription) -> bool:
    """Whether its digest goes out at one hour a day, before which its sources are looked at."""
    return parse_schedule(subscription.schedule).once_a_day


def _nearest(
    near: Iterable[Subscription], sources: Sequence[SourceRow], now: datetime
) -> dict[str, datetime]:
    """Source id → the next digest that wants it."""
    nearest: dict[str, datetime] = {}
    for subscription in near:
        for due in upcoming(subscription, now, 1):
            for row in sources:
                if watched_by(row, subscription):
                    one = row.source.id
                    nearest[one] = min(due, nearest.get(one, due))
    return nearest


def _turn(row: SourceRow, due: datetime, now: datetime) -> bool:
    last = row.state.last_polled
    if row.state.failures or last is None or last > due - AHEAD:
        return False
    return now >= due - AHEAD + (AHEAD - _LEFT_FREE) * _share(row.source.id)


def _share(source_id: str) -> float:
    """A number in 0..1 that spreads the sources over the hour, the same every day."""
    return int.from_bytes(hashlib.sha256(source_id.encode()).digest()[:4], "big") / 2**32
