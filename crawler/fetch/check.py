"""The check whether a watched page changed, beside Scrapy's engine.

Guard, robots rules, host gate and download handler are those of every other request. What the
check cannot settle it hands on, answer included: Scrapy then reads it as if it had asked itself,
so no page is asked for twice. Why the engine is left out: docs/adr, "A check beside the engine".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.fetch.batches import Batch
from crawler.fetch.freshness import asks_in_full
from crawler.fetch.manners import manners_of
from crawler.fetch.page import page_of
from crawler.fetch.robots import robots_fetch
from crawler.fetch.settings import proxy_for
from crawler.fetch.visit import Visit
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome
from crawler.storage.checks import Claimed
from crawler.storage.sources import SourceRow
from crawler.unchanged import UnchangedPolls

if TYPE_CHECKING:
    from scrapy import Request
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
            response = await self._ask(visit)
        except Exception as error:  # the spider tells whose fault it is
            visit.handed = error
            return None
        page = page_of(response, visit.url)
        is_plain = "content-encoding" not in page.headers
        landed = claimed.row.state.landed_url
        may_settle = page.status == 304 or (page.status == 200 and is_plain)
        # A page that leads elsewhere is judged by where it leads.
        if may_settle and landed in ("", visit.url) and visit.accept(page, claimed.known):
            reading = visit.reading(kind=visit.task, watch_url=visit.url, unchanged=True)
            return await self._stored.ask((claimed.row, reading))
        visit.handed = response
        return None


class _Asking:
    """One request of the check, with what Scrapy's middlewares add to every other."""

    def __init__(self, crawler: Crawler) -> None:
        from scrapy.downloadermiddlewares.httpcompression import ACCEPTED_ENCODINGS

        settings = crawler.settings
        assert crawler.engine is not None
        self._download = crawler.engine.downloader.handlers.download_request_async
        self._robots = manners_of(crawler).robots
        self._guard = manners_of(crawler).guard
        self._fetch_robots = robots_fetch(crawler)
        self._obey = settings.getbool("CLUSTERWATCH_OBEY_ROBOTS")
        self._proxy: str = settings["CLUSTERWATCH_PROXY"]
        self._timeout_seconds = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._headers: dict[str, Any] = {
            **settings.getdict("DEFAULT_REQUEST_HEADERS"),
            "User-Agent": settings["USER_AGENT"],
            "Accept-Encoding": b", ".join(ACCEPTED_ENCODINGS),
        }

    async def __call__(self, visit: Visit) -> Response:
        """Whatever answers. Raises what the download handler and the robots rules raise."""
        request = self._request(visit)
        self._guard.check_url(request.url)
        if self._obey:
            await self._robots.check(request.url, self._fetch_robots)
        return await self._download(request)

    def _request(self, visit: Visit) -> Request:
        request = visit.request(visit.url, visit.before)
        for name, value in self._headers.items():
            request.headers.setdefault(name, value)
        request.meta["download_timeout"] = self._timeout_seconds
        proxy = proxy_for(request.url, self._proxy)
        if proxy:
            request.meta["proxy"] = proxy
        return request
