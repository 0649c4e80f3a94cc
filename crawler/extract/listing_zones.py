"""Which parts of a page are furniture: navigation, footer, sidebar, cookie banner, hidden.

A part that holds most of the page's words is never furniture, whatever its class says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from crawler.extract.listing_document import Document, Node, read_document
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
_SILENT_TAGS = vocabulary("script style noscript template svg iframe select head")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
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
    links = _LinkWords.of(document)
    in_item = [False] * len(document.nodes)
    for node in document.nodes:
        inherited = document.nodes[node.parent].zone if node.parent >= 0 else 0
        item = in_item[node.parent] if node.parent >= 0 else False
        share = (node.last_word - node.first_word) / total
        node.zone = inherited | _own_zone(node, share, item, links)
        in_item[node.index] = item or node.tag in _ITEM_TAGS


@dataclass(frozen=True, slots=True)
class _LinkWords:
    """Sums over the page's links in page order: how many, and how many words they have."""

    places: list[int]
    words: list[int]  # before the link of the same position

    @classmethod
    def of(cls, document: Document) -> _LinkWords:
        places, sums = [], [0]
        for node in document.nodes:
            if node.tag == "a" and node.last_word > node.first_word:
                places.append(node.index)
                sums.append(sums[-1] + len(document.text(node.index).split()))
        return cls(places, sums)

    def are_headlines(self, node: Node) -> bool:
        """Whether a part's links are sentences: a menu has labels of a few words."""
        first, last = bisect_left(self.places, node.index), bisect_left(self.places, node.end)
        if last - first < _MIN_HEADLINES:
            return False
        return self.words[last] - self.words[first] >= _HEADLINE_WORDS * (last - first)


def _own_zone(node: Node, share: float, in_item: bool, links: _LinkWords) -> int:
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
    if "hidden" in node.attrs or _HIDDEN_STYLE.search(node.attrs.get("style", "")):
        zone |= HIDDEN if node.tag not in ("li", "article") else 0
    return zone | _named_zone(node, links)


def _named_zone(node: Node, links: _LinkWords) -> int:
    if node.tag in ("a", "h1", "h2", "h3", "h4", "article"):
        return 0
    zone = 0
    for name in node.names.split():
        found = name_words(name)
        if not found or len(found) > 4 or found & {"has", "with", "no", "without"}:
            continue
        if found & FURNITURE:
            foot = bool(found & _FOOT)
            zone |= FOOTER if foot else 0 if links.are_headlines(node) else NAV
        if found & ASIDE_WORDS:
            zone |= ASIDE
    return zone
