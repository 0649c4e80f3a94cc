"""Plain feeds read without feedparser: what nearly all feeds look like, an eighth of its time.

A feed is plain when it is well-formed RSS 2.0 or Atom 1.0 and holds only elements whose meaning
leaves no doubt, each in its usual form. Its entries come out as feedparser would give them, as far
as ``feed_entries`` looks at them; anything else is declined, and feedparser reads the whole feed.
That both agree on all they accept is proved on feedparser's own tests and ours
(tests/quality/test_plain_feeds.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from crawler.extract.feed_elements import MAX_GUID, Own
from crawler.extract.markup import folded

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crawler.model.item import RawItem

Entry = dict[str, Any]
_ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SY = "{http://purl.org/rss/1.0/modules/syndication/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
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
_FEED_IGNORED = frozenset(
    _ATOM + name for name in ("subtitle", "updated", "id", "generator", "icon", "logo", "rights",
                              "category")
)  # fmt: skip
_PAGES = ("text/html", "application/xhtml+xml")
_IMAGE_PARTS = frozenset({"url", "title", "link", "width", "height", "description"})
_TYPES = {"text": "text/plain", "html": "text/html", "text/html": "text/html",
          "text/plain": "text/plain"}  # fmt: skip
# feedparser takes these for another encoding's bytes and changes them.
_MISTAKABLE = re.compile("[\x80-\x9f]|[\xc2-\xf4][\x80-\xbf]")
_FIXED = re.compile("^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")
_AMPERSAND = re.compile(r"&([A-Za-z0-9_]+);")
_RELATIONS = frozenset(
    {"alternate", "self", "edit", "enclosure", "replies", "related", "via", "hub", "next"}
    | {"first", "last", "previous", "search", "service.post", "license"}
)


class NotPlain(Exception):
    """The feed holds something that feedparser should judge."""


@dataclass(frozen=True, slots=True)
class PlainFeed:
    """A feed as feedparser would give it, as far as anybody asks."""

    version: str  # rss20 atom10
    feed: dict[str, Any]
    entries: tuple[Entry, ...]


def plain_feed(root: Element, base: str) -> PlainFeed | None:
    """The feed whose well-formed document has this root; None where feedparser has to read it.
    ``base`` is what relative addresses belong to."""
    try:
        if root.tag == "rss":
            return _rss(root, base)
        if root.tag == f"{_ATOM}feed":
            return _atom(root, base)
    except NotPlain:
        pass
    return None


def written(entry: Entry) -> Own:
    """An entry's own elements: in a plain feed no module's stand beside them."""
    return Own(guid=folded(entry.get("id", ""))[:MAX_GUID])


def leaves_date(entry: Entry, item: RawItem) -> bool:
    """Whether an entry gives a date that our own grammar could not read."""
    published, updated = entry.get("published", ""), entry.get("updated", "")
    if published and updated and published != updated and item.published == item.modified:
        return True  # likely the one in place of the other
    is_lost = bool(published or updated) and item.published is None
    return is_lost or (bool(updated) and item.modified is None)


# -- RSS 2.0 --------------------------------------------------------------------------------------


def _rss(root: Element, base: str) -> PlainFeed:
    _demand(dict(root.attrib) == {"version": "2.0"} and len(root) == 1)
    channel = root[0]
    _demand(channel.tag == "channel" and not channel.attrib)
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
    if tag == f"{_ATOM}link":
        rel = child.get("rel", "alternate").lower()
        _demand(rel in _RELATIONS - {"alternate"} and "href" in child.attrib and not len(child))
    elif tag == "title":
        feed["title"], kind = _guessed(child)
        feed["title_detail"] = {"type": kind}
        _demand(_once(feed, "titles"))
    elif tag == "link":
        _demand(_once(feed, "links"))
        feed["link"] = _AMPERSAND.sub(r"&\g<1>", _joined(base, _text(child)))
    elif tag in ("language", "ttl"):
        _demand(_once(feed, tag + "s"))
        feed[tag] = _text(child)
    elif tag in (f"{_SY}updatePeriod", f"{_SY}updateFrequency"):
        feed["sy_" + tag.rpartition("}")[2].lower()] = _text(child)
    elif tag == "image":
        _demand(all(one.tag in _IMAGE_PARTS and not len(one) for one in child))
    else:
        _demand(tag in _CHANNEL_IGNORED and all(one.tag in ("hour", "day") for one in child))


def _rss_item(item: Element, base: str) -> Entry:
    _demand(not item.attrib)
    entry: Entry = {"links": []}
    seen: set[str] = set()
    for child in item:
        tag = child.tag
        if tag in _IGNORED:
            _demand(not len(child) and _XML_LANG not in child.attrib)
            continue
        _demand(tag not in seen or tag == "enclosure")
        seen.add(tag)
        reader = _RSS_PARTS.get(tag)
        _demand(reader is not None)
        assert reader is not None
        reader(entry, child, base)
    _demand(entry.get("link", "").startswith(("http://", "https://")))
    return _with_summary(entry)


def _rss_title(entry: Entry, child: Element, base: str) -> None:
    entry["title"], kind = _guessed(child)
    entry["title_detail"] = {"type": kind}


def _rss_link(entry: Entry, child: Element, base: str) -> None:
    written = _joined(base, _text(child)).replace("&amp;", "&")
    entry["link"] = _AMPERSAND.sub(r"&\g<1>", written)
    entry["links"].append({"rel": "alternate", "type": "text/html", "href": entry["link"]})


def _rss_guid(entry: Entry, child: Element, base: str) -> None:
    _demand(not len(child) and set(child.attrib) <= {"isPermaLink"})
    entry["id"] = (child.text or "").strip()  # the written one is used


def _rss_description(entry: Entry, child: Element, base: str) -> None:
    entry["description"] = _text(child)


def _rss_content(entry: Entry, child: Element, base: str) -> None:
    value = _text(child)
    entry["content"] = [{"type": "text/html", "value": value, "language": None}]


def _rss_author(entry: Entry, child: Element, base: str) -> None:
    name = _text(child)
    _demand("@" not in name and "authors" not in entry)
    entry["authors"] = [{"name": name}] if name else [{}]
    entry["author"] = name


def _rss_published(entry: Entry, child: Element, base: str) -> None:
    entry["published"] = _text(child)


def _rss_updated(entry: Entry, child: Element, base: str) -> None:
    entry["updated"] = _text(child)


def _rss_comments(entry: Entry, child: Element, base: str) -> None:
    _text(child)  # asked for where an entry has no link; then the feed is not plain


def _rss_enclosure(entry: Entry, child: Element, base: str) -> None:
    _demand(not len(child) and set(child.attrib) <= {"url", "type", "length"})
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


# -- Atom 1.0 -------------------------------------------------------------------------------------


def _atom(root: Element, base: str) -> PlainFeed:
    language = root.get(_XML_LANG, "")
    _demand(set(root.attrib) <= {_XML_LANG})
    feed: dict[str, Any] = {"language": language.replace("_", "-")} if language else {}
    entries: list[Entry] = []
    for child in root:
        if child.tag == f"{_ATOM}entry":
            entries.append(_atom_entry(child, base, language))
        elif child.tag == f"{_ATOM}title":
            _demand(_once(feed, "titles"))
            feed["title"], kind = _typed(child)
            feed["title_detail"] = {"type": kind}
        elif child.tag == f"{_ATOM}link":
            link = _link(child, base)
            if link["rel"] == "alternate":
                _demand(_once(feed, "links") and link["type"] in _PAGES)
                feed["link"] = link["href"]
        elif child.tag == f"{_ATOM}author":
            _name(child)
        else:
            _demand(child.tag in _FEED_IGNORED and not len(child))
    _demand("link" in feed)
    return PlainFeed("atom10", feed, tuple(entries))


def _atom_entry(element: Element, base: str, language: str) -> Entry:
    _demand(not element.attrib)
    entry: Entry = {"links": []}
    seen: set[str] = set()
    for child in element:
        _demand(child.tag.startswith(_ATOM))
        name = child.tag.removeprefix(_ATOM)
        _demand(name not in seen or name in ("link", "category"))
        seen.add(name)
        _atom_part(entry, name, child, base, language)
    pages = [one for one in entry["links"] if one["rel"] == "alternate"]
    _demand(len(pages) == 1 and pages[0]["type"] in _PAGES)
    _demand(pages[0]["href"].startswith(("http://", "https://")))
    return _with_summary(entry)


def _atom_part(entry: Entry, name: str, child: Element, base: str, language: str) -> None:
    if name == "link":
        entry["links"].append(_link(child, base))
    elif name == "id":
        _demand(not len(child) and not child.attrib)
        entry["id"] = (child.text or "").strip()
    elif name in ("published", "updated"):
        entry[name] = _text(child)
    elif name == "author":
        entry["author"] = _name(child)
        entry["authors"] = [{"name": entry["author"]}]
    elif name == "title":
        entry["title"], kind = _typed(child)
        entry["title_detail"] = {"type": kind, "language": language.replace("_", "-") or None}
    elif name == "summary":
        entry["description"], entry["description_type"] = _typed(child)
    elif name == "content":
        value, kind = _typed(child)
        told = {"type": kind, "value": value, "language": language.replace("_", "-") or None}
        entry["content"] = [told]
    else:
        _demand(name in ("category", "rights") and not len(child) and _XML_LANG not in child.attrib)


def _link(child: Element, base: str) -> dict[str, str]:
    known = {"rel", "href", "type", "title", "length", "hreflang"}
    _demand(not len(child) and "href" in child.attrib and set(child.attrib) <= known)
    rel = child.get("rel", "alternate").lower()
    _demand(rel in _RELATIONS)
    usual = "application/atom+xml" if rel == "self" else "text/html"
    href = _joined(base, child.get("href", ""))
    return {"rel": rel, "type": child.get("type", usual).lower(), "href": href}


def _name(author: Element) -> str:
    """An author with a name and perhaps an address of a page, no more."""
    parts = {child.tag.removeprefix(_ATOM): child for child in author}
    _demand(set(parts) <= {"name", "uri"} and "name" in parts and len(parts) == len(author))
    _demand(not (author.text or "").strip() and not any(map(len, author)))
    name = _text(parts["name"])
    _demand("@" not in name and bool(name))
    return name


def _typed(child: Element) -> tuple[str, str]:
    """A text construct that is no XHTML: its value and its media type."""
    _demand(set(child.attrib) <= {"type"})
    kind = _TYPES.get(child.get("type", "text"))
    _demand(kind is not None)
    return _text(child, attributes=True), str(kind)


# -- both -----------------------------------------------------------------------------------------


def _with_summary(entry: Entry) -> Entry:
    """The description as feedparser files it: beside its type, and a content in its place where
    there is none."""
    described = "description" in entry
    if described:
        value = entry.pop("description")
        entry["summary"] = value
        entry["summary_detail"] = {"type": entry.pop("description_type", "text/html"),
                                   "value": value}  # fmt: skip
    elif "content" in entry:
        entry["summary"] = entry["content"][0]["value"]
    return entry


def _guessed(child: Element) -> tuple[str, str]:
    """An RSS title, and whether feedparser takes it for markup."""
    from feedparser.mixin import _FeedParserMixin

    value = _text(child)
    is_markup = ("<" in value or "&" in value) and _FeedParserMixin.looks_like_html(value)
    return value, "text/html" if is_markup else "text/plain"


def _text(child: Element, *, attributes: bool = False) -> str:
    """What an element without children says, white space around it aside."""
    _demand(not len(child) and (attributes or not child.attrib))
    text = (child.text or "").strip()
    _demand(text.isascii() or not _MISTAKABLE.search(text))
    return text


def _joined(base: str, address: str) -> str:
    if not address:
        return ""
    try:
        return urljoin(base, _FIXED.sub(r"\1\3", address))
    except ValueError:
        return ""


def _once(feed: dict[str, Any], name: str) -> bool:
    """Whether the feed says it for the first time."""
    return feed.setdefault(f"_{name}", 0) == 0 and feed.update({f"_{name}": 1}) is None


def _demand(holds: bool) -> None:
    if not holds:
        raise NotPlain
