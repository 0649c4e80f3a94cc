"""The one long-lived crawl of this process, and how the doors talk to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Self

from crawler.config import Settings
from crawler.errors import ClusterwatchError, FetchError, SourceError, StorageError
from crawler.extract.listing import ListingHints
from crawler.fetch.asking import Came
from crawler.fetch.check import Checks
from crawler.fetch.chromium import find_chromium
from crawler.fetch.endings import Ended, unless
from crawler.fetch.gate import HostGate
from crawler.fetch.guard import AddressGuard
from crawler.fetch.host_leases import STOPPED, HostLeases
from crawler.fetch.leases import Leases
from crawler.fetch.letters import poll_letters
from crawler.fetch.manners import SETTING, Manners
from crawler.fetch.page import Page
from crawler.fetch.parsing import ParsePool, Parsing
from crawler.fetch.poll_visits import check_machine, hints_of, poll_visit
from crawler.fetch.ports import Ports
from crawler.fetch.rendering import Renderer
from crawler.fetch.robots import RobotsRules
from crawler.fetch.settings import proxy_for, scrapy_settings, user_agent
from crawler.fetch.visit import Abandoned, Visit
from crawler.fetch.wire import Answer
from crawler.ingest import Ingest
from crawler.logs import event
from crawler.model.backfill import Backfilled
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome
from crawler.sources.faults import address_remedy
from crawler.storage.checks import Claimed
from crawler.storage.database import Database, utc_now
from crawler.storage.host_leases import HostLeaseStore
from crawler.storage.source_rows import SourceRow
from crawler.storage.sources import SourceStore
from crawler.unchanged import UnchangedPolls

logger = logging.getLogger(__name__)
STOP_SECONDS = 20.0
SPIDER = "watch"


class Crawl:
    """Scrapy's engine in the running asyncio loop, fed from a queue of visits.

    One per process: politeness does not hold across two. Use as an async context manager.
    """

    def __init__(
        self,
        settings: Settings,
        ingest: Ingest,
        *,
        owner: str,
        parsing: Parsing | None = None,
        clock: Callable[[], datetime] = utc_now,
        renderer: Renderer | None = None,
    ) -> None:
        crawl = settings.crawl
        self._settings = settings
        proxied = partial(proxy_for, proxy=crawl.proxy)
        self._guard = AddressGuard(crawl.allow_networks, proxied=proxied)
        self._owner = owner
        self._clock = clock
        self._sources = SourceStore(ingest.database)
        self._parsing = parsing or ParsePool()
        self._renderer = renderer or Renderer(user_agent(crawl.contact), crawl.max_page_bytes)
        self._ports = Ports.of(
            settings, ingest, self._parsing, self._renderer, clock, self._guard.allows, owner
        )
        self._queue: asyncio.Queue[Visit | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._runner: Any = None
        self._pending: set[Visit] = set()
        self._leases = Leases(ingest.database, owner, clock)
        self._checks: Checks | None = None  # once the engine runs
        self._gate = HostGate(
            crawl.delay_per_host.total_seconds(),
            at_once=crawl.concurrent_requests,
            leases=_host_leases(ingest.database, owner, crawl.timeout.total_seconds()),
        )

    async def __aenter__(self) -> Self:
        from scrapy.crawler import AsyncCrawlerRunner

        rules = RobotsRules(self._ports.fetched, self._gate, self._clock)
        manners = {SETTING: Manners(self._gate, self._guard, rules)}
        self._runner = AsyncCrawlerRunner(scrapy_settings(self._settings) | manners)
        ready = asyncio.Event()
        self._task = self._runner.crawl(SPIDER, queue=self._queue, ready=ready)
        # An engine that is stopped while it still starts never ends.
        await _first(self._task, ready)
        ingest = self._ports.ingest
        unchanged = UnchangedPolls(
            ingest.database, self._settings.crawl, ingest.rhythms, self._owner
        )
        self._checks = Checks(next(iter(self._runner.crawlers)), self._ports, unchanged)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    # -- what the doors ask for -------------------------------------------------------------

    async def poll(
        self,
        row: SourceRow,
        *,
        full: bool = False,
        dry_run: bool = False,
        articles: bool = True,
    ) -> PollOutcome:
        """Poll one source under its lease; ``busy`` where another process polls it now.

        Without ``articles`` (a dry run alone) only the list itself is looked at.
        """
        if dry_run:
            return await self._polled(row, full, dry_run=True, articles=articles)
        source_id = row.source.id
        async with self._leases.hold(source_id) as claimed:
            if claimed is None:
                return PollOutcome(source_id, "busy", kind=row.state.watch_kind)
            # Another process may have polled it since the row was read: the claimed one counts.
            return await self._polled(claimed.row, full, claimed=claimed)

    async def claim(self, ids: Sequence[str]) -> list[Claimed]:
        """Those of the sources that nobody polls now, under this process's lease.

        Each must be handed to ``poll_claimed``, which gives its lease back.
        """
        return await self._leases.take(ids)

    async def poll_claimed(self, claimed: Claimed) -> PollOutcome:
        """Poll a source that ``claim`` gave."""
        try:
            return await self._polled(claimed.row, False, claimed=claimed)
        finally:
            await self._leases.end(claimed.row.source.id)

    async def backfill(
        self,
        row: SourceRow,
        since: datetime,
        progress: Callable[[Backfilled], None] | None = None,
    ) -> Backfilled:
        """Walk a source's past into the archive, under its lease; its polls notice nothing.

        ``progress`` is told after every page and article. What was stored before a failure
        stays. Raises SourceError for a source that has no list of items.
        """
        source = row.source
        if {"page", "newsletter"} & {source.kind, row.state.watch_kind}:
            kind = "newsletter" if source.kind == "newsletter" else "single page"
            raise SourceError(
                f'"{source.id}" is watched as a {kind}: it has no older items.',
                source=source.id,
            )
        check_machine(source)
        async with self._leases.hold(source.id) as claimed:
            if claimed is None:
                return Backfilled(source.id, since, "busy")
            state = claimed.row.state
            visit = Visit(
                "backfill", source.url, self._ports, source=source, state=state,
                unconditional=True,
            )  # fmt: skip
            visit.hints = hints_of(source, state)
            visit.since, visit.progress = since, progress
            try:
                found: Backfilled = await self._visit(visit)
            except ClusterwatchError as error:
                return Backfilled(source.id, since, "failed", error=error.line())
            return found

    async def detect(self, url: str, hints: ListingHints | None = None, render: str = "") -> Any:
        """How a page would be watched: a ``crawler.extract.detect.Detection``.

        ``render`` as in ``Source``. Raises FetchError or ExtractError, ConfigError where a
        browser is wanted and missing.
        """
        if render:
            find_chromium()
        visit = Visit("detect", url, self._ports, render=render)
        visit.hints = hints or ListingHints()
        try:
            return await self._visit(visit)
        except FetchError as error:
            error.remedy = error.remedy or address_remedy(error.kind, error.status, url)
            raise

    async def get(self, url: str) -> Page:
        """One page. Raises FetchError."""
        page = await self._visit(Visit("get", url, self._ports))
        assert isinstance(page, Page)
        return page

    async def stop(self) -> None:
        """Let what is under way end for STOP_SECONDS, then close the engine and the pool.

        What has not ended by then is given up: nothing of it is stored, its lease goes back.
        """
        if self._pending:
            waiting = [visit.result for visit in self._pending]
            await asyncio.wait(waiting, timeout=STOP_SECONDS)
        # What is being stored keeps its lease until it is; what waits for its turn is given up.
        await asyncio.to_thread(self._ports.storing.close)
        for visit in list(self._pending):
            visit.abandon()
        self._gate.close()
        await self._queue.put(None)
        if self._runner is not None:
            await self._runner.stop()
            await self._runner.join()
        await self._gate.end_leases()
        await self._renderer.close()
        await asyncio.to_thread(self._parsing.close)

    # -- inside -----------------------------------------------------------------------------

    async def _polled(
        self,
        row: SourceRow,
        full: bool,
        *,
        dry_run: bool = False,
        articles: bool = True,
        claimed: Claimed | None = None,
    ) -> PollOutcome:
        try:
            check_machine(row.source)
            if row.source.kind == "newsletter":
                return await poll_letters(
                    row.source, self._ports, self.get, full=full, dry_run=dry_run, articles=articles
                )
            came = await self._settled(claimed) if claimed is not None and not full else None
            if isinstance(came, PollOutcome):
                return came
            visit = poll_visit(row, self._ports, full=full, dry_run=dry_run, articles=articles)
            outcome = await self._under_way(visit, self._visited(visit, claimed, came))
            if claimed is not None:  # what was read is stored, and the source free again
                self._leases.went_back(row.source.id)
        except Exception as error:  # one odd source must not stop the rest
            return await self._broken(row, error, dry_run)
        assert isinstance(outcome, PollOutcome)
        return outcome

    async def _broken(self, row: SourceRow, error: Exception, dry_run: bool) -> PollOutcome:
        """A poll that could not be made or stored: noted as a failure, so that it is not
        repeated at every tick."""
        source_id, kind = row.source.id, row.state.watch_kind
        if not isinstance(error, ClusterwatchError):
            logger.error("poll.broken source=%s", source_id, exc_info=error)
            error = ClusterwatchError(f"Polling failed: {type(error).__name__}: {error}"[:300])
        if not (isinstance(error, FetchError) and error.kind == STOPPED):
            reading = Reading(
                source_id, kind=kind, error=error.message, remedy=error.remedy, error_kind="other"
            )
            try:
                return await self._ports.storing.store(reading, dry_run=dry_run)
            except StorageError as away:  # of each poll under way: what went wrong first counts
                reason = away.line()
                event(logger, logging.WARNING, "poll.not_noted", source=source_id, reason=reason)
            except Exception:
                logger.exception("poll.not_noted source=%s", source_id)
        return PollOutcome(source_id, "failed", kind=kind, error=error.line())

    async def _settled(self, claimed: Claimed) -> PollOutcome | Came | None:
        """The outcome of a poll that ended with its first answer, because nothing changed; else
        what asking brought, None where nobody was asked."""
        assert self._checks is not None
        if not self._checks.can_settle(claimed):
            return None
        came = await self._checks.settled(claimed)
        if isinstance(came, PollOutcome):
            self._leases.went_back(came.source)
        return came

    async def _visited(self, visit: Visit, claimed: Claimed | None, came: Came | None) -> Any:
        """The result of a poll's visit: feeds that answer plainly are read beside the engine."""
        checks = self._checks
        assert checks is not None
        if came is not None and claimed is not None:
            visit.before = known = claimed.known
        elif visit.task == "feed" and not visit.renders:
            known = await visit.known_validators()
            came = await checks.ask(visit, known)
        else:
            return await self._visit(visit)
        visit.requests += 1
        page = checks.page_of(visit, came) if isinstance(came, Answer) else None
        if page is not None:
            return await checks.read(visit, page, known)
        visit.handed = came
        return await self._visit(visit)

    async def _under_way(self, visit: Visit, work: Awaitable[Any]) -> Any:
        """The result of ``work`` on a visit that ``stop`` waits for."""
        self._pending.add(visit)
        try:
            return await work
        except Abandoned:
            raise FetchError("Stopped.", url=visit.url, kind=STOPPED) from None
        finally:
            self._pending.discard(visit)
            if not visit.result.done():  # who asked was cancelled
                visit.abandon()

    async def _visit(self, visit: Visit) -> Any:
        self._pending.add(visit)
        try:
            await self._queue.put(visit)
            assert self._task is not None
            await asyncio.wait({self._task, visit.result}, return_when=asyncio.FIRST_COMPLETED)
            if visit.abandoned:
                raise FetchError("Stopped.", url=visit.url, kind=STOPPED)
            if not visit.result.done():
                self._task.result()  # raises what ended the crawl
                raise FetchError("The crawl has ended.", url=visit.url, kind=STOPPED)
            return visit.result.result()
        finally:
            self._pending.discard(visit)
            if not visit.result.done():  # who asked was cancelled
                visit.abandon()


async def _first(task: asyncio.Task[None], ready: asyncio.Event) -> None:
    """Wait until the crawl is ready. Raises what ended it before."""
    with suppress(Ended):
        await unless(ready.wait(), task)
    if task.done():
        task.result()


def _host_leases(database: Database, owner: str, timeout_seconds: float) -> HostLeases | None:
    """On PostgreSQL other processes may visit the same hosts; on SQLite one daemon does."""
    if database.is_sqlite:
        return None
    return HostLeases(HostLeaseStore(database), owner, timeout_seconds)
