"""Lists that stand in a page's scripts alone: JSON-LD, application state, data attributes.

Only JSON is read, never code. What counts as a list is an array of records that have a
title, an address and, most of them, a date.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.extract.dates import not_ahead, parse_date, plausible
from crawler.extract.listing_document import Document, absolute
from crawler.extract.listing_links import address_key
from crawler.extract.listing_score import sentence_like
from crawler.extract.listing_text import find_date
from crawler.extract.listing_words import name_words, plain, vocabulary, weigh
from crawler.extract.listing_zones import FURNISHED
from crawler.extract.markup import plain_text
from crawler.model.item import Published, RawItem

MAX_JSON = 3_000_000  # characters of one piece of JSON, and of all of them together
MAX_VALUES = 200_000  # arrays, objects and their entries that are looked at
MAX_PIECES = 60
_FEW_WORDS = 150
_MAX_ITEMS = 500
_MIN_DATED = 0.5
_LONGEST_TITLE = 300
_SCRIPT = re.compile(r"<script\b([^>]{0,2000})>", re.I)
_JSON_TYPE = re.compile(r"type\s*=\s*[\"']?application/(?:ld\+)?json|__NEXT_DATA__", re.I)
_STATE = re.compile(
    r"\s*(?:window\.)?(?:__\w{3,40}__|\w{0,40}(?:State|Data|Props))\s*=\s*(?=[{\[])"
)
_ATTRIBUTE = re.compile(
    r"\s(?:data-[\w-]{1,60}|:?[\w-]{0,30}(?:items|posts|articles|news|list|data))"
    r"\s*=\s*(?:\"(?=\s*[\[{])([^\"]{40,})\"|'(?=\s*[\[{])([^']{40,})')",
    re.I,
)
_TITLES = ("headline", "title", "name", "titel", "heading", "postTitle", "subject")
_ADDRESSES = ("url", "link", "href", "permalink", "path", "uri", "canonicalUrl", "detailUrl", "@id")
_DATES = (
    *("datePublished", "publishedAt", "published_at", "publishDate", "publicationDate"),
    *("published", "pubDate", "firstPublished", "date", "dateCreated", "createdAt", "created_at"),
    *("created", "publishedDate", "releaseDate", "postDate", "datum", "time"),
)
_TEASERS = ("description", "excerpt", "summary", "teaser", "abstract", "intro", "lead", "subtitle")
_NO_NEWS_TYPE = re.compile(
    r"breadcrumb|navigation|event|jobposting|product|person|organi[sz]ation|faq|question|offer|"
    r"place|review|video|image|webpage|website",
    re.I,
)
_ITEM_LIST = "itemListElement"
_NEWS_TYPE = re.compile(r"article|blogposting|mediaposting|report", re.I)
_NO_NEWS_KEYS = vocabulary("startdate start_date enddate price sku salary baseSalary validthrough")


def may_hold_list(document: Document, text: str) -> bool:
    """Whether a page without a list shows so little that its scripts may hold one.

    An article's scripts hold lists too, of what else there is to read; its words are many.
    """
    if not (_JSON_TYPE.search(text) or _ATTRIBUTE.search(text) or "__" in text):
        return False
    shown = sum(
        len(words.split())
        for words, owner in zip(document.texts, document.owners, strict=True)
        if not document.nodes[owner].zone & FURNISHED
    )
    return shown < _FEW_WORDS


@dataclass(frozen=True, slots=True)
class _List:
    items: tuple[RawItem, ...]
    points: float


def script_items(
    text: str, url: str, *, zone: tzinfo = UTC, now: datetime | None = None
) -> tuple[RawItem, ...]:
    """The news items of a decoded page that stand in its scripts or attributes as JSON."""
    best = _List((), 0.0)
    for value in _values(text):
        for name, records in (*_flat(value), *_arrays(value)):
            found = _list(name, records, url, zone, now)
            if found.points > best.points:
                best = found
    return best.items


def _values(text: str) -> Iterator[Any]:
    """Every piece of JSON of a page, parsed; broken ones are passed over."""
    left = MAX_JSON
    for piece in _pieces(text):
        if len(piece) > left:
            continue
        left -= len(piece)
        try:
            yield json.JSONDecoder().raw_decode(piece)[0]
        except (ValueError, RecursionError):
            continue


def _pieces(text: str) -> Iterator[str]:
    count = 0
    for opening in _SCRIPT.finditer(text):
        end = text.find("</", opening.end(), opening.end() + MAX_JSON)
        body = text[opening.end() : end] if end > 0 else ""
        if not _JSON_TYPE.search(opening[1]):
            state = _STATE.match(body)
            body = body[state.end() :] if state else ""
        body = body.strip()
        if body[:1] in ("{", "[") and count < MAX_PIECES:
            count += 1
            yield body
    for found in _ATTRIBUTE.finditer(text):
        if count >= MAX_PIECES:
            return
        count += 1
        yield html.unescape(found[1] or found[2]).strip()


def _arrays(value: Any) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    """(name, records) of every array of objects, without recursion: nesting is hostile."""
    waiting: list[tuple[str, Any]] = [("", value)]
    seen = 0
    while waiting and seen < MAX_VALUES:
        name, current = waiting.pop()
        seen += 1
        if isinstance(current, dict):
            waiting += [(f"{name} {key}"[-200:], inner) for key, inner in current.items()]
            seen += len(current)
        elif isinstance(current, list):
            records = [entry for entry in current if isinstance(entry, dict)]
            if records:
                yield name, records
            waiting += [(name, entry) for entry in current if isinstance(entry, dict | list)]
            seen += len(current)


def _flat(value: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """The like objects of Nuxt's flat form, in which every value is a place in one array."""
    if not isinstance(value, list) or len(value) > MAX_VALUES:
        return []
    held: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for entry in value:
        if not isinstance(entry, dict) or not 1 < len(entry) < 100:
            continue
        places = list(entry.values())
        if all(type(place) is int and 0 <= place < len(value) for place in places):
            whole = {key: value[place] for key, place in entry.items()}
            held.setdefault(tuple(entry), []).append(whole)
    return [("", records) for records in held.values()]


def _list(
    name: str,
    records: Sequence[Mapping[str, Any]],
    url: str,
    zone: tzinfo,
    now: datetime | None,
) -> _List:
    """The records as items, weighed; no points where they are no news."""
    own = address_key(url)
    found: dict[str, RawItem] = {}
    typed = 0
    for record in records[:_MAX_ITEMS]:
        record = _unwrapped(record)
        item = _item(record, url, zone, now)
        if item is None or address_key(item.url) == own:
            continue
        typed += bool(_NEWS_TYPE.search(_kind(record)))
        found.setdefault(address_key(item.url), item)
    items = tuple(found.values())
    if not items or 2 * len(items) < len(records):
        return _List((), 0.0)
    dated = sum(item.published is not None for item in items) / len(items)
    wordy = sum(sentence_like(item.title) for item in items) / len(items)
    context = weigh(name_words(name)) or int(_is_list_of_news(name, url))
    news = dated >= _MIN_DATED or 2 * typed > len(items) or (context > 0 and wordy > 0.4)
    if not news or context < 0 or (len(items) == 1 and not typed):
        return _List((), 0.0)
    return _List(items, len(items) * (1 + dated + wordy + 0.5 * max(0, min(2, context))))


def _is_list_of_news(name: str, url: str) -> bool:
    """Whether schema.org's ItemList stands on a page whose address names news."""
    path = unquote(urlsplit(url).path).replace("-", " ")
    return name.endswith(_ITEM_LIST) and weigh(name_words(path)) > 0


def _unwrapped(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The thing itself where a list wraps it: schema.org's ListItem, a CMS's node or fields."""
    for key in ("item", "node", "fields", "attributes", "_source"):
        inner = record.get(key)
        if isinstance(inner, dict):
            outer = {k: v for k, v in record.items() if isinstance(v, str | int)}
            return {**outer, **inner} if not _kind(inner) else inner
    return record


def _kind(record: Mapping[str, Any]) -> str:
    return str(record.get("@type") or record.get("__typename") or "")[:200]


def _item(
    record: Mapping[str, Any], url: str, zone: tzinfo, now: datetime | None
) -> RawItem | None:
    """One record as an item, None where it is none."""
    kind = _kind(record)
    if _NO_NEWS_TYPE.search(kind) and not _NEWS_TYPE.search(kind):
        return None
    if any(plain(str(key)) in _NO_NEWS_KEYS for key in record):
        return None
    title = _text(record, _TITLES)[:_LONGEST_TITLE]
    address = absolute(url, _text(record, _ADDRESSES))
    if len(title) < 4 or not address:
        return None
    return RawItem(
        url=address.partition("#")[0],
        title=title,
        published=_date(record, zone, now),
        summary=_text(record, _TEASERS)[:600],
    )


def _text(record: Mapping[str, Any], keys: Sequence[str]) -> str:
    """The first of the fields that holds words, markup taken out ("rendered", "@id" inside)."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, dict):
            value = value.get("rendered") or value.get("@id") or value.get("current")
        if isinstance(value, str) and value.strip():
            return plain_text(value[:5_000])
    return ""


def _date(record: Mapping[str, Any], zone: tzinfo, now: datetime | None) -> Published | None:
    for key in _DATES:
        value = record.get(key)
        if isinstance(value, str) and len(value) < 60 and find_date(value):
            found = parse_date(value, zone=zone, now=now)
        elif isinstance(value, int) and not isinstance(value, bool):
            found = _moment(value)
        else:
            continue
        found = not_ahead(found, now)  # of an event's dates the day it was created may remain
        if found is not None and plausible(found.day, now):
            return found
    return None


def _moment(number: int) -> Published | None:
    """Seconds or milliseconds since 1970."""
    seconds = number / 1000 if number > 100_000_000_000 else number
    if not 600_000_000 < seconds < 4_000_000_000:
        return None
    return Published(datetime.fromtimestamp(seconds, UTC))
