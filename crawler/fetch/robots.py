"""robots.txt by RFC 9309, kept in the database for up to a day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from crawler.errors import FetchError
from crawler.fetch.gate import HostGate, host_of
from crawler.fetch.manners import manners_of
from crawler.fetch.page import Page, robots_refusal
from crawler.storage.fetched import FetchedStore, RobotsTxt

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

MAX_AGE = timedelta(hours=24)
MAX_BYTES = 512_000  # RFC 9309 2.5 asks for at least 500 KiB
TOKEN = "Clusterwatch"  # noqa: S105  (our product token, no secret)
FETCHING = "clusterwatch_robots"
Fetch = Callable[[str], Awaitable[Page]]


class RobotsRules:
    """What each origin allows us."""

    def __init__(self, store: FetchedStore, gate: HostGate, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock
        self._parsed: dict[str, tuple[Protego, datetime]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: str, fetch: Fetch) -> None:
        """Raises RefusedError where robots.txt forbids the address, FetchError where the
        file cannot be had just now (RFC 9309 2.3.1.4: then nothing may be fetched)."""
        origin = origin_of(url)
        async with self._locks.setdefault(origin, asyncio.Lock()):
            rules = await self._rules(origin, fetch)
        if not rules.can_fetch(url, TOKEN):
            raise robots_refusal(url)

    async def _rules(self, origin: str, fetch: Fetch) -> Protego:
        now = self._clock()
        parsed, when = self._parsed.get(origin, (None, now))
        if parsed is not None and now - when < MAX_AGE:
            return parsed
        kept = await asyncio.to_thread(self._store.robots, origin)
        if kept is None or now - kept.fetched_at >= MAX_AGE:
            kept = await self._refresh(origin, kept, fetch)
        rules = Protego.parse(kept.body if kept.status == 200 else "")
        delay = rules.crawl_delay(TOKEN)
        if delay:
            self._gate.slow_down(host_of(origin), float(delay))
        self._remember(origin, rules, kept.fetched_at)
        return rules

    async def _refresh(self, origin: str, old: RobotsTxt | None, fetch: Fetch) -> RobotsTxt:
        url = origin + "/robots.txt"
        try:
            page = await fetch(url)
        except FetchError as error:
            # An older copy still says what the owner wants; without one we stay away.
            if old is not None:
                return old
            raise FetchError(
                f"robots.txt cannot be read: {error.message}", url=url, kind=error.kind
            ) from error
        if page.status >= 500 or page.status == 429:
            if old is not None:
                return old
            raise FetchError(
                f"robots.txt cannot be read (HTTP {page.status}), so nothing was fetched.",
                url=url,
                kind="http",
                status=page.status,
            )
        status = 200 if page.status == 200 else 404
        body = page.body[:MAX_BYTES].decode("utf-8", "replace") if status == 200 else ""
        found = RobotsTxt(status, body.replace("\x00", ""), self._clock())
        await asyncio.to_thread(self._store.keep_robots, origin, found)
        return found

    def _remember(self, origin: str, rules: Protego, when: datetime) -> None:
        if len(self._parsed) >= 2000:
            self._parsed.clear()
            self._locks = {key: lock for key, lock in self._locks.items() if lock.locked()}
        self._parsed[origin] = (rules, when)


class RobotsMiddleware:
    """Asks RobotsRules before every request but the one for robots.txt itself."""

    def __init__(self, crawler: Crawler) -> None:
        self._rules = manners_of(crawler).robots
        self._obey = crawler.settings.getbool("CLUSTERWATCH_OBEY_ROBOTS")
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if self._obey and not request.meta.get(FETCHING):
            await self._rules.check(request.url, self._fetch)

    async def _fetch(self, url: str) -> Page:
        from scrapy import Request

        from crawler.fetch.page import fetch_error, page_of

        request = Request(
            url, meta={FETCHING: True, "download_maxsize": 2 * MAX_BYTES}, dont_filter=True
        )
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # whatever a hostile server makes the stack raise
            raise fetch_error(error, url) from error
        return page_of(response, url)


def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{host_of(url)}"
