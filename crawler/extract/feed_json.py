"""JSON Feed (https://www.jsonfeed.org/version/1.1/): its entries as RawItems."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from crawler.errors import ExtractError
from crawler.extract.dates_declared import declared_date
from crawler.extract.feed_addresses import link_base, web_address
from crawler.extract.feed_elements import MAX_GUID
from crawler.extract.feed_entries import teaser_and_text, title_of_text
from crawler.extract.feed_mending import language_code, title_text
from crawler.extract.markup import folded, plain_text
from crawler.model.item import RawItem


def load(text: str, url: str) -> Mapping[str, Any]:
    """The feed object. Raises ExtractError where the text is no JSON, or no JSON Feed."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as cause:
        raise ExtractError(f"The feed is no valid JSON: {cause}", url=url) from cause
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ExtractError("The JSON document is no feed: it has no list of items.", url=url)
    return feed


def entries(feed: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The feed's items that are objects."""
    return [entry for entry in feed["items"] if isinstance(entry, dict)]


def raw_item(
    entry: Mapping[str, Any],
    url: str,
    feed: Mapping[str, Any],
    zone: tzinfo,
    now: datetime | None,
) -> RawItem:
    """One item; ``url`` is the feed's address, ``feed`` gives language and authors it lacks."""
    guid = string(entry.get("id"))
    language = language_code(string(entry.get("language")) or string(feed.get("language")))
    content = string(entry.get("content_html")) or _as_markup(string(entry.get("content_text")))
    summary, text = teaser_and_text(_as_markup(string(entry.get("summary"))), content)
    external = string(entry.get("external_url"))
    base = link_base(url, string(feed.get("home_page_url")))
    links = (string(entry.get("url")), external, guid if guid.startswith("http") else "")
    published, modified = (
        declared_date(string(entry.get(name)), zone=zone, language=language, now=now)
        for name in ("date_published", "date_modified")
    )
    return RawItem(
        url=next((found for link in links if (found := web_address(link, base))), ""),
        title=title_text(string(entry.get("title")), "") or title_of_text(summary),
        published=published or modified,
        summary=summary,
        text=text,
        guid=folded(guid)[:MAX_GUID],
        modified=modified,
        language=language,
        author=_author(entry) or _author(feed),
        image=web_address(string(entry.get("image")) or string(entry.get("banner_image")), base),
    )


def string(value: object) -> str:
    """A JSON value as text: identities are sometimes numbers, everything else is dropped."""
    if isinstance(value, str):
        return value
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number else ""


def _as_markup(text: str) -> str:
    """Plain text with its paragraphs as markup, so that one way leads to the item."""
    from html import escape

    return "".join(f"<p>{escape(each)}</p>" for each in text.split("\n") if each.strip())


def _author(owner: Mapping[str, Any]) -> str:
    listed = owner.get("authors") or owner.get("author")
    authors = listed if isinstance(listed, list) else [listed]
    names = [plain_text(string(each.get("name"))) for each in authors if isinstance(each, dict)]
    return ", ".join(dict.fromkeys(name for name in names if name))[:200]
