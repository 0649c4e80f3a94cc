"""The one spider of this house: takes visits from the queue and hands each to its strategy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import scrapy
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.errors import ClusterwatchError
from crawler.fetch.middlewares import VISIT
from crawler.fetch.page import Page, check_page, fetch_error, page_of
from crawler.fetch.pipelines import Settled
from crawler.fetch.reserved import as_allowed
from crawler.fetch.visit import Abandoned, Strategy, Visit
from crawler.model.reading import Reading
from crawler.model.source import Validators
from spiders import backfill, detect, faults, feed, listing, passages, single, sitemap, ways

STRATEGIES: dict[str, Strategy] = {
    "detect": detect.read,
    "feed": feed.read,
    "listing": listing.read,
    "sitemap": sitemap.read,
    "page": passages.read,
    "get": single.read,
    "backfill": backfill.read,
}


class WatchSpider(scrapy.Spider):
    """Never idle, never finished: ``start`` waits for visits until it is handed None."""

    name = "watch"

    def __init__(
        self,
        *args: Any,
        queue: asyncio.Queue[Visit | None],
        ready: asyncio.Event,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._queue = queue
        self._ready = ready
        self._known: dict[Visit, Any] = {}

    async def start(self) -> AsyncIterator[Any]:
        """The first request of every visit."""
        self._ready.set()
        while (visit := await self._queue.get()) is not None:
            visit.enter(self.crawler)
            if visit.abandoned:
                continue
            try:
                known = await visit.known_validators()
                self._known[visit] = known
                visit.requests += visit.handed is None
                request = visit.request(
                    visit.url, known, handed=visit.handed, callback=self.parse, errback=self.refused
                )
                visit.handed = None
            except Exception as error:  # one odd source must not end the crawl
                yield Settled(visit, self._failed(visit, error))
                continue
            yield request

    async def parse(self, response: Response) -> AsyncIterator[Settled]:
        """The first answer of a visit: its strategy reads on from here."""
        assert response.request is not None
        visit: Visit = response.request.meta[VISIT]
        known = self._known.pop(visit, None)
        with suppress(Abandoned):
            yield Settled(visit, await self.answered(visit, page_of(response, visit.url), known))

    async def answered(self, visit: Visit, page: Page, known: Validators | None) -> Any:
        """What a visit comes to whose watched address answered with ``page``: its reading, what
        it found or its failure. Raises Abandoned."""
        try:
            return await self._read(visit, page, known)
        except Abandoned:
            raise
        except Exception as error:
            return await self._explained(visit, faults.named(visit, page, error))

    async def _read(self, visit: Visit, page: Page, known: Validators | None) -> Any:
        check_page(page, visit.ports.clock())
        faults.refuse_home(visit, page)
        page = await visit.rendered(page)
        if visit.accept(page, known) and not visit.full and visit.source is not None:
            return await unchanged(visit)
        value = await STRATEGIES[visit.task](visit, page)
        faults.check_found(visit, page, value)
        if isinstance(value, Reading):
            return as_allowed(value, page, obey=visit.ports.obey_tdm)
        return value

    async def refused(self, failure: Failure) -> AsyncIterator[Settled]:
        """The first request of a visit got no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        visit: Visit = request.meta[VISIT]
        self._known.pop(visit, None)
        error = fetch_error(_exception(failure.value), visit.url)
        with suppress(Abandoned):
            yield Settled(visit, await self._explained(visit, error))

    async def _explained(self, visit: Visit, error: Exception) -> Any:
        """A failure with what else is known: whose fault it is, and the ways left."""
        return self._failed(visit, await ways.with_ways(visit, await visit.whose_fault(error)))

    def _failed(self, visit: Visit, error: Exception) -> Any:
        """A failed poll is a reading too; a failed look-up goes to who asked."""
        known = error if isinstance(error, ClusterwatchError) else None
        if known is None:
            self.logger.exception("visit.broken url=%s", visit.url)
            known = fetch_error(error, visit.url)
        if visit.source is not None and visit.since is None:
            return visit.failure(known)
        return known


async def unchanged(visit: Visit) -> Any:
    """Nothing new on the page; texts that could not be read before get another try."""
    from spiders.articles import pending

    entries = await pending(visit)
    return visit.reading(kind=visit.task, watch_url=visit.url, entries=entries, unchanged=True)


def _exception(error: BaseException | None) -> Exception:
    return error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
