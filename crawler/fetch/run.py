"""The one long-lived crawl of this process, and how the doors talk to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from crawler.config import Settings
from crawler.errors import ClusterwatchError, FetchError, SourceError
from crawler.extract.listing import ListingHints
from crawler.fetch.check import Checks
from crawler.fetch.chromium import find_chromium
from crawler.fetch.endings import Ended, unless
from crawler.fetch.freshness import asks_in_full
from crawler.fetch.gate import HostGate
from crawler.fetch.guard import AddressGuard
from crawler.fetch.host_leases import STOPPED, HostLeases
from crawler.fetch.leases import Leases
from crawler.fetch.letters import poll_letters
from crawler.fetch.manners import SETTING, Manners
from crawler.fetch.network import OwnNetwork
from crawler.fetch.page import Page
from crawler.fetch.parsing import ParsePool, Parsing
from crawler.fetch.rendering import Renderer
from crawler.fetch.robots import RobotsRules
from crawler.fetch.settings import scrapy_settings, user_agent
from crawler.fetch.visit import Ports, Visit
from crawler.ingest import Ingest
from crawler.model.backfill import Backfilled
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome, Source, SourceState
from crawler.storage.checks import Claimed
from crawler.storage.database import Database, utc_now
from crawler.storage.fetched import FetchedStore
from crawler.storage.host_leases import HostLeaseStore
from crawler.storage.sources import SourceRow, SourceStore
from crawler.unchanged import UnchangedPolls

logger = logging.getLogger(__name__)
STOP_SECONDS = 20.0
SPIDER = "watch"
LOST_AFTER = 3  # failures in a row
_LOST = ("http", "missing", "gone", "extract", "empty", "redirect", "moved")


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
        self._owner = owner
        self._clock = clock
        self._sources = SourceStore(ingest.database)
        self._parsing = parsing or ParsePool()
        self._renderer = renderer or Renderer(user_agent(crawl.contact), crawl.max_page_bytes)
        self._ports = Ports(
            ingest=ingest,
            fetched=FetchedStore(ingest.database),
            parsing=self._parsing,
            clock=clock,
            zone=settings.zone,
            folder=settings.folder,
            renderer=self._renderer,
            network=OwnNetwork(ingest.network, proxy=crawl.proxy, clock=clock),
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

        crawl = self._settings.crawl
        settings = scrapy_settings(self._settings) | {
            SETTING: Manners(
                self._gate,
                AddressGuard(crawl.allow_networks, proxied=bool(crawl.proxy)),
                RobotsRules(self._ports.fetched, self._gate, self._clock),
            )
        }
        self._runner = AsyncCrawlerRunner(settings)
        ready = asyncio.Event()
        self._task = self._runner.crawl(SPIDER, queue=self._queue, ready=ready)
        # An engine that is stopped while it still starts never ends.
        await _first(self._task, ready)
        unchanged = UnchangedPolls(self._ports.ingest.database, crawl)
        self._checks = Checks(next(iter(self._runner.crawlers)), unchanged, self._clock)
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
        _check_machine(source)
        async with self._leases.hold(source.id) as claimed:
            if claimed is None:
                return Backfilled(source.id, since, "busy")
            state = claimed.row.state
            visit = Visit(
                "backfill", source.url, self._ports, source=source, state=state,
                unconditional=True,
            )  # fmt: skip
            visit.hints = _hints(source, state)
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
        return await self._visit(visit)

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
            _check_machine(row.source)
            if row.source.kind == "newsletter":
                return await poll_letters(
                    row.source, self._ports, self.get, full=full, dry_run=dry_run, articles=articles
                )
            visit = self._poll_visit(row.source, row.state, full, dry_run)
            visit.articles = articles
            outcome = await self._checked(visit, claimed) or await self._visit(visit)
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
                return await asyncio.to_thread(
                    self._ports.ingest.store, reading, self._clock(), dry_run=dry_run
                )
            except Exception:  # the database itself: what went wrong first is what counts
                logger.exception("poll.not_noted source=%s", source_id)
        return PollOutcome(source_id, "failed", kind=kind, error=error.line())

    async def _checked(self, visit: Visit, claimed: Claimed | None) -> PollOutcome | None:
        """The outcome of a poll that ended with its first answer, because nothing changed."""
        assert self._checks is not None
        if claimed is None or visit.unconditional or not self._checks.can_settle(claimed):
            return None
        return await self._checks.settled(visit, claimed)

    def _poll_visit(self, source: Source, state: SourceState, full: bool, dry_run: bool) -> Visit:
        task = source.kind
        if task == "auto":
            task = "detect" if _look_again(state) else (state.watch_kind or "detect")
        url = (state.watch_url or source.url) if task != "detect" else source.url
        visit = Visit(
            task, url, self._ports, source=source, state=state, full=full,
            unconditional=asks_in_full(state, self._clock()), dry_run=dry_run,
        )  # fmt: skip
        visit.hints = _hints(source, state)
        return visit

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


def _hints(source: Source, state: SourceState) -> ListingHints:
    return ListingHints(
        only_links=source.only_links,
        skip_links=source.skip_links,
        selector=source.selector,
        learned=state.learned,
    )


def _look_again(state: SourceState) -> bool:
    """Whether a feed that was found once is gone for so long that the page it was found on
    should be looked at anew. (A listing that changed is searched by what was learned of it.)"""
    gone = state.error_kind in _LOST and state.failures >= LOST_AFTER
    return gone and state.watch_kind == "feed" and state.failures % LOST_AFTER == 0


def _check_machine(source: Source) -> None:
    """Raises ConfigError for what a source needs and this machine lacks."""
    if source.render:
        find_chromium()
