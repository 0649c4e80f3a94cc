"""One address asked beside Scrapy's engine, behind the same guard, robots rules, gate and limits.

What Scrapy's middlewares would hand on as it came is a page at once; redirects, meta refreshes and
bodies that are not whole are theirs, answer included, so that nothing is asked for twice. Why the
engine is left out: docs/adr, "A check beside the engine".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crawler.errors import FetchError
from crawler.fetch.manners import manners_of
from crawler.fetch.page import Page
from crawler.fetch.robots import robots_fetch
from crawler.fetch.settings import proxy_for
from crawler.fetch.unpacking import unpacked
from crawler.fetch.wire import Answer, is_as_written

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

Came = Answer | Exception  # what asking an address brought
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PACKED = "content-encoding"
# A meta refresh counts within a page's first 4,096 characters, of four bytes at most.
_MAY_REFRESH_BYTES = 4 * 4_096


class Asking:
    """One request beside the engine, with what Scrapy's middlewares add to every other."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        assert crawler.engine is not None
        self._handlers = crawler.engine.downloader.handlers
        self._robots = manners_of(crawler).robots
        self._guard = manners_of(crawler).guard
        self._fetch_robots = robots_fetch(crawler)
        self._obey = settings.getbool("CLUSTERWATCH_OBEY_ROBOTS")
        self._proxy: str = settings["CLUSTERWATCH_PROXY"]
        self._most_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._usual: dict[str, str] = {
            **settings.getdict("DEFAULT_REQUEST_HEADERS"),
            "User-Agent": settings["USER_AGENT"],
        }

    async def __call__(self, url: str, said: Mapping[str, str]) -> Answer:
        """Whatever answers. Raises what the download handler and the robots rules raise."""
        from crawler.fetch.handler import PoliteDownloadHandler

        self._guard.check_url(url)
        if self._obey:
            await self._robots.check(url, self._fetch_robots)
        handler = self._handlers._get_handler(url.partition(":")[0].lower())
        assert isinstance(handler, PoliteDownloadHandler)
        proxy = proxy_for(url, self._proxy) if self._proxy else ""
        return await handler.ask(url, said, self._usual, proxy)

    def body(self, answer: Answer) -> bytes | None:
        """An answer's body unpacked; None for a broken one, which the engine names."""
        try:
            return unpacked(answer.body, answer.headers.get(_PACKED, ""), self._most_bytes)
        except FetchError:
            return None

    def page_of(self, answer: Answer, requested: str) -> Page | None:
        """The answer as a page; None where Scrapy's middlewares may make something else of it."""
        body = self.body(answer) if answer.status not in _REDIRECTS else None
        if body is None or _may_refresh(body):
            return None
        headers = {name: value for name, value in answer.headers.items() if name != _PACKED}
        return Page(answer.url, requested, answer.status, body, headers)


def asking_of(crawler: Crawler) -> Asking:
    """The one of a crawl whose engine runs."""
    manners = manners_of(crawler)
    if manners.asking is None:
        manners.asking = Asking(crawler)
    return manners.asking


def spelled(url: str) -> str:
    """An address as Scrapy asks for it. Raises ValueError for one without a scheme."""
    from scrapy import Request

    return url if is_as_written(url) else Request(url).url


def as_scrapys(came: Came) -> Response | Exception:
    """What asking brought, as Scrapy has it."""
    from scrapy.http import Headers
    from scrapy.responsetypes import responsetypes

    if isinstance(came, Exception):
        return came
    headers = Headers(came.headers)
    kind = responsetypes.from_args(headers=headers, url=came.url, body=came.body)
    return kind(came.url, came.status, headers=headers, body=came.body)


def _may_refresh(body: bytes) -> bool:
    """Whether a page may lead on by a meta refresh: letters of two bytes hide the word."""
    start = body[:_MAY_REFRESH_BYTES]
    return b"refresh" in start.lower() or b"\0" in start
