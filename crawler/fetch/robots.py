"""robots.txt by RFC 9309, kept in the database for up to a day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from protego import Protego

from crawler.errors import FetchError, RefusedError
from crawler.fetch.gate import HostGate, host_of, origin_of
from crawler.fetch.host_leases import STOPPED
from crawler.fetch.manners import manners_of
from crawler.fetch.page import Page, robots_refusal
from crawler.sources.faults import fault_of
from crawler.storage.fetched import FetchedStore, RobotsTxt

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

MAX_AGE = timedelta(hours=24)
TRY_AGAIN = timedelta(minutes=10)  # after a robots.txt that could not be had
SOON = timedelta(minutes=1)  # where it may be our own network that is down
MAX_BYTES = 512_000  # RFC 9309 2.5 asks for at least 500 KiB
KEPT_ORIGINS = 20_000
KEPT_VERDICTS = 8  # addresses of an origin whose verdicts are kept beside its rules
TOKEN = "Clusterwatch"  # noqa: S105  (our product token, no secret)
FETCHING = "clusterwatch_robots"
Fetch = Callable[[str], Awaitable[Page]]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an origin allows, or why nobody knows."""

    until: datetime
    rules: Protego | None = None
    delay_seconds: float = 0.0
    problem: FetchError | None = None
    allowed: dict[str, bool] = field(default_factory=dict)  # of the addresses asked about last

    def allows(self, url: str) -> bool:
        """Whether the rules let us fetch an address; most are asked about again and again."""
        found = self.allowed.get(url)
        if found is None:
            found = self.rules is None or self.rules.can_fetch(url, TOKEN)
            if len(self.allowed) >= KEPT_VERDICTS:
                self.allowed.clear()
            self.allowed[url] = found
        return found


class RobotsRules:
    """What each origin allows us."""

    def __init__(self, store: FetchedStore, gate: HostGate, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: str, fetch: Fetch) -> None:
        """Raises RefusedError where robots.txt forbids the address, FetchError where the
        file cannot be had just now (RFC 9309 2.3.1.4: then nothing may be fetched)."""
        origin = origin_of(url)
        kept = self._kept.get(origin)
        if kept is None or self._clock() >= kept.until:
            kept = await self._known(origin, fetch)
        # Said anew each time: the gate forgets hosts that were long idle.
        self._gate.slow_down(host_of(url), kept.delay_seconds)
        if kept.problem is not None:
            raise _again(kept.problem)
        if not kept.allows(url):
            raise robots_refusal(url)

    async def _known(self, origin: str, fetch: Fetch) -> _Kept:
        """What an origin allows, asked for once by all who want to know."""
        async with self._locks.setdefault(origin, asyncio.Lock()):
            kept = self._kept.get(origin)
            if kept is None or self._clock() >= kept.until:
                kept = await self._learn(origin, fetch)
                self._remember(origin, kept)
        return kept

    async def _learn(self, origin: str, fetch: Fetch) -> _Kept:
        now = self._clock()
        stored = await asyncio.to_thread(self._store.robots, origin)
        if stored is not None and now - stored.fetched_at < MAX_AGE:
            return await _parsed(stored, stored.fetched_at + MAX_AGE)
        try:
            found = await self._fetched(origin, fetch)
        except FetchError as error:
            if error.kind == STOPPED:
                raise
            if stored is not None:  # an older copy still says what the owner wants
                return await _parsed(stored, now + TRY_AGAIN)
            wait = SOON if fault_of(error.kind, error.status).network else TRY_AGAIN
            return _Kept(now + wait, problem=error)
        await asyncio.to_thread(self._store.keep_robots, origin, found)
        return await _parsed(found, found.fetched_at + MAX_AGE)

    async def _fetched(self, origin: str, fetch: Fetch) -> RobotsTxt:
        url = origin + "/robots.txt"
        try:
            page = await fetch(url)
        except RefusedError:
            raise
        except FetchError as error:
            if error.kind == STOPPED:
                raise
            if error.kind == "redirect":  # RFC 9309 2.3.1.2: too many hops count as no file
                return RobotsTxt(404, "", self._clock())
            if fault_of(error.kind, error.status).network:
                raise  # the whole host cannot be reached: it is not about robots.txt
            raise FetchError(
                f"robots.txt cannot be read, so nothing was fetched: {error.message}",
                url=url,
                kind=error.kind,
            ) from error
        if page.status >= 500 or page.status == 429:
            raise FetchError(
                f"robots.txt cannot be read (HTTP {page.status}), so nothing was fetched.",
                url=url,
                kind="http",
                status=page.status,
            )
        status = 200 if page.status == 200 else 404
        body = page.body[:MAX_BYTES].decode("utf-8", "replace") if status == 200 else ""
        return RobotsTxt(status, body.replace("\x00", ""), self._clock())

    def _remember(self, origin: str, kept: _Kept) -> None:
        if len(self._kept) >= KEPT_ORIGINS:  # those learned first are stored all the same
            for old in list(self._kept)[: KEPT_ORIGINS // 10 + 1]:
                del self._kept[old]
            self._locks = {key: lock for key, lock in self._locks.items() if lock.locked()}
        self._kept[origin] = kept


class RobotsMiddleware:
    """Asks the address guard, then RobotsRules, before every request; robots.txt itself is
    asked for without rules of its own."""

    def __init__(self, crawler: Crawler) -> None:
        manners = manners_of(crawler)
        self._rules, self._guard = manners.robots, manners.guard
        self._obey = crawler.settings.getbool("CLUSTERWATCH_OBEY_ROBOTS")
        self._fetch = robots_fetch(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        self._guard.check_url(request.url)
        if self._obey and not request.meta.get(FETCHING):
            await self._rules.check(request.url, self._fetch)


def robots_fetch(crawler: Crawler) -> Fetch:
    """How a crawl gets a robots.txt: as any page, without rules for itself."""

    async def fetch(url: str) -> Page:
        from scrapy import Request

        from crawler.fetch.page import fetch_error, page_of

        request = Request(
            url, meta={FETCHING: True, "download_maxsize": 2 * MAX_BYTES}, dont_filter=True
        )
        assert crawler.engine is not None
        try:
            response = await crawler.engine.download_async(request)
        except Exception as error:  # whatever a hostile server makes the stack raise
            raise fetch_error(error, url) from error
        return page_of(response, url)

    return fetch


async def _parsed(found: RobotsTxt, until: datetime) -> _Kept:
    # In a thread: half a megabyte of rules takes most of a second.
    rules = await asyncio.to_thread(Protego.parse, found.body if found.status == 200 else "")
    return _Kept(until, rules, float(rules.crawl_delay(TOKEN) or 0.0))


def _again(error: FetchError) -> FetchError:
    """A fresh copy: one exception raised many times would collect every traceback."""
    family = RefusedError if isinstance(error, RefusedError) else FetchError
    return family(
        error.message, url=error.url, kind=error.kind, status=error.status, remedy=error.remedy
    )
