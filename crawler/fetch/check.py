"""The check whether a watched page changed, beside Scrapy's engine.

Guard, robots rules, host gate and download handler are those of every other request. What the
check cannot settle it hands on, answer included: Scrapy then reads it as if it had asked itself,
so no page is asked for twice. Why the engine is left out: docs/adr, "A check beside the engine".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.fetch.batches import Batch
from crawler.fetch.freshness import asks_in_full
from crawler.fetch.manners import manners_of
from crawler.fetch.page import Page, page_of
from crawler.fetch.robots import robots_fetch
from crawler.fetch.settings import proxy_for
from crawler.fetch.visit import Visit
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome
from crawler.storage.checks import Claimed
from crawler.storage.sources import SourceRow
from crawler.unchanged import UnchangedPolls

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_CHECKED = ("feed", "listing", "sitemap", "page")


class Checks:
    """Asks watched addresses, and stores at once what found nothing new."""

    def __init__(
        self, crawler: Crawler, unchanged: UnchangedPolls, clock: Callable[[], datetime]
    ) -> None:
        self._ask = _Asking(crawler)
        self._clock = clock
        self._stored: Batch[tuple[SourceRow, Reading], PollOutcome] = Batch(
            lambda polled: unchanged.store(polled, clock())
        )

    def can_settle(self, claimed: Claimed) -> bool:
        """Whether a poll of this source may end with its first answer."""
        source, state = claimed.row.source, claimed.row.state
        kind = source.kind if source.kind != "auto" else state.watch_kind
        return (
            claimed.known is not None
            and not claimed.waits
            and not source.render
            and state.baseline
            and not state.failures
            and kind in _CHECKED
            and not asks_in_full(state, self._clock())
        )

    async def settled(self, visit: Visit, claimed: Claimed) -> PollOutcome | None:
        """The poll's outcome, stored, where nothing changed; None where the visit has to go on,
        with the answer or the failure in its ``handed``."""
        visit.before = claimed.known
        visit.requests += 1
        try:
            answer = await self._ask(visit)
        except Exception as error:  # the spider tells whose fault it is
            visit.handed = error
            return None
        page = answer if isinstance(answer, Page) else page_of(answer, visit.url)
        is_plain = "content-encoding" not in page.headers
        landed = claimed.row.state.landed_url
        may_settle = page.status == 304 or (page.status == 200 and is_plain)
        # A page that leads elsewhere is judged by where it leads.
        if may_settle and landed in ("", visit.url) and visit.accept(page, claimed.known):
            reading = visit.reading(kind=visit.task, watch_url=visit.url, unchanged=True)
            return await self._stored.ask((claimed.row, reading))
        visit.handed = answer if not isinstance(answer, Page) else _response_of(answer)
        return None


class _Asking:
    """The check's one request, with what Scrapy's middlewares add to every other."""

    def __init__(self, crawler: Crawler) -> None:
        import aiohttp
        from scrapy.downloadermiddlewares.httpcompression import ACCEPTED_ENCODINGS

        settings = crawler.settings
        assert crawler.engine is not None
        self._handlers = crawler.engine.downloader.handlers
        self._robots = manners_of(crawler).robots
        self._guard = manners_of(crawler).guard
        self._fetch_robots = robots_fetch(crawler)
        self._obey = settings.getbool("CLUSTERWATCH_OBEY_ROBOTS")
        self._proxy: str = settings["CLUSTERWATCH_PROXY"]
        self._timeout = aiohttp.ClientTimeout(total=settings.getfloat("DOWNLOAD_TIMEOUT"))
        self._headers: dict[str, str] = {
            **settings.getdict("DEFAULT_REQUEST_HEADERS"),
            "User-Agent": settings["USER_AGENT"],
            "Accept-Encoding": b", ".join(ACCEPTED_ENCODINGS).decode("ascii"),
        }

    async def __call__(self, visit: Visit) -> Page | Response:
        """Whatever answers. Raises what the download handler and the robots rules raise."""
        from crawler.fetch.handler import PoliteDownloadHandler, Question

        url = visit.url
        self._guard.check_url(url)
        if self._obey:
            await self._robots.check(url, self._fetch_robots)
        handler = self._handlers._get_handler(url.partition(":")[0].lower())
        assert isinstance(handler, PoliteDownloadHandler)
        said = visit.headers(url, visit.before)
        own = {name.lower() for name in said}
        usual = {name: value for name, value in self._headers.items() if name.lower() not in own}
        question = Question(
            url,
            {**said, **usual},
            proxy_for(url, self._proxy),
            self._timeout,
            lambda: visit.request(url, visit.before),
        )
        return await handler.ask(question)


def _response_of(page: Page) -> Response:
    """An answer 304 as Scrapy has it."""
    from scrapy.http import Response

    return Response(page.url, page.status, headers=dict(page.headers))
