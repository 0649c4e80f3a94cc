"""What plain feeds of both kinds share: their entries, and how one element is read or declined."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from crawler.extract.feed_addresses import is_plain_address

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Entry = dict[str, Any]
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
AMPERSAND = re.compile(r"&([A-Za-z0-9_]+);")
RELATIONS = frozenset(
    {"alternate", "self", "edit", "enclosure", "replies", "related", "via", "hub", "next"}
    | {"first", "last", "previous", "search", "service.post", "license"}
)
# feedparser takes these for another encoding's bytes and changes them.
_MISTAKABLE = re.compile("[\x80-\x9f]|[\xc2-\xf4][\x80-\xbf]")
_FIXED = re.compile("^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")


class NotPlain(Exception):
    """The feed holds something that feedparser should judge."""


@dataclass(frozen=True, slots=True)
class PlainFeed:
    """A feed as feedparser would give it, as far as anybody asks."""

    version: str  # rss20 atom10
    feed: dict[str, Any]
    entries: tuple[Entry, ...]


def with_summary(entry: Entry) -> Entry:
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


def guessed(child: Element) -> tuple[str, str]:
    """An RSS title, and whether feedparser takes it for markup."""
    from feedparser.mixin import _FeedParserMixin

    value = text(child)
    is_markup = ("<" in value or "&" in value) and _FeedParserMixin.looks_like_html(value)
    return value, "text/html" if is_markup else "text/plain"


def text(child: Element, *, attributes: bool = False) -> str:
    """What an element without children says, white space around it aside."""
    demand(not len(child) and (attributes or not child.attrib))
    value = (child.text or "").strip()
    demand(value.isascii() or not _MISTAKABLE.search(value))
    return value


def joined(base: str, address: str) -> str:
    """An address as feedparser resolves it."""
    if not address or is_plain_address(address):
        return address
    try:
        return urljoin(base, _FIXED.sub(r"\1\3", address))
    except ValueError:
        return ""


def once(feed: dict[str, Any], name: str) -> bool:
    """Whether the feed says it for the first time."""
    return feed.setdefault(f"_{name}", 0) == 0 and feed.update({f"_{name}": 1}) is None


def demand(holds: bool) -> None:
    """Raises NotPlain where what a plain feed must be does not hold."""
    if not holds:
        raise NotPlain
