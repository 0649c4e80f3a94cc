"""How far the block of a page's only item goes: to where another item, or another list, begins.

Records that repeat show their own size; a single one has no other to be compared with.
"""

from __future__ import annotations

from crawler.extract.listing_document import HEADINGS, Document, Node
from crawler.extract.listing_text import date_like, has_heading, only_date
from crawler.extract.listing_words import weigh, words

_MAX_PARTS = 60  # of a single record's block that are looked at for lists
_MAX_NODES = 400  # of such a part
_NAME_WORDS = 2  # of a list's heading; a title that names news has more
_LONGEST_NAME = 30
_MOST_DAYS = 2  # of a single item: published, changed
_LONELY_CHARACTERS = 1_500  # a single item is no larger


def adds_more(document: Document, outer: Node, inner: Node) -> bool:
    """Whether the larger block of a lonely link holds more than one item."""
    return (
        _too_large(document, outer)
        or _adds_heading(document, outer, inner)
        or _adds_name(document, outer, inner)
        or any(
            _is_dated_list(document, document.nodes[child])
            for child in document.children[outer.index][:_MAX_PARTS]
            if child != inner.index
        )
    )


def _is_dated_list(document: Document, node: Node) -> bool:
    """Whether a small block holds several dates and several links, or more dates than a single
    item has."""
    texts = document.texts[node.first_word : node.last_word]
    days = len({text for text in texts if date_like(text)})
    if days > _MOST_DAYS:
        return True
    if days < 2:
        return False
    links = {document.nodes[i].attrs.get("href") for i in document.within(node.index)[:_MAX_NODES]}
    return len(links - {None}) > 1


def _adds_heading(document: Document, outer: Node, inner: Node) -> bool:
    """Whether the larger block has a heading beside the one the smaller block has: more than
    one that is nothing but the item's day."""
    if document.heading_count(outer.index) < 2 or not has_heading(document, inner.index):
        return False
    added = [
        node
        for node in document.nodes[outer.index : outer.end]
        if node.tag in HEADINGS and not inner.index <= node.index < inner.end
    ]
    return len(added) != 1 or not only_date(document.text(added[0].index))


def _adds_name(document: Document, outer: Node, inner: Node) -> bool:
    """Whether the larger block takes in the heading of a list: "News", "Events".

    A heading around the smaller block is its title: "Post of the week".
    """
    return any(
        outer.index <= node.index < outer.end
        and not inner.index <= node.index < inner.end
        and not node.index <= inner.index < node.end
        and len(text := document.text(node.index)) < _LONGEST_NAME
        and len(text.split()) <= _NAME_WORDS
        and weigh(frozenset(words(text))) != 0
        for node in document.short_headings()
    )


def _too_large(document: Document, node: Node) -> bool:
    texts = document.texts[node.first_word : node.last_word]
    return len(texts) > 60 or sum(map(len, texts)) > _LONELY_CHARACTERS
