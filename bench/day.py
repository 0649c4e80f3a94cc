"""(g) A day of the usual installation, with its clock turned: the daemon with its web side.

    python bench/day.py [--sources 300] [--readers 50] [--hours 24] [--step-minutes 30]

CPU seconds of the daemon's process alone (the farm, the mail sink and a visitor are others'),
peak memory, and what of it went into polls with their articles, into digests and mails, pages
of the web side, and ticks that find nothing to do. Of those, a few are run every step and counted
as often as a day has them.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import aiohttp

from alerts.outbox import Outbox
from alerts.wiring import AlertParts, open_alerts
from bench.digests import own_cpu, sink
from bench.farm.running import RunningFarm, farm
from bench.house import configuration
from bench.measure import print_rows, versions
from crawler.config import load
from crawler.fetch.loop import keep_what_is_built
from crawler.fetch.loop import run as run_loop
from crawler.fetch.run import Crawl
from crawler.storage.claims import ClaimStore
from crawler.storage.database import utc_now
from scheduler import Daemon

PAGES = ("/", "/archive", "/archive?q=region", "/status", "/archive?topic=ai")
TICKS_RUN = 2  # idle ticks of every job that are run each step
_MORE = """
[email]
smtp = "smtp://127.0.0.1:{port}"
sender = "Clusterwatch <news@example.org>"
"""
_READER = """
[[subscriptions]]
id = "reader{number}"
to = "email:reader{number}@example.org"
topics = ["*"]
schedule = "{schedule}"
"""
_SCHEDULES = ("daily 08:00", "daily 08:00", "weekdays 07:30", "weekly mon 08:00", "immediate")


class Clock:
    """A clock that is turned."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Spent:
    """CPU seconds by kind of work."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    async def on(self, kind: str, work: Callable[[], Awaitable[object]], times: float = 1) -> None:
        before = own_cpu()
        await work()
        self.seconds[kind] += times * (own_cpu() - before)


async def day(
    running: RunningFarm, parts: AlertParts, clock: Clock, hours: int, step: int, visitor: str
) -> tuple[Spent, int]:
    """One day in steps; what it cost, and how many items came."""
    spent = Spent()
    crawler = parts.crawler
    async with Crawl(parts.settings, crawler.ingest, owner="day", clock=clock) as crawl:
        daemon = Daemon(parts.settings, parts, clock=clock)
        daemon._crawl = crawl
        web = daemon._serve_web()
        keep_what_is_built()
        await poll(daemon)  # the first look at everything is no usual day
        await daemon.dispatch_due()
        before = stored(parts)
        async with aiohttp.ClientSession() as session:
            for _ in range(hours * 60 // step):
                running.order(f"advance?sites={max(1, 24 * 60 // step // 2)}")
                clock.now += timedelta(minutes=step)
                await spent.on("polls", lambda: poll(daemon))
                await spent.on("digests", daemon.dispatch_due)
                await spent.on("mails", daemon.deliver_due)
                await spent.on("pages, with their visitor", lambda: visit(session, visitor))
                for name, job, seconds in daemon._jobs():
                    for _tick in range(TICKS_RUN):
                        await spent.on(f"idle {name}", job, step * 60 / seconds / TICKS_RUN)
        if web is not None:
            web[0].should_exit = True
            await web[1]
    return spent, stored(parts) - before


async def poll(daemon: Daemon) -> None:
    """One tick of polls, until the last has ended."""
    await daemon.poll_due()
    while polls := list(daemon._polls.values()):
        await asyncio.wait(polls)


async def visit(session: aiohttp.ClientSession, site: str) -> None:
    """A visitor looks at some pages."""
    for page in PAGES:
        async with session.get(site + page) as answer:
            await answer.read()


def stored(parts: AlertParts) -> int:
    """Items in the archive."""
    from crawler.storage.items import Filter

    return parts.crawler.items.count(Filter())


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=300)
    options.add_argument("--readers", type=int, default=50)
    options.add_argument("--hours", type=int, default=24)
    options.add_argument("--step-minutes", type=int, default=30)
    chosen = options.parse_args()
    print(versions())
    with (
        farm(chosen.sources) as running,
        sink() as mail_port,
        tempfile.TemporaryDirectory() as folder,
    ):
        urls = [running.origin(number) + "/feed/" for number in range(running.size)]
        readers = "".join(
            _READER.format(number=number, schedule=_SCHEDULES[number % len(_SCHEDULES)])
            for number in range(chosen.readers)
        )
        file = Path(folder) / "clusterwatch.toml"
        more = _MORE.format(port=mail_port) + readers
        file.write_text(configuration(Path(folder), urls, kind="feed", more=more, port=8097))
        settings = load(file)
        clock = Clock()
        with open_alerts(settings, sync=True) as parts:
            claims = ClaimStore(parts.crawler.database)
            parts.__dict__["outbox"] = Outbox(claims, parts.channels, parts.incidents, clock=clock)
            site = f"http://{settings.web.listen}"
            spent, items = run_loop(
                day(running, parts, clock, chosen.hours, chosen.step_minutes, site)
            )
            mails = parts.deliveries.counts()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows: list[dict[str, object]] = [
        {"what": kind, "cpu_seconds": seconds} for kind, seconds in spent.seconds.items()
    ]
    total = sum(spent.seconds.values())
    rows.append({"what": "all", "cpu_seconds": total, "items": items, "peak_mb": peak, **mails})
    print_rows(f"{chosen.hours} hours of {chosen.sources} sources, {chosen.readers} readers", rows)


if __name__ == "__main__":
    main()
