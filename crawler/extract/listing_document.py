"""A web page as flat lists: its elements in document order, its words and its links.

lxml parses; everything after works on :class:`Node` numbers. ``a`` lies inside ``b``
exactly when ``b.index <= a.index < b.end``, so nothing here recurses and hostile depth
costs nothing. Beautiful Soup re-reads pages lxml lost most links of.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.errors import ExtractError
from crawler.extract.listing_addresses import may_be_item
from crawler.extract.listing_clicks import CLICKED, click_address
from crawler.extract.listing_words import vocabulary
from crawler.extract.markup import check_markup, folded, with_body, without_controls

MAX_CHARACTERS = 8_000_000
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HEADING_WORDS = 5
MAX_ELEMENTS = 120_000
_KEPT = vocabulary(
    "href src class id role rel datetime alt title aria-label itemprop itemtype style hidden "
    "data-src data-lazy-src data-original srcset data-srcset content type name aria-hidden "
    "data-date datatime pubdate aria-current lang onclick data-href data-url data-link"
)
_NO_ROW = vocabulary("html body main form label input")
_SILENT = vocabulary("script style noscript template svg iframe select option object textarea head")


@dataclass(slots=True)
class Node:
    """One element. ``end`` is the index after its last descendant."""

    index: int
    tag: str
    attrs: dict[str, str]
    parent: int  # -1 for the root
    depth: int
    end: int = 0
    first_word: int = 0  # slice of the document's texts
    last_word: int = 0
    zone: int = 0  # flags of ``listing_zones``
    leads: bool = False  # a link, or an element with words whose click opens an address

    @property
    def names(self) -> str:
        """Class and id, as written."""
        return f"{self.attrs.get('class', '')} {self.attrs.get('id', '')}"


@dataclass(slots=True)
class Document:
    """A parsed page. ``texts`` are its text pieces in document order, white space folded."""

    url: str
    base: str
    nodes: list[Node]
    texts: list[str]
    owners: list[int]  # node index that holds texts[i]
    title: str = ""
    language: str = ""  # ISO 639-1
    children: list[list[int]] = field(default_factory=list)
    tree: Any = None  # the lxml root, for CSS selectors alone
    elements: list[Any] = field(default_factory=list)
    grids: dict[int, bool] = field(default_factory=dict)  # table → whether its cells are cards
    _headings: list[Node] | None = None
    _heading_places: list[int] | None = None
    _addresses: dict[str, str] = field(default_factory=dict)

    def text(self, index: int) -> str:
        """All words inside a node, single-spaced."""
        node = self.nodes[index]
        return " ".join(self.texts[node.first_word : node.last_word])

    def ancestors(self, index: int) -> Iterator[Node]:
        """The node's parent, grandparent, … up to the root."""
        parent = self.nodes[index].parent
        while parent >= 0:
            node = self.nodes[parent]
            yield node
            parent = node.parent

    def within(self, index: int) -> range:
        """Indices of a node's descendants, itself first."""
        return range(index, self.nodes[index].end)

    def inside(self, inner: int, outer: int) -> bool:
        return outer <= inner < self.nodes[outer].end

    def heading_count(self, index: int) -> int:
        """How many headings a node holds, itself counted."""
        if self._heading_places is None:
            self._heading_places = [n.index for n in self.nodes if n.tag in HEADINGS]
        places = self._heading_places
        return bisect_left(places, self.nodes[index].end) - bisect_left(places, index)

    def short_headings(self) -> list[Node]:
        """Headings of few words: they name a list, longer ones are an item's title."""
        if self._headings is None:
            self._headings = [
                node
                for node in self.nodes
                if node.tag in HEADINGS
                and node.last_word > node.first_word
                and len(self.text(node.index).split()) <= _HEADING_WORDS
            ]
        return self._headings

    def resolve(self, address: str) -> str:
        """An absolute http(s) address, or "" where it is none."""
        if address not in self._addresses:
            self._addresses[address] = absolute(self.base, address)
        return self._addresses[address]


def absolute(base: str, address: str) -> str:
    """``address`` seen from ``base`` as an absolute http(s) address, else ""."""
    cleaned = re.sub(r"[\t\r\n\x00]", "", address).strip()
    if not cleaned or cleaned.startswith("#") or len(cleaned) > 2_000:
        return ""
    try:
        joined = urljoin(base, cleaned.replace("\\", "/").replace(" ", "%20"))
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and host else ""


def read_document(text: str, url: str) -> Document:
    """Parse a decoded page.

    Raises ExtractError for markup that would cost unbounded time.
    """
    html = with_body(without_controls(_without_scripts(text[:MAX_CHARACTERS])))
    check_markup(html, url)
    root = _parse(html)
    if html.count("<a ") > 2 * sum(1 for _ in root.iter("a")) + 5:
        root = _parse(_mended(html))
    return flattened(root, url)


def _without_scripts(text: str) -> str:
    """Cut scripts and styles in linear time: they hold half the bytes and no item."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose lower case is longer shifts offsets
        lowered = text
    kept: list[str] = []
    position = 0
    for opening in re.finditer(r"<(script|style)\b|<!--", lowered):
        if opening.start() < position:
            continue
        closing = f"</{opening[1]}" if opening[1] else "-->"
        end = lowered.find(closing, opening.end())
        if end < 0:
            break
        kept.append(text[position : opening.start()])
        position = lowered.find(">", end) + 1 if opening[1] else end + 3
        if position <= 0:
            return "".join(kept)
    kept.append(text[position:])
    return "".join(kept)


def _parse(html: str) -> Any:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
    data = html.encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    return root if root is not None else etree.fromstring(b"<html><body/></html>", parser)


def _mended(html: str) -> str:
    """The page as Beautiful Soup understands it: it gives up on nothing."""
    from bs4 import BeautifulSoup

    return str(BeautifulSoup(html[:1_000_000].replace("\x00", ""), "html.parser"))


def flattened(root: Any, url: str) -> Document:
    """The tree of a parsed page as a Document; raises ExtractError for too many elements."""
    document = Document(url=url, base=url, nodes=[], texts=[], owners=[], tree=root)
    open_nodes: list[Node] = []
    silent_depth = 0
    events = _events(root)
    for event, element in events:
        if event == "end":
            node = open_nodes.pop()
            node.end, node.last_word = len(document.nodes), len(document.texts)
            if node.tag in _SILENT:
                silent_depth -= 1
            _add_text(document, node.parent, element.tail, silent_depth)
            continue
        if len(document.nodes) > MAX_ELEMENTS:
            raise ExtractError("The page has more elements than any news page.", url=url)
        node = _node(document, element, open_nodes[-1].index if open_nodes else -1)
        open_nodes.append(node)
        if node.tag in _SILENT:
            silent_depth += 1
        _add_text(document, node.index, element.text, silent_depth)
    _finish(document, root)
    return document


def _events(root: Any) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    for event, element in etree.iterwalk(root, events=("start", "end")):
        if isinstance(element.tag, str):
            yield event, element


def _node(document: Document, element: Any, parent: int) -> Node:
    attrs = {key: value for key, value in element.attrib.items() if key in _KEPT and value}
    if "hidden" in element.attrib:
        attrs["hidden"] = "hidden"
    depth = document.nodes[parent].depth + 1 if parent >= 0 else 0
    tag = element.tag.rpartition(":")[2].lower()
    place = len(document.nodes), tag, attrs, parent, depth
    node = Node(*place, first_word=len(document.texts), leads=tag == "a")
    document.nodes.append(node)
    document.elements.append(element)
    document.children.append([])
    if parent >= 0:
        document.children[parent].append(node.index)
    return node


def _add_text(document: Document, owner: int, text: str | None, silent_depth: int) -> None:
    if silent_depth or not text:
        return
    words = " ".join(text.split()) if text.isascii() else folded(text)
    if words:
        document.texts.append(words)
        document.owners.append(owner)


def _finish(document: Document, root: Any) -> None:
    base = root.find(".//base[@href]")
    if base is not None:
        document.base = absolute(document.url, base.get("href", "")) or document.url
    _follow_clicks(document)
    title = root.find(".//title")
    if title is not None:
        document.title = folded("".join(title.itertext()))[:300]
    lang = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    ).lower()
    document.language = re.split(r"[-_]", lang)[0] if re.match(r"[a-z]{2}([-_]|$)", lang) else ""


def _follow_clicks(document: Document) -> None:
    """Make links of elements with words whose click leads to an address, unless a link inside may
    be an item's: one to share or to write may be inside."""
    following = len(document.nodes)  # the next such link
    for node in reversed(document.nodes):
        address = document.resolve(node.attrs.get("href", "")) if node.leads else ""
        if not address and following >= node.end and (address := _clicked(document, node)):
            node.leads, node.attrs["href"] = True, address
        if may_be_item(address):
            following = node.index


def _clicked(document: Document, node: Node) -> str:
    if CLICKED.isdisjoint(node.attrs) or node.tag in _NO_ROW:
        return ""
    address = click_address(node.attrs)
    return document.resolve(address) if node.last_word > node.first_word else ""
