"""A story's face: which telling leads, and the one sentence that is shown of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.model.item import Item
from crawler.model.topic import Evidence
from crawler.stories.text import is_furniture

ELLIPSIS = "…"
SHORTEST = 3  # code points into which a cut sentence fits
_LINE = re.compile(r"[^\n\r\v\f\u2028\u2029]+")
# A day before its month, a number before what it counts: what is cut off behind it says nothing.
_NUMBER_AT_END = re.compile(r"(?:(?<=\s)\d{1,4}(?:[.,]\d{1,3}){0,4}\.?\s?){1,3}\Z")
_BREAK = re.compile(r"[.!?…。]+[\"“”»)’'\]]*\s+(?=[^\sa-zà-ÿ])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|prof|mr|mrs|ms|st|nr|no|ca|bzw|usw|etc|vs|inkl|evtl|ggf|vgl|mio|mrd|mia|kl|pkt|"
    r"z\.\s?b|d\.\s?h|u\.\s?a|e\.\s?v|i\.\s?d\.\s?r|bl\.\s?a|f\.\s?eks|tzw|np|m\.\s?in|ul|p\.\s?ex)|"
    r"\b[A-ZÄÖÜ]|\b\d{1,2})\.\s+$",
    re.I,
)
_ZWJ = "\u200d"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence cut to its length, and where the evidence stands in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()  # code points in ``text``, sorted, disjoint


def lead(items: Sequence[Item], language: str) -> Item:
    """The telling to show to a reader of ``language``: an original before copies, that
    language before others, then the fullest text, then the one seen first. For nobody's
    language (""): that of the telling that was published first, so no translation leads.

    Raises ValueError when there is no item.
    """
    if not items:
        raise ValueError("a story has at least one item")
    spoken = language or min(items, key=_told_at).language
    return min(
        items,
        key=lambda item: (
            item.duplicate_of is not None,
            item.language != spoken,
            -len(item.text),
            item.first_seen,
            item.id,
        ),
    )


def led(items: Sequence[Item], language: str = "") -> list[Item]:
    """The tellings of a story, the leading one first, the others in their order."""
    first = lead(items, language)
    return [first, *(item for item in items if item is not first)]


def _told_at(item: Item) -> tuple[bool, datetime, datetime, str]:
    """Copies come after what they repeat, whatever day they give."""
    told = item.published.utc if item.published else item.first_seen
    return item.duplicate_of is not None, told, item.first_seen, item.id


def excerpt(title: str, text: str, evidence: Sequence[Evidence], length: int = 160) -> Excerpt:
    """At most ``length`` code points of the sentence of ``text`` that carries the evidence.

    Without evidence in the text the first sentence that tells news is taken; one that only
    repeats ``title`` comes last. Cut at words and never inside a grapheme cluster; "…"
    marks a cut and counts. ``length`` 0 or no text: an empty excerpt.
    """
    if length <= 0 or not text.strip():
        return Excerpt("")
    marks = _marks(text, evidence)
    spans = list(_sentence_spans(text))
    if not spans:
        return Excerpt("")
    start, end = min(spans, key=lambda span: _rank(title, text, span, marks, evidence))
    inside = [(a, b) for a, b in marks if start <= a and b <= end]
    if end - start > length < SHORTEST:
        return Excerpt(ELLIPSIS)
    low, high = _window(text, start, end, inside, length)
    return _cut(text, (start, end), (low, high), inside)


def _marks(text: str, evidence: Sequence[Evidence]) -> list[tuple[int, int]]:
    """The evidence's spans in ``text``, sorted and without overlaps."""
    spans = sorted(
        (e.start, e.end)
        for e in evidence
        if e.field == "text" and 0 <= e.start < e.end <= len(text)
    )
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text):
        start, bullet = line.start(), line[0].lstrip()
        start += len(line[0]) - len(bullet) + (2 if bullet.startswith("- ") else 0)
        for stop in _BREAK.finditer(text, start, line.end()):
            if _ABBREVIATION.search(text[max(start, stop.start() - 12) : stop.end()]):
                continue
            yield from _stripped(text, start, stop.end())
            start = stop.end()
        yield from _stripped(text, start, line.end())


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _rank(
    title: str,
    text: str,
    span: tuple[int, int],
    marks: list[tuple[int, int]],
    evidence: Sequence[Evidence],
) -> tuple[int, bool, bool, int]:
    """Smaller is better: most concepts, no page furniture, not the title again, earliest."""
    start, end = span
    concepts = {
        e.concept for e in evidence if e.field == "text" and start <= e.start and e.end <= end
    }
    sentence = text[start:end]
    repeats = sentence.strip(" .!?").casefold() == title.strip(" .!?").casefold()
    return -len(concepts), is_furniture(sentence), repeats, start


def _window(
    text: str, start: int, end: int, marks: list[tuple[int, int]], length: int
) -> tuple[int, int]:
    """The part of a sentence that fits: from its start, moved on only to hold a mark."""
    if end - start <= length:
        return start, end
    room = length - 1
    high = _back(text, start, start + room)
    if not marks or marks[0][1] <= high:
        return start, high
    first, last = marks[0]
    room = length - 2
    low = max(start, min(first, last - room + min(40, room // 3)))
    low = _forward(text, low, first)
    if end - low <= length - 1:
        return low, end
    return low, max(_back(text, low, low + room), min(last, low + room))


def _back(text: str, start: int, at: int) -> int:
    """The last place up to ``at`` where a word ends; a cluster's end where none does."""
    place = at
    while place > start and not text[place].isspace():
        place -= 1
    if place == start:
        place = at
        while place > start + 1 and not _is_boundary(text, place):
            place -= 1
    if (number := _NUMBER_AT_END.search(text, start + 1, place)) and place < len(text):
        place = number.start()
    while place > start + 1 and (text[place - 1].isspace() or text[place - 1] in ",;:–-"):
        place -= 1
    return place


def _forward(text: str, at: int, limit: int) -> int:
    """The first place from ``at`` up to ``limit`` where a word begins."""
    place = at
    while place < limit and not text[place - 1].isspace():
        place += 1
    return place


def _is_boundary(text: str, at: int) -> bool:
    """Whether ``at`` lies between grapheme clusters (UAX 29, without Indic conjuncts)."""
    after, before = text[at], text[at - 1]
    if unicodedata.combining(after) or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return False
    if after == _ZWJ or before == _ZWJ or "\U0001f3fb" <= after <= "\U0001f3ff":
        return False
    if "\u1160" <= after <= "\u11ff":  # Hangul vowel and final jamo
        return False
    if _is_flag(after) and _is_flag(before):
        run = 0
        while at - 1 - run >= 0 and _is_flag(text[at - 1 - run]):
            run += 1
        return run % 2 == 0
    return True


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _cut(
    text: str, sentence: tuple[int, int], window: tuple[int, int], marks: list[tuple[int, int]]
) -> Excerpt:
    low, high = window
    before = ELLIPSIS if low > sentence[0] else ""
    after = ELLIPSIS if high < sentence[1] else ""
    shown = before + re.sub(r"\s", " ", text[low:high]) + after
    shift = len(before) - low
    inside = tuple((a + shift, b + shift) for a, b in marks if low <= a and b <= high)
    return Excerpt(shown, inside)
