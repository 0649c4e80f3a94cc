"""Pages that are articles themselves, and the boxes of links that stand beside their text.

An article has a headline that its page is called by, and one long run of sentences; in a list
headlines and invitations to read on break the sentences up. A dated list beside an article, or
one that is headed "News" or "Read also", is a list embedded in the page; what is most liked,
sponsored or headed by nothing fills the space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from crawler.extract.listing_document import HEADINGS, Document, Node
from crawler.extract.listing_links import address_key, is_own_house, item_address, leads_home
from crawler.extract.listing_marks import named_title
from crawler.extract.listing_portals import is_home
from crawler.extract.listing_score import Group, sentence_like
from crawler.extract.listing_words import (
    name_words,
    names_further,
    names_popular,
    news_words,
    plain,
    vocabulary,
)
from crawler.extract.listing_zones import ASIDE, FURNISHED, HIDDEN

BOXES = "boxes beside"  # the reason
_POINTS = -4.0
_DATED = 0.5  # share of a list's entries
_HEADLINE = 0.35  # of ``sentence_like``: four words
_HEADLINES = 0.4  # of it, on average
_BODY_WORDS = 150
_TIMES = 1.5  # a body is longer than any other run of the page's sentences
_SENTENCE = 8  # words of a text; shorter ones are labels
_PIECES = 6  # texts of a headline
_PARTS = re.compile(r"\s[|–—«»·:-]{1,2}\s")  # of a page's title: what it is, whose it is
_LABEL_WORDS = 3  # of a link to the news page
_LINKED = 0.8  # share of a line's words in links
_DEEPEST = 12  # inline elements in each other
_INLINE = vocabulary("a b strong em i u span small sup sub font mark abbr q cite time")


def is_article(document: Document) -> bool:
    """Whether a page is one article: a headline that names the page, and one body of text.

    A site's front page is none, however long it welcomes its readers.
    """
    return not is_home(document) and _has_own_headline(document) and _has_one_body(document)


def without_boxes(document: Document, groups: Sequence[Group]) -> list[Group]:
    """Groups of a page; on an article those that only fill the space beside its text lose."""
    boxes = [group.dated < _DATED and not _is_named(group) for group in groups]
    if not any(boxes) or not is_article(document):
        return list(groups)
    return [_lowered(group) if box else group for group, box in zip(groups, boxes, strict=True)]


def _is_named(group: Group) -> bool:
    """Whether a heading says that headlines are news or go on with the article's subject. In
    hidden tabs "Stories" may be those that are read most."""
    told = news_words(group.heading) > 0 or names_further(group.heading)
    if not told or group.zone & HIDDEN or names_popular(group.heading):
        return False
    wordy = sum(sentence_like(entry.title) for entry in group.entries) / len(group.entries)
    return wordy >= _HEADLINES


def _lowered(group: Group) -> Group:
    return replace(group, score=group.score + _POINTS, reasons=(*group.reasons, (BOXES, _POINTS)))


def news_page(document: Document) -> str:
    """The address of the site's news page where a link calls itself so; "" where none does.

    A folder that the page's own address lies in comes before others.
    """
    own = address_key(document.url)
    found: dict[str, str] = {}
    for node in document.nodes:
        text = document.text(node.index) if node.tag == "a" else ""
        if not text or len(text.split()) > _LABEL_WORDS or news_words(text) <= 0:
            continue
        address = item_address(document, node)
        if address and is_own_house(address, document) and not leads_home(address):
            found.setdefault(address_key(address), address)
    found.pop(own, None)
    around = [key for key in found if own.startswith(f"{key}/")]
    return found[max(around, key=len)] if around else next(iter(found.values()), "")


def told_as_article(document: Document) -> str:
    """What is said of a page that is an article itself."""
    news = news_page(document)
    said = "the page is one article, no list of news"
    return f"{said}; the site's news page seems to be {news}" if news else said


def _has_own_headline(document: Document) -> bool:
    """Whether the page's title repeats a headline of several words, whole or its beginning."""
    title = plain(document.title)
    name = plain(max(_PARTS.split(document.title), key=len))
    for text in _headlines(document):
        if sentence_like(text) >= _HEADLINE and plain(text) in title:
            return True
        if sentence_like(name) >= _HEADLINE and plain(text).startswith(name):
            return True
    return False


def _headlines(document: Document) -> Iterator[str]:
    """The words of the page's greater headings, and of what is a headline by its class or id."""
    for node in document.nodes:
        small = 0 < node.last_word - node.first_word <= _PIECES
        if node.tag in ("h1", "h2") or (small and (named_title(node) or _named_headline(node))):
            yield document.text(node.index)


def _named_headline(node: Node) -> bool:
    return "headline" in name_words(node.attrs.get("id", ""))


def _has_one_body(document: Document) -> bool:
    """Whether one run of sentences is long, and longer by far than all others."""
    runs = sorted(_runs(document), reverse=True)
    return bool(runs) and runs[0] >= max(_BODY_WORDS, _TIMES * sum(runs[1:2]))


def _runs(document: Document) -> Iterator[int]:
    """Words of the sentences between lines that are nothing but links."""
    words = 0
    for sentences, linked in _lines(document):
        if linked:
            yield words
            words = 0
        words += sentences
    yield words


def _lines(document: Document) -> Iterator[tuple[int, bool]]:
    """Of each block of words in the middle of the page: how many words its sentences have, and
    whether it is a link."""
    places = enumerate(document.owners)
    for block, held in groupby(places, key=lambda place: _block(document, place[1])):
        node = document.nodes[block]
        if node.zone & (FURNISHED | ASIDE):
            continue
        texts = [(document.texts[i].count(" ") + 1, _in_link(document, o)) for i, o in held]
        linked = sum(count for count, link in texts if link)
        free = [count for count, link in texts if not link]
        heads = node.tag in HEADINGS and linked > 0
        yield (
            0 if heads else sum(count for count in free if count >= _SENTENCE),
            heads or linked >= _LINKED * (linked + sum(free)),
        )


def _block(document: Document, index: int) -> int:
    """The element whose line of words an inline element belongs to."""
    for _ in range(_DEEPEST):
        if document.nodes[index].tag not in _INLINE or document.nodes[index].parent < 0:
            break
        index = document.nodes[index].parent
    return index


def _in_link(document: Document, index: int) -> bool:
    for _ in range(_DEEPEST):
        node = document.nodes[index]
        if node.tag == "a":
            return True
        if node.tag not in _INLINE:
            break
        index = node.parent
    return False
