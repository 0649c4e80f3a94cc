"""How a sitemap is read: pages with their news titles and dates, and the sitemaps it names.

Follows sitemaps.org 0.9 and Google's news extension; ``lastmod`` tells of a change, never
of the publication.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from crawler.errors import ExtractError
from crawler.extract.dates import not_ahead, parse_date
from crawler.extract.listing_document import absolute
from crawler.model.item import Published, RawItem

MAX_BYTES = 52_428_800  # the protocol's own limit, inflated
MAX_ENTRIES = 50_000
_NEWS_FILE = re.compile(r"news|post|artikel|article|blog|aktuell|press|nyhed|actu", re.I)
_OTHER_FILE = re.compile(r"image|video|categor|tag|author|product|page|event|user", re.I)


@dataclass(frozen=True, slots=True)
class SitemapReading:
    """``items`` newest first where dated; ``nested`` are further sitemaps, news ones first."""

    items: tuple[RawItem, ...]
    nested: tuple[str, ...]
    is_news: bool = False  # carries the news extension


def looks_like_sitemap(text: str) -> bool:
    """Whether a decoded document begins as a sitemap or a sitemap index."""
    return bool(re.search(r"<(?:\w{1,20}:)?(?:urlset|sitemapindex)[\s>]", text[:5_000]))


def read_sitemap(
    body: bytes, url: str, *, zone: tzinfo = UTC, now: datetime | None = None
) -> SitemapReading:
    """Read an inflated sitemap, sitemap index or a plain list of addresses.

    Raises ExtractError where the document is none of these or too large.
    """
    if len(body) > MAX_BYTES:
        raise ExtractError("The sitemap is larger than the protocol allows.", url=url)
    if body.lstrip()[:1] != b"<":
        return _plain_list(body, url)
    root = _parse(body, url)
    items: dict[str, RawItem] = {}
    nested: dict[str, None] = {}
    is_news = False
    for entry in root:
        values = _values(entry) if isinstance(entry.tag, str) else {}
        address = absolute(url, values.get("loc", ""))
        if not address or len(items) >= MAX_ENTRIES:
            continue
        if _name(entry) == "sitemap":
            nested[address] = None
        elif _name(entry) == "url":
            items[address] = _item(address, values, zone, now)
            is_news = is_news or "publication_date" in values
    if not items and not nested and b"</" not in body[-200:] and b"/>" not in body[-200:]:
        raise ExtractError("The sitemap breaks off.", url=url)
    return SitemapReading(_newest_first(items.values()), _best_first(nested), is_news)


def _parse(body: bytes, url: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ExtractError("The sitemap is no XML.", url=url) from error
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        raise ExtractError("The document is no sitemap.", url=url)
    return root


def _name(element: Any) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _values(entry: Any) -> dict[str, str]:
    """Texts of an entry's elements by local name; the first of a name counts."""
    values: dict[str, str] = {}
    for element in entry.iter():
        name = _name(element)
        if name and element.text and element.text.strip():
            kept = "image_" + name if "image" in str(element.tag) else name
            values.setdefault(kept, " ".join(element.text.split()))
    return values


def _item(address: str, values: dict[str, str], zone: tzinfo, now: datetime | None) -> RawItem:
    return RawItem(
        url=address,
        title=values.get("title", "")[:300],
        published=not_ahead(_date(values.get("publication_date", ""), zone, now), now),
        modified=_date(values.get("lastmod", ""), zone, now),
        language=values.get("language", "")[:2].lower(),
    )


def _date(text: str, zone: tzinfo, now: datetime | None) -> Published | None:
    return parse_date(text, zone=zone, now=now) if text else None


def _plain_list(body: bytes, url: str) -> SitemapReading:
    lines = body.decode("utf-8", "replace").lstrip("\ufeff").split()
    found = dict.fromkeys(line for line in lines[:MAX_ENTRIES] if line.startswith("http"))
    if not found or len(found) * 2 < len(lines):
        raise ExtractError("The document is no sitemap.", url=url)
    return SitemapReading(tuple(RawItem(url=address) for address in found), ())


def _newest_first(items: Any) -> tuple[RawItem, ...]:
    oldest = datetime.min.replace(tzinfo=UTC)

    def moment(item: RawItem) -> datetime:
        known = item.published or item.modified
        return known.utc if known else oldest

    return tuple(sorted(items, key=moment, reverse=True))


def _best_first(nested: dict[str, None]) -> tuple[str, ...]:
    return tuple(
        sorted(nested, key=lambda u: bool(_OTHER_FILE.search(u)) - bool(_NEWS_FILE.search(u)))
    )
