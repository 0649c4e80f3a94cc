"""How a page is best watched, decided from one document: feed, listing, sitemap or page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from crawler.counts import counted
from crawler.extract import charset
from crawler.extract.detection import Detection
from crawler.extract.feed import FeedReading, read_feed
from crawler.extract.feed_links import FeedLink, advertised_feeds, well_known_feed_paths
from crawler.extract.listing import (
    NO_HINTS,
    ListingCandidate,
    ListingHints,
    ListingReading,
    read_listing_document,
)
from crawler.extract.listing_document import Document
from crawler.extract.listing_zones import zoned_document
from crawler.extract.site_name import declared_name
from crawler.extract.sitemap import looks_like_sitemap, read_sitemap
from crawler.extract.watch import choose_watch

__all__ = [
    "Detection",
    "FeedLink",
    "choose_watch",
    "detect",
    "fills_itself",
    "needs_browser",
    "well_known_feed_paths",
]

_FEED_START = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf)[\s>]", re.I)
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?://(?:www\.)?jsonfeed\.org/|"items"\s*:\s*\[')
_APP_ROOT = re.compile(
    r"<(?:div|main|section)[^>]{0,200}\bid=[\"']?(?:root|app|__next|__nuxt|q-app|gatsby|___gatsby|"
    r"app-root|react-root|svelte|ember)[\"'\s>]|<app-root\b|\bng-app\b|data-reactroot|ng-version",
    re.I,
)
_ASKS_FOR_SCRIPT = re.compile(
    r"(enable|requires?|activate|aktivieren|benötigt|erforderlich|activer|slå|aktiver)\W+(?:\w+\W+){0,4}"
    r"javascript|javascript\W+(?:\w+\W+){0,5}(enable|aktivier|required|disabled|deaktiviert|activ|"
    r"geladen|loaded|indlæses)",
    re.I,
)
_SKELETON = re.compile(r"class=[\"'][^\"'<>]{0,200}\b(skeleton|placeholder-glow|shimmer)", re.I)
_LOADING = re.compile(
    r"\b(loading|wird geladen|lädt|laden\.\.\.|chargement|indlæser|caricamento|cargando)\b", re.I
)
_FEW_WORDS = 150
_SAID_EMPTY = 0.7  # confidence in a list that is told empty


def detect(
    body: bytes,
    url: str,
    *,
    content_type: str = "",
    headers: Mapping[str, str] | None = None,
    zone: tzinfo = UTC,
    now: datetime | None = None,
    hints: ListingHints = NO_HINTS,
) -> Detection:
    """Decide how a document would be watched, from its bytes alone.

    Raises ExtractError for documents that would cost unbounded time and for broken feeds
    and sitemaps.
    """
    text = charset.decode(body, content_type)
    start = text[:4_000].lstrip("\ufeff \t\r\n")
    if _is_feed(start):
        return _feed(body, url, content_type, zone, now)
    if looks_like_sitemap(start):
        return _sitemap(body, url, zone, now)
    document = zoned_document(text, url)
    reading = read_listing_document(document, text, zone=zone, now=now, hints=hints)
    return _page(document, reading, text, headers or {})


def _is_feed(start: str) -> bool:
    if start.startswith("{"):
        return bool(_JSON_FEED.search(start))
    opening = _FEED_START.search(start)
    page = re.search(r"<(?:!doctype\s+html|html|head|body)\b", start, re.I)
    return opening is not None and (page is None or opening.start() < page.start())


def _feed(
    body: bytes, url: str, content_type: str, zone: tzinfo, now: datetime | None
) -> Detection:
    feed = read_feed(body, url, content_type=content_type, zone=zone, now=now)
    return Detection(
        kind="feed",
        feed_url=url,
        title=feed.title,
        language=feed.language,
        confidence=1.0 if feed.items else 0.5,
        items=feed.items,
        candidates=(ListingCandidate(f"feed {url}", feed.items, 10.0, kind="feed", url=url),),
        why=_told(feed),
    )


def _told(feed: FeedReading) -> str:
    nowhere = sum(not item.url for item in feed.items)
    told = f"the address is itself a {feed.kind} feed with {counted(len(feed.items), 'item')}"
    return f"{told}, {nowhere} of them without an address of their own" if nowhere else told


def _sitemap(body: bytes, url: str, zone: tzinfo, now: datetime | None) -> Detection:
    sitemap = read_sitemap(body, url, zone=zone, now=now)
    return Detection(
        kind="sitemap",
        confidence=0.9 if sitemap.is_news else 0.6,
        items=sitemap.items,
        nested=sitemap.nested,
        why=f"a sitemap of {len(sitemap.items)} pages and {len(sitemap.nested)} further sitemaps",
    )


def _page(
    document: Document, reading: ListingReading, html: str, headers: Mapping[str, str]
) -> Detection:
    feeds = advertised_feeds(document, headers)
    browser = not reading.items and needs_browser(document, html)
    empty = "" if browser else reading.empty
    listed = bool(reading.items or empty)
    why = reading.why
    if browser:
        why = f"the page fills itself by script; {why}"
    return Detection(
        kind="listing" if listed else "page",
        feed_url=next((feed.url for feed in feeds if feed.score > 0), ""),
        feed_candidates=feeds,
        title=reading.title,
        language=reading.language,
        confidence=_SAID_EMPTY if empty else reading.confidence if listed else 0.3,
        items=reading.items,
        learned=reading.learned,
        candidates=reading.candidates,
        why=why,
        needs_browser=browser,
        site=declared_name(html),
        empty=empty,
    )


def fills_itself(body: bytes, url: str, content_type: str = "") -> bool:
    """Whether a page is probably empty until its scripts run; raises ExtractError as ``detect``."""
    text = charset.decode(body, content_type)
    return needs_browser(zoned_document(text, url), text)


def needs_browser(document: Document, html: str) -> bool:
    """Whether a page without a list is probably empty until its scripts run."""
    visible = sum(len(text.split()) for text in document.texts)
    scripts = html.lower().count("<script")
    if not scripts:
        return False
    signs = (_APP_ROOT, _ASKS_FOR_SCRIPT, _SKELETON)
    if visible < _FEW_WORDS and any(sign.search(html) for sign in signs):
        return True
    if visible < 40 and scripts >= 2:
        return True
    words = " ".join(text for text in document.texts if len(text) < 40)
    return bool(_LOADING.search(words))
