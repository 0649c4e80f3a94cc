"""A source's past: its older list pages, month archives and sitemaps, for the archive alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crawler.errors import ExtractError, FetchError
from crawler.extract.charset import decode
from crawler.extract.feed import read_feed
from crawler.extract.listing import ListingHints, ListingReading, read_listing
from crawler.extract.listing_around import older_pages
from crawler.extract.older import belongs, host, is_before, page_number, period, sections
from crawler.extract.sitemap import SitemapReading, looks_like_sitemap, read_sitemap
from crawler.fetch.gate import origin_of
from crawler.fetch.page import Page
from crawler.fetch.visit import Visit
from crawler.model.backfill import Backfilled
from crawler.model.item import RawItem
from spiders.backfill_items import Keeper
from spiders.links import kept
from spiders.sitemap import inflated, named_sitemaps

MAX_PAGES = 50
MAX_SITEMAPS = 20
MAX_FAILURES = 3  # pages in a row that cannot be had
CHUNK = 20  # addresses of a sitemap that are read before it is asked whether they are too old
RECENT = timedelta(days=2)  # where the watched list has no dates: newer is left to the polls


@dataclass(frozen=True)
class _Watched:
    """What the source shows now: polls bring that, the walk goes beyond it."""

    items: tuple[RawItem, ...]  # what polls see
    page: ListingReading | None  # the web page, where it is one
    hints: ListingHints  # how further pages are read


async def read(visit: Visit, page: Page) -> Backfilled:
    """Walk from the watched page into the past. Raises FetchError and ExtractError where the
    watched page itself cannot be read."""
    assert visit.since is not None
    watched = await _watched(visit, page)
    newest = _newest(watched.items, visit.ports.clock())
    keeper = Keeper(visit, visit.since, watched.items, newest)
    if watched.page is not None:
        await keeper.take(_wanted(visit, watched.page.items), listed=True)
        await _Lists(visit, keeper, watched, visit.since).walk(page)
    if not keeper.stopped:
        await _Sitemaps(visit, keeper, watched, visit.since).walk()
    keeper.count()  # requests that came to nothing count as well
    return keeper.counts


async def _watched(visit: Visit, page: Page) -> _Watched:
    """The feed's entries where a feed is watched, else those of the page."""
    assert visit.source is not None
    assert visit.state is not None
    beginning = decode(page.body[:5000], page.content_type).lstrip()[:200].lower()
    if looks_like_sitemap(beginning):
        return _Watched((), None, visit.hints)
    if beginning.startswith(("<?xml", "<rss", "<feed", "<rdf", "{")) and "<html" not in beginning:
        return _Watched(await _feed(visit, page), None, visit.hints)
    feed: tuple[RawItem, ...] = ()
    if visit.state.watch_kind == "feed" and visit.state.watch_url not in ("", page.requested):
        feed = await _feed(visit, await visit.fetch(visit.state.watch_url))
    listing = await _listing(visit, page, await visit.hints_with_known())
    if listing.broken:
        raise ExtractError(listing.broken, url=page.url)
    # Only the places count further on: the last page is short, and no item there was seen.
    learned = {"paths": listing.learned.get("paths", ())}
    return _Watched(feed or listing.items, listing, replace(visit.hints, learned=learned))


def _newest(items: Iterable[RawItem], now: datetime) -> datetime:
    """When the newest item that polls see was published."""
    listed = list(items)
    dates = [item.published.utc for item in listed if item.published]
    return max(dates) if dates and len(dates) * 2 >= len(listed) else now - RECENT


def _wanted(visit: Visit, items: Iterable[RawItem]) -> tuple[RawItem, ...]:
    return kept(tuple(items), visit)[0]


async def _feed(visit: Visit, page: Page) -> tuple[RawItem, ...]:
    found = await visit.parse(read_feed, page.body, page.url, **_reading_of(visit, page))
    return tuple(found.items)


async def _listing(visit: Visit, page: Page, hints: ListingHints) -> ListingReading:
    found: ListingReading = await visit.parse(
        read_listing, page.body, page.url, hints=hints, **_reading_of(visit, page)
    )
    return found


def _reading_of(visit: Visit, page: Page) -> dict[str, Any]:
    ports = visit.ports
    return {"content_type": page.content_type, "zone": ports.zone, "now": ports.clock()}


def _stop_if_asked(keeper: Keeper, error: Exception) -> None:
    """A walk is no errand of urgency: the first sign of overload ends it."""
    if isinstance(error, FetchError) and error.status in (429, 503):
        keeper.stop("the server asks us to slow down")


class _Lists:
    """The pages of the list by their number, then the months of its archive, newest first."""

    def __init__(self, visit: Visit, keeper: Keeper, watched: _Watched, since: datetime) -> None:
        self._visit = visit
        self._keeper = keeper
        self._watched = watched
        self._since = since
        self._sections = sections(item.url for item in watched.items)
        self._queued: set[str] = {visit.url}
        self._paging: list[str] = []
        self._archives: list[str] = []

    async def walk(self, first: Page) -> None:
        await self._queue(first)
        failures = 0
        while (address := self._next()) and not self._keeper.stopped:
            if self._keeper.counts.pages >= MAX_PAGES:
                self._keeper.stop(f"{MAX_PAGES} pages were read")
                return
            try:
                await self._page(address)
                failures = 0
            except (FetchError, ExtractError) as error:
                failures += 1
                _stop_if_asked(self._keeper, error)
                if failures >= MAX_FAILURES:
                    self._keeper.stop("the older pages cannot be read")

    async def _page(self, address: str) -> None:
        """One page; where it only holds what is too old, no page behind it is asked for."""
        page = await self._visit.rendered(await self._visit.fetch(address))
        items = await self._items(page)
        self._keeper.count(pages=1)
        fresh, too_old = await self._keeper.take(_wanted(self._visit, items), listed=True)
        if too_old and period(address) is None:
            number = page_number(address)
            self._paging = [one for one in self._paging if page_number(one) < number]
        elif fresh:
            await self._queue(page)

    async def _items(self, page: Page) -> tuple[RawItem, ...]:
        """The page's list, at the place the watched page has it; else whatever list holds
        items beside the watched ones."""
        found = await _listing(self._visit, page, self._watched.hints)
        if found.items and not found.broken:
            return found.items
        other = await _listing(self._visit, page, replace(self._watched.hints, learned={}))
        return tuple(item for item in other.items if sections([item.url]) <= self._sections)

    async def _queue(self, page: Page) -> None:
        for address in await self._visit.parse(older_pages, page.body, page.url):
            if address in self._queued or host(address) != host(self._visit.url):
                continue
            self._queued.add(address)
            if period(address) is None or page_number(address):
                self._paging.append(address)
            elif not is_before(period(address), self._since):
                self._archives.append(address)

    def _next(self) -> str:
        if self._paging:
            self._paging.sort(key=page_number)
            return self._paging.pop(0)
        self._archives.sort(key=lambda one: period(one) or (0, 0))
        return self._archives.pop() if self._archives else ""


class _Sitemaps:
    """The site's sitemaps: what they hold beside the items that are known."""

    def __init__(self, visit: Visit, keeper: Keeper, watched: _Watched, since: datetime) -> None:
        self._visit = visit
        self._keeper = keeper
        self._since = since
        listed = watched.page.items if watched.page else ()
        self._sections = sections(item.url for item in (*watched.items, *listed))

    async def walk(self) -> None:
        ahead = list(await self._addresses())
        done: set[str] = set()
        while ahead and self._keeper.counts.sitemaps < MAX_SITEMAPS and not self._keeper.stopped:
            address = ahead.pop(0)
            if address in done or host(address) != host(self._visit.url):
                continue
            done.add(address)
            try:
                ahead.extend(await self._sitemap(address))
            except (FetchError, ExtractError) as error:
                _stop_if_asked(self._keeper, error)

    async def _addresses(self) -> tuple[str, ...]:
        """Those that robots.txt names, else the usual place."""
        named = (await named_sitemaps(self._visit))[:MAX_SITEMAPS]
        return named or (origin_of(self._visit.url) + "/sitemap.xml",)

    async def _sitemap(self, address: str) -> tuple[str, ...]:
        """Take what one sitemap holds; the further ones it names."""
        page = await self._visit.fetch(address)
        ports = self._visit.ports
        found: SitemapReading = await self._visit.parse(
            read_sitemap, inflated(page.body), page.url, zone=ports.zone, now=ports.clock()
        )
        self._keeper.count(sitemaps=1)
        ours = _wanted(
            self._visit,
            [item for item in found.items if belongs(item.url, self._sections, address)],
        )
        for start in range(0, len(ours), CHUNK):
            _, too_old = await self._keeper.take(ours[start : start + CHUNK], listed=False)
            if too_old or self._keeper.stopped:
                break
        return tuple(one for one in found.nested if not is_before(period(one), self._since))
