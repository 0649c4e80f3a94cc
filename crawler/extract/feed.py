"""How a feed is read: RSS 0.9x-2.0, Atom, RDF and JSON Feed become one FeedReading.

feedparser parses XML feeds; ``feed_mending`` holds what must be put right before and after it.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, tzinfo
from operator import attrgetter
from typing import Any, cast
from urllib.parse import urljoin

from crawler.errors import ExtractError
from crawler.extract import feed_json, feed_mending
from crawler.extract.charset import decode
from crawler.extract.feed_addresses import link_base, web_address
from crawler.extract.feed_elements import Document, Own, read_tree
from crawler.extract.feed_entries import declared_title, raw_item
from crawler.extract.feed_plain import leaves_date, plain_feed, written
from crawler.extract.feed_slices import Slices, sliced
from crawler.extract.feed_torn import taken_whole
from crawler.extract.markup import plain_text
from crawler.model.item import RawItem

MAX_ENTRIES = 500
MAX_BYTES = 10_000_000
# A feed asking to be left alone for longer is mistaken.
_MAX_TTL_SECONDS = 7 * 86_400
_PERIOD_SECONDS = {
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
# What makes an item worth keeping.
_TOLD = attrgetter(
    *(one.name for one in fields(RawItem) if one.name not in ("language", "author", "image"))
)
# What feedparser is told about the bytes we hand over.
_XML_UTF8 = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class FeedReading:
    """One feed as read: what it says about itself, and its items in its own order."""

    kind: str  # rss atom rdf json
    title: str = ""
    site_url: str = ""  # absolute address of the site it belongs to
    language: str = ""  # ISO 639-1, as declared
    items: tuple[RawItem, ...] = ()
    ttl_seconds: int | None = None  # how long the feed asks not to be polled again
    skip_hours: tuple[int, ...] = ()  # hours of the day in UTC without news
    skip_days: tuple[int, ...] = ()  # days of the week in UTC without news, 0 = Monday
    moved_to: str = ""  # the new address the feed gives for itself
    # Every entry's key with its item, None where the caller said that it is known; empty where
    # entries cannot be told apart for certain.
    entries: tuple[tuple[str, RawItem | None], ...] = ()
    # Entries left out: beyond the cap, half there, or with nothing to link or to say.
    dropped: int = 0
    torn: bool = False  # it breaks off within an entry: more may have stood behind it


def read_feed(
    body: bytes,
    url: str,
    *,
    content_type: str = "",
    zone: tzinfo = UTC,
    now: datetime | None = None,
    known: Collection[str] = (),
) -> FeedReading:
    """The feed in ``body``, fetched from ``url``.

    ``content_type`` is the HTTP header, ``zone`` the zone of dates without one, ``now``
    refuses dates in the far future. At most 500 entries are kept, the newest where the feed
    is sorted. Entries whose keys are ``known`` are not parsed again where that is safe:
    ``with_known`` puts them back. Raises ExtractError where ``body`` is no feed.
    """
    if len(body) > MAX_BYTES:
        raise ExtractError(f"The feed is larger than {MAX_BYTES:,} bytes.", url=url)
    text = decode(body, content_type).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _json_reading(text, url, zone, now)
    return _xml_reading(text, url, zone, now, known)


def with_known(reading: FeedReading, known: Mapping[str, RawItem]) -> FeedReading:
    """``reading`` with the items of the entries that were not parsed again."""
    if not reading.entries:
        return reading
    items = [item or known[key] for key, item in reading.entries]
    entries = tuple(zip((key for key, _ in reading.entries), items, strict=True))
    return replace(reading, items=_worth_keeping(items), entries=entries)


def _json_reading(text: str, url: str, zone: tzinfo, now: datetime | None) -> FeedReading:
    feed = feed_json.load(text, url)
    entries = feed_json.entries(feed)
    items = [feed_json.raw_item(entry, url, feed, zone, now) for entry in entries[:MAX_ENTRIES]]
    kept = _worth_keeping(items)
    return FeedReading(
        kind="json",
        title=plain_text(feed_json.string(feed.get("title"))),
        site_url=web_address(feed_json.string(feed.get("home_page_url")), url),
        language=feed_mending.language_code(feed_json.string(feed.get("language"))),
        items=kept,
        dropped=len(entries) - len(kept),
    )


def _xml_reading(
    text: str, url: str, zone: tzinfo, now: datetime | None, known: Collection[str]
) -> FeedReading:
    feed_mending.refuse_html(text, url)
    ending = taken_whole(text)
    shortened, cut = feed_mending.newest_entries(ending.text, MAX_ENTRIES, zone)
    feed_mending.check_feed(shortened, url)
    mended = feed_mending.well_formed(shortened)
    slices = sliced(mended, known, f"{url} {zone}")
    parsed = _parsed(slices.unknown if slices else mended, url, zone, now)
    entries = _by_key(slices, parsed, known)
    if slices and not entries and set(slices.keys) & set(known):
        parsed = _parsed(mended, url, zone, now)  # cut wrongly: nothing is left out
    feed = parsed.feed
    kind = _kind(parsed.version)
    if not kind and not parsed.items:
        raise ExtractError(
            "The address gives no feed: neither RSS, Atom, RDF nor JSON Feed.", url=url
        )
    items = _worth_keeping(parsed.items)
    return FeedReading(
        kind=kind or "rss",
        title=declared_title(feed),
        site_url=web_address(str(feed.get("link") or ""), url),
        language=feed_mending.language_code(str(feed.get("language") or "")),
        items=items,
        ttl_seconds=_ttl_seconds(feed),
        skip_hours=feed_mending.skip_hours(text),
        skip_days=feed_mending.skip_days(text),
        moved_to=_moved_to(feed, url),
        dropped=ending.left_out + cut + len(parsed.items) - len(items),
        torn=ending.torn,
        entries=entries,
    )


@dataclass(frozen=True, slots=True)
class _Parsed:
    version: str
    feed: Mapping[str, Any]
    items: list[RawItem]
    is_sound: bool  # both parsers saw the same entries in well-formed XML


def _parsed(text: str, url: str, zone: tzinfo, now: datetime | None) -> _Parsed:
    document = read_tree(text)
    base = link_base(url, document.site)
    if (plain := _plain(text, document, base, zone, now)) is not None:
        return plain
    parsed = _parse(text, base)
    entries, owns = parsed["entries"], document.entries
    is_same = len(owns) == len(entries)
    if not is_same:
        owns = (Own(),) * len(entries)  # feedparser's reading stands alone
    items = [
        raw_item(entry, own, base, zone, now) for entry, own in zip(entries, owns, strict=True)
    ]
    version = str(parsed.get("version") or "")
    return _Parsed(version, parsed["feed"], items, is_same and document.is_sound)


def _plain(
    text: str, document: Document, base: str, zone: tzinfo, now: datetime | None
) -> _Parsed | None:
    """A plain feed, read without feedparser; None for every other."""
    if document.root is None or not document.is_sound or "<!DOCTYPE" in text[:2_000]:
        return None
    found = plain_feed(document.root, base)
    if found is None:
        return None
    items = [raw_item(entry, written(entry), base, zone, now) for entry in found.entries]
    if any(leaves_date(*told, now) for told in zip(found.entries, items, strict=True)):
        return None  # feedparser may know how to read it
    return _Parsed(found.version, found.feed, items, is_sound=True)


def _by_key(
    slices: Slices | None, parsed: _Parsed, known: Collection[str]
) -> tuple[tuple[str, RawItem | None], ...]:
    """Each entry's key with its item, None where it is known; empty in doubt."""
    if slices is None or not parsed.is_sound:
        return ()
    unknown = [key for key in slices.keys if key not in known]
    if len(unknown) != len(parsed.items):
        return ()
    items = iter(parsed.items)
    return tuple((key, None if key in known else next(items)) for key in slices.keys)


def _parse(text: str, url: str) -> Mapping[str, Any]:
    """feedparser's result for a text; it is given bytes, never an address it could open."""
    import feedparser

    headers = {"content-type": _XML_UTF8, "content-location": url}
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except (ValueError, TypeError, AttributeError, LookupError, AssertionError) as cause:
        # Seen on fuzzed input only; the feed is named, the crawl goes on.
        raise ExtractError(f"The feed cannot be parsed: {cause}", url=url) from cause
    return cast("Mapping[str, Any]", parsed)


def _kind(version: str) -> str:
    if version.startswith("atom"):
        return "atom"
    if version in {"rss10", "rss090"}:
        return "rdf"
    return "rss" if version else ""


def _worth_keeping(items: list[RawItem]) -> tuple[RawItem, ...]:
    """The items that link to, say or date something, exact repetitions once."""
    return tuple(dict.fromkeys(item for item in items if any(_TOLD(item))))


def _ttl_seconds(feed: Mapping[str, Any]) -> int | None:
    """``<ttl>`` (minutes) or the syndication module's period divided by its frequency."""
    ttl = str(feed.get("ttl") or "").strip()
    if ttl.isdecimal() and len(ttl) < 8 and int(ttl) > 0:
        return min(int(ttl) * 60, _MAX_TTL_SECONDS)
    period = _PERIOD_SECONDS.get(str(feed.get("sy_updateperiod") or "").strip().casefold())
    if period is None:
        return None
    frequency = str(feed.get("sy_updatefrequency") or "1").strip()
    times = int(frequency) if frequency.isdecimal() and len(frequency) < 6 else 1
    return min(period // max(1, times), _MAX_TTL_SECONDS)


def _moved_to(feed: Mapping[str, Any], url: str) -> str:
    written = str(feed.get("newlocation") or feed.get("itunes_new-feed-url") or "")
    moved = web_address(written, url)
    return "" if moved == urljoin(url, "") else moved
