"""Dates that a feed declares as such: what prose would leave open may be read here.

A ``<pubDate>`` is a date and nothing else, so digits alone are a Unix time, ``Nov. 2026`` is
that month's first day, and the odd spellings of home-made generators are put right before the
grammar of ``dates`` reads them. The source's own offset is kept; the impossible is refused.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.extract.dates import not_ahead, parse_date, plausible
from crawler.extract.dates_words import MONTHS, WEEKDAYS
from crawler.model.item import Published

_MAX_CHARACTERS = 200
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
# RFC 822 and RFC 3339 as nearly all feeds write them: read at once, there is nothing to weigh.
_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(?P<d>[0-3]?\d) "
    r"(?P<m>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?P<y>\d{4}) "
    r"(?P<time>[012]\d:[0-5]\d:[0-5]\d) (?P<zone>GMT|[+-]0\d[0-5]\d)",
    re.ASCII,
)
_RFC_3339 = re.compile(
    r"(?P<y>\d{4})-(?P<m>[01]\d)-(?P<d>[0-3]\d)T(?P<time>[012]\d:[0-5]\d:[0-5]\d)"
    r"(?P<zone>Z|[+-]0\d:[0-5]\d)",
    re.ASCII,
)
_UNIX = re.compile(r"^@?\d{9,10}(?:\.\d{1,9})?$|^\d{12,13}$")
_RUN_TOGETHER = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$")
# ISO 8601's other days: "2026-W47-5", "2026W475", "2026-324".
_BY_WEEK = re.compile(r"^((?:19|20)\d\d)-?W([0-5]\d)(?:-?([1-7]))?(?=T|\s|$)", re.ASCII)
_BY_NUMBER = re.compile(r"^((?:19|20)\d\d)-([0-3]\d\d)(?=T|\s|$)", re.ASCII)
_MONTH_ONLY = re.compile(r"^([^\W\d_]{3,14})\.?,?\s((?:19|20)\d\d)$|^((?:19|20)\d\d)-(\d\d)$")
_PLACE = re.compile(r"\b([A-Z][a-z]{2,12}(?:/[A-Z][A-Za-z_]{2,20}){1,2})\s*$")
_ORDER_BY_WEEKDAY = re.compile(
    r"^([^\W\d_]{2,12})\.?,?\s+(\d{1,2})([ ./-])(\d{1,2})\3(\d{4})(?!\d)", re.UNICODE
)
_SPELLINGS = (
    # "17:8:9" has no leading zeros; "17.08.09" no colons; "2026:17:08" is a log's time.
    (re.compile(r"(?<=\d):(\d)(?!\d)"), r":0\1"),
    (re.compile(r"(\d{4},?\s)(\d{1,2})\.(\d\d)(?:\.(\d\d))?(?![.\d])"), r"\1\2:\3:\g<4>"),
    (re.compile(r"(/\d{4}):(\d\d:\d\d)"), r"\1 \2"),
    # "2026-11-20 00:00:00.0 17:08:09.0": the second time is meant.
    (re.compile(r"\s00:00(?::00(?:\.0{1,9})?)?(?=\s\d\d:\d\d)"), ""),
    # "2026-11-20T17:08:09:00", "17:08:09:-0500", "17:08:09 --0500", "GMT+2", "+2:00"
    (re.compile(r"(:\d\d:\d\d):00$"), r"\1"),
    (re.compile(r"(:\d\d)\s?:?\s?-?([+-]\d\d:?\d\d)"), r"\1 \2"),
    (re.compile(r"(\d\d\s?)(?:GMT|UTC)\s?([+-])(\d)(?::?(\d\d))?(?!\d)"), r"\1 \g<2>0\3\g<4>"),
    (re.compile(r"(\d\d\s?)([+-])(\d):?(\d\d)$"), r"\1 \g<2>0\3\4"),
)
_OFFSET = re.compile(r"(\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?\s?)[+-](\d\d):?(\d\d)$")


def declared_date(
    text: str, *, zone: tzinfo, language: str = "", now: datetime | None = None
) -> Published | None:
    """The date of a feed's date element; arguments as in ``dates.parse_date``.

    An offset that no zone has, up to a day, is a mistaken one: the day and time stay, in
    ``zone``. None for greater ones, for a date ahead of ``now`` (an event's), as for every other
    text that names no plausible date.
    """
    return not_ahead(_declared(text, zone, language, now), now)


def is_usual_and_ahead(text: str, now: datetime | None) -> bool:
    """Whether a date is refused for nothing but lying ahead of ``now``: in the usual forms no
    reader sees another moment."""
    usual = _RFC_822.fullmatch(text) or _RFC_3339.fullmatch(text)
    found = _usual(usual, now) if usual else None
    return found is not None and not_ahead(found, now) is None


def _declared(text: str, zone: tzinfo, language: str, now: datetime | None) -> Published | None:
    written = text[:400]
    if not written.isascii():
        written = _INVISIBLE.sub("", unicodedata.normalize("NFKC", written))
    written = " ".join(written.split())
    if not written or len(written) > _MAX_CHARACTERS:
        return None
    if usual := _RFC_822.fullmatch(written) or _RFC_3339.fullmatch(written):
        return _usual(usual, now) or parse_date(written, zone=zone, language=language, now=now)
    if _UNIX.match(written):
        return _from_unix(float(written.lstrip("@")), now)
    if month := _first_of_month(written):
        return Published.on(month, zone) if plausible(month, now) else None
    if (place := _PLACE.search(written)) and (named := _zone(place[1])):
        written, zone = written[: place.start()].rstrip(" ,("), named
    written = _ordered_by_weekday(_without_mistaken_offset(_respelt(written)))
    return parse_date(written, zone=zone, language=language, now=now)


def _usual(match: re.Match[str], now: datetime | None) -> Published | None:
    """The moment of a usual form; None where no day or hour is of that name."""
    month = match["m"] if match["m"].isdigit() else f"{MONTHS[match['m'].lower()]:02}"
    zone = "+00:00" if match["zone"] in ("GMT", "Z") else match["zone"]
    try:
        moment = datetime.fromisoformat(
            f"{match['y']}-{month}-{int(match['d']):02}T{match['time']}{zone}"
        )
    except ValueError:
        return None
    return Published(moment) if plausible(moment.date(), now) else None


def _from_unix(stamp: float, now: datetime | None) -> Published | None:
    """Seconds or milliseconds since 1970, in UTC as they are counted."""
    seconds = stamp / 1_000 if stamp >= 100_000_000_000 else stamp
    moment = datetime.fromtimestamp(int(seconds), UTC)
    return Published(moment) if plausible(moment.date(), now) else None


def _first_of_month(written: str) -> date | None:
    match = _MONTH_ONLY.match(written)
    if match is None:
        return None
    month = MONTHS.get(match[1].casefold()) if match[1] else int(match[4])
    year = int(match[2] or match[3])
    return date(year, month, 1) if month and 1 <= month <= 12 else None


def _respelt(written: str) -> str:
    if match := _RUN_TOGETHER.match(written):
        year, month, day, hour, minute, second = match.groups("00")
        return f"{year}-{month}-{day}T{hour}:{minute}:{second}"
    written = _by_calendar(written)
    for pattern, replacement in _SPELLINGS:
        written = pattern.sub(replacement, written)
    return written.replace(": ", " ").rstrip(":")


def _by_calendar(written: str) -> str:
    """A day of a week or of the year (ISO 8601) by its month; a week alone by its Monday."""
    try:
        if week := _BY_WEEK.match(written):
            day = date.fromisocalendar(int(week[1]), int(week[2]), int(week[3] or 1))
            return day.isoformat() + written[week.end() :]
        if number := _BY_NUMBER.match(written):
            day = date(int(number[1]) - 1, 12, 31) + timedelta(days=int(number[2]))
            is_of_year = day.year == int(number[1])
            return day.isoformat() + written[number.end() :] if is_of_year else ""
    except ValueError:
        return ""
    return written


def _without_mistaken_offset(written: str) -> str:
    match = _OFFSET.search(written)
    if match is None or int(match[3]) > 59 or not 14 <= int(match[2]) <= 24:
        return written
    return written if match[2] + match[3] == "1400" else written[: match.end(1)]


def _ordered_by_weekday(written: str) -> str:
    """ "Sat, 04/11/2020" is 11 April: the weekday tells which number is the month."""
    match = _ORDER_BY_WEEKDAY.match(written)
    weekday = WEEKDAYS.get(match[1].casefold()) if match else None
    if match is None or weekday is None:
        return written
    first, second, year = int(match[2]), int(match[4]), int(match[5])
    days = [_calendar_day(year, second, first), _calendar_day(year, first, second)]
    day = next((day for day in days if day and day.weekday() == weekday), None) or days[0]
    return f"{day.isoformat()}{written[match.end() :]}" if day else written


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
