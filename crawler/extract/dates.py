"""What a written date means: one day, or one moment, in the languages we watch.

Our own exact grammar answers first (microseconds); ``dateparser`` is asked only about short
texts the grammar cannot read (milliseconds). Nothing is guessed: two different days in one
text, an impossible day or offset, a year before 1990 or more than two years ahead give None.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from crawler.extract.dates_grammar import Reading, asp_net_milliseconds, readings
from crawler.extract.dates_words import NAMED_DAYS, UNIT_SECONDS
from crawler.model.item import Published

FIRST_YEAR = 1990
# Without a "now" the pure grammar still refuses years like 9999.
_LAST_YEAR = 2100
_AHEAD = timedelta(days=2 * 366)
_CLOCKS_DIFFER = timedelta(days=2)
# Longer texts are prose, not a date; they are searched by ``find_dates``.
_SNIPPET_CHARACTERS = 200
# Up to this length a two-digit year can only be a date.
_BARE_CHARACTERS = 40
_LANGUAGES: tuple[str, ...] = (
    "en",
    "de",
    "da",
    "fr",
    "nl",
    "sv",
    "nb",
    "fi",
    "pl",
    "cs",
    "it",
    "es",
    "pt",
)
_LANGUAGES += ("ko", "ja", "zh", "hu", "ro", "sk", "sl", "hr", "et", "lv", "lt", "tr", "ru", "uk")
# The one language tag with a region that is told apart: numbers stand month first.
AMERICAN = "en-US"
_YEAR_FIRST_LANGUAGES = frozenset({"ko", "ja", "zh"})

_RELATIVE = re.compile(
    r"^(?:vor|il y a|hace|há|ha|for|för|před|pred|noin|ca\.?|about)?\s*"
    r"(?P<n>\d{1,4}|an?|one|einer|einem|un|une|een|en|et|ett|una)\s*(?P<unit>[^\W\d_]{1,10}?)\.?\s*"
    r"(?P<ago>ago|geleden|siden|sedan|sitten|temu|fa|atrás|전|前|之前)?$",
    re.IGNORECASE,
)
_BACKWARDS = re.compile(r"^(?:vor|il y a|hace|há|ha|for|för|před|pred)\s", re.IGNORECASE)


def parse_date(
    text: str, *, zone: tzinfo, language: str = "", now: datetime | None = None
) -> Published | None:
    """The one date that ``text``, a date string or short snippet, names; None where it names
    none or several.

    ``zone`` is the zone of a time written without one, ``language`` (ISO 639-1,
    or ``AMERICAN``) decides ambiguous orders, ``now`` (aware) allows relative forms and
    refuses the far future.
    """
    snippet = " ".join(text[: 4 * _SNIPPET_CHARACTERS].split())
    if not snippet or len(snippet) > _SNIPPET_CHARACTERS:
        return None
    if stamp := asp_net_milliseconds(snippet):
        return _from_milliseconds(*stamp, zone, now)
    written = readings(snippet)
    if not written:
        return _relative(snippet, now) or _by_dateparser(snippet, zone, language, now)
    found = find_dates(snippet, zone=zone, language=language, now=now)
    if not found or len({published.day for _, _, published in found}) > 1:
        return None
    # Of "2026-11-20 (20.11.2026, 10:30)" the form with a time says more.
    return next((each for _, _, each in found if not each.whole_day), found[0][2])


def find_dates(
    text: str, *, zone: tzinfo, language: str = "", now: datetime | None = None
) -> tuple[tuple[int, int, Published], ...]:
    """Every plausible written date with its offsets in ``text`` (code points), in order.

    Relative forms are not searched, and two-digit years only count in texts of up to 40
    characters or with a time of day.
    """
    bare = len(text) <= _BARE_CHARACTERS
    found: list[tuple[int, int, Published]] = []
    for reading in readings(text):
        if reading.short_year and not bare and reading.hour is None:
            continue
        if published := _published(reading, zone, language, now):
            found.append((reading.start, reading.end, published))
    return tuple(found)


def not_ahead(published: Published | None, now: datetime | None) -> Published | None:
    """A date of publication, None where it is an event's: more than two days after ``now``, by
    which clocks and zones differ, nothing is published yet."""
    is_ahead = published is not None and now is not None and published.utc > now + _CLOCKS_DIFFER
    return None if is_ahead else published


def plausible(day: date, now: datetime | None) -> bool:
    """Whether something can have been published on ``day``: 1990 up to two years from now."""
    last = (now + _AHEAD).date() if now else date(_LAST_YEAR, 12, 31)
    return date(FIRST_YEAR, 1, 1) <= day <= last


def _published(
    reading: Reading, zone: tzinfo, language: str, now: datetime | None
) -> Published | None:
    day = _day(reading, language, now)
    if day is None or not plausible(day, now):
        return None
    if reading.hour is None:
        return Published.on(day, zone)
    if reading.offset_minutes is not None:
        if abs(reading.offset_minutes) > 14 * 60:
            return None
        zone = _fixed(reading.offset_minutes)
    moment = datetime(
        day.year, day.month, day.day, reading.hour, reading.minute, reading.second, tzinfo=zone
    )
    return Published(moment)


def _day(reading: Reading, language: str, now: datetime | None) -> date | None:
    """The day meant: the likeliest order of the numbers that gives a day.

    With slashes both orders are customary, so one that is not in the future wins.
    """
    days = [day for order in _orders(reading, language) if (day := _calendar_day(*order))]
    if reading.separator == "/" and now:
        tomorrow = now.date() + timedelta(days=1)
        days.sort(key=lambda day: day > tomorrow)
    return days[0] if days else None


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _orders(reading: Reading, language: str) -> tuple[tuple[int, int, int], ...]:
    customary = (reading.year, reading.month, reading.day)
    if not reading.separator:
        return (customary,)
    month_first = (reading.year, reading.day, reading.month)
    if language == AMERICAN:
        return (month_first, customary)
    if not reading.short_year:
        if reading.separator == ".":
            return (customary,)
        # Who writes slashes and a half-day clock writes the month first.
        is_american = reading.half_day and reading.separator == "/" and language in {"en", ""}
        return (month_first, customary) if is_american else (customary, month_first)
    # Three numbers of two digits: 26.11.20 is the year first in East Asia, else the day.
    year_first = (2000 + reading.day, reading.month, reading.year % 100)
    if language in _YEAR_FIRST_LANGUAGES:
        return (year_first, customary)
    return (customary, month_first, year_first)


def _minutes(offset: timedelta | None) -> int:
    return int(offset.total_seconds()) // 60 if offset else 0


def _fixed(minutes: int) -> tzinfo:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _from_milliseconds(
    milliseconds: int, offset_minutes: int | None, zone: tzinfo, now: datetime | None
) -> Published | None:
    if offset_minutes is not None:
        if abs(offset_minutes) > 14 * 60:
            return None
        zone = _fixed(offset_minutes)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    if not FIRST_YEAR < moment.year < _LAST_YEAR:
        return None
    local = moment.astimezone(zone).replace(microsecond=0)
    return Published(local) if plausible(local.date(), now) else None


def _relative(text: str, now: datetime | None) -> Published | None:
    """ "vor 3 Tagen", "2 hours ago", "gestern", counted back from ``now``."""
    if now is None or len(text) > _BARE_CHARACTERS or now.tzinfo is None:
        return None
    words = text.casefold().strip(" .,:")
    zone = now.tzinfo
    if words in NAMED_DAYS:
        return Published.on(now.date() - timedelta(days=NAMED_DAYS[words]), zone)
    match = _RELATIVE.match(words)
    if not match or not (match["ago"] or _BACKWARDS.match(words)):
        return None
    seconds = UNIT_SECONDS.get(match["unit"]) or UNIT_SECONDS.get(match["unit"].rstrip("전前"))
    if not seconds:
        return None
    count = int(match["n"]) if match["n"].isdigit() else 1
    then = now - timedelta(seconds=seconds * count)
    return Published.on(then.date(), zone) if seconds == 86_400 else Published(then)


def _by_dateparser(
    text: str, zone: tzinfo, language: str, now: datetime | None
) -> Published | None:
    """The last resort: a short absolute date in wording the grammar does not know."""
    if len(text) > _BARE_CHARACTERS or not re.search(r"(?:19|20)\d\d", text):
        return None
    found = _asked_dateparser(text, _dateparser_languages(language))
    if found is None or not plausible(found.date(), now):
        return None
    if (found.hour, found.minute, found.second) == (0, 0, 0) and not found.tzinfo:
        return Published.on(found.date(), zone)
    zone = _fixed(_minutes(found.utcoffset())) if found.tzinfo else zone
    return Published(found.replace(tzinfo=zone, microsecond=0))


@lru_cache(maxsize=2_000)  # an odd generator writes one wording in all its entries
def _asked_dateparser(text: str, languages: tuple[str, ...]) -> datetime | None:
    from dateparser import parse

    settings = {
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
        "DATE_ORDER": "DMY",
    }
    try:
        found: datetime | None = parse(text, languages=list(languages), settings=settings)
    except (ValueError, OverflowError, TypeError, AttributeError, re.error):
        return None
    return found


def _dateparser_languages(language: str) -> tuple[str, ...]:
    """The page's own language, or all of ours: dateparser's two hundred cost ten times more."""
    known = "nb" if language == "no" else language.partition("-")[0]
    return (known,) if known in _LANGUAGES else _LANGUAGES
