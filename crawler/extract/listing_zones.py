"""Which parts of a page are furniture: navigation, footer, sidebar, cookie banner, hidden.

A part that holds most of the page's words is never furniture, whatever its class says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from crawler.extract.listing_document import HEADINGS, Document, Node, read_document
from crawler.extract.listing_words import ASIDE as ASIDE_WORDS
from crawler.extract.listing_words import FURNITURE, name_words, vocabulary

NAV = 1
FOOTER = 2
HEADER = 4
ASIDE = 8
HIDDEN = 16
SILENT = 32
MAIN = 64
TABLE_NAV = 128
FURNISHED = NAV | FOOTER | HEADER | HIDDEN | SILENT
_LARGEST_SHARE = 0.5
_MIN_HEADLINES = 3  # links; fewer tell nothing
_HEADLINE_WORDS = 6  # of a link, on average
_HEADING_WORDS = 4  # of a heading that is a link, on average
_NEAR = 3  # levels above a link in which its heading is looked for
_CARD = 40  # elements of a card in which it is
_SILENT_TAGS = vocabulary("script style noscript template svg iframe select head")
_RECORDS = vocabulary("post entry teaser card")  # "secondary-post": its rank, no place
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_FOOT = vocabulary("footer foot colophon impressum imprint copyright")
_ITEM_TAGS = vocabulary("article li tr section main dl td")


def zoned_document(text: str, url: str) -> Document:
    """A decoded page parsed, its zones marked; raises ExtractError as ``read_document``."""
    document = read_document(text, url)
    mark_zones(document)
    return document


def mark_zones(document: Document) -> None:
    """Give every node the zone flags of itself and all its ancestors."""
    total = max(1, len(document.texts))
    headlines = _Headlines.of(document)
    in_item = [False] * len(document.nodes)
    for node in document.nodes:
        inherited = document.nodes[node.parent].zone if node.parent >= 0 else 0
        item = in_item[node.parent] if node.parent >= 0 else False
        share = (node.last_word - node.first_word) / total
        node.zone = inherited | _own_zone(node, share, item, headlines)
        in_item[node.index] = item or node.tag in _ITEM_TAGS


@dataclass(frozen=True, slots=True)
class _LinkWords:
    """Sums over links in page order: how many, and how many words they have."""

    places: list[int]
    words: list[int]  # before the link of the same position

    @classmethod
    def of(cls, document: Document, nodes: Iterable[Node]) -> _LinkWords:
        places, sums = [], [0]
        for node in nodes:
            if node.last_word > node.first_word:
                places.append(node.index)
                sums.append(sums[-1] + len(document.text(node.index).split()))
        return cls(places, sums)

    def hold_headlines(self, node: Node, least: int) -> bool:
        """Whether those inside a part have at least so many words on average."""
        first, last = bisect_left(self.places, node.index), bisect_left(self.places, node.end)
        if last - first < _MIN_HEADLINES:
            return False
        return self.words[last] - self.words[first] >= least * (last - first)


@dataclass(frozen=True, slots=True)
class _Headlines:
    """What tells stories from a menu: links that are sentences, or headings that are links."""

    links: _LinkWords
    headings: _LinkWords

    @classmethod
    def of(cls, document: Document) -> _Headlines:
        links = [node for node in document.nodes if node.leads]
        inside = [_heading_of(document, link) for link in links]
        headings = {node.index: node for node in inside if node is not None}
        return cls(_LinkWords.of(document, links), _LinkWords.of(document, headings.values()))

    def fill(self, part: Node) -> bool:
        """Whether a part of the page holds headlines: a menu has labels of a few words."""
        return self.links.hold_headlines(part, _HEADLINE_WORDS) or self.headings.hold_headlines(
            part, _HEADING_WORDS
        )


def _heading_of(document: Document, link: Node) -> Node | None:
    """The heading that a link stands in or, in a card, holds."""
    for node in islice(document.ancestors(link.index), _NEAR):
        if node.tag in HEADINGS:
            return node
    inside = document.within(link.index)[1:_CARD]
    return next((document.nodes[i] for i in inside if document.nodes[i].tag in HEADINGS), None)


def _own_zone(node: Node, share: float, in_item: bool, headlines: _Headlines) -> int:
    if node.tag in _SILENT_TAGS:
        return SILENT
    if node.tag in ("html", "body"):
        return 0
    zone = 0
    role = node.attrs.get("role", "")
    if node.tag == "main" or role == "main":
        zone |= MAIN
    if share > _LARGEST_SHARE:
        return zone
    if node.tag == "nav" or role in ("navigation", "menu", "menubar"):
        zone |= NAV
    if not in_item and (node.tag == "footer" or role == "contentinfo"):
        zone |= FOOTER
    if not in_item and (node.tag == "header" or role == "banner"):
        zone |= HEADER
    if node.tag == "aside" or role == "complementary":
        zone |= ASIDE
    if "hidden" in node.attrs or HIDDEN_STYLE.search(node.attrs.get("style", "")):
        zone |= HIDDEN if node.tag not in ("li", "article") else 0
    return zone | _named_zone(node, headlines)


def _named_zone(node: Node, headlines: _Headlines) -> int:
    if node.tag in ("a", "h1", "h2", "h3", "h4", "article"):
        return 0
    zone = 0
    for name in node.names.split():
        found = name_words(name)
        if not found or len(found) > 4 or found & {"has", "with", "no", "without"}:
            continue
        if found & FURNITURE:
            foot = bool(found & _FOOT)
            zone |= FOOTER if foot else 0 if headlines.fill(node) else NAV
        if found & ASIDE_WORDS and not found & _RECORDS:
            zone |= ASIDE
    return zone
