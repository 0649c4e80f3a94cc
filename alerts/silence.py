"""Sources that are unusually silent, judged by their own rhythm.

The pauses between days with news are what a source teaches. A new pause is unusual when it
would come once in two thousand pauses if they went on as before: the mean plus the spread times
the quantile of a Pareto distribution, which is the exponential's predictive distribution after
n pauses (a Gamma prior on the rate; deviation: centred and scaled by the spread seen, so that
punctual sources are missed sooner and bursts count once). Christmas does not count, and summer
days count for a third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from statistics import fmean, median, stdev

from crawler.model.source import SourceState
from crawler.storage.database import Database
from crawler.storage.figures import Figures
from crawler.storage.source_history import SourceHistory
from crawler.storage.source_rows import SourceRow

MIN_DAYS_WITH_NEWS = 8  # fewer say nothing about a rhythm
LEAST_DAYS = 14.0  # two quiet weeks happen to everybody
ONCE_IN = 2000.0  # pauses
SUMMER = 1 / 3  # what a day between 20 June and 10 September counts
KEPT_ITEMS = 240  # whose dates are looked at
_SAME_BURST = 0.7  # of the mean pause; what is shorter lies within one burst
_LEAST_SPREAD = 0.25  # of the mean: six pauses cannot prove more punctuality
_ONE_BREAK = 3.0  # times the second longest: a single long break is no rhythm
_LEAST_FACTOR = 2.0  # of the longer usual pauses
_LOOKED_AGAIN = timedelta(hours=1)  # dates of old items are corrected now and then


@dataclass(frozen=True, slots=True)
class Silence:
    """How a source is unusually silent."""

    since: date  # day of its newest item
    days: int  # without news
    usual_days: float  # between news, as a rule
    frozen: bool  # the page has not changed at all since


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found of a source, and what it rests on beside the dates of its items."""

    at: datetime
    state: tuple[datetime | None, datetime | None, date]
    silence: Silence | None

    def holds(self, state: SourceState, now: datetime) -> bool:
        return timedelta() <= now - self.at < _LOOKED_AGAIN and self.state == _rests_on(state, now)


class Silences:
    """Which sources are unusually silent. Digests and pages ask all day long; a silence counts in
    days, so that a source which has brought nothing since is judged once an hour."""

    def __init__(self, database: Database) -> None:
        self._figures, self._history = Figures(database), SourceHistory(database)
        self._judged: dict[str, _Judged] = {}

    def among(self, rows: Sequence[SourceRow], now: datetime) -> dict[str, Silence]:
        """Active, reachable sources without news for unusually long, by id.

        Those with news within ``LEAST_DAYS`` are never silent: one query spares them the closer
        look.
        """
        fresh = self._figures.with_news_since(now - timedelta(LEAST_DAYS), now)
        judged = {
            row.source.id: self._judge(row, now)
            for row in rows
            if row.source.id not in fresh and _is_reached(row.state)
        }
        self._judged = judged
        return {source: one.silence for source, one in judged.items() if one.silence is not None}

    def _judge(self, row: SourceRow, now: datetime) -> _Judged:
        known = self._judged.get(row.source.id)
        if known is not None and known.holds(row.state, now):
            return known
        published = self._history.published_times(row.source.id, KEPT_ITEMS)
        return _Judged(now, _rests_on(row.state, now), silence_of(published, row.state, now))


def _is_reached(state: SourceState) -> bool:
    return state.status == "active" and not state.failures and state.last_ok is not None


def _rests_on(state: SourceState, now: datetime) -> tuple[datetime | None, datetime | None, date]:
    return state.last_new, state.changed_at, now.date()


def silence_of(published: Sequence[datetime], state: SourceState, now: datetime) -> Silence | None:
    """The silence of a source, None where its pause is not unusual."""
    days = _days(published, now)
    if not is_quiet(published, now):
        return None
    long_still = state.changed_at is not None and state.changed_at.date() - days[-1] < timedelta(3)
    return Silence(days[-1], (now.date() - days[-1]).days, usual_days(days), long_still)


def usual_days(days: Sequence[date]) -> float:
    """Days of the calendar between bursts of news, as a rule: what a reader is told. ``days``
    with news, two or more, in order."""
    return median((later - earlier).days for earlier, later in _between_bursts(days))


def is_quiet(published: Sequence[datetime], now: datetime) -> bool:
    """Whether the pause since the newest item is far beyond the source's usual ones: a monthly
    blog is not silent after a week, and one long break does not make the next one usual."""
    days = _days(published, now)
    if len(days) < MIN_DAYS_WITH_NEWS:
        return False
    return _counted(days[-1], now.date()) > _longest_usual(_pauses(days))


def _days(published: Sequence[datetime], now: datetime) -> list[date]:
    """Days with news; what is dated in the future says nothing about the past."""
    return sorted({moment.date() for moment in published if moment <= now})


def _pauses(days: Sequence[date]) -> list[float]:
    """Pauses between bursts of news, shortest first, in counted days."""
    return sorted(_counted(earlier, later) for earlier, later in _between_bursts(days))


def _between_bursts(days: Sequence[date]) -> list[tuple[date, date]]:
    """The last day with news before a pause and the first after it; days near each other are
    one burst."""
    pairs = list(pairwise(days))
    counted = [_counted(earlier, later) for earlier, later in pairs]
    edge = _SAME_BURST * fmean(counted)
    return [pair for pair, pause in zip(pairs, counted, strict=True) if pause >= edge]


def _longest_usual(pauses: Sequence[float]) -> float:
    if len(pauses) > 2 and pauses[-1] > _ONE_BREAK * pauses[-2]:
        pauses = pauses[:-1]
    mean, count = fmean(pauses), max(2, len(pauses) - 1)
    spread = stdev(pauses) if len(pauses) > 1 else mean
    tail = count * (ONCE_IN ** (1 / count) - 1)  # in units of the mean, from 0
    usual = pauses[min(len(pauses) - 1, int(0.9 * len(pauses)))]
    rare: float = mean + max(spread, _LEAST_SPREAD * mean) * (tail - 1)
    return max(LEAST_DAYS, rare, _LEAST_FACTOR * usual)


def _counted(first: date, last: date) -> float:
    """Days between two dates, holidays counted for what they are."""
    if first.year == last.year:
        return _into_year(last) - _into_year(first)
    between = sum(_into_year(date(year, 12, 31)) for year in range(first.year, last.year))
    return between + _into_year(last) - _into_year(first)


@lru_cache(maxsize=4096)
def _into_year(day: date) -> float:
    """Counted days from the start of the year to the end of a day."""
    start = day.replace(month=1, day=1)
    passed = [start + timedelta(number) for number in range((day - start).days + 1)]
    return sum(_worth(one) for one in passed)


def _worth(day: date) -> float:
    when = (day.month, day.day)
    if when >= (12, 18) or when <= (1, 10):
        return 0.0
    return SUMMER if (6, 20) <= when <= (9, 10) else 1.0
