"""When a source is polled next: its own rhythm within bounds, back-off after errors (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise

from crawler.sources.faults import fault_of

POLLS_PER_GAP = 4  # a source is looked at about this often between two of its items
JITTER = 0.1
LEAST_FULL_LOOK = timedelta(days=1)
MOST_FULL_LOOK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pace:
    """The bounds an installation or a source sets."""

    every: timedelta  # before anything is learned
    min_every: timedelta
    max_every: timedelta
    fixed: bool = False  # the source names its own interval: nothing is learned


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a source brings news, as far as its next poll depends on it."""

    last: datetime | None = None  # the newest hour with news; None: too little is known
    usual: timedelta = timedelta(0)  # the median gap between two such hours
    longest: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class SkipTimes:
    """When a feed says that it has nothing new (RSS 2.0 skipHours and skipDays, in UTC)."""

    hours: tuple[int, ...] = ()  # 0..23
    days: tuple[int, ...] = ()  # 0 = Monday

    def after(self, due: datetime, latest: datetime) -> datetime:
        """The first moment from ``due`` on that is not skipped, at the latest ``latest``."""
        moment = due.astimezone(UTC)
        while self._skips(moment) and moment < latest:
            moment = moment.replace(minute=due.minute, second=0, microsecond=0)
            moment += timedelta(hours=1)
        return min(moment, latest) if moment > due else due

    def _skips(self, moment: datetime) -> bool:
        return moment.hour in self.hours or moment.weekday() in self.days


def rhythm_of(seen: Sequence[datetime]) -> Rhythm:
    """The rhythm in which items were first seen (newest first).

    Hours with news count: the baseline's items, all first seen at once, are one.
    """
    hours = sorted({moment.replace(minute=0, second=0, microsecond=0) for moment in seen})
    gaps = sorted(later - earlier for earlier, later in pairwise(hours))
    if len(gaps) < 3:
        return Rhythm()
    return Rhythm(hours[-1], gaps[len(gaps) // 2], gaps[-1])


def rhythmic_interval(pace: Pace, rhythm: Rhythm, now: datetime) -> timedelta:
    """How often to look: a quarter of the usual gap between hours with news, within the bounds."""
    if pace.fixed:
        return pace.every
    if rhythm.last is None:
        return _within(pace.every, pace)
    usual = max(rhythm.usual, min(now - rhythm.last, rhythm.longest))
    return _within(usual / POLLS_PER_GAP, pace)


def pause_after_failure(
    pace: Pace, failures: int, kind: str, status: int | None = None
) -> timedelta:
    """How long to wait after ``failures`` (1, 2, …) in a row, ``status`` being the HTTP status.

    At most the fault's own bound (a day, for what a site decided on purpose up to a week), or
    ``max_every`` or the source's own interval where that is longer. Never for good: sources
    come back.
    """
    fault = fault_of(kind, status)
    longest = max(pace.max_every, pace.every, fault.longest)
    grown = pace.every * min(fault.weight ** min(failures - 1, 20), 10_000)
    return min(grown, longest)


def full_look_after(learned: timedelta | None) -> timedelta:
    """How long conditional requests are believed before the page is asked for in full.

    Servers exist that repeat an ETag for changed content. Three usual pauses without news are
    a reason to look; a day at least, a week at most. ``learned`` is the interval of polls.
    """
    usual_pause = (learned or MOST_FULL_LOOK) * POLLS_PER_GAP
    return max(LEAST_FULL_LOOK, min(usual_pause * 3, MOST_FULL_LOOK))


def next_due(
    now: datetime,
    wait: timedelta,
    source_id: str,
    *,
    retry_after_seconds: float | None = None,
    ttl_seconds: int | None = None,
    max_every: timedelta = timedelta(days=1),
    skip: SkipTimes | None = None,
) -> datetime:
    """The moment of the next poll.

    The server's Retry-After and the feed's ttl lengthen the pause (the ttl up to
    ``max_every``), and hours and days without news are skipped; a fixed share per source
    spreads sources over time.
    """
    share = int.from_bytes(sha256(source_id.encode()).digest()[:4], "big") / 2**32
    wait = wait * (1 + JITTER * (share - 0.5))
    if ttl_seconds:
        wait = max(wait, min(timedelta(seconds=ttl_seconds), max_every))
    if retry_after_seconds:
        wait = max(wait, timedelta(seconds=retry_after_seconds))
    due = now + wait
    return skip.after(due, now + max(wait, max_every)) if skip else due


def _within(value: timedelta, pace: Pace) -> timedelta:
    return max(pace.min_every, min(value, pace.max_every))
