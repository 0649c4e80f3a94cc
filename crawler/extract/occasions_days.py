"""Days and stretches of days that a sentence names, ahead of a day of reference.

The grammar of ``dates`` reads single days with a year; here stand the ranges ("12.–14. März
2027"), and days without a year ("Thursday, 12 March"), which mean the next such day within
half a year and have to agree with the weekday that stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo

from crawler.extract.dates_grammar import Reading, readings
from crawler.extract.dates_words import MONTHS, WEEKDAYS
from crawler.extract.occasions_clock import Clock, clock_after, until_after

_WITHOUT_YEAR = timedelta(days=200)
_LONGEST = timedelta(days=400)
_AHEAD = timedelta(days=3 * 366)
_DAY = r"(?P<d{0}>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?"
_MONTH = r"(?P<m{0}>[^\W\d_]{{3,14}})(?![^\W\d_])\.?"
_YEAR = r"(?P<y{0}>(?:19|20)\d\d)(?!\d)"
_NAMED = r"(?:[^\W\d_]{2,10}\.?,?\s){0,2}"  # a weekday, an article
_TO = (
    r"(?:\s?(?P<to>-|–|—|−|~|&|/)\s?|\s(?P<word>to|through|until|till|and|bis(?:\szum)?|und|til|og|"
    r"au|et|t/m|tot(?:\sen\smet)?|en|och|al|a|y|e|do|i)\s)" + _NAMED
)
_OF = r"\s(?:de\s|of\s)?"
_START = r"(?<![\d.,:/–-])"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile(_START + "".join(parts), re.IGNORECASE)


def _day(number: int) -> str:
    return _DAY.format(number)


def _month(number: int) -> str:
    return _MONTH.format(number)


def _year(number: int) -> str:
    return _YEAR.format(number)


_COMMA_YEAR = rf"(?:,?\s(?:de\s)?{_year(2)})?"
_RANGES = (
    # 30 March 2026 – 2 April 2027; 12.–14. März 2027
    _pattern(_day(1), _OF, _month(1), rf"(?:\s(?:de\s)?{_year(1)})?", _TO, _day(2), _OF, _month(2),
             _COMMA_YEAR),
    _pattern(_day(1), _TO, _day(2), _OF, _month(2), _COMMA_YEAR),
    # March 30 – April 2, 2027; March 12–14, 2027
    re.compile(r"(?<!\w)" + _month(1) + r"\s" + _day(1) + _TO + _month(2) + r"\s" + _day(2)
               + r"(?![\d.])" + _COMMA_YEAR, re.IGNORECASE),
    re.compile(r"(?<!\w)" + _month(2) + r"\s" + _day(1) + _TO + _day(2) + r"(?![\d.])"
               + _COMMA_YEAR, re.IGNORECASE),
    # 12.03.–14.03.2027, 12.-14.03.2027, 12/03/2027 - 14/03/2027
    _pattern(r"(?P<d1>\d{1,2})[./](?:\s?(?P<n1>\d{1,2})[./]?(?P<y1>20\d\d)?)?", _TO,
             r"(?P<d2>\d{1,2})[./]\s?(?P<n2>\d{1,2})[./](?P<y2>20\d\d)(?!\d)"),
    # 2027년 3월 12일~14일
    _pattern(r"(?P<y1>20\d\d)[년年]\s?(?P<n1>\d{1,2})[월月]\s?(?P<d1>\d{1,2})[일日]?\s?(?P<to>~|-|–|부터|から)\s?",
             r"(?:(?P<y2>20\d\d)[년年]\s?)?(?:(?P<n2>\d{1,2})[월月]\s?)?(?P<d2>\d{1,2})[일日]"),
)  # fmt: skip
_SINGLES = (
    _pattern(_day(2), _OF, _month(2), r"(?!\s\d{4})"),
    re.compile(r"(?<!\w)" + _month(2) + r"\s" + _day(2) + r"(?![\d.:]\d|\d)", re.IGNORECASE),
    _pattern(r"(?<=\s)(?P<d2>\d{1,2})\.\s?(?P<n2>\d{1,2})\.(?!\s?\d)"),
    re.compile(r"(?<![\d년年]\s)(?<![\d년年])(?P<n2>\d{1,2})[월月]\s?(?P<d2>\d{1,2})[일日]"),
)
_WORD, _MONTHS = re.compile(r"[^\W\d_]{3,14}"), frozenset(MONTHS)
# Every way begins alike, so that most of a text is passed over quickly.
_NUMBERS = re.compile(r"\d(?:\d?\s?[./-]\s?\d{1,2}\s?[./-]|\d{3}-\d\d)")
_BOTH = frozenset({"and", "und", "og", "et", "en", "och", "y", "e", "i", "&", "/"})
_WEEKDAY = re.compile(r"(?P<word>[^\W\d_]{2,12})\.?,?\s(?:den\s|the\s|le\s|d\.\s)?$")
# Where these languages write months small; elsewhere "may" and "mars" would be other words.
_CAPITAL = frozenset({"en", "de", ""})


@dataclass(frozen=True, slots=True)
class Span:
    """Days that stand in a text, with the time of day beside them."""

    start: int  # of the day's words …
    end: int  # … and behind the time of day
    first: date
    last: date
    clock: Clock | None = None


def names_days(text: str) -> bool:
    """Whether a text may name a day at all; cheap, so that most texts cost no more."""
    if _NUMBERS.search(text) or "月" in text or "월" in text:
        return True
    return not _MONTHS.isdisjoint(_WORD.findall(text.casefold()))


def spans(text: str, *, after: date, language: str, zone: tzinfo) -> tuple[Span, ...]:
    """The days in one sentence that end later than ``after``, left to right."""
    found: list[Span] = []
    for one in (
        *_ranges(text, after, language),
        *_whole(text, zone),
        *_bare(text, after, language),
    ):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    ahead = [one for one in found if after < one.last <= after + _AHEAD]
    return tuple(sorted(ahead, key=lambda one: one.start))


def _ranges(text: str, after: date, language: str) -> Iterator[Span]:
    for pattern in _RANGES:
        for match in pattern.finditer(text):
            yield from _range(text, match, after, language)


def _range(text: str, match: re.Match[str], after: date, language: str) -> Iterator[Span]:
    groups = match.groupdict()
    month = _number(groups, 2, language) or _number(groups, 1, language)
    first_month = _number(groups, 1, language) or month
    if not month or not first_month:
        return
    year = groups.get("y2") or groups.get("y1")
    last = _dated(year, month, int(groups["d2"]), after)
    if last is None:
        return
    begins = int(groups.get("y1") or last.year)
    first = _calendar_day(begins, first_month, int(groups["d1"]))
    if first and first > last and not groups.get("y1"):
        first = _calendar_day(begins - 1, first_month, int(groups["d1"]))
    if first is None or not first < last <= first + _LONGEST:
        return
    clock = clock_after(text, match.end())
    end = clock.end if clock else match.end()
    apart = (groups["to"] or groups["word"]).casefold() in _BOTH and last > first + timedelta(
        days=1
    )
    if apart:
        yield Span(match.start(), match.start("d2"), first, first)
        yield Span(match.start("d2"), end, last, last, clock)
    else:
        yield Span(match.start(), end, first, last, clock)


def _whole(text: str, zone: tzinfo) -> Iterator[Span]:
    """Single days with their year, as the grammar of dates reads them."""
    for one in readings(text):
        day = _calendar_day(one.year, one.month, one.day)
        if day is None or one.short_year:
            continue
        clock = _clock_of(text, one)
        yield Span(one.start, clock.end if clock else one.end, day, day, clock)


def _clock_of(text: str, one: Reading) -> Clock | None:
    if one.hour is None:
        return clock_after(text, one.end)
    start = time(one.hour, one.minute)
    until, end = until_after(text, one.end, start)
    return Clock(end, start, until, one.offset_minutes)


def _bare(text: str, after: date, language: str) -> Iterator[Span]:
    """Single days without a year."""
    for pattern in _SINGLES:
        for match in pattern.finditer(text):
            month = _number(match.groupdict(), 2, language)
            day = _dated(None, month, int(match["d2"]), after) if month else None
            if day is None or not _agrees(text, match.start(), day):
                continue
            clock = clock_after(text, match.end())
            yield Span(match.start(), clock.end if clock else match.end(), day, day, clock)


def _number(groups: dict[str, str | None], which: int, language: str) -> int | None:
    """The month of the first or last day; None where the word is none."""
    if number := groups.get(f"n{which}"):
        return int(number)
    word = groups.get(f"m{which}")
    if not word or (language in _CAPITAL and word[0].islower()):
        return None
    return MONTHS.get(word.casefold())


def _dated(year: str | None, month: int, day: int, after: date) -> date | None:
    if year:
        return _calendar_day(int(year), month, day)
    nearest = (_calendar_day(after.year + add, month, day) for add in (0, 1))
    return next((one for one in nearest if one and after < one <= after + _WITHOUT_YEAR), None)


def _agrees(text: str, start: int, day: date) -> bool:
    """Whether the weekday before a day, if there is one, is that day's."""
    before = _WEEKDAY.search(text, max(0, start - 24), start)
    weekday = WEEKDAYS.get(before["word"].casefold()) if before else None
    return weekday is None or weekday == day.weekday()


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
