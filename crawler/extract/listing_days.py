"""Which day's heading dates an undated record: one inside its own list, right above it.

A list may name each day once, over all that came out on it: ``dt`` over ``dd``, a heading
over a part of the list, a row of a table. Nothing else above a record dates it: neither the
last day of another list, nor a date that stands once before the whole list, nor one behind
which a heading begins something else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extract.listing_document import Document, Node
from crawler.extract.listing_marks import Marks
from crawler.extract.listing_records import Record
from crawler.extract.listing_text import date_like
from crawler.extract.listing_words import vocabulary, weigh, words
from crawler.extract.listing_zones import ASIDE, FOOTER, HEADER, NAV

_FAR = 1_500  # nodes a day's heading may stand before its items
_TRIES = 4  # nearest days that are looked at: boxes with days of their own may stand between
_LOWEST = 7  # rank of what is no numbered heading: dt, summary, th, caption, legend
_LISTS = vocabulary("dl ul ol table tbody details fieldset")  # what stands inside is theirs
_PLACES = NAV | FOOTER | HEADER | ASIDE


@dataclass(frozen=True, slots=True)
class DayHeadings:
    """The headings that may date the records of one list."""

    days: Sequence[tuple[int, str]]  # inside the list: node index and date as written
    others: Sequence[int]  # headings inside the list that are no day and in no record

    def above(self, document: Document, record: Record) -> str:
        """The date of the day's heading that ``record`` stands under, else ""."""
        start = record.spans(document)[0].start
        place = bisect_left(self.days, (start, ""))
        for index, text in reversed(self.days[max(0, place - _TRIES) : place]):
            if start - index >= _FAR:
                return ""
            if not document.inside(start, index) and self._heads(document, index, start):
                return text
        return ""

    def _heads(self, document: Document, day: int, start: int) -> bool:
        """Whether what begins at ``start`` belongs to the day headed by node ``day``."""
        if document.nodes[start].zone & _PLACES & ~document.nodes[day].zone:
            return False
        block = _block(document, day, start)
        if not date_like(document.text(block)):
            return False  # the day is part of another list, or of another record
        first = bisect_right(self.others, day)
        between = self.others[first : bisect_left(self.others, start)]
        return not any(_ends(document, other, day) for other in between)


def day_headings(document: Document, marks: Marks, records: Sequence[Record]) -> DayHeadings:
    """The days inside the list that ``records`` make up. ``records`` are not empty."""
    area = _area(document, records)
    first = bisect_right(marks.days, (area.index, "\U0010ffff"))
    days = marks.days[first : bisect_left(marks.days, (area.end, ""))]
    if not days or (len(days) == 1 and _ahead_of_all(area, days[0][0], records)):
        return DayHeadings((), ())
    return DayHeadings(days, _others(document, marks, area, records))


def _ahead_of_all(area: Node, day: int, records: Sequence[Record]) -> bool:
    """Whether a day stands before a whole list without being part of its markup."""
    return area.tag not in _LISTS and all(day < record.root for record in records)


def _area(document: Document, records: Sequence[Record]) -> Node:
    """The smallest element around all records, itself no record."""
    roots = [record.root for record in records]
    first, last = min(roots), max(roots)
    for node in document.ancestors(first):
        if last < node.end:
            return node
    return document.nodes[0]


def _others(document: Document, marks: Marks, area: Node, records: Sequence[Record]) -> list[int]:
    """Headings of the area that are no day and stand in no record, in page order."""
    spans = sorted((s.start, s.stop) for record in records for s in record.spans(document))
    starts = [start for start, _ in spans]
    found = []
    first = bisect_right(marks.captions, area.index)
    for index in marks.captions[first : bisect_left(marks.captions, area.end)]:
        place = bisect_right(starts, index) - 1
        if place < 0 or index >= spans[place][1]:
            found.append(index)
    return found


def _block(document: Document, day: int, start: int) -> int:
    """The largest element around a day's heading that does not hold ``start``."""
    block = day
    for node in document.ancestors(day):
        if document.inside(start, node.index):
            break
        block = node.index
    return block


def _ends(document: Document, heading: int, day: int) -> bool:
    """Whether a heading below a day ends that day's part: it is no lower, or names no news."""
    if _rank(document.nodes[heading]) <= _rank(document.nodes[day]):
        return True
    return weigh(frozenset(words(document.text(heading)))) < 0


def _rank(node: Node) -> int:
    return int(node.tag[1]) if node.tag[0] == "h" and node.tag[1:].isdigit() else _LOWEST
