"""One worker of a scaled-out installation: it ticks, takes hints, polls, dispatches, delivers.

All that it does it does over rows under claims, so any number of workers and daemons may do the
same at any moment, and one that is killed leaves nothing that another does not finish.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from alerts import chores
from alerts.process_metrics import serve
from alerts.ticks import Job, Ticks, guarded
from alerts.wiring import AlertParts, open_alerts
from alerts.workers.apart import polled_apart
from alerts.workers.hints import CHORES, POLLS, Hints, open_hints
from alerts.workers.poison import APART_AT, Poison
from alerts.workers.watchdog import watch
from crawler import metrics as counted
from crawler.config import Settings
from crawler.fetch.gate import host_of
from crawler.fetch.loop import keep_what_is_built
from crawler.fetch.loop import run as run_loop
from crawler.fetch.run import Crawl
from crawler.logs import event, polling
from crawler.owners import surely_gone
from crawler.storage import queue_schema
from crawler.storage.database import Database, utc_now
from crawler.storage.host_leases import HostLeaseStore
from crawler.storage.source_rows import SourceRow

POLL_TICK, CHORES_TICK, TOPICS_TICK = 5, 5, 20  # seconds
# What is done once for the whole installation, and after how many seconds again.
RHYTHMS = {"ahead": 60, "outages": 60, "retention": 3600, "mailbox": 300, "reclassify": 20}
DISPATCH_PARTS = 8  # subscriptions fall into so many parts, each closed by one worker at a time
DISPATCH_SECONDS, DELIVER_SECONDS = 15, 5
AT_ONCE = 4  # hosts at work for each request that may be under way: most wait out a pause
CHORES_AT_ONCE = 4
APART_WAIT_SECONDS = 15.0  # until a source that is polled apart is left to other workers
POLL_LIMIT = timedelta(hours=2)  # the slowest site at its own pace takes less
ENGINE_PAUSE = 5.0  # seconds, after the queue's engine failed (a database that restarts)
STOP_SECONDS = 20.0
FORGET_HOSTS = timedelta(days=1)
_log = logging.getLogger(__name__)


class Worker:
    """Ticks over rows and works at hints until it is told to stop."""

    def __init__(
        self, settings: Settings, parts: AlertParts, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.settings = settings
        self.parts = parts
        self.stopping = asyncio.Event()
        self._clock = clock
        self._ticks = Ticks(clock)
        self._crawl: Crawl | None = None
        self._hints: Hints | None = None
        self._poison = Poison(parts)
        self._apart = asyncio.Lock()
        self._delivering = asyncio.Lock()
        self._hosts = HostLeaseStore(parts.crawler.database)
        self._done_at: dict[str, datetime] = {}

    async def run(self) -> None:
        """Until SIGTERM, SIGINT or SIGHUP; what is under way then has STOP_SECONDS."""
        self._listen_to_signals()
        watching = asyncio.create_task(watch())
        url = psycopg_url(self.settings.clusterwatch.database)
        async with (
            self.parts.crawler.crawl() as crawl,
            open_hints(url, self.poll, self.chore) as hints,
        ):
            self._crawl, self._hints = crawl, hints
            at_once = AT_ONCE * self.settings.crawl.concurrent_requests
            engines = [
                asyncio.create_task(self._engine(POLLS, at_once)),
                asyncio.create_task(self._engine(CHORES, CHORES_AT_ONCE)),
            ]
            keep_what_is_built()
            self._ticks.start(self._jobs())
            event(_log, logging.INFO, "worker.started", name=self.settings.clusterwatch.name)
            await self.stopping.wait()
            await self._drain(engines)
        watching.cancel()
        event(_log, logging.INFO, "worker.stopped")

    # -- ticks: rows become hints ---------------------------------------------------------------

    async def hint_at_polls(self) -> None:
        """End what dead processes held, then hint at the sources whose turn it is."""
        assert self._hints is not None
        now = self._clock()
        await self._hints.drop_stalled()
        await asyncio.to_thread(self._hosts.free, surely_gone)
        await asyncio.to_thread(self._poison.look, now)
        rows = await asyncio.to_thread(self.parts.crawler.sources.due, now)
        await self._hints.put_polls(by_host(rows), now)

    async def hint_at_chores(self) -> None:
        """Hint at what is done once for the installation, each at its rhythm."""
        assert self._hints is not None
        names = [name for name, seconds in RHYTHMS.items() if self._is_time(name, seconds)]
        if self._is_time("dispatch", DISPATCH_SECONDS):
            names += [f"dispatch:{part}" for part in await asyncio.to_thread(self._parts_due)]
        together = ["deliver"] if self._is_time("deliver", DELIVER_SECONDS) else []
        await self._hints.put_chores([*names, *together], together=together)

    async def follow_topics(self) -> None:
        """This process's own copy of the topics."""
        await asyncio.to_thread(chores.follow_topics, self.parts)

    # -- hints: one pass over the rows they name ------------------------------------------------

    async def poll(self, sources: Sequence[str], since: datetime) -> None:
        """Poll sources of one host, each unless it has been polled since the hint was put."""
        polls = (guarded(f"poll:{one}", partial(self._poll, one, since)) for one in sources)
        await asyncio.gather(*polls)

    async def chore(self, name: str) -> None:
        """Do one of the chores; an unknown one is a newer program's."""
        here = {"deliver": self._deliver, "ahead": self._look_ahead}.get(name)
        if here is not None:
            await guarded(name, here)
            return
        kind, _, part = name.partition(":")
        work = self._chores().get(kind)
        if work is not None:
            await guarded(name, lambda: asyncio.to_thread(work, part))
        if kind == "dispatch" and self._hints is not None:  # what it queued need not wait
            await self._hints.put_chores(["deliver"], together=["deliver"])

    # -- inside ---------------------------------------------------------------------------------

    async def _poll(self, source_id: str, since: datetime) -> None:
        row = await asyncio.to_thread(self.parts.crawler.sources.get, source_id)
        if not _is_wanted(row, since) or self.stopping.is_set():
            return
        if row.state.losses < APART_AT:
            await self._poll_here(row)
            return
        try:
            async with asyncio.timeout(APART_WAIT_SECONDS):
                await self._apart.acquire()
        except TimeoutError:  # left to whoever takes the next tick's hint
            return
        try:
            if not self.stopping.is_set():
                await polled_apart(source_id, self.settings.path)
        finally:
            self._apart.release()

    async def _poll_here(self, row: SourceRow) -> None:
        assert self._crawl is not None
        with polling(row.source.id):
            try:
                async with asyncio.timeout(POLL_LIMIT.total_seconds()):
                    outcome = await self._crawl.poll(row)
            except TimeoutError:
                await asyncio.to_thread(self._poison.hung, row.source.id, self._clock())
                return
            counted.add("polls", outcome.status)
            event(
                _log, logging.INFO, "source.polled", source=row.source.id, status=outcome.status,
                seen=outcome.seen, new=outcome.new,
            )  # fmt: skip

    async def _look_ahead(self) -> None:
        """Hint at the sources that a digest of this hour wants looked at: all have to be read."""
        assert self._hints is not None
        now = self._clock()
        rows = await asyncio.to_thread(chores.polls_before_digests, self.parts, now)
        await self._hints.put_polls(by_host(rows), now)

    async def _deliver(self) -> None:
        if self._delivering.locked():  # this process sends already
            return
        async with self._delivering:
            await asyncio.to_thread(self.parts.outbox.deliver_due)

    def _chores(self) -> dict[str, Callable[[str], None]]:
        parts, clock = self.parts, self._clock
        return {
            "dispatch": self._dispatch,
            "outages": lambda _: self._note_outages(),
            "retention": lambda _: self._forget_old(),
            "mailbox": lambda _: chores.read_mailbox(parts, clock()),
            "reclassify": lambda _: chores.reclassify(parts, clock(), self.stopping.is_set),
        }

    def _dispatch(self, part: str) -> None:
        def wanted(subscription: str) -> bool:
            return part == _part_of(subscription) and not self.stopping.is_set()

        chores.close_windows(self.parts, self._clock(), wanted)

    def _note_outages(self) -> None:
        now = self._clock()
        self.parts.source_incidents.update(now)
        self._poison.forgive(now)

    def _forget_old(self) -> None:
        now = self._clock()
        chores.forget_old(self.parts, now)
        self._hosts.forget(now - FORGET_HOSTS)

    def _parts_due(self) -> list[str]:
        """Parts of the subscriptions in which one may be due; part 0 also queues corrections."""
        rows = self.parts.looks.due(self._clock())
        return sorted({"0", *(_part_of(row.subscription.id) for row in rows)})

    def _is_time(self, name: str, seconds: int) -> bool:
        now = self._clock()
        last = self._done_at.get(name)
        if last is not None and now - last < timedelta(seconds=seconds):
            return False
        self._done_at[name] = now
        return True

    def _jobs(self) -> tuple[tuple[str, Job, int], ...]:
        return (
            ("polls", self.hint_at_polls, POLL_TICK),
            ("chores", self.hint_at_chores, CHORES_TICK),
            ("topics", self.follow_topics, TOPICS_TICK),
        )

    async def _engine(self, queue: str, at_once: int) -> None:
        """The queue's engine, started anew where it fails."""
        assert self._hints is not None
        while True:
            try:
                await self._hints.work(queue, at_once, STOP_SECONDS)
            except Exception as error:
                event(
                    _log, logging.ERROR, "queue.failed", queue=queue,
                    reason=f"{type(error).__name__}: {error}",
                )  # fmt: skip
            await asyncio.sleep(ENGINE_PAUSE)

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self.stopping.set)

    async def _drain(self, engines: list[asyncio.Task[None]]) -> None:
        """No new work; what is under way ends, or is handed back, within STOP_SECONDS."""
        self._ticks.stop()
        self.parts.outbox.stop()
        for engine in engines:
            engine.cancel()
        await asyncio.wait([*engines, *self._ticks.running], timeout=STOP_SECONDS + 5)


def run(settings: Settings, *, metrics: str = "") -> None:
    """A worker, until it is told to stop. Raises ConfigError and StorageError.

    It never brings the file's declarations into the database. ``metrics``: HOST:PORT at which
    it answers Prometheus; raises UsageError for what is no such address.
    """
    database = Database(settings.clusterwatch.database)
    try:
        queue_schema.check(database)
    finally:
        database.close()
    with open_alerts(settings) as parts:
        if metrics:
            serve(metrics, parts.crawler.database)
        run_loop(Worker(settings, parts).run())


def psycopg_url(url: str) -> str:
    """A database address as the driver itself reads it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}://{rest}"


def by_host(rows: Sequence[SourceRow]) -> dict[str, list[str]]:
    """Ids of sources by the host that is asked, longest waiting first."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        hosts[host_of(row.state.watch_url or row.source.url)].append(row.source.id)
    return hosts


def _is_wanted(row: SourceRow, since: datetime) -> bool:
    """Whether a hint still holds: nobody has polled the source since it was put."""
    last = row.state.last_polled
    return row.state.status == "active" and (last is None or last < since)


def _part_of(subscription: str) -> str:
    return str(sha256(subscription.encode()).digest()[0] % DISPATCH_PARTS)
