"""When a source is polled next: its own rhythm within bounds, back-off after errors (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise

# How fast the pause grows with failures in a row: what is likely our network or a hiccup
# slowly, what the site decided on purpose faster. Never for good: sources come back.
_WEIGHTS = {
    "timeout": 1.5, "connect": 1.5, "dns": 1.5, "body": 1.5, "tls": 2.0, "http": 2.0,
    "size": 3.0, "redirect": 3.0, "robots": 6.0, "refused": 6.0, "extract": 2.0, "other": 2.0,
}  # fmt: skip
_ON_PURPOSE = (401, 403, 404, 410, 451)
POLLS_PER_GAP = 4  # a source is looked at about this often between two of its items
JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    """The bounds an installation or a source sets."""

    every: timedelta  # before anything is learned
    min_every: timedelta
    max_every: timedelta
    fixed: bool = False  # the source names its own interval: nothing is learned


def interval(pace: Pace, seen: Sequence[datetime], now: datetime) -> timedelta:
    """How often to look, from when its items were first seen (newest first).

    A quarter of the median gap between hours with news, within the bounds. The baseline's
    items, all first seen at once, count as one.
    """
    if pace.fixed:
        return pace.every
    hours = sorted({moment.replace(minute=0, second=0, microsecond=0) for moment in seen})
    gaps = sorted(later - earlier for earlier, later in pairwise(hours))
    if len(gaps) < 3:
        return _within(pace.every, pace)
    since_last = now - hours[-1]
    median = max(gaps[len(gaps) // 2], min(since_last, gaps[-1]))
    return _within(median / POLLS_PER_GAP, pace)


def pause_after_failure(
    pace: Pace, failures: int, kind: str, status: int | None = None
) -> timedelta:
    """How long to wait after ``failures`` (1, 2, …) in a row; at most a day, or ``max_every``
    or the source's own interval where that is longer. ``status`` is the HTTP status."""
    weight = _WEIGHTS.get(kind, 2.0)
    if status in _ON_PURPOSE:
        weight = 4.0
    longest = max(pace.max_every, pace.every, timedelta(days=1))
    grown = pace.every * min(weight ** min(failures - 1, 20), 10_000)
    return min(grown, longest)


def next_due(
    now: datetime,
    wait: timedelta,
    source_id: str,
    *,
    retry_after_seconds: float | None = None,
    ttl_seconds: int | None = None,
    max_every: timedelta = timedelta(days=1),
) -> datetime:
    """The moment of the next poll.

    The server's Retry-After and the feed's ttl lengthen the pause (the ttl up to
    ``max_every``); a fixed share per source spreads sources over time.
    """
    share = int.from_bytes(sha256(source_id.encode()).digest()[:4], "big") / 2**32
    wait = wait * (1 + JITTER * (share - 0.5))
    if ttl_seconds:
        wait = max(wait, min(timedelta(seconds=ttl_seconds), max_every))
    if retry_after_seconds:
        wait = max(wait, timedelta(seconds=retry_after_seconds))
    return now + wait


def _within(value: timedelta, pace: Pace) -> timedelta:
    return max(pace.min_every, min(value, pace.max_every))
