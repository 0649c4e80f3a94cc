"""Which days that stand in a teaser's sentence are the datelines of a list after all.

"Chemnitz 12 November 2026 The hall is open" reads as a sentence does; a day that most records of
a list have at nearly the same place of their words is no part of what they tell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median_low

from crawler.extract.listing_document import Document
from crawler.extract.listing_marks import DateMark, Marks, dates_within
from crawler.extract.listing_records import Record

_MIN_RECORDS = 3  # of which something can be usual
_MOST = 0.8  # share of the records that have their dateline there
_NEAR = 15  # characters by which names of places and authors differ


def with_datelines(document: Document, marks: Marks, records: Sequence[Record]) -> Marks:
    """The marks as the records of one list are to be read, with its datelines among the dates."""
    if not marks.told or len(records) < _MIN_RECORDS:
        return marks
    spans = [record.spans(document) for record in records]
    told = [_told_within(marks, of_record) for of_record in spans]
    places = [min(map(_place, days)) for days in told if days]
    if len(places) < _MOST * len(records):
        return marks
    usual = median_low(places)
    alike = [[day for day in days if abs(_place(day) - usual) <= _NEAR] for days in told]
    if not _are_datelines([days[0] for days in alike if days], len(records)):
        return marks
    known = {day for of_record in spans for day in dates_within(marks, of_record)}
    dates = sorted(known.union(*alike), key=lambda day: day.index)
    return replace(marks, dates=dates, date_places=[day.index for day in dates])


def _are_datelines(days: Sequence[DateMark], records: int) -> bool:
    """Whether days of most records have the same words before them, or a new sentence behind
    them: one that goes on tells of its day, be it in every teaser."""
    begun = sum(day.whole[_place(day) + len(day.text) :].lstrip()[:1].isupper() for day in days)
    same = Counter(day.whole[: _place(day)] for day in days).most_common(1)
    return max(begun, same[0][1] if same else 0) >= _MOST * records


def _told_within(marks: Marks, spans: Sequence[range]) -> list[DateMark]:
    found: list[DateMark] = []
    for span in spans:
        first = bisect_left(marks.told_places, span.start)
        found += marks.told[first : bisect_left(marks.told_places, span.stop)]
    return found


def _place(day: DateMark) -> int:
    """How many characters stand before a day in its element."""
    return day.whole.find(day.text)
