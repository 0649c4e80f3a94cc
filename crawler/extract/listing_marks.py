"""Where a page's headings, dates, bold words and images stand, found once for all its records."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.extract.dates_grammar import readings
from crawler.extract.listing_document import HEADINGS, Document, Node
from crawler.extract.listing_text import (
    date_like,
    find_date,
    in_sentence,
    is_clock,
    is_figures,
    is_span,
    only_date,
    yearless_date,
)
from crawler.extract.listing_words import is_more, name_words, names_further, vocabulary
from crawler.extract.listing_zones import SILENT

MAX_TITLE = 300
_TITLE_NAMES = vocabulary(
    "title titel headline heading titre titolo titulo ueberschrift tit ttl subject sbj"
)
_DATE_NAMES = vocabulary(
    "date datum dato datetime time published posted pubdate publish created fecha data posttime "
    "timestamp day meta byline kicker info"
)
_DAY_HEADINGS = HEADINGS | {"dt", "summary", "th", "caption", "legend"}
_CAPTION_WORDS = 3  # "Related articles"; a title that begins so says more
_DAY_LINES = frozenset(("b", "strong", "p", "div"))
_LONGEST_DAY = 40  # characters
_NO_TITLE_TAGS = frozenset(("img", "ul", "ol", "table", "article", "li"))
_CHANGED = re.compile(r"updated|modified", re.I)
_HEAD = 90  # characters at the start of a text in which a date may stand
_PIECES = 6  # texts of a node that is still small enough to be a date's own
_MANY_PIECES = 20  # … or to set one behind its author and what a menu says of him


@dataclass(frozen=True, slots=True)
class DateMark:
    """A date in the page: the text to parse, and how it was found."""

    index: int
    text: str
    source: str  # "time", "name", "text"
    whole: str  # all words of the node it stands in
    rank: int  # lower is surer


@dataclass
class Marks:
    """Node indices in page order."""

    headings: list[int] = field(default_factory=list)
    figures: list[int] = field(default_factory=list)  # headings of figures alone
    named: list[int] = field(default_factory=list)  # elements whose class says title
    bold: list[int] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    dates: list[DateMark] = field(default_factory=list)
    told: list[DateMark] = field(default_factory=list)  # days in sentences
    yearless: list[tuple[int, str]] = field(default_factory=list)
    date_places: list[int] = field(default_factory=list)
    told_places: list[int] = field(default_factory=list)
    yearless_places: list[int] = field(default_factory=list)
    days: list[tuple[int, str]] = field(default_factory=list)  # headings that are a date
    captions: list[int] = field(default_factory=list)  # headings with words that are none


def within(indices: Sequence[int], spans: Sequence[range]) -> list[int]:
    """The sorted indices that lie in the spans."""
    found: list[int] = []
    for span in spans:
        found += indices[bisect_left(indices, span.start) : bisect_left(indices, span.stop)]
    return found


def dates_within(marks: Marks, spans: Sequence[range]) -> list[DateMark]:
    """The dates that stand in the spans, the surest first; of like ones those that stand alone."""
    found: list[DateMark] = []
    for span in spans:
        first = bisect_left(marks.date_places, span.start)
        found += marks.dates[first : bisect_left(marks.date_places, span.stop)]
    if any(mark.rank == 0 for mark in found):
        found = [mark for mark in found if mark.rank != 1]
    return sorted(found, key=lambda mark: (mark.rank, not only_date(mark.whole)))


def yearless_within(marks: Marks, spans: Sequence[range]) -> str:
    """The first text in the spans that gives a day and a month without the year, or a time of
    day alone; else ""."""
    for span in spans:
        first = bisect_left(marks.yearless_places, span.start)
        if first < len(marks.yearless) and marks.yearless[first][0] < span.stop:
            return marks.yearless[first][1]
    return ""


def mark(document: Document) -> Marks:
    """Find the marks of a page whose zones are known."""
    marks = Marks()
    digits = _digits_before(document)
    for node in document.nodes:
        if node.tag in ("img", "source"):
            marks.images.append(node.index)
        if node.zone & SILENT:
            continue
        if node.tag in ("strong", "b"):
            marks.bold.append(node.index)
        if node.last_word > node.first_word:
            _mark_titles(document, node, marks)
        _mark_dates(document, node, marks, digits)
        if node.tag in _DAY_HEADINGS and node.last_word > node.first_word:
            _mark_day(document, node, marks)
        elif node.tag in _DAY_LINES and node.last_word == node.first_word + 1:
            _mark_day_line(document, node, marks)
    marks.date_places = [found.index for found in marks.dates]
    marks.told_places = [found.index for found in marks.told]
    marks.yearless_places = [index for index, _ in marks.yearless]
    return marks


def _mark_day(document: Document, node: Node, marks: Marks) -> None:
    text = document.text(node.index)
    if date_like(text):
        marks.days.append((node.index, find_date(text)))
    else:
        marks.captions.append(node.index)


def _mark_day_line(document: Document, node: Node, marks: Marks) -> None:
    """A line that is nothing but a day heads what follows, as a heading does."""
    text = document.texts[node.first_word]
    if len(text) < _LONGEST_DAY and only_date(text):
        marks.days.append((node.index, find_date(text)))


def _digits_before(document: Document) -> list[int]:
    """For each position the number of texts before it that hold a digit."""
    counts = [0]
    for text in document.texts:
        counts.append(counts[-1] + any(map(str.isdigit, text)))
    return counts


def _mark_titles(document: Document, node: Node, marks: Marks) -> None:
    if _is_heading(node):
        if _names(document, node):
            marks.headings.append(node.index)
        elif is_figures(document.text(node.index)):
            marks.figures.append(node.index)
    elif named_title(node) and _names(document, node):
        marks.named.append(node.index)


def _is_heading(node: Node) -> bool:
    return (
        node.tag in HEADINGS
        or node.attrs.get("role") == "heading"
        or "headline" in node.attrs.get("itemprop", "")
    )


def named_title(node: Node) -> bool:
    """Whether an element is a title by the name of its class."""
    if node.tag in _NO_TITLE_TAGS or "class" not in node.attrs:
        return False
    return any(
        name_words(name) & _TITLE_NAMES and not name_words(name) & {"sub", "subtitle", "wrapper"}
        for name in node.attrs["class"].split()
    )


def _names(document: Document, node: Node) -> bool:
    """Whether a heading's words name an item: not empty, a date or "read more"."""
    return names_item(document.text(node.index))


def names_item(text: str) -> bool:
    return (
        1 < len(text) <= MAX_TITLE
        and not only_date(text)
        and not is_more(text)
        and not (len(text.split()) <= _CAPTION_WORDS and names_further(text))
    )


def _mark_dates(document: Document, node: Node, marks: Marks, digits: Sequence[int]) -> None:
    if node.tag == "time" or "datepublished" in node.attrs.get("itemprop", "").lower():
        _mark_time(document, node, marks)
    pieces = node.last_word - node.first_word
    numbered = digits[node.last_word] > digits[node.first_word]
    if numbered and _PIECES < pieces <= _MANY_PIECES:
        _mark_piece(document, node, marks)
    if not 0 < pieces <= _PIECES:
        return
    if not numbered and (pieces > 1 or len(document.texts[node.first_word]) > 30):
        return
    text = document.text(node.index)
    if len(text) < 4:
        return
    named = "class" in node.attrs and bool(name_words(node.attrs["class"]) & _DATE_NAMES)
    found = find_date(text if named and len(text) < 80 else text[:_HEAD])
    if found and not is_span(text) and _mark_found(document, node, marks, found, named):
        return
    if numbered and pieces > 1 and _mark_piece(document, node, marks):
        return
    if not found and pieces <= 3 and (yearless_date(text) or is_clock(text)):
        marks.yearless.append((node.index, text))


def _mark_piece(document: Document, node: Node, marks: Marks) -> bool:
    """Mark a date that stands in a node as a text of its own, behind a long link or before it."""
    for position in range(node.first_word, node.last_word):
        text = document.texts[position]
        if document.owners[position] == node.index and date_like(text) and not is_span(text):
            marks.dates.append(DateMark(node.index, find_date(text), "text", text, 4))
            return True
    return False


def _mark_found(document: Document, node: Node, marks: Marks, found: str, named: bool) -> bool:
    """Mark a date in a node's words; False where it stands too deep in them to be their date, or
    in the middle of a sentence."""
    text = document.text(node.index)
    if named and len(text) < 80:
        marks.dates.append(DateMark(node.index, found, "name", text, 2))
    elif len(text) < 45:
        marks.dates.append(DateMark(node.index, found, "text", text, 3))
    elif text.index(found) < 40:
        told = _is_in_sentence(document, node, found)
        (marks.told if told else marks.dates).append(DateMark(node.index, found, "text", text, 4))
        return not told
    else:
        return False
    return True


def _is_in_sentence(document: Document, node: Node, date: str) -> bool:
    """Whether a date stands in a sentence; words of other elements beside it make none."""
    pieces = document.texts[node.first_word : node.last_word]
    return any(date in piece and in_sentence(piece, date) for piece in pieces)


def _is_of_another_month(shown: str, attribute: str) -> bool:
    """Whether words are a full date of another month than an attribute's.

    Of 03/04/2026 nobody knows the month; within one the zones may differ.
    """
    if len(shown) > _LONGEST_DAY or not date_like(shown):
        return False
    told, seen = readings(attribute), readings(shown)
    if not told or not seen or seen[0].separator == "/":
        return False
    return (told[0].year, told[0].month) != (seen[0].year, seen[0].month)


def _mark_time(document: Document, node: Node, marks: Marks) -> None:
    """A time element's attribute and text; times of a change count only where no other is.

    Of two days the one that shows is the item's: templates print the page's own into all.
    """
    called = f"{node.attrs.get('class', '')} {node.attrs.get('itemprop', '')}".lower()
    rank = 1 if _CHANGED.search(called) and "publish" not in called else 0
    words = document.text(node.index)
    attribute = node.attrs.get("datetime") or node.attrs.get("content", "")
    surer = (words, attribute) if _is_of_another_month(words, attribute) else (attribute, words)
    for text in surer:
        # What our own grammar cannot read ("0000-00-00") is no date; asking further costs seconds.
        if text and len(text) < 60 and find_date(text):
            marks.dates.append(DateMark(node.index, text, "time", words, rank))
