"""Which other ways into a site are open, where the page itself turns us away.

Asked once when a source is turned away first, and when somebody adds it: three usual addresses,
politely, as ourselves. What a site forbids there too is taken at its word.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from crawler.commands import in_shell
from crawler.errors import ClusterwatchError, ExtractError, FetchError
from crawler.extract.feed import FeedReading, read_feed
from crawler.extract.sitemap import SitemapReading, read_sitemap
from crawler.fetch.visit import Visit
from crawler.sources.faults import how_to_set, is_walled, kind_of, remedy_for, told_as
from spiders.sitemap import inflated

_USUAL = ("/feed/", "/rss.xml", "/sitemap.xml")
_OTHERWISE = (
    "We do not disguise ourselves. Ways left: the address of its feed or sitemap, its newsletter, "
    "or a letter to its owner: clusterwatch detect {url in shell} --letter"
)


async def with_ways(visit: Visit, error: Exception) -> Exception:
    """The error with what was tried and what is open, where the site turns us away."""
    if not isinstance(error, FetchError) or visit.task in ("get", "backfill"):
        return error
    kind = kind_of(error.kind, error.status)
    if not is_walled(kind):
        return error
    if known := _told_before(visit, kind):
        error.remedy = known
        return error
    first = visit.state is None or not visit.state.failures
    tried = [await _tried(visit, address) for address in _addresses(visit)] if first else []
    error.remedy = _remedy(visit, kind, tried)
    return error


def _told_before(visit: Visit, kind: str) -> str:
    """What the first failure of the same outage found out; "" where this one is another."""
    state = visit.state
    if state is None or not state.failures or state.error_kind != kind:
        return ""
    return state.remedy if urlsplit(visit.url).netloc in state.remedy else ""


def _addresses(visit: Visit) -> list[str]:
    own = visit.source.url if visit.source else visit.url
    usual = [urljoin(visit.url, path) for path in _USUAL]
    return [one for one in dict.fromkeys([own, *usual]) if one != visit.url][: len(_USUAL)]


async def _tried(visit: Visit, address: str) -> tuple[str, str]:
    """(what came of it, the address where it is open)."""
    try:
        count = await _entries(visit, address)
    except FetchError as error:
        return f"{address} ({told_as(error.kind, error.status)})", ""
    except ClusterwatchError:
        return f"{address} (neither feed nor sitemap)", ""
    return f"{address} ({count} entries)", address if count else ""


async def _entries(visit: Visit, address: str) -> int:
    page = await visit.fetch(address)
    clock, zone = visit.ports.clock, visit.ports.zone
    try:
        feed: FeedReading = await visit.parse(
            read_feed, page.body, page.url, content_type=page.content_type, zone=zone, now=clock()
        )
        return len(feed.items)
    except ExtractError:
        found: SitemapReading = await visit.parse(
            read_sitemap, inflated(page.body), page.url, zone=zone
        )
        return len(found.items) + len(found.nested)


def _remedy(visit: Visit, kind: str, tried: list[tuple[str, str]]) -> str:
    said = tuple(words for words, _ in tried)
    opened = next((address for _, address in tried if address), "")
    if opened and visit.source is not None:
        return f"{opened} is open: {how_to_set(visit.source, 'url', opened)}"
    if opened:
        return f"{opened} is open: clusterwatch sources add {in_shell(opened)}"
    if visit.source is not None:
        return remedy_for(kind, visit.source, said)
    ways = _OTHERWISE.replace("{url in shell}", in_shell(visit.url))
    return f"Also tried: {', '.join(said)}. {ways}" if said else ways
