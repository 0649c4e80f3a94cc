"""What stands above a list: its heading, and where one list ends and another begins."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from crawler.extract.listing_clippings import names_clippings
from crawler.extract.listing_document import HEADINGS, Document
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_records import Record
from crawler.extract.listing_words import names_apart, names_further, weigh, words

_SIBLINGS = 12  # elements before a list in which its heading is looked for
_HEADING_WORDS = 5
_LABEL_PIECES = 3  # texts: the name, a number, "more"
_LONGEST_LABEL = 40  # characters
_MIN_MENU = 3  # links
_LABEL_WORDS = 2.5  # of a menu's links, on average
_HEADLINE_WORDS = 5.0


def split_by_heading(document: Document, records: Sequence[Record]) -> list[list[Record]]:
    """One list per kind of heading: records under "Events" are apart from those under "News".

    Headings that name neither, such as months, do not split.
    """
    headings = _headings_between(document, records)
    if not headings:
        return [list(records)]
    parts: tuple[list[Record], ...] = ([], [], [], [])  # of ``_kind``
    for record in records:
        position = bisect_left(headings, record.root) - 1
        text = document.text(headings[position]) if position >= 0 else ""
        parts[_kind(text)].append(record)
    return [part for part in parts if part]


def _kind(heading: str) -> int:
    """0 for a heading of news or of nothing else, 1 of papers, 2 of clippings, 3 of other lists."""
    if names_clippings(heading):
        return 2
    return 3 if weigh(frozenset(words(heading))) < 0 else int(names_apart(heading))


def _headings_between(document: Document, records: Sequence[Record]) -> list[int]:
    """Headings outside the records, in page order."""
    spans = sorted((s.start, s.stop) for record in records for s in record.spans(document))
    starts = [start for start, _ in spans]
    found = []
    for node in document.short_headings():
        place = bisect_left(starts, node.index + 1) - 1
        if place < 0 or node.index >= spans[place][1]:
            found.append(node.index)
    return found


def list_heading(document: Document, records: Sequence[Record]) -> str:
    """The heading above a list: the nearest before its first record, outside other records.

    Where that one tells nothing, the heading above most records does if it names news: lists in
    bare markup run into each other.
    """
    found = _heading_before(document, records)
    if weigh(frozenset(words(found))) == 0 and not names_apart(found):
        return _heading_of_most(document, records) or found
    return found


def _heading_of_most(document: Document, records: Sequence[Record]) -> str:
    """The heading between records below which most of them stand, if it names news."""
    headings = _headings_between(document, records)
    counts = Counter(bisect_left(headings, record.root) for record in records)
    place, count = counts.most_common(1)[0]
    text = document.text(headings[place - 1]) if place and 2 * count > len(records) else ""
    return text if weigh(frozenset(words(text))) > 0 else ""


def _heading_before(document: Document, records: Sequence[Record]) -> str:
    index = min(s.start for record in records for s in record.spans(document))
    for _ in range(5):
        parent = document.nodes[index].parent
        if parent < 0 or document.nodes[index].tag == "body":
            break
        before = document.children[parent]
        place = bisect_left(before, index)
        for sibling in reversed(before[max(0, place - _SIBLINGS) : place]):
            found = _heading_in(document, sibling)
            if found or document.nodes[sibling].tag == "h1":
                return found  # what stands above the page's own headline leads elsewhere
        index = parent
    return ""


def _heading_in(document: Document, index: int) -> str:
    """The text of a sibling that is a heading or merely wraps one."""
    node = document.nodes[index]
    if node.last_word - node.first_word > 8 or node.end - node.index > 15:
        return ""
    if not document.heading_count(index):
        return _label(document, index)
    for inner in document.within(index):
        if document.nodes[inner].tag in HEADINGS:
            text = document.text(inner)
            return text if len(text.split()) <= _HEADING_WORDS + 1 else ""
    return ""


def _label(document: Document, index: int) -> str:
    """The words of a sibling that is no heading and yet names a list: a box's title bar."""
    node = document.nodes[index]
    if not 0 < node.last_word - node.first_word <= _LABEL_PIECES:
        return ""
    text = document.texts[node.first_word]
    if len(text) > _LONGEST_LABEL or len(text.split()) > _HEADING_WORDS:
        return ""
    told = weigh(frozenset(words(text))) or names_further(text) or names_apart(text)
    return text if told else ""


def split_undated(document: Document, entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries of sections without any date apart from those of dated sections, and entries of
    menus apart from those of headlines.

    "Contact" below a list of dated notes has the same markup and no dates; on pages without
    class names a menu has the markup of the list itself.
    """
    sections = _sections(document, entries)
    shares = [sum(e.published is not None for e in part) / len(part) for part in sections]
    if len(sections) > 1 and max(shares) >= 0.8 and min(shares) == 0:
        return _parted(sections, [share == 0 for share in shares])
    labels = [len(part) >= _MIN_MENU and _words_each(part) <= _LABEL_WORDS for part in sections]
    rest = [
        entry for part, label in zip(sections, labels, strict=True) if not label for entry in part
    ]
    if any(labels) and len(rest) >= _MIN_MENU and _words_each(rest) >= _HEADLINE_WORDS:
        return _parted(sections, labels)
    return [list(entries)]


def _sections(document: Document, entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries by the short heading above them and, where several share one, their container."""
    headings = _headings_between(document, [entry.record for entry in entries])
    parents = [document.nodes[entry.record.root].parent for entry in entries]
    counts = Counter(parents)
    sections: dict[tuple[int, int], list[Entry]] = {}
    for entry, parent in zip(entries, parents, strict=True):
        place = bisect_left(headings, entry.record.root)
        key = (place, parent if counts[parent] > 1 else -1)
        sections.setdefault(key, []).append(entry)
    return list(sections.values())


def _words_each(entries: Sequence[Entry]) -> float:
    return sum(len(entry.title.split()) for entry in entries) / len(entries)


def _parted(sections: Sequence[Sequence[Entry]], apart: Sequence[bool]) -> list[list[Entry]]:
    parts: tuple[list[Entry], list[Entry]] = ([], [])
    for part, other in zip(sections, apart, strict=True):
        parts[other].extend(part)
    return [part for part in parts if part]
