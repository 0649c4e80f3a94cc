"""One visit: a source polled, a page detected or read; what it may fetch, parse and ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from crawler import metrics
from crawler.comparison import Comparison, Listed
from crawler.errors import ClusterwatchError, ExtractError, FetchError, RefusedError
from crawler.extract.article_templates import Templates
from crawler.extract.listing import ListingHints
from crawler.fetch.asking import Came, as_scrapys, asking_of, spelled
from crawler.fetch.endings import Ended, unless
from crawler.fetch.freshness import conditions, repeats_etag, stale_notice
from crawler.fetch.gate import origin_of
from crawler.fetch.headers_file import own_headers
from crawler.fetch.host_leases import STOPPED
from crawler.fetch.middlewares import HANDED, HEADERS_NAMES, HEADERS_ORIGIN, VISIT
from crawler.fetch.page import Page, check_page, fetch_error, max_age_seconds, page_of
from crawler.fetch.ports import Ports
from crawler.fetch.rendering import Asked
from crawler.model.backfill import Backfilled
from crawler.model.item import RawItem
from crawler.model.reading import Reading
from crawler.model.source import Source, SourceState, Validators
from crawler.moves import bare
from crawler.outcomes import OFFLINE
from crawler.sources.faults import OUR_NETWORK, fault_of, kind_of, remedy_for
from crawler.storage.fetched import validators_key

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

T = TypeVar("T")


class Visit:
    """One task of the crawl. The spider's strategies use it; its future carries the result.

    ``task`` names the strategy: feed, listing, sitemap, page, detect, get or backfill.
    """

    def __init__(
        self,
        task: str,
        url: str,
        ports: Ports,
        *,
        source: Source | None = None,
        state: SourceState | None = None,
        full: bool = False,
        unconditional: bool = False,
        dry_run: bool = False,
        render: str = "",
    ) -> None:
        self.task = task
        self.url = url
        self.ports = ports
        self.source = source
        self.state = state
        self.full = full  # everything is read again
        self.unconditional = full or unconditional
        self.dry_run = dry_run
        self.renders = (source.render if source else render) == "browser"
        self.barred: list[str] = []  # addresses that scripts ask for and robots.txt forbids
        self.articles = True  # False: the list alone is looked at
        self.requests = 0
        self.not_modified = 0
        self.validators: dict[str, Validators] = {}
        self.asked_unconditionally = True
        self.max_age_seconds = 0  # how long the page says it stays fresh
        self.before: Validators | None = None  # of the last time
        self.answered: Page | None = None  # the watched address's answer
        self.handed: Came | None = None  # what asking brought before the spider took it up
        self.new_listed = 0  # how many of the listed items are new
        # What the source's article pages taught, and whether this visit read one.
        self.templates = Templates.of(state.learned if state else {})
        self.templates_used = False
        self.incomplete = False  # more is new than this visit reads, or the feed broke off
        self.notice = ""  # something odd about what it read: one sentence
        self.hints = ListingHints()
        self.since: datetime | None = None  # a backfill goes back as far as this
        self.progress: Callable[[Backfilled], None] | None = None  # told how far it has come
        self.result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._crawler: Crawler | None = None
        self._headers = own_headers(source, ports.folder)

    # -- fetching ---------------------------------------------------------------------------

    def enter(self, crawler: Crawler) -> None:
        """The spider takes the visit up."""
        self._crawler = crawler

    def request(
        self,
        url: str,
        known: Validators | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        handed: Came | None = None,
        **arguments: Any,
    ) -> Request:
        """A Scrapy request of this visit, conditional where ``known`` says how; ``handed`` is
        what asking brought before."""
        from scrapy import Request

        meta = {
            VISIT: self,
            HANDED: handed and as_scrapys(handed),
            HEADERS_ORIGIN: origin_of(url),
            HEADERS_NAMES: tuple(self._headers),
        }
        sent = self.headers(url, known, headers)
        return Request(url, headers=sent, meta=meta, dont_filter=True, **arguments)

    def headers(
        self,
        url: str,
        known: Validators | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """What a request of this visit says beside what every request says."""
        headers = dict(headers or {})
        if origin_of(url) == origin_of(self.url):
            headers |= self._headers
        if self.unconditional and url == self.url:
            headers["Cache-Control"] = "no-cache"  # caches on the way may be what is stuck
        return headers | conditions(known)

    async def fetch(self, url: str) -> Page:
        """A further page of this visit. Raises FetchError for everything but the page itself."""
        page = await self._answer(Asked(url))
        check_page(page, self.ports.clock())
        return page

    async def rendered(self, page: Page) -> Page:
        """A web page with its scripts run where this visit asks for that, else as it is.

        Raises FetchError for a page that no browser can show, ConfigError without one.
        """
        if not self.renders or not page.is_html or page.status != 200:
            return page
        found = await self._unless_abandoned(self.ports.renderer.render(page, self._script_asks))
        self.barred += found.barred
        return found.page

    async def _script_asks(self, asked: Asked) -> Page:
        try:
            return await self._answer(asked)
        except Abandoned:
            raise FetchError("Fetching was stopped.", url=asked.url, kind=STOPPED) from None

    async def _answer(self, asked: Asked) -> Page:
        """Whatever a server answers. Raises FetchError where no answer comes."""
        try:
            page = await self._unless_abandoned(self._asked(asked))
        except Abandoned:
            raise
        except Exception as error:  # whatever a hostile server makes the stack raise
            raise fetch_error(error, asked.url) from error
        self.ports.network.answered()
        return page

    async def _asked(self, asked: Asked) -> Page:
        """The answer beside the engine where it comes plainly, else as Scrapy reads it."""
        assert self._crawler is not None
        assert self._crawler.engine is not None
        came = None
        if asked.is_plain:
            ask, address = asking_of(self._crawler), spelled(asked.url)
            self.requests += 1
            came = await ask(address, self.headers(asked.url))
            if page := ask.page_of(came, asked.url):
                return page
        request = self.request(
            asked.url, None, asked.headers, handed=came, method=asked.method, body=asked.body
        )
        self.requests += came is None
        return page_of(await self._crawler.engine.download_async(request), asked.url)

    async def known_validators(self) -> Validators | None:
        """How to ask whether the watched address changed; None: unconditionally."""
        if self.handed is not None:
            return self.before
        if self.full or self.source is None or self.task == "detect":
            return None
        key = validators_key(self.source, self.url)
        known = await self.ports.validators(key)
        self.before = known
        if self.unconditional:
            return None
        if known is not None and self.renders and self.task not in ("feed", "sitemap"):
            # The page as it comes is the same for ever: what its scripts make of it changes.
            return Validators(body_hash=known.body_hash)
        return known

    def accept(self, page: Page, known: Validators | None) -> bool:
        """Note the first page's answer; True where it says that nothing changed."""
        self.max_age_seconds = max_age_seconds(page.headers.get("cache-control", ""))
        self.answered = page
        self.ports.network.answered()
        if page.status == 304:
            self.not_modified += 1
            self.asked_unconditionally = False
            return True
        self.validators[self.url] = page.validators
        self.asked_unconditionally = known is None or not (known.etag or known.last_modified)
        return known is not None and known.body_hash == page.validators.body_hash

    # -- asking -----------------------------------------------------------------------------

    async def parse(self, task: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a pure step away from the loop."""
        with metrics.step(task.__name__):
            return await self._unless_abandoned(self.ports.parsing.run(task, *args, **kwargs))

    async def hold(self, articles: int) -> None:
        """Wait until so many articles may be in memory; they are until the visit has ended."""
        if articles:
            await self._unless_abandoned(self.ports.room.take(articles, self.result))

    async def compare(self, listed: Sequence[RawItem]) -> Comparison:
        """Which of the listed items are new, changed, or still without their text."""
        assert self.source is not None
        assert self.state is not None
        asked = Listed.of(self.source.id, listed, self.state.learned, full=self.full)
        compared = await self.ports.compare(asked)
        strange = compared.new
        # A site at another domain keeps its titles.
        if self.articles and len(strange) == len(listed):
            faces = await self._known_faces()
            strange = tuple(item for item in strange if bare(item.title) not in faces)
        self.new_listed = len(strange)
        return compared

    async def _known_faces(self) -> frozenset[str]:
        assert self.source is not None
        known = await asyncio.to_thread(self.ports.ingest.items.known_faces, self.source.id)
        return frozenset(map(bare, known))

    async def hints_with_known(self) -> ListingHints:
        """The hints, and what the source listed before: a redesigned page is searched for it."""
        if self.source is None or not self.hints.learned:
            return self.hints
        known = await asyncio.to_thread(self.ports.ingest.items.known_faces, self.source.id)
        return replace(self.hints, known=known)

    def reading(self, *, ttl_seconds: int | None = None, **values: Any) -> Reading:
        """A reading of this visit, with its counts."""
        assert self.source is not None
        fresh = self.validators.get(self.url)
        return Reading(
            landed_url=self.answered.url if self.answered else "",
            changed=fresh is not None and (fresh.body_hash != (self.before or fresh).body_hash),
            etag_repeated=fresh is not None and repeats_etag(self.before, fresh),
            notice=self._notice(),
            ttl_seconds=max(ttl_seconds or 0, self.max_age_seconds) or None,
            incomplete=self.incomplete,
            source=self.source.id,
            requests=self.requests,
            not_modified=self.not_modified,
            validators=dict(self.validators),
            full=self.asked_unconditionally,
            templates=self.templates.as_learned() if self.templates_used else None,
            **values,
        )

    async def whose_fault(self, error: Exception) -> Exception:
        """The error itself; where our own network is down, that instead."""
        if self.source is None or not isinstance(error, FetchError):
            return error
        if not fault_of(error.kind, error.status).network:
            return error
        if not await self.ports.network.is_down(self.url):
            return error
        return FetchError(
            "Our own network is down: other sites cannot be reached either.",
            url=self.url,
            kind=OFFLINE,
            remedy=OUR_NETWORK,
        )

    def failure(self, error: ClusterwatchError) -> Reading:
        """The reading of a visit that failed; what it learned so far is not kept."""
        fetching = error if isinstance(error, FetchError) else None
        reading = self.reading(
            kind=self.task if self.task != "detect" else "",
            error=error.message + self._bars(error),
            remedy=error.remedy or self._remedy(error),
            error_kind=_kind_of(error),
            retry_after_seconds=fetching.retry_after_seconds if fetching else None,
            http_status=fetching.status if fetching else None,
        )
        return replace(reading, validators={})

    def _remedy(self, error: ClusterwatchError) -> str:
        if self.source is None:
            return ""
        status = error.status if isinstance(error, FetchError) else None
        return remedy_for(kind_of(_kind_of(error), status), self.source)

    def _bars(self, error: ClusterwatchError) -> str:
        """What robots.txt kept the page's scripts from, where that may be why it is empty."""
        if not self.barred or not isinstance(error, ExtractError):
            return ""
        return f" (robots.txt forbids what its scripts ask for: {self.barred[0][:200]})"

    def _notice(self) -> str:
        if self.notice or self.answered is None or self.answered.status == 304:
            return self.notice
        return stale_notice(self.answered.headers, self.ports.clock())

    # -- ending early -----------------------------------------------------------------------

    def abandon(self) -> None:
        """Nobody waits for this visit any more: it stops at its next step, storing nothing."""
        self.result.cancel()

    @property
    def abandoned(self) -> bool:
        return self.result.cancelled()

    async def _unless_abandoned(self, work: Awaitable[T]) -> T:
        try:
            return await unless(work, self.result)
        except Ended:
            raise Abandoned from None


Strategy = Callable[[Visit, Page], Awaitable[Any]]


class Abandoned(Exception):
    """The visit was given up: not an error of the source's, and nothing to store."""


def is_refusal(error: FetchError) -> bool:
    """Whether trying again cannot help: robots.txt, the address guard, a page that is gone."""
    return isinstance(error, RefusedError) or error.status in (401, 403, 404, 410)


def _kind_of(error: ClusterwatchError) -> str:
    if isinstance(error, FetchError):
        return error.kind
    return "extract" if isinstance(error, ExtractError) else "other"
