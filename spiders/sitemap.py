"""A news sitemap: its addresses are the items, nested sitemaps followed newest first."""

from __future__ import annotations

import asyncio
import gzip
import io
import zlib

from crawler.errors import ExtractError, FetchError
from crawler.extract.sitemap import SitemapReading, read_sitemap
from crawler.fetch.gate import origin_of
from crawler.fetch.page import Page
from crawler.fetch.visit import Visit
from crawler.model.reading import Reading
from spiders.articles import entries
from spiders.links import kept

MAX_NESTED = 5
MAX_BYTES = 20_000_000
MAX_ITEMS = 500


async def read(visit: Visit, page: Page) -> Reading:
    """Poll a sitemap."""
    first = await _read(visit, page)
    items = list(first.items)
    for address in first.nested[:MAX_NESTED]:
        try:
            items.extend((await _read(visit, await visit.fetch(address))).items)
        except (FetchError, ExtractError):
            continue
    newest = sorted(items, key=lambda item: item.published.utc.timestamp() if item.published else 0)
    listed, dropped = kept(tuple(newest[::-1][:MAX_ITEMS]), visit)
    found = await entries(visit, listed)
    return visit.reading(
        kind="sitemap", watch_url=page.requested, listed=listed, entries=found, dropped=dropped
    )


async def named_sitemaps(visit: Visit) -> tuple[str, ...]:
    """The sitemaps that the site's robots.txt names, as it was read for this visit."""
    from protego import Protego

    stored = await asyncio.to_thread(visit.ports.fetched.robots, origin_of(visit.url))
    if stored is None or stored.status != 200:
        return ()
    rules = await asyncio.to_thread(Protego.parse, stored.body)
    return tuple(rules.sitemaps)


async def _read(visit: Visit, page: Page) -> SitemapReading:
    result: SitemapReading = await visit.parse(
        read_sitemap, inflated(page.body), page.url, zone=visit.ports.zone
    )
    return result


def inflated(body: bytes) -> bytes:
    """``sitemap.xml.gz`` unpacked, bounded. Raises ExtractError for a broken one."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(io.BytesIO(body)) as stream:
            return stream.read(MAX_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise ExtractError("The sitemap's compressed file is broken.") from error
