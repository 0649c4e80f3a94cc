"""Rhythms of made-up sources over three years: when each published, holidays and all (seeded)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

FIRST = date(2023, 1, 1)
DAYS = 1300
Rhythm = Callable[[Random], list[float]]  # days since FIRST


def _poisson(mean_days: float) -> Rhythm:
    def events(random: Random) -> list[float]:
        return list(_running(lambda: random.expovariate(1 / mean_days)))

    return events


def _running(step: Callable[[], float]) -> Iterator[float]:
    moment = step()
    while moment < DAYS:
        yield moment
        moment += step()


def _weekdays(random: Random) -> list[float]:
    days = range(DAYS)
    return [day for day in days if _weekday(day) < 5 and random.random() < 0.95]


def _once_a_week(random: Random) -> list[float]:
    weekday = random.randrange(5)
    kept = [day for day in range(DAYS) if _weekday(day) == weekday and random.random() < 0.88]
    return [day + random.choice([0, 0, 0, 1, -1]) for day in kept]


def _once_a_month(random: Random) -> list[float]:
    return [30.4 * n + random.gauss(0, 5) for n in range(DAYS // 30) if random.random() < 0.9]


def _once_a_quarter(random: Random) -> list[float]:
    return [91 * n + random.gauss(0, 12) for n in range(DAYS // 91)]


def _bursts(random: Random) -> list[float]:
    starts = _running(lambda: random.expovariate(1 / 24))
    return [
        start + random.expovariate(1 / 3) for start in starts for _ in range(random.randint(1, 7))
    ]


def _irregular(random: Random) -> list[float]:
    return list(_running(lambda: max(1.0, random.lognormvariate(math.log(9), 1.0))))


def _slowing(random: Random) -> list[float]:
    moment, found = 0.0, []
    while moment < DAYS:
        found.append(moment)
        moment += random.expovariate(1 / (4 + 10 * moment / DAYS))
    return found


RHYTHMS: dict[str, Rhythm] = {
    "every weekday": _weekdays,
    "most days": _poisson(1.5),
    "once a week": _once_a_week,
    "a week, by chance": _poisson(7),
    "a fortnight, by chance": _poisson(13),
    "once a month": _once_a_month,
    "a month, by chance": _poisson(30),
    "once a quarter": _once_a_quarter,
    "bursts": _bursts,
    "irregular": _irregular,
    "slowing": _slowing,
}


def published(rhythm: str, random: Random) -> list[date]:
    """The days on which a source of this rhythm published: never while it was on holiday."""
    off = _holidays(random)
    events = [FIRST + timedelta(days=int(day)) for day in RHYTHMS[rhythm](random) if day >= 0]
    return sorted({day for day in events if not any(start <= day < end for start, end in off)})


def _holidays(random: Random) -> list[tuple[date, date]]:
    """Six of ten close for two to six weeks in summer, most between the years."""
    summer, christmas = random.random() < 0.6, random.random() < 0.85
    found = []
    for year in range(2022, 2027):
        if summer:
            start = date(year, 7, 1) + timedelta(days=random.randrange(40))
            found.append((start, start + timedelta(days=random.randrange(14, 43))))
        if christmas:
            start = date(year, 12, 18) + timedelta(days=random.randrange(6))
            found.append((start, date(year + 1, 1, 2) + timedelta(days=random.randrange(10))))
    return found


def _weekday(day: int) -> int:
    return (FIRST + timedelta(days=day)).weekday()
