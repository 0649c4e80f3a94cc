"""What really stands in each entry of an XML feed, beside feedparser's reading of it.

feedparser resolves identities like addresses, drops markup in them, lets elements of a module
(``dc:title``, ``media:description``) replace the entry's own, and keeps the last of several
links. A second, tolerant parse (lxml, about a tenth of feedparser's time) tells what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extract.markup import folded

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_GUID = 2_000  # characters; a longer identity is a text in the wrong place
_ENTRY_NAMES = frozenset({"item", "entry"})
_GUID_NAMES = {"item": "guid", "entry": "id"}
_NAMESPACE = re.compile(r"""\sxmlns(?::\w{1,40})?=(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Own:
    """An entry's own elements as written; "" where feedparser's reading is to be trusted."""

    guid: str = ""
    title: str = ""  # where a module's title stands beside it
    description: str = ""  # where a module's description stands beside it
    link: str = ""  # of an RSS item with several links, the last of its own
    content: str = ""  # of ``encoded``, for namespaces that feedparser does not know


@dataclass(frozen=True, slots=True)
class Document:
    """A feed as a tree."""

    root: Element | None = None  # None where it cannot be read
    is_sound: bool = False  # well-formed XML: no parser had to guess

    @property
    def site(self) -> str:
        """The channel's or feed's link, as written."""
        return "" if self.root is None else _site(self.root)

    @property
    def entries(self) -> tuple[Own, ...]:
        """Each entry's own elements, in document order."""
        return () if self.root is None else tuple(_own(entry) for entry in _entries(self.root))


def read_tree(text: str) -> Document:
    """The tree of a feed that went through ``feed_mending.well_formed``."""
    from lxml import etree

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return Document()  # also where libxml2 keeps bytes that are no characters
    return Document(root, is_sound=len(parser.error_log) == 0)


def _site(root: Element) -> str:
    """The link of the channel or feed itself."""
    channel = next((each for each in root.iterchildren("{*}*") if _name(each) == "channel"), root)
    for child in channel.iterchildren("{*}*"):
        if _name(child) != "link" or not _is_native(child, channel):
            continue
        is_page = child.get("rel", "alternate") == "alternate"
        if written := (child.get("href", "") if is_page else "") or str(child.text or ""):
            return written.strip()
    return ""


def _entries(root: Element) -> Iterator[Element]:
    """Items and entries that stand in no other."""
    for element in root.iter("{*}*"):
        name = _name(element)
        if name not in _ENTRY_NAMES:
            continue
        if not any(_name(above) in _ENTRY_NAMES for above in element.iterancestors()):
            yield element


def _own(entry: Element) -> Own:
    native: dict[str, list[Element]] = {}
    foreign: dict[str, list[Element]] = {}
    for child in entry.iterchildren("{*}*"):
        owner = native if _is_native(child, entry) else foreign
        owner.setdefault(_name(child), []).append(child)
    links = len(native.get("link", [])) + len(foreign.get("link", []))
    kind = _name(entry)
    is_item = kind == "item"
    return Own(
        guid=folded(_last(native.get(_GUID_NAMES[kind])))[:MAX_GUID],
        title=_last(native.get("title")) if is_item and "title" in foreign else "",
        description=_last(native.get("description")) if "description" in foreign else "",
        link=_link(native.get("link", [])) if is_item and links > 1 else "",
        content=_last(native.get("encoded") or foreign.get("encoded")),
    )


def _is_native(child: Element, entry: Element) -> bool:
    """Unprefixed, in whatever namespace, or in the entry's own."""
    if ":" in child.tag.rpartition("}")[2]:
        return False  # a prefix that nobody declared
    return child.prefix is None or child.nsmap.get(child.prefix) == entry.nsmap.get(entry.prefix)


def _link(links: list[Element]) -> str:
    pages = [link for link in links if link.get("rel", "alternate") == "alternate"]
    written = [str(link.get("href") or link.text or "").strip() for link in pages]
    return next((each for each in reversed(written) if each), "")


def _last(elements: list[Element] | None) -> str:
    """What stands in the last element that holds anything, markup included."""
    for element in reversed(elements or []):
        if written := _inner(element):
            return written
    return ""


def _inner(element: Element) -> str:
    from lxml import etree

    if len(element) == 0:
        return str(element.text or "")
    if not all(isinstance(child.tag, str) for child in element):
        return ""  # an entity of the document's own: feedparser resolves it
    pieces = [str(element.text or "")]
    pieces += [str(etree.tostring(child, encoding="unicode")) for child in element]
    return _NAMESPACE.sub("", "".join(pieces))


def _name(element: Element) -> str:
    """The local name in small letters (some generators write capitals)."""
    tag = element.tag
    name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
    return name.rpartition(":")[2].lower()
