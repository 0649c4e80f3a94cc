"""What the farm's sites publish within a day, and what their sources brought before it.

Few sites publish a lot and most of them little, more by day than by night: drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from bench.farm.running import RunningFarm
from bench.filling import insert, stored
from crawler.extract.feed import read_feed
from crawler.storage.database import Database
from crawler.storage.source_rows import SourceRow

_SPREAD = 1.2  # of the sites' rates, as the sigma of a lognormal distribution
_DAYTIME = range(6, 18)  # UTC
_BY_DAY = 0.85  # of the news
_LEAST_A_DAY = 1 / 30
_CHUNK = 2000


@dataclass(frozen=True)
class News:
    """How many articles a day each site publishes."""

    rates: tuple[float, ...]
    seed: int = 1

    @classmethod
    def of(cls, sites: int, items: int, seed: int = 1) -> News:
        """``items`` a day from all sites together."""
        chance = Random(seed)
        weights = [chance.lognormvariate(0, _SPREAD) for _ in range(sites)]
        share = items / sum(weights)
        return cls(tuple(max(_LEAST_A_DAY, weight * share) for weight in weights), seed)

    def within(self, start: datetime, hours: int) -> list[tuple[datetime, int]]:
        """(moment, site) of every article that appears from ``start`` on, in their order."""
        chance, days = Random(self.seed + 1), hours // 24 + 2
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        number = days * round(sum(self.rates))
        sites = chance.choices(range(len(self.rates)), self.rates, k=number)
        moments = (_at(midnight + timedelta(days=chance.randrange(days)), chance) for _ in sites)
        until = start + timedelta(hours=hours)
        told = zip(moments, sites, strict=True)
        return sorted((moment, site) for moment, site in told if start <= moment < until)

    def fill(
        self,
        database: Database,
        rows: list[SourceRow],
        running: RunningFarm,
        now: datetime,
        left: int,
    ) -> None:
        """The archive holds what every feed lists but for its ``left`` newest entries, first seen
        in the rhythm of its site; without topics and stories."""
        known = self._known(rows, running, now, left)
        while chunk := list(islice(known, _CHUNK)):
            insert(database, chunk)

    def _known(
        self, rows: list[SourceRow], running: RunningFarm, now: datetime, left: int
    ) -> Iterator[tuple[dict[str, Any], ...]]:
        for number, row in enumerate(rows):
            site, gap = running.site(number), timedelta(days=1) / self.rates[number]
            listed = read_feed(site.feed().encode(), row.source.url, now=now).items
            for place, raw in enumerate(listed[left:], 1):
                yield stored(row.source.id, raw, site.language, now - place * gap)


def _at(day: datetime, chance: Random) -> datetime:
    """A moment of a day."""
    hours = _DAYTIME if chance.random() < _BY_DAY else range(24)
    return day + timedelta(hours=chance.choice(hours), seconds=chance.randrange(3600))
