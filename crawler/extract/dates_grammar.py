"""The written forms of a date: where one stands in a text, and which numbers it names.

Patterns only find; whether such a day exists and is plausible is decided in ``dates``.
Every repetition is bounded, so a hostile text costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extract.dates_words import MONTHS, ZONES
from crawler.extract.remembering import remembering

_WORD = r"[^\W\d_]{3,14}"
# A year ends before anything but digits, or where a template forgot the blank before the time.
_YEAR = r"\d{4}(?:(?!\d)|(?=\d\d:\d\d))"

_ISO = re.compile(
    r"(?<![\d.])(?P<y>[12]\d{3})(?P<sep>[-/.‐-–])\s?(?P<m>\d{1,2})(?P=sep)\s?(?P<d>\d{1,2})(?!\d)"
)
_COMPACT = re.compile(r"(?<!\w)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)")
_CJK = re.compile(
    r"(?<!\d)(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일号號]?"
)
_ERA = re.compile(r"(?P<era>令和|平成)(?P<y>\d{1,2}|元)年\s?(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日")
_NUMERIC = re.compile(
    r"(?<![\d.])(?<!\d[-/–])(?P<d>\d{1,2})(?P<sep>[./-])\s?(?P<m>\d{1,2})(?P=sep)\s?"
    rf"(?P<y>{_YEAR}|['’]?\d{{2}}(?!\d))(?![.:/-]\d)"
)
_DAY_FIRST = re.compile(
    rf"(?<![\d.:/–-])(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|ste|de|e|a)?[.º°ª]{{0,2}}[\s/-]{{0,3}}"
    rf"(?:of\s|de\s|den\s|d['’]\s?)?(?P<month>{_WORD})[.,]{{0,2}}[\s/-]{{0,3}}(?:of\s|del?\s)?"
    rf"(?P<y>{_YEAR}|['’]?\d{{2}}(?!\d))(?![.:/]\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<month>{_WORD})\.?[\s-]{{1,3}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)[.,]?[\s,-]{{1,3}}"
    rf"(?:del?\s)?(?P<y>{_YEAR}|['’]\d{{2}}(?!\d))(?!:\d)"
)
# "2013. május 7.", "2013 m. gegužės 7 d.", "2013-May-07".
_YEAR_FIRST = re.compile(
    rf"(?<![\d./:–-])(?P<y>(?:19|20)\d\d)(?:\.|\sm\.)?[\s,/-]{{1,3}}(?P<month>{_WORD})\.?[\s/-]{{1,3}}"
    r"(?P<d>\d{1,2})(?!\d)(?![:/]\d)"
)
# "16 III 2011", "2011. III. 16." as in Poland and Hungary.
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN_MONTH = re.compile(
    r"(?<![\d.])(?P<d>\d{1,2})\.?\s?(?P<month>[IVX]{1,4})\.?\s?(?P<y>(?:19|20)\d\d)(?!\d)"
)
# C's asctime: "Thu Jan  1 19:48:21 2004", also with a zone before the year, or as a news
# site's "January 26, @10:31AM 2004".
_ASCTIME = re.compile(
    rf"(?<!\w)(?P<month>{_WORD})\s{{1,2}}(?P<d>\d{{1,2}}),?\s(?:@\s?)?(?P<h>\d{{1,2}}):(?P<mi>\d\d)(?::(?P<s>\d\d))?"
    r"(?:\s?(?P<ap>[AaPp])\.?[Mm]\.?)?\s(?:(?P<zone>[A-Z]{1,4}|[+-]\d{4})\s)?(?P<y>\d{4})(?!\d)"
)
_TIME = re.compile(
    r"[\s,|·•(\w]{0,3}?(?:\s|,|T|t|@|\)|kl|om|um|at|à|klo|ore|alle|godz|las|às|\||·|-|–|/|\(\w{1,4}\)){1,3}\.?\s{0,2}"
    r"(?P<pm>오전|오후|午前|午後|上午|下午)?\s?"
    r"(?P<h>\d{1,2})(?P<colon>[:.hH시時时点]|\s[hH](?=\s))\s?(?P<mi>\d{2})(?:분|分)?"
    r"(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
    r"(?:\s{0,2}(?P<ap>[aApP])(?:\.\s?)?[mM]\b\.?)?(?P<uhr>\s?(?:Uhr|hrs|h\b|hod))?"
)
# "2026. 11. 20. 오후 3:05", "20. nov., kl. 10.30"; "20 listopada 2026 r., godz. 16:20".
_BEHIND_YEAR = re.compile(r"\.(?=[ ,])|\s?r\.(?=,?\s)")
_COMPACT_TIME = re.compile(
    r"[T\s](?P<h>\d\d)(?P<colon>)(?P<mi>\d\d)(?P<s>\d\d)?(?P<ap>)(?P<uhr>)(?!\d)"
)
_ZONE = re.compile(
    r"\s{0,2}\(?(?P<name>[A-Za-z]{1,4}(?![a-z]))?\s?(?P<offset>[+−-]\d{2}:?\d{2}(?!\d)|[+-]\d{1,2}(?![\d:]))?"
)
_TIME_BEFORE = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2})(?P<colon>:)(?P<mi>\d\d)(?::(?P<s>\d\d))?"
    r"(?:\s?(?P<ap>[aApP])\.?[mM]\b\.?)?(?:\s?(?:Uhr|hrs|h))?\s?(?P<zone>[A-Z]{2,4})?"
    r"[\s,|·•–-]{1,4}(?:[^\W\d]{2,10}\.?,?\s){0,2}$"
)
# No form of a day has fewer numbers, or numbers farther apart; most lines of most pages have.
_TWO_NUMBERS = re.compile(r"\d(?:\D{1,60}\d|\d{7})")
# What some forms cannot do without, and most texts with two numbers lack.
_LONG_NUMBER = re.compile(r"\d{4}")
_PARTED_NUMBERS = re.compile(r"\d[./-]\s?\d")
_ROMAN_LETTER = re.compile(r"[IVX]")
# A place before a comma begins its line; "Firmware 4, 1.2.13" names a version.
_LEADS_TO_DAY = re.compile(
    r"(?:(?:^|[\n(])[^\W\d_](?:[^\W\d_]|[ .-]){1,24},|"
    r"\b(?:[Aa]m|[Vv]om|[Dd]en|[Ss]tand:?|[Dd]atum:?))\s{1,2}$"
)
_LEAD = 30  # characters before a day
_WITHOUT_YEAR = (_DAY_FIRST, _MONTH_FIRST)  # "3 May '10"
# A page's short lines are asked about by text, dates and author, and come again on the next page.
_REMEMBERED = 256
_ASP_NET = re.compile(r"/?Date\((?P<ms>-?\d{9,14})(?P<offset>[+-]\d{4})?\)/?")


@dataclass(frozen=True, slots=True)
class Reading:
    """One written date: its numbers as they stand there, unchecked."""

    start: int
    end: int
    year: int
    month: int
    day: int
    hour: int | None = None
    minute: int = 0
    second: int = 0
    offset_minutes: int | None = None  # None: no zone written
    short_year: bool = False  # two digits: too weak to be believed inside running text
    separator: str = ""  # of three bare numbers, "" for every other form
    half_day: bool = False  # written with am or pm


@dataclass(frozen=True, slots=True)
class _Clock:
    end: int
    hour: int
    minute: int
    second: int
    offset_minutes: int | None
    half_day: bool = False


@remembering(_REMEMBERED)
def readings(text: str) -> tuple[Reading, ...]:
    """Every written date in ``text``, left to right, without overlaps."""
    found = sorted(_candidates(text), key=lambda reading: (reading.start, -reading.end))
    kept: list[Reading] = []
    for reading in found:
        if not kept or reading.start >= kept[-1].end:
            kept.append(reading)
    return tuple(kept)


def asp_net_milliseconds(text: str) -> tuple[int, int | None] | None:
    """Milliseconds since 1970 and offset in minutes of ``/Date(1404198000000+0200)/``."""
    match = _ASP_NET.search(text)
    if not match:
        return None
    return int(match["ms"]), _offset(match["offset"]) if match["offset"] else None


def _candidates(text: str) -> Iterator[Reading]:
    if not _TWO_NUMBERS.search(text):
        return
    has_year = _LONG_NUMBER.search(text) is not None
    if has_year:
        yield from _stamps(text)
    if not text.isascii():
        for match in _ERA.finditer(text):
            year = (2018 if match["era"] == "令和" else 1988) + int(match["y"].replace("元", "1"))
            yield _timed(text, match, year, int(match["m"]), int(match["d"]), iso=True)
    if _PARTED_NUMBERS.search(text):
        for match in _NUMERIC.finditer(text):
            # "1.2.13" is a version or a chapter, "Ulm, 1.2.13" a day.
            is_short = len(match["y"]) < 4 and len(match["d"] + match["m"]) < 4
            if (
                match["sep"] == "."
                and is_short
                and not _LEADS_TO_DAY.search(text, max(0, match.start() - _LEAD), match.start())
            ):
                continue
            yield _timed(text, match, _year(match["y"]), int(match["m"]), int(match["d"]))
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST) if has_year else _WITHOUT_YEAR:
        for match in pattern.finditer(text):
            month = MONTHS.get(match["month"].casefold())
            if month and match[0].count("/") != 1:  # "Issue 3/May 2024" names no day
                yield _timed(text, match, _year(match["y"]), month, int(match["d"]))
    if has_year and _ROMAN_LETTER.search(text):
        for match in _ROMAN_MONTH.finditer(text):
            if match["month"] in _ROMAN:
                month = _ROMAN.index(match["month"]) + 1
                yield _timed(text, match, int(match["y"]), month, int(match["d"]))


def _stamps(text: str) -> Iterator[Reading]:
    """The forms of machines and of East Asia, whose year has four digits."""
    if ":" in text:
        for match in _ASCTIME.finditer(text):
            if month := MONTHS.get(match["month"].casefold()):
                yield _asctime(match, month)
    for pattern in (_ISO, _COMPACT) if text.isascii() else (_ISO, _COMPACT, _CJK):
        for match in pattern.finditer(text):
            yield _timed(text, match, int(match["y"]), int(match["m"]), int(match["d"]), iso=True)


def _timed(
    text: str, match: re.Match[str], year: int, month: int, day: int, *, iso: bool = False
) -> Reading:
    """The reading of a matched day with the time of day that stands beside it."""
    start, end = match.span()
    clock = _clock_after(text, end)
    if clock:
        end = clock.end
    elif before := _TIME_BEFORE.search(text, max(0, start - 40), start):
        clock = _clock(before, start, _named_zone(before["zone"]))
        start = before.start() if clock else start
    groups = match.groupdict()
    return Reading(
        start,
        end,
        year,
        month,
        day,
        hour=clock.hour if clock else None,
        minute=clock.minute if clock else 0,
        second=clock.second if clock else 0,
        offset_minutes=clock.offset_minutes if clock else None,
        short_year=len(groups["y"]) < 4 and not iso,
        half_day=bool(clock and clock.half_day),
        separator="" if iso or "month" in groups else groups["sep"],
    )


def _asctime(match: re.Match[str], month: int) -> Reading:
    zone = match["zone"] or ""
    offset = _offset(zone) if zone[:1] in {"+", "-"} else _named_zone(zone)
    clock = _clock(match, match.end(), offset)
    return Reading(
        match.start(),
        match.end(),
        int(match["y"]),
        month,
        int(match["d"]),
        hour=clock.hour if clock else None,
        minute=clock.minute if clock else 0,
        second=clock.second if clock else 0,
        offset_minutes=offset,
    )


def _clock_after(text: str, end: int) -> _Clock | None:
    if behind := _BEHIND_YEAR.match(text, end):
        end = behind.end()
    match = _TIME.match(text, end) or _COMPACT_TIME.match(text, end)
    if not match:
        return None
    # "20.11.2026 10.30" may be a price or a section number; "10.30 Uhr", "kl. 10.30" is a time.
    if match["colon"] == "." and not (match["uhr"] or "kl" in match[0] or "Uhr" in match[0]):
        return None
    zone = _ZONE.match(text, match.end())
    if zone is None or not (zone["name"] or zone["offset"]):
        return _clock(match, match.end(), None)
    if zone["name"] and zone["name"].casefold() not in ZONES:
        return _clock(match, match.end(), None)
    if zone["offset"]:
        return _clock(match, zone.end(), _offset(zone["offset"]))
    return _clock(match, zone.end(), _named_zone(zone["name"]))


def _clock(match: re.Match[str], end: int, offset_minutes: int | None) -> _Clock | None:
    hour, minute, second = int(match["h"]), int(match["mi"]), int(match["s"] or 0)
    half = (match["ap"] or "").lower() or match.groupdict().get("pm")
    if half in {"p", "오후", "午後", "下午"} and hour < 12:
        hour += 12
    elif half in {"a", "오전", "午前", "上午"} and hour == 12:
        hour = 0
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    return _Clock(end, hour, minute, min(second, 59), offset_minutes, bool(half))


def _named_zone(name: str | None) -> int | None:
    return ZONES.get(name.casefold()) if name else None


def _offset(written: str) -> int:
    """Minutes of "+0200", "+02:00" or "+2"; impossible offsets stay impossible."""
    digits = written[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    total = hours * 60 + minutes if minutes < 60 else 10_000
    return -total if written[0] in "-−" else total


def _year(written: str) -> int:
    """The year of two or four digits: 70-99 belong to the last century."""
    digits = written.lstrip("'’")
    number = int(digits)
    if len(digits) == 4:
        return number
    return number + (1900 if number >= 70 else 2000)
