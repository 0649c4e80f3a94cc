"""Which window a subscription's digest belongs to, and when the next ones come (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta

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


def holds_of(subscription: Subscription) -> Holds:
    """The quiet hours and holidays of a subscription. ConfigError when not understood."""
    return parse_holds(subscription.quiet_hours, subscription.holidays)


def upcoming(subscription: Subscription, now: datetime, count: int = 3) -> tuple[datetime, ...]:
    """The next times this subscription's digest goes out; () for ``immediate``."""
    return next_times(
        parse_schedule(subscription.schedule),
        zone_of(subscription.timezone),
        now,
        count,
        last_window=subscription.last_window,
        holds=holds_of(subscription),
    )


def window_of(subscription: Subscription, now: datetime, *, extra: bool = False) -> Window | None:
    """The window that is due now, None where none is; ``extra``: one that is asked for now."""
    zone = zone_of(subscription.timezone)
    if extra:
        return now_window(now, zone)
    return due_window(
        parse_schedule(subscription.schedule),
        zone,
        subscription.last_window,
        now,
        since=subscription.active_since,
        holds=holds_of(subscription),
    )


def next_window(subscription: Subscription, now: datetime) -> Window:
    """The window that comes next by the schedule."""
    schedule: Schedule = parse_schedule(subscription.schedule)
    zone = zone_of(subscription.timezone)
    times = upcoming(subscription, now, 1)
    return window_at(schedule, zone, times[0]) if times else now_window(now, zone)


def closes_empty(subscription: Subscription, window: Window) -> bool:
    """Whether an empty window is noted as closed: only where its time has come and gone."""
    return not window.extra and not parse_schedule(subscription.schedule).immediate


def look_back(subscription: Subscription) -> timedelta:
    """How far before its start a subscription reaches back."""
    return duration(subscription.since) if subscription.since else timedelta()
