"""Plain RSS 2.0: channel and items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.extract.feed_plain_parts import (
    AMPERSAND,
    ATOM,
    RELATIONS,
    XML_LANG,
    Entry,
    PlainFeed,
    demand,
    guessed,
    joined,
    once,
    text,
    with_summary,
)

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DC = "{http://purl.org/dc/elements/1.1/}"
_SY = "{http://purl.org/rss/1.0/modules/syndication/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
# What says nothing about an entry that we keep; feedparser files it elsewhere.
_IGNORED = frozenset(
    {"category", f"{_DC}subject", "{http://wellformedweb.org/CommentAPI/}commentRss"}
    | {"{http://purl.org/rss/1.0/modules/slash/}comments"}
    | {"{com-wordpress:feed-additions:1}post-id"}
)
_CHANNEL_IGNORED = frozenset(
    {"description", "lastBuildDate", "pubDate", "generator", "copyright", "managingEditor"}
    | {"webMaster", "docs", "category", "skipHours", "skipDays"}
)
_IMAGE_PARTS = frozenset({"url", "title", "link", "width", "height", "description"})


def plain_rss(root: Element, base: str) -> PlainFeed:
    """The feed below ``<rss>``. Raises NotPlain."""
    demand(dict(root.attrib) == {"version": "2.0"} and len(root) == 1)
    channel = root[0]
    demand(channel.tag == "channel" and not channel.attrib)
    feed: dict[str, Any] = {}
    entries: list[Entry] = []
    for child in channel:
        if child.tag == "item":
            entries.append(_rss_item(child, base))
        else:
            _channel_part(child, feed, base)
    return PlainFeed("rss20", feed, tuple(entries))


def _channel_part(child: Element, feed: dict[str, Any], base: str) -> None:
    tag = child.tag
    if tag == f"{ATOM}link":
        rel = child.get("rel", "alternate").lower()
        demand(rel in RELATIONS - {"alternate"} and "href" in child.attrib and not len(child))
    elif tag == "title":
        feed["title"], kind = guessed(child)
        feed["title_detail"] = {"type": kind}
        demand(once(feed, "titles"))
    elif tag == "link":
        demand(once(feed, "links"))
        feed["link"] = AMPERSAND.sub(r"&\g<1>", joined(base, text(child)))
    elif tag in ("language", "ttl"):
        demand(once(feed, tag + "s"))
        feed[tag] = text(child)
    elif tag in (f"{_SY}updatePeriod", f"{_SY}updateFrequency"):
        feed["sy_" + tag.rpartition("}")[2].lower()] = text(child)
    elif tag == "image":
        demand(all(one.tag in _IMAGE_PARTS and not len(one) for one in child))
    else:
        demand(tag in _CHANNEL_IGNORED and all(one.tag in ("hour", "day") for one in child))


def _rss_item(item: Element, base: str) -> Entry:
    demand(not item.attrib)
    entry: Entry = {"links": []}
    seen: set[str] = set()
    for child in item:
        tag = child.tag
        if tag in _IGNORED:
            demand(not len(child) and XML_LANG not in child.attrib)
            continue
        demand(tag not in seen or tag == "enclosure")
        seen.add(tag)
        reader = _RSS_PARTS.get(tag)
        demand(reader is not None)
        assert reader is not None
        reader(entry, child, base)
    demand(entry.get("link", "").startswith(("http://", "https://")))
    return with_summary(entry)


def _rss_title(entry: Entry, child: Element, base: str) -> None:
    entry["title"], kind = guessed(child)
    entry["title_detail"] = {"type": kind}


def _rss_link(entry: Entry, child: Element, base: str) -> None:
    written = joined(base, text(child)).replace("&amp;", "&")
    entry["link"] = AMPERSAND.sub(r"&\g<1>", written)
    entry["links"].append({"rel": "alternate", "type": "text/html", "href": entry["link"]})


def _rss_guid(entry: Entry, child: Element, base: str) -> None:
    demand(not len(child) and set(child.attrib) <= {"isPermaLink"})
    entry["id"] = (child.text or "").strip()  # the written one is used


def _rss_description(entry: Entry, child: Element, base: str) -> None:
    entry["description"] = text(child)


def _rss_content(entry: Entry, child: Element, base: str) -> None:
    value = text(child)
    entry["content"] = [{"type": "text/html", "value": value, "language": None}]


def _rss_author(entry: Entry, child: Element, base: str) -> None:
    name = text(child)
    demand("@" not in name and "authors" not in entry)
    entry["authors"] = [{"name": name}] if name else [{}]
    entry["author"] = name


def _rss_published(entry: Entry, child: Element, base: str) -> None:
    entry["published"] = text(child)


def _rss_updated(entry: Entry, child: Element, base: str) -> None:
    entry["updated"] = text(child)


def _rss_comments(entry: Entry, child: Element, base: str) -> None:
    text(child)  # asked for where an entry has no link; then the feed is not plain


def _rss_enclosure(entry: Entry, child: Element, base: str) -> None:
    demand(not len(child) and set(child.attrib) <= {"url", "type", "length"})
    link = {"rel": "enclosure", "type": child.get("type", "").lower(), "href": child.get("url", "")}
    entry["links"].append(link)


_RSS_PARTS = {
    "title": _rss_title,
    "link": _rss_link,
    "guid": _rss_guid,
    "description": _rss_description,
    _CONTENT: _rss_content,
    f"{_DC}creator": _rss_author,
    "author": _rss_author,
    "pubDate": _rss_published,
    f"{_DC}date": _rss_updated,
    "comments": _rss_comments,
    "enclosure": _rss_enclosure,
}
