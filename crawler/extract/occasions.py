"""Events and deadlines that an item announces, with the words that say so.

Precision before recall: a day counts when it lies behind the day of reference (publication) and
its own sentence says that something takes place or has to be done then. What is past, in force,
in office, open or closed on a day is none. Rules over words; nothing is learned from data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cached_property

from crawler.extract.occasions_clock import Clock, clock_after
from crawler.extract.occasions_days import Span, names_days, spans
from crawler.extract.occasions_names import is_named
from crawler.extract.occasions_places import labelled_place, place_in_line, place_near
from crawler.extract.occasions_words import (
    ACTS,
    AGENDA,
    CALL,
    DATE_LABEL,
    DEADLINE_WORDS,
    EVENT_WORDS,
    HAPPENS,
    NEITHER,
    TIME_LABEL,
    UNTIL,
    UNTIL_AFTER,
)
from crawler.model.occasion import DEADLINE, EVENT, Occasion

MOST = 12  # of one item
_READ = 20_000  # characters of a text
_SENTENCE = 600  # characters: longer ones are lists without stops, and are cut
_QUOTE = 300  # characters of evidence
_NEAR = 70  # characters between a day and the word for a deadline
_LINE = 140  # characters of such a line
# Before the day in a line that is about it: a bullet, a weekday.
_BARE_HEAD = re.compile(r"^[\s•*–-]{0,4}(?:[^\W\d_]{2,10}\.?,?\s(?:den\s|the\s|le\s)?)?$")
_DIGIT = re.compile(r"\d")
_STOP = re.compile(r"[.!?…][\"”“»)]{0,2}\s+(?=[\"“„»(]?[A-ZÀ-ÖØ-ÞĀ-Ž가-힣])|。")
_NO_STOP = re.compile(
    r"(?:(?<![\d:])\d{1,2}|(?<!\w)(?:\w|Dr|Prof|Nr|No|St|ca|bzw|inkl|vs|Inc|Ltd|Mr|Mrs|Jan|Feb|Mar|Apr|"
    r"Jun|Jul|Aug|Sep|Sept|Oct|Okt|Nov|Dec|Dez|janv|févr|Dipl|Ing|Str))\.$"
)
# A time further on: "am 12. März im Rathaus ab 10 Uhr".
_TOLD_TIME = re.compile(
    r"^[^\d.;\n]{1,60}?\s(?=(?:from|at|von|ab|um|kl\.?|de|à|fra|jeweils|om|od|alle)\s\d)"
)
_YEAR_STOP = re.compile(r"\d{4}\.$")


@dataclass(frozen=True)
class _Sentence:
    field: str
    at: int  # offset in its field
    text: str
    is_line: bool  # stands alone in its line
    lead: str  # the line above it that announces it, or the title
    following: str  # what stands behind it, for labels

    @cached_property
    def gathers(self) -> bool:
        """It says that something takes place."""
        return _says(self.text, EVENT_WORDS, HAPPENS)

    @cached_property
    def denies(self) -> bool:
        """It says what makes its days none of ours."""
        return _says(self.text, NEITHER)

    @cached_property
    def asks(self) -> bool:
        """It says what is to be done."""
        return _says(self.text, ACTS)

    @cached_property
    def is_announced(self) -> bool:
        """What stands above it announces days."""
        return _says(self.lead, EVENT_WORDS, HAPPENS, AGENDA)


def _says(text: str, *words: re.Pattern[str]) -> bool:
    small = text.lower()
    return any(one.search(small) for one in words)


def find_occasions(
    title: str, text: str, *, language: str, zone: tzinfo, after: date
) -> tuple[Occasion, ...]:
    """What title and text announce for days behind ``after``, in the order of the days.

    ``language`` is ISO 639-1, "" where unknown; ``zone`` that of times written without one.
    """
    found: list[Occasion] = []
    for one in _sentences(title, text):
        if not names_days(one.text):
            continue
        days = spans(one.text, after=after, language=language, zone=zone)
        found += _judged(one, days, language, zone)
    return tuple(_once(found))[:MOST]


# -- sentences ----------------------------------------------------------------------------------


def _sentences(title: str, text: str) -> Iterator[_Sentence]:
    """The sentences with a digit in them of lines that may name days, the title first."""
    if _DIGIT.search(title):
        yield _Sentence("title", 0, title[:_SENTENCE], True, "", "")
    text, lead = text[:_READ], title
    for line in re.finditer(r"[^\n]+", text):
        if line[0].rstrip().endswith(":") and len(line[0]) <= _LINE:
            lead = line[0]
        if _DIGIT.search(line[0]):
            if names_days(line[0]):
                yield from _of_line(text, line.start(), line.end(), lead)
        elif not line[0].rstrip().endswith(":") and len(line[0]) > _LINE:
            lead = title


def _of_line(text: str, start: int, end: int, lead: str) -> Iterator[_Sentence]:
    begin = start
    cuts = [stop.end() for stop in _STOP.finditer(text, start, end) if _ends(text, start, stop)]
    for cut in (*cuts, end):
        if _DIGIT.search(text, begin, cut):
            said = text[begin : min(cut, begin + _SENTENCE)]
            is_line = (begin, cut) == (start, end) and len(said) <= _LINE
            yield _Sentence("text", begin, said, is_line, lead, text[cut : cut + 200])
        begin = cut


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence: not behind "12" or "Dr", but behind a year."""
    head = text[max(start, stop.start() - 8) : stop.start() + 1]
    return not _NO_STOP.search(head) or _YEAR_STOP.search(head) is not None


# -- what a day is ------------------------------------------------------------------------------


def _judged(
    one: _Sentence, days: tuple[Span, ...], language: str, zone: tzinfo
) -> Iterator[Occasion]:
    before = 0
    for number, span in enumerate(days):
        following = days[number + 1].start if number + 1 < len(days) else len(one.text)
        part = (one.text[before : span.start], one.text[span.end : following])
        kind = _kind(one, span, *part) or _named(one, part, language)
        if kind:
            yield _occasion(kind, one, span, part, language, zone)
        before = span.end


def _kind(one: _Sentence, span: Span, before: str, after: str) -> str:
    """EVENT, DEADLINE or "": neither."""
    head = one.text[: span.start]
    until = bool(UNTIL.search(head) or UNTIL_AFTER.match(one.text, span.end))
    if _is_deadline(one, span, before, after, until):
        return DEADLINE
    if until or one.denies:
        return ""
    if one.gathers or DATE_LABEL.search(head):
        return EVENT
    return EVENT if one.is_line and _BARE_HEAD.match(head) and one.is_announced else ""


def _named(one: _Sentence, part: tuple[str, str], language: str) -> str:
    """EVENT for a gathering that is called by its name alone, with its place beside the day."""
    if one.denies or UNTIL.search(part[0]) or not is_named(*part):
        return ""
    return EVENT if _place(one, part, language) else ""


def _is_deadline(one: _Sentence, span: Span, before: str, after: str, until: bool) -> bool:
    if _says(before[-_NEAR:], DEADLINE_WORDS):
        return True
    small = after[:_NEAR].lower()
    if not before.strip(" -•") and (found := DEADLINE_WORDS.search(small)):
        return EVENT_WORDS.search(small, 0, found.start()) is None
    if until:
        return one.asks
    return span.first < span.last and CALL.search(before) is not None


def _occasion(
    kind: str, one: _Sentence, span: Span, part: tuple[str, str], language: str, zone: tzinfo
) -> Occasion:
    if kind == DEADLINE:
        span = replace(span, first=span.last)
    start, end, all_day = _times(span, one, part[1], zone)
    place = "" if kind == DEADLINE else _place(one, part, language)
    quote, at = _quote(one, span)
    return Occasion(kind, start, end, all_day, place, one.field, at, quote)


def _times(
    span: Span, one: _Sentence, after: str, zone: tzinfo
) -> tuple[datetime, datetime | None, bool]:
    """(start, end, whole day): a time of day counts where it is one day's."""
    if span.first < span.last:
        return _local(span.first, time(), zone), _local(span.last, time(), zone), True
    clock = span.clock or _told_time(one, after)
    if clock is None:
        return _local(span.first, time(), zone), None, True
    if clock.offset_minutes is not None:
        zone = timezone(timedelta(minutes=clock.offset_minutes)) if clock.offset_minutes else UTC
    until = _local(span.first, clock.until, zone) if clock.until else None
    return _local(span.first, clock.start, zone), until, False


def _told_time(one: _Sentence, after: str) -> Clock | None:
    """A time further on in the sentence, or behind a label in the lines below."""
    if (found := _TOLD_TIME.match(after)) and (clock := clock_after(after, found.end())):
        return clock
    for line in one.following.split("\n")[:3]:
        if label := TIME_LABEL.match(line):
            return clock_after(f"kl. {line[label.end() :]}", 0) or clock_after(line, label.end())
    return None


def _local(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone)


def _place(one: _Sentence, part: tuple[str, str], language: str) -> str:
    near = place_near(*part, capitals=language == "de")
    if near:
        return near
    if one.is_line and (place := place_in_line(part[1])):
        return place
    return labelled_place(part[1]) or labelled_place(one.following)


def _quote(one: _Sentence, span: Span) -> tuple[str, int]:
    """The sentence, or so much of it around the day as a quote may hold, and where it stands."""
    start = max(0, span.end - _QUOTE) if span.end > _QUOTE else 0
    said = one.text[start : start + _QUOTE]
    lost = len(said) - len(said.lstrip(" -•"))
    return said.strip(" -•"), one.at + start + lost


# -- once ---------------------------------------------------------------------------------------


def _once(found: Iterable[Occasion]) -> list[Occasion]:
    """Each occasion once, the fullest telling of it; a day inside a longer event of the same
    sentence is part of that event."""
    kept: dict[tuple[str, date], Occasion] = {}
    for one in found:
        key = (one.kind, one.first)
        other = kept.get(key)
        kept[key] = one if other is None else _fuller(other, one)
    return sorted(kept.values(), key=lambda one: (one.start.date(), one.kind))


def _fuller(first: Occasion, second: Occasion) -> Occasion:
    timed = second if first.all_day and not second.all_day else first
    longer = first.end if first.last >= second.last else second.end
    end = timed.end if not timed.all_day else longer
    return replace(timed, end=end, place=timed.place or first.place or second.place)
