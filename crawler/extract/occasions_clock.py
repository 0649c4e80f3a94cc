"""The time of day that stands behind a day: "at 10 am", "von 9 bis 17 Uhr", "kl. 9.00-15.30".

Two numbers alone are no time: minutes, am or pm, or a word like Uhr have to say so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from crawler.extract.dates_words import ZONES

_ZONE = f"(?-i:{'|'.join(sorted((zone.upper() for zone in ZONES if len(zone) > 1), reverse=True))})"
_MARK = r"[:.]|\s?[hH](?![A-Za-z])\s?"
_HALF = r"\s?(?P<ap{0}>[ap])\.?m\b\.?"
_LEAD = (
    r"(?P<lead>(?:from|at|starting|von|ab|um|fra|kl\.?|klokken|fra\skl\.?|de|à|dès|a\spartir\sde|"
    r"om|van|alle|dalle|ore|a\slas|o|od|each\sfrom|jeweils\svon|jeweils\sum|beginn)\s)?"
)
_TO = r"\s?(?:-|–|—|to|until|till|bis|til|à|tot|alle|do|a|~)\s?(?:kl\.?\s)?"
_CLOCK = re.compile(
    r"[\s,;:|·(–-]{0,4}" + _LEAD + rf"(?P<h>\d{{1,2}})(?:(?P<mark>{_MARK})(?P<mi>\d\d)?(?!\d))?"
    rf"(?:{_HALF.format('')})?"
    rf"(?:{_TO}(?P<h2>\d{{1,2}})(?:(?:{_MARK})(?P<mi2>\d\d)?(?!\d))?(?:{_HALF.format('2')})?)?"
    r"(?P<unit>\s?(?:Uhr|hrs|o[’']clock|uur|hod|시))?(?!\d)(?!\.\d)"
    rf"(?:\s?\(?(?P<zone>{_ZONE})(?!\w)\)?)?",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    rf"(?:\s?Uhr|\s?h)?{_TO}(?P<h>\d{{1,2}})(?:(?P<mark>{_MARK})(?P<mi>\d\d)?(?!\d))?"
    rf"(?:{_HALF.format('')})?(?:\s?(?:Uhr|hrs|uur))?(?!\d)(?:\s?(?:{_ZONE})(?!\w))?",
    re.IGNORECASE,
)
_LEADS_ALONE = frozenset({"kl", "klokken", "um", "alle", "dalle", "ore"})


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as written, ``end`` the offset behind it."""

    end: int
    start: time
    until: time | None = None
    offset_minutes: int | None = None  # None: no zone is written


def clock_after(text: str, at: int) -> Clock | None:
    """The time of day that stands at an offset of ``text``, introduced by little."""
    match = _CLOCK.match(text, at)
    if match is None or not _says_so(match):
        return None
    half = match["ap"] or match["ap2"]
    start = _time(match["h"], match["mi"], half)
    until = _time(match["h2"], match["mi2"], match["ap2"]) if match["h2"] else None
    if start is None:
        return None
    if until is not None and until <= start and match["ap"] is None and match["ap2"]:
        start = _time(match["h"], match["mi"], "a") or start
    later = until if until and until > start else None
    offset = ZONES.get((match["zone"] or "").casefold())
    return Clock(match.end(), start, later, offset)


def until_after(text: str, at: int, start: time) -> tuple[time | None, int]:
    """When what begins at ``start`` ends, as told at an offset, and the offset behind it."""
    match = _UNTIL.match(text, at)
    if match is None:
        return None, at
    until = _time(match["h"], match["mi"], match["ap"])
    return (until, match.end()) if until and until > start else (None, at)


def _says_so(match: re.Match[str]) -> bool:
    lead = (match["lead"] or "").strip().rstrip(".").casefold().rpartition(" ")[2]
    if match["unit"] or match["ap"] or match["ap2"] or lead in _LEADS_ALONE:
        return True
    mark = (match["mark"] or "").strip().casefold()
    return mark == "h" or (mark == ":" and match["mi"] is not None)


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    number = int(hour)
    if half:
        number = number % 12 + (12 if half.casefold() == "p" else 0)
    try:
        return time(number, int(minute or 0))
    except ValueError:
        return None
