"""The site's news sitemap, for a news page that shows neither a list nor a feed."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote, urljoin, urlsplit

from crawler.counts import counted
from crawler.errors import ClusterwatchError
from crawler.extract.detection import Detection
from crawler.extract.listing import ListingCandidate
from crawler.extract.listing_words import news_words
from crawler.extract.sitemap import SitemapReading, read_sitemap
from crawler.fetch.visit import Visit
from spiders.sitemap import inflated, named_sitemaps

_USUAL = ("/news-sitemap.xml", "/sitemap-news.xml")
_NAMED = re.compile("news", re.I)
_MAX_TRIED = 2
_CONFIDENCE = 0.7


async def with_news_sitemap(visit: Visit, found: Detection) -> Detection:
    """``found`` itself, or the site's news sitemap where the page is named like news or empty
    without its scripts. A sitemap of all pages is none: nothing in it tells what is news.
    """
    if found.kind != "page" or found.items or not _is_about_news(visit, found):
        return found
    named = [one for one in await named_sitemaps(visit) if _NAMED.search(urlsplit(one).path)]
    for address in (named or [urljoin(visit.url, path) for path in _USUAL])[:_MAX_TRIED]:
        try:
            sitemap = await _read(visit, address)
        except ClusterwatchError:
            continue  # there is none, or it is broken: the page stays what it is
        if sitemap.is_news and sitemap.items:
            return _chosen(found, address, sitemap)
    return found


def _is_about_news(visit: Visit, found: Detection) -> bool:
    path = unquote(urlsplit(visit.url).path)
    return found.needs_browser or news_words(f"{found.title} {path}") > 0


async def _read(visit: Visit, address: str) -> SitemapReading:
    page = await visit.fetch(address)
    sitemap: SitemapReading = await visit.parse(
        read_sitemap,
        inflated(page.body),
        page.url,
        zone=visit.ports.zone,
        now=visit.ports.clock(),
    )
    return sitemap


def _chosen(found: Detection, address: str, sitemap: SitemapReading) -> Detection:
    label = f"news sitemap {address}: {counted(len(sitemap.items), 'item')}"
    candidate = ListingCandidate(label, sitemap.items, _CONFIDENCE, kind="sitemap", url=address)
    return replace(
        found,
        kind="sitemap",
        sitemap_url=address,
        items=sitemap.items,
        confidence=_CONFIDENCE,
        candidates=(candidate, *found.candidates),
        why=f"{label}; {found.why}",
        needs_browser=False,
    )
