"""Sources that are unusually silent, judged by their own rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from crawler.wiring import Parts

MIN_DAYS_WITH_NEWS = 6  # fewer say nothing about a rhythm
FACTOR = 3.0  # silent for so many of its longest usual gaps
LEAST = timedelta(days=14)


def quiet_sources(parts: Parts, now: datetime) -> list[str]:
    """Ids of active, reachable sources without news for unusually long."""
    return [
        row.source.id
        for row in parts.sources.all()
        if row.state.status == "active"
        and not row.state.failures
        and row.state.last_ok is not None
        and is_quiet(parts.sources.published_times(row.source.id), now)
    ]


def is_quiet(published: Sequence[datetime], now: datetime) -> bool:
    """Whether the pause since the newest item is far beyond the source's usual gaps.

    The usual gap is the 90th percentile of the gaps between days with news: a monthly blog
    is not silent after a week, and one summer break does not make the next one unusual.
    """
    days = sorted({moment.date() for moment in published})
    if len(days) < MIN_DAYS_WITH_NEWS:
        return False
    gaps = sorted((later - earlier) for earlier, later in pairwise(days))
    usual = gaps[min(len(gaps) - 1, int(len(gaps) * 0.9))]
    return now.date() - days[-1] > max(usual * FACTOR, LEAST)
