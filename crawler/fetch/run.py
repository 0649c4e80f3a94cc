"""The one long-lived crawl of this process, and how the doors talk to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from crawler.config import Settings
from crawler.errors import ClusterwatchError, FetchError
from crawler.extract.listing import ListingHints
from crawler.fetch.gate import HostGate
from crawler.fetch.guard import AddressGuard
from crawler.fetch.manners import SETTING, Manners
from crawler.fetch.page import Page
from crawler.fetch.parsing import ParsePool, Parsing
from crawler.fetch.robots import RobotsRules
from crawler.fetch.settings import scrapy_settings
from crawler.fetch.visit import UNCONDITIONAL_AFTER, Ports, Visit
from crawler.ingest import Ingest
from crawler.model.source import PollOutcome, Source, SourceState
from crawler.storage.database import utc_now
from crawler.storage.fetched import FetchedStore
from crawler.storage.sources import SourceRow, SourceStore

LEASE = timedelta(minutes=30)
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
    ) -> None:
        self._settings = settings
        self._owner = owner
        self._clock = clock
        self._sources = SourceStore(ingest.database)
        self._parsing = parsing or ParsePool()
        self._ports = Ports(
            ingest=ingest,
            fetched=FetchedStore(ingest.database),
            parsing=self._parsing,
            clock=clock,
            zone=settings.zone,
            folder=settings.folder,
        )
        self._queue: asyncio.Queue[Visit | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._runner: Any = None
        self._pending: set[Visit] = set()

    async def __aenter__(self) -> Self:
        from scrapy.crawler import AsyncCrawlerRunner

        crawl = self._settings.crawl
        gate = HostGate(crawl.delay_per_host.total_seconds())
        settings = scrapy_settings(self._settings) | {
            SETTING: Manners(
                gate,
                AddressGuard(crawl.allow_networks, proxied=bool(crawl.proxy)),
                RobotsRules(self._ports.fetched, gate, self._clock),
            )
        }
        self._runner = AsyncCrawlerRunner(settings)
        self._task = self._runner.crawl(SPIDER, queue=self._queue)
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
        self, row: SourceRow, *, full: bool = False, dry_run: bool = False
    ) -> PollOutcome:
        """Poll one source under its lease; ``busy`` where another process polls it now."""
        source, state = row.source, row.state
        if not dry_run:
            now = self._clock()
            claimed = await asyncio.to_thread(
                self._sources.claim, source.id, self._owner, now, LEASE
            )
            if not claimed:
                return PollOutcome(source.id, "busy", kind=state.watch_kind)
        try:
            outcome = await self._visit(self._poll_visit(source, state, full, dry_run))
            assert isinstance(outcome, PollOutcome)
            return outcome
        except ClusterwatchError as error:
            return PollOutcome(source.id, "failed", kind=state.watch_kind, error=error.line())
        finally:
            if not dry_run:
                await asyncio.to_thread(self._sources.release, source.id, self._owner)

    async def detect(self, url: str, hints: ListingHints | None = None) -> Any:
        """How a page would be watched: a ``crawler.extract.detect.Detection``.

        Raises FetchError or ExtractError.
        """
        visit = Visit("detect", url, self._ports)
        visit.hints = hints or ListingHints()
        return await self._visit(visit)

    async def get(self, url: str) -> Page:
        """One page. Raises FetchError."""
        page = await self._visit(Visit("get", url, self._ports))
        assert isinstance(page, Page)
        return page

    async def stop(self) -> None:
        """Let what is under way end for STOP_SECONDS, then close the engine and the pool."""
        if self._pending:
            waiting = [visit.result for visit in self._pending]
            await asyncio.wait(waiting, timeout=STOP_SECONDS)
        await self._queue.put(None)
        if self._runner is not None:
            await self._runner.stop()
            await self._runner.join()
        for visit in list(self._pending):
            if not visit.result.done():
                visit.result.set_exception(FetchError("Stopped.", url=visit.url))
        await asyncio.to_thread(self._parsing.close)

    # -- inside -----------------------------------------------------------------------------

    def _poll_visit(self, source: Source, state: SourceState, full: bool, dry_run: bool) -> Visit:
        task = source.kind if source.kind != "auto" else (state.watch_kind or "detect")
        url = (state.watch_url or source.url) if task != "detect" else source.url
        full_at = state.full_at or self._clock()
        visit = Visit(
            task, url, self._ports, source=source, state=state, full=full,
            unconditional=self._clock() - full_at > UNCONDITIONAL_AFTER, dry_run=dry_run,
        )  # fmt: skip
        visit.hints = ListingHints(
            only_links=source.only_links,
            skip_links=source.skip_links,
            selector=source.selector,
            learned=state.learned,
        )
        return visit

    async def _visit(self, visit: Visit) -> Any:
        self._pending.add(visit)
        try:
            await self._queue.put(visit)
            assert self._task is not None
            await asyncio.wait({self._task, visit.result}, return_when=asyncio.FIRST_COMPLETED)
            if not visit.result.done():
                self._task.result()  # raises what ended the crawl
                raise FetchError("The crawl has ended.", url=visit.url)
            return visit.result.result()
        finally:
            self._pending.discard(visit)
