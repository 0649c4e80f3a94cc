"""Which window a subscription's digest belongs to, and when the next ones come (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from alerts.holds import Holds, parse_holds
from alerts.schedules import (
    Schedule,
    Window,
    due_window,
    next_times,
    now_window,
    parse_schedule,
    window_at,
    zone_of,
)
from crawler.config import duration
from crawler.model.subscription import Subscription

_FARTHEST = timedelta(days=366)  # whatever a schedule says, it is looked at once a year
_REMEMBERED = 4096  # answers for subscriptions of the same schedule at the same moment


def holds_of(subscription: Subscription) -> Holds:
    """The quiet hours and holidays of a subscription. ConfigError when not understood."""
    return parse_holds(subscription.quiet_hours, subscription.holidays)


def upcoming(subscription: Subscription, now: datetime, count: int = 3) -> tuple[datetime, ...]:
    """The next times this subscription's digest goes out; () for ``immediate``."""
    return _upcoming(*rhythm(subscription), now, count)


def window_of(subscription: Subscription, now: datetime, *, extra: bool = False) -> Window | None:
    """The window that is due now, None where none is; ``extra``: one that is asked for now."""
    if extra:
        return now_window(now, zone_of(subscription.timezone))
    window = _due(*rhythm(subscription), now)
    since = subscription.active_since
    # The newest window decides: where it came before the start, so did those before it.
    if window is None or since is None or parse_schedule(subscription.schedule).immediate:
        return window
    return window if window.due >= since else None


_Rhythm = tuple[str, str, str, tuple[str, ...], str]


def rhythm(subscription: Subscription) -> _Rhythm:
    """What the windows of a subscription depend on, beside the moment and its start."""
    one = subscription
    return one.schedule, one.timezone, one.quiet_hours, one.holidays, one.last_window


@lru_cache(maxsize=_REMEMBERED)
def _due(
    schedule: str, zone: str, quiet: str, holidays: tuple[str, ...], last: str, now: datetime
) -> Window | None:
    return due_window(
        parse_schedule(schedule), zone_of(zone), last, now, holds=parse_holds(quiet, holidays)
    )


@lru_cache(maxsize=_REMEMBERED)
def _upcoming(
    schedule: str, zone: str, quiet: str, holidays: tuple[str, ...], last: str, now: datetime,
    count: int,
) -> tuple[datetime, ...]:  # fmt: skip
    return next_times(
        parse_schedule(schedule), zone_of(zone), now, count, last_window=last,
        holds=parse_holds(quiet, holidays),
    )  # fmt: skip


def next_window(subscription: Subscription, now: datetime) -> Window:
    """The window that comes next by the schedule."""
    schedule: Schedule = parse_schedule(subscription.schedule)
    zone = zone_of(subscription.timezone)
    times = upcoming(subscription, now, 1)
    return window_at(schedule, zone, times[0]) if times else now_window(now, zone)


def next_look(subscription: Subscription, now: datetime, rest: timedelta) -> datetime:
    """When to look at a subscription again that has nothing due at ``now`` (UTC).

    ``rest``: after how long, where it is an immediate one that found nothing.
    """
    zone, holds = zone_of(subscription.timezone), holds_of(subscription)
    if holds.holding(now, zone):
        return holds.released(now, zone)
    if parse_schedule(subscription.schedule).immediate:
        return now + rest
    return min([*upcoming(subscription, now, 1), now + _FARTHEST])


def closes_empty(subscription: Subscription, window: Window) -> bool:
    """Whether an empty window is noted as closed: only where its time has come and gone."""
    return not window.extra and not parse_schedule(subscription.schedule).immediate


def look_back(subscription: Subscription) -> timedelta:
    """How far before its start a subscription reaches back."""
    return duration(subscription.since) if subscription.since else timedelta()
