"""(g) A day of the usual installation, on a clock that is turned: the daemon with its web side.

    python bench/day.py [--sources 300] [--readers 50] [--items 450] [--hours 24] [--minutes 11]

First, told apart because it happens once: the first look at every source. Each feed lists 20
entries; the archive holds the older ones already, first seen in the rhythm of their source, and
the first look reads the pages of the ``--first`` newest (``--first 20``: of all, which takes
minutes of CPU by itself).

Then a day, from 05:00 UTC on: ``--items`` new articles over all sources, some of which publish
several a day and most one a week, mostly by day; each source polled at the interval that is learned
from its rhythm; digests by mail at 8 and 7:30, weekly and at once; a visitor of the web side who
reads five pages every half hour. The clock jumps from one tick of the daemon to the next, and what
a tick starts is awaited before the next one. Servers end connections between polls. Of each job's
ticks every ``--thin``-th runs; one that finds nothing to do counts as often as a day has it.

CPU seconds are the daemon's process alone; farm, mail sink, visitor and the turning of the clock
are none of it; APScheduler's part of a tick is measured apart. Every half hour of the day is told
on stderr. After ``--minutes`` of wall time, or on SIGINT, the day ends early and its figures say
at which hour.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import merge
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alerts.outbox import Outbox
from alerts.ticks import Job, Ticks
from alerts.wiring import AlertParts, open_alerts, sync_subscriptions
from bench.digests import own_cpu, sink
from bench.farm.prose import EPOCH
from bench.farm.running import RunningFarm, farm
from bench.house import configuration
from bench.measure import Cost, measured, peak_mb, print_rows, versions
from bench.news_of_a_day import News
from bench.visitor import visitor
from crawler import metrics
from crawler.config import Settings, load
from crawler.fetch.loop import keep_what_is_built
from crawler.fetch.loop import run as run_loop
from crawler.fetch.run import Crawl
from crawler.storage.claims import ClaimStore
from crawler.storage.database import utc_now
from crawler.storage.items import Filter
from crawler.wiring import sync_declarations
from scheduler import Daemon

START = EPOCH.replace(hour=5) + timedelta(days=40)  # all that appears was published before
PAGES = ("/", "/archive", "/archive?q=region", "/status", "/archive?topic=ai")
VISITS_SECONDS = 1800
_PAGE = "page "
_WORKED = ("digests", "send")  # steps of whatever a tick did, beside polls
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
Row = dict[str, object]


class Clock:
    """A clock that is turned."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Tick:
    """One run of a job."""

    at: datetime
    name: str
    job: Job


@dataclass
class Spent:
    """What ticks cost, CPU seconds, and how many ran."""

    worked: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    idle: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    ran: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def add(self, name: str, seconds: float, *, worked: bool) -> None:
        """One tick of a job; ``worked``: it found something to do."""
        (self.worked if worked else self.idle)[name] += seconds
        self.ran[name, worked] += 1

    def __str__(self) -> str:
        seconds = sum(self.worked.values()) + sum(self.idle.values())
        dearest = sorted(self.worked, key=lambda name: -self.worked[name])[:3]
        parts = ", ".join(f"{name} {self.worked[name]:.1f}" for name in dearest)
        return f"{seconds:.1f} s ({parts})"

    def rows(self, thin: int) -> list[Row]:
        """A job each; those of its ticks that did not run count as those that found nothing."""
        return [self._row(name, thin) for name in sorted({name for name, _ in self.ran})]

    def _row(self, name: str, thin: int) -> Row:
        busy, quiet = self.ran[name, True], self.ran[name, False]
        idle = self.idle[name] / max(1, quiet) * (thin * (busy + quiet) - busy)
        return {
            "what": name,
            "cpu_seconds": self.worked[name] + idle,
            "at_work": busy,
            "idle_seconds": idle,
            "idle_ms": 1000 * self.idle[name] / max(1, quiet),
        }


@dataclass
class Day:
    """The daemon, its clock, and what happens to it within a day."""

    running: RunningFarm
    parts: AlertParts
    clock: Clock
    daemon: Daemon
    hours: int
    thin: int

    async def first_look(self) -> Cost:
        """Every source is looked at for the first time."""
        await self.daemon.follow_topics()  # what the archive held is decided by today's topics
        with measured() as cost:
            await self._poll()
            await self.daemon.dispatch_due()
            await self.daemon.deliver_due()
        return cost

    async def run(self, news: News, ends: float) -> Spent:
        """The day's ticks until ``ends``, as ``time.monotonic`` counts."""
        spent, appear = Spent(), news.within(START, self.hours)
        with visitor() as visit:
            for tick in self._ticks(visit):
                if time.monotonic() > ends or self.daemon.stopping.is_set():
                    break
                self.clock.now = tick.at
                while appear and appear[0][0] <= tick.at:
                    self.running.order(f"advance?site={appear.pop(0)[1]}")
                await self._tick(tick, spent)
                if tick.name == _PAGE + PAGES[-1]:
                    told = f"{tick.at:%H:%M} {spent}, {peak_mb():.0f} MB"
                    print(told, file=sys.stderr, flush=True)
        return spent

    async def _tick(self, tick: Tick, spent: Spent) -> None:
        before, cpu = _done(), own_cpu()
        await tick.job()
        seconds = own_cpu() - cpu
        worked = tick.name.startswith(_PAGE) or _done() > before
        spent.add(tick.name, seconds, worked=worked)
        if tick.name == "poll" and worked:
            self.running.order("hang-up")

    def _ticks(self, visit: Callable[[str], None]) -> Iterator[Tick]:
        """In the order of their times."""
        site = f"http://{self.daemon.settings.web.listen}"
        jobs = [(name, job, self.thin * seconds) for name, job, seconds in self.daemon._jobs()]
        jobs = [(name, self._poll if name == "poll" else job, each) for name, job, each in jobs]
        for page in PAGES:
            looked_at = partial(asyncio.to_thread, visit, site + page)
            jobs.append((_PAGE + page, looked_at, VISITS_SECONDS))
        return merge(*(self._every(*one) for one in jobs), key=lambda tick: tick.at)

    def _every(self, name: str, job: Job, seconds: int) -> Iterator[Tick]:
        for number in range(1, self.hours * 3600 // seconds + 1):
            yield Tick(START + timedelta(seconds=number * seconds), name, job)

    async def _poll(self) -> None:
        """One tick of polls, until the last has ended."""
        await self.daemon.poll_due()
        while polls := list(self.daemon._polls.values()):
            await asyncio.wait(polls)


def _done() -> float:
    """How much was done until now, by whatever counts it."""
    counts = metrics.snapshot().items()
    return sum(
        count
        for (name, label), count in counts
        if name == "polls" or (name == "steps" and label in _WORKED)
    )


async def _ticking(daemon: Daemon, hours: int) -> Row:
    """What APScheduler itself takes for all ticks: measured on as many that do nothing as a
    few seconds have."""

    async def nothing() -> None:
        return None

    ticks, jobs, seconds = Ticks(utc_now), 50, 4
    before = own_cpu()
    ticks.start((f"job{number}", nothing, 1) for number in range(jobs))
    await asyncio.sleep(seconds)
    each = (own_cpu() - before) / (jobs * seconds)
    ticks.stop()
    number = sum(hours * 3600 / every for _, _, every in daemon._jobs())
    return {"what": "scheduler", "cpu_seconds": each * number, "idle_ms": 1000 * each}


async def lived(
    running: RunningFarm, parts: AlertParts, clock: Clock, chosen: argparse.Namespace
) -> list[Row]:
    """The first look and the day; what they cost."""
    news = News.of(chosen.sources, chosen.items)
    crawler = parts.crawler
    news.fill(crawler.database, crawler.sources.all(), running, START, chosen.first)
    async with Crawl(parts.settings, crawler.ingest, owner="day", clock=clock) as crawl:
        daemon = Daemon(parts.settings, parts, clock=clock)
        daemon._crawl = crawl
        web = daemon._serve_web()
        keep_what_is_built()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, daemon.stopping.set)
        day = Day(running, parts, clock, daemon, chosen.hours, chosen.thin)
        known = _stored(parts)
        look = await day.first_look()
        begun = _stored(parts)
        with measured() as cost:
            spent = await day.run(news, time.monotonic() + 60 * chosen.minutes)
        rows = spent.rows(chosen.thin)
        rows.append(await _ticking(daemon, chosen.hours))
        if web is not None:
            web[0].should_exit = True
            await web[1]
    first: Row = {"what": "first look", **vars(look), "items": begun - known}
    seconds = sum(float(str(row["cpu_seconds"])) for row in rows)
    hours = (clock.now - START) / timedelta(hours=1)
    whole: Row = {
        "what": "the day",
        "cpu_seconds": seconds,
        "hours": hours,
        "items": _stored(parts) - begun,
        "polls": _polls() - chosen.sources,
        "peak_mb": cost.peak_mb,
        "wall_seconds": cost.wall_seconds,
    }
    return [first, *rows, whole]


def _stored(parts: AlertParts) -> int:
    """Items in the archive."""
    return parts.crawler.items.count(Filter())


def _polls() -> int:
    return int(sum(n for (name, _), n in metrics.snapshot().items() if name == "polls"))


def settings_of(folder: Path, running: RunningFarm, readers: int, mail_port: int) -> Settings:
    """The installation: every site's feed, ``readers`` by mail."""
    urls = [running.origin(number) + "/feed/" for number in range(running.size)]
    subscribed = "".join(
        _READER.format(number=number, schedule=_SCHEDULES[number % len(_SCHEDULES)])
        for number in range(readers)
    )
    more = _MORE.format(port=mail_port) + subscribed
    file = folder / "clusterwatch.toml"
    file.write_text(configuration(folder, urls, kind="feed", more=more, port=8097, first_run="7d"))
    return load(file)


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--sources", type=int, default=300)
    options.add_argument("--readers", type=int, default=50)
    options.add_argument("--items", type=int, default=450)
    options.add_argument("--first", type=int, default=4)
    options.add_argument("--hours", type=int, default=24)
    options.add_argument("--thin", type=int, default=4)
    options.add_argument("--minutes", type=float, default=11.0)
    chosen = options.parse_args()
    print(versions())
    with (
        farm(chosen.sources) as running,
        sink() as mail_port,
        tempfile.TemporaryDirectory() as folder,
    ):
        settings = settings_of(Path(folder), running, chosen.readers, mail_port)
        clock = Clock()
        with open_alerts(settings) as parts:
            sync_declarations(parts.crawler, START)
            sync_subscriptions(parts, START)
            claims = ClaimStore(parts.crawler.database)
            parts.__dict__["outbox"] = Outbox(claims, parts.channels, parts.incidents, clock=clock)
            rows = run_loop(lived(running, parts, clock, chosen))
            rows[-1] |= parts.deliveries.counts()
    print_rows(f"{chosen.hours} hours of {chosen.sources} sources, {chosen.readers} readers", rows)


if __name__ == "__main__":
    main()
