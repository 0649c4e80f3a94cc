"""An installation of Clusterwatch for a benchmark: its daemon's polls, without its clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import update

from alerts.wiring import AlertParts, open_alerts
from bench.farm.running import RunningFarm
from crawler import metrics
from crawler.config import Settings, load
from crawler.fetch.loop import keep_what_is_built
from crawler.fetch.run import Crawl
from crawler.model.source import PollOutcome
from crawler.storage.database import utc_now
from crawler.storage.tables import sources
from scheduler import Daemon

_CONFIG = """
[clusterwatch]
database = "sqlite:///{folder}/bench.db"
[crawl]
contact = "mailto:bench@example.org"
allow_networks = ["127.0.0.0/8"]
delay_per_host = "0s"
first_run = "{first_run}"
max_age = "3650d"
[web]
listen = "127.0.0.1:{port}"
archive = "public"
"""
_SOURCE = """
[[sources]]
id = "s{number:05d}"
name = "Source {number}"
url = "{url}"
kind = "{kind}"
"""


@dataclass
class AtWork:
    """The parts at work."""

    settings: Settings
    parts: AlertParts
    crawl: Crawl
    daemon: Daemon

    async def warm_robots(self, running: RunningFarm) -> None:
        """robots.txt of every site is in memory, its connection open."""
        urls = [running.origin(number) + "/robots.txt" for number in range(running.size)]
        await asyncio.gather(*(self.crawl.get(url) for url in urls))

    async def look(self) -> list[PollOutcome]:
        """Fetch, parse and compare every source's list; nothing is stored."""
        rows = self.parts.crawler.sources.all()
        looks = (self.crawl.poll(row, dry_run=True, articles=False) for row in rows)
        return list(await asyncio.gather(*looks))

    def all_due(self) -> None:
        """It is every source's turn, as of those that were polled before."""
        with self.parts.crawler.database.write() as connection:
            connection.execute(update(sources).values(next_due=utc_now()))

    def leave_articles(self) -> None:
        """From now on lists are polled, read, compared and noted, and no article is fetched."""
        self.crawl._polled = partial(self.crawl._polled, articles=False)  # type: ignore[method-assign]

    async def round(self) -> int:
        """The daemon's poll of everything that is due; how many items it stored."""
        before = _stored()
        await self.daemon.poll_due()
        while polls := list(self.daemon._polls.values()):
            await asyncio.wait(polls)
            await self.daemon.poll_due()  # a tick starts a thousand polls at most
        return _stored() - before


def _stored() -> int:
    """Items that this process has stored so far."""
    counts = metrics.snapshot().items()
    return int(sum(count for (name, _), count in counts if name == "items_stored"))


def configuration(
    folder: Path,
    urls: Sequence[str],
    *,
    kind: str,
    more: str = "",
    port: int,
    first_run: str = "all",
) -> str:
    """The file of an installation that watches ``urls``; ``more`` tables in it."""
    declared = "".join(
        _SOURCE.format(number=number, url=url, kind=kind) for number, url in enumerate(urls)
    )
    return _CONFIG.format(folder=folder, port=port, first_run=first_run) + more + declared


@asynccontextmanager
async def house(
    folder: Path, urls: Sequence[str], *, kind: str = "auto", more: str = "", port: int = 0
) -> AsyncIterator[AtWork]:
    """A fresh installation that watches ``urls``, its crawl running."""
    file = folder / "clusterwatch.toml"
    file.write_text(configuration(folder, urls, kind=kind, more=more, port=port or 8099))
    settings = load(file)
    with open_alerts(settings, sync=True) as parts:
        async with parts.crawler.crawl() as crawl:
            daemon = Daemon(settings, parts)
            daemon._crawl = crawl
            keep_what_is_built()
            yield AtWork(settings, parts, crawl, daemon)
