"""A page nobody has looked at yet: feed, listing, sitemap or single page, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crawler.errors import ClusterwatchError, ExtractError
from crawler.extract.charset import decode
from crawler.extract.detect import Detection, choose_watch, detect, well_known_feed_paths
from crawler.extract.feed import FeedReading, read_feed
from crawler.extract.listing_links import leads_home
from crawler.extract.listing_siblings import shared_links, sibling_pages
from crawler.extract.walls import names_itself_missing
from crawler.fetch.chromium import browser_remedy
from crawler.fetch.page import Page, missing_error
from crawler.fetch.visit import Visit
from spiders.links import beside
from spiders.news_sitemaps import with_news_sitemap

MAX_FEEDS = 6  # advertised ones that are looked at
DOUBT = 0.6  # confidence below which other pages of the site are asked


async def read(visit: Visit, page: Page) -> Any:
    """The Detection for who asked; for a source's first poll, its Reading."""
    found, pages = await examine(visit, page)
    if visit.source is None:
        return found
    reading = await _poll(visit, found, pages)
    return replace(reading, why=found.why)


async def examine(visit: Visit, page: Page) -> tuple[Detection, dict[str, Page]]:
    """(how the page would be watched, pages by address that were fetched to decide).

    Raises FetchError for a page without news that says that it is not there.
    """
    alone = await _look(visit, page)
    pages = {page.requested: page, page.url: page}
    if alone.kind == "feed":
        return replace(alone, feed_url=page.requested), pages
    if visit.hints.pick or visit.hints.selector or visit.hints.like:
        # The user points at a list of the page itself; a feed that stands beside it is not meant.
        return replace(alone, feed_url=""), pages
    if is_doubtful(alone):
        alone = await _settled(visit, page, alone)
    chosen = await _with_feeds(visit, page, alone, pages)
    if visit.renders:
        chosen = replace(chosen, needs_browser=False)
    chosen = await with_news_sitemap(visit, chosen)
    empty = chosen.kind == "page" and not chosen.items
    if empty and await visit.parse(names_itself_missing, page.body, page.content_type):
        raise missing_error(page, visit.ports.clock())
    if leads_home(page.url) and not leads_home(page.requested):
        led = f"the address leads to the site's home page now: {page.url}"
        chosen = replace(chosen, why=f"{led}; {chosen.why}")
    if chosen.kind != "feed":
        # What the page advertises was tried: an address that is no choice is not named.
        chosen = replace(chosen, feed_url="")
    return chosen, pages


async def _look(visit: Visit, page: Page) -> Detection:
    found: Detection = await visit.parse(
        detect,
        page.body,
        page.url,
        content_type=page.content_type,
        headers=dict(page.headers),
        zone=visit.ports.zone,
        now=visit.ports.clock(),
        hints=visit.hints,
    )
    return found


def is_doubtful(found: Detection) -> bool:
    """Whether a page's list may be what all pages of its site show, or is hidden by that."""
    return found.may_hide_list or (found.kind == "listing" and found.confidence < DOUBT)


async def _settled(visit: Visit, page: Page, alone: Detection) -> Detection:
    """The page looked at again without what up to two sibling pages have at the same place."""
    siblings = await visit.parse(sibling_pages, page.body, page.url, content_type=page.content_type)
    beside: list[tuple[bytes, str]] = []
    for address in siblings:
        try:
            answer = await visit.fetch(address)
        except ClusterwatchError:
            continue  # the other page tells as well
        beside.append((answer.body, answer.url))
    if not beside:
        return alone
    try:
        shared = await visit.parse(shared_links, [(page.body, page.url), *beside])
    except ExtractError:
        return alone  # a sibling nobody can read settles nothing
    told = visit.hints
    visit.hints = replace(told, furniture=shared)
    found = await _look(visit, page)
    if not found.items and not alone.items:
        visit.hints = told
        return alone  # no list was hidden: nothing was learned
    compared = (
        "1 other page of the site was compared"
        if len(beside) == 1
        else f"{len(beside)} other pages of the site were compared"
    )
    why = f"{found.why}; {compared}"
    return replace(found, why=why)


async def _with_feeds(
    visit: Visit, page: Page, alone: Detection, pages: dict[str, Page]
) -> Detection:
    """The page itself or the best of its feeds: of those it advertises, and where none of them
    serves, of those its system usually has. Pages of feeds are added to ``pages``."""
    advertised = list(dict.fromkeys(link.url for link in alone.feed_candidates))[:MAX_FEEDS]
    feeds, dead = await _alive(visit, advertised, pages)
    chosen = choose_watch(alone, feeds, visit.ports.clock())
    if chosen.kind != "feed":
        chosen = await _with_usual_feeds(visit, page, alone, feeds, advertised, pages)
    return replace(chosen, why="; ".join([chosen.why, *dead]))


async def _with_usual_feeds(
    visit: Visit,
    page: Page,
    alone: Detection,
    feeds: list[tuple[str, FeedReading]],
    advertised: list[str],
    pages: dict[str, Page],
) -> Detection:
    """The same with feeds that nobody advertised, tried until one serves; what was only guessed
    may be missing, and nothing is said of it then."""
    usual = await visit.parse(usual_feeds, page.body, page.url, page.content_type, not advertised)
    for address in usual:
        if address in advertised:
            continue
        feeds = feeds + (await _alive(visit, [address], pages))[0]
        chosen = choose_watch(alone, feeds, visit.ports.clock())
        if chosen.kind == "feed":
            return chosen
    return choose_watch(alone, feeds, visit.ports.clock())


async def _alive(
    visit: Visit, addresses: list[str], pages: dict[str, Page]
) -> tuple[list[tuple[str, FeedReading]], list[str]]:
    """(the feeds that live, why the others do not)."""
    feeds: list[tuple[str, FeedReading]] = []
    dead: list[str] = []
    for address in addresses:
        try:
            answer = await visit.fetch(address)
            feeds.append((address, await _feed(visit, answer)))
            pages[address] = answer
        except ClusterwatchError as error:
            dead.append(f"feed {address} not taken: {error.message.rstrip('.')}")
    return feeds, dead


def usual_feeds(body: bytes, url: str, content_type: str, blind: bool) -> list[str]:
    """Where the page's content management system, or if ``blind`` any, usually keeps its feeds."""
    return list(well_known_feed_paths(decode(body, content_type), url, blind=blind))


async def _feed(visit: Visit, page: Page) -> FeedReading:
    feed: FeedReading = await visit.parse(
        read_feed,
        page.body,
        page.url,
        content_type=page.content_type,
        zone=visit.ports.zone,
        now=visit.ports.clock(),
    )
    return feed


async def _poll(visit: Visit, found: Detection, pages: dict[str, Page]) -> Any:
    from spiders import feed, listing, passages, sitemap

    if found.kind == "feed":
        page = pages[found.feed_url]
        visit.validators[page.requested] = page.validators
        reading = await feed.reading_of(visit, page, await _feed(visit, page))
        if not reading.listed:
            return reading
        return replace(
            reading, dropped=reading.dropped + beside(found.candidates, found.items, visit)
        )
    page = pages[visit.url]
    if found.kind == "listing":
        return await listing.read(visit, page)
    if found.kind == "sitemap":
        if found.sitemap_url:
            page = await visit.fetch(found.sitemap_url)
        return await sitemap.read(visit, page)
    if not found.items:
        assert visit.source is not None
        remedy = (
            "Give the address of its news list or feed, or declare kind = "
            '"page" to watch the page itself.'
        )
        if found.needs_browser:
            remedy = browser_remedy(visit.source.id, page.url)
        message = f"No news items were found on this page: {found.why}."
        raise ExtractError(message, url=page.url, remedy=remedy)
    return await passages.read(visit, page)
