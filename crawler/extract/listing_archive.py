"""Days that a list of a year or a month writes in its lines without the year: "18.11. Title".

The day stands before the words of the link or behind them, or at either end of the title.
Only what most lines of a list do is read so: alone, "18.11." may be a number of anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from crawler.extract.dates_words import MONTHS
from crawler.extract.listing_document import HEADINGS, Document
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_records import Record
from crawler.extract.listing_text import yearless_date
from crawler.extract.listing_words import plain

_MOST = 0.6  # of a list's undated lines that give a day the same way
_MIN_LINES = 2
_MIN_BARE = 3  # lines whose day is a mere number
_FAR = 400  # texts before a record in which its month or year may stand
_LONGEST_NAME = 40  # characters of such a text
_LONGEST_PIECE = 30  # characters of a text that is a day and its punctuation
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NAMED = re.compile(r"[^\W\d_]+")
_EAST_MONTH = re.compile(r"(\d{1,2})\s?[월月]")
_NUMBERED = re.compile(r"(?P<m>0?[1-9]|1[0-2])\s?[./-]\s?(?:19|20)\d\d|(?:19|20)\d\d-(?P<m2>\d\d)")
_WORDED = (
    r"\d{1,2}(?:st|nd|rd|th|er|\.)?(?:\sde)?[\s-][^\W\d_]{3,12}\.?|"
    r"[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?|\d{1,2}[월月]\s?\d{1,2}[일日]"
)
_NUMERIC = r"\d{1,2}\.\s?\d{1,2}\.?|\d{1,2}/\d{1,2}|\d{1,2}(?:er|st|nd|rd|th|[일日]|\.)?"
_WEEKDAY = r"(?:[^\W\d_]{2,10}[.,]{1,2}\s?)?"
_WHOLE = tuple(re.compile(rf"^{_WEEKDAY}(?P<day>{day})$") for day in (_WORDED, _NUMERIC))
_AHEAD = tuple(
    re.compile(rf"^[(\[]?{_WEEKDAY}(?P<day>{day})[)\]]?(?:\s?[:–—|,]\s?|\s[·-]\s|\s)")
    for day in (_WORDED, _NUMERIC)
)
_BEHIND = tuple(
    re.compile(rf"(?:\s[–—|·-]\s?|,\s|\s?[(\[])(?P<day>{day})[)\]]?$")
    for day in (_WORDED, _NUMERIC)
)
_BRACKETED = re.compile(rf"^[(\[]\s?{_WEEKDAY}(?P<day>{_WORDED})\s?[)\]][\s:,–-]*")
_OF = frozenset(("de", "del", "d", "of", "i"))
_SHORTEST_TITLE = 3
_AROUND = " \t:–—|,·-()[]"


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of a line: as written, and the title without it."""

    text: str
    title: str


def with_line_days(document: Document, entries: Sequence[Entry]) -> list[Entry]:
    """Entries without any date, with the day that most of their lines give: ``date_text`` is
    that day as "18.11.", and titles do not repeat it."""
    bare = [entry for entry in entries if not (entry.published or entry.date_text)]
    if len(bare) < _MIN_LINES or len(bare) < _MOST * len(entries):
        return [_with_bracketed_day(entry) for entry in entries]
    for way in (_beside_link, _ahead_in_title, _behind_in_title):
        days = {entry.key: found for entry in bare if (found := way(document, entry))}
        dated = _read(document, [(e, days[e.key]) for e in bare if e.key in days])
        if len(dated) >= max(_MIN_LINES, _MOST * len(bare)):
            return [dated.get(entry.key, entry) for entry in entries]
    return list(entries)


def _with_bracketed_day(entry: Entry) -> Entry:
    """Among dated lines an undated one whose title begins with "(28 June)" gives its day so."""
    found = None if entry.published or entry.date_text else _BRACKETED.match(entry.title)
    known = yearless_date(found["day"]) if found else None
    rest = entry.title[found.end() :] if found else ""
    if not found or not known or len(rest) <= _SHORTEST_TITLE:
        return entry
    return _with_day(entry, _Day(found["day"], rest), known)


def _read(document: Document, found: Sequence[tuple[Entry, _Day]]) -> dict[str, Entry]:
    """The entries whose day can be told, by their keys."""
    read = {}
    loose = []
    for entry, day in found:
        if known := yearless_date(day.text):
            read[entry.key] = _with_day(entry, day, known)
        else:
            loose.append((entry, day))
    months = [month_above(document, entry.record) or 0 for entry, _ in loose]
    if len(loose) < _MIN_BARE or not all(months) or _are_numbered(loose, months):
        return read  # "3/4", "2. Platz": only a month above makes such numbers days
    for (entry, day), month in zip(loose, months, strict=True):
        if known := _loose_day(day.text, month):
            read[entry.key] = _with_day(entry, day, known)
    return read


def _are_numbered(found: Sequence[tuple[Entry, _Day]], months: Sequence[int]) -> bool:
    """Whether a list counts its lines, from one upwards or on through its months."""
    numbers = [int(re.findall(r"\d+", day.text)[0]) for _, day in found]
    steps = {after - before for before, after in pairwise(numbers)}
    return steps == {1} and (numbers[0] == 1 or len(set(months)) > 1)


def _with_day(entry: Entry, day: _Day, known: tuple[int, int]) -> Entry:
    return replace(entry, title=day.title, date_text=f"{known[0]}.{known[1]}.")


def _loose_day(text: str, month: int) -> tuple[int, int] | None:
    """The day and month of "18", "18.", "18.11", "18/11" and "11/18" below a month's name."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if len(numbers) == 2:
        if month not in numbers:
            return None
        numbers = [numbers[0] if numbers[1] == month else numbers[1]]
    return (numbers[0], month) if len(numbers) == 1 and 1 <= numbers[0] <= 31 else None


def _beside_link(document: Document, entry: Entry) -> _Day | None:
    """A day that is all that stands right before a line's link, or right behind it."""
    node = document.nodes[entry.record.link.node]
    spans = entry.record.spans(document)
    for position in (node.first_word - 1, node.last_word):
        if not 0 <= position < len(document.texts):
            continue
        owner, text = document.owners[position], document.texts[position]
        if owner != node.parent and not any(owner in span for span in spans):
            continue
        found = _first(_WHOLE, text.strip(_AROUND)) if len(text) < _LONGEST_PIECE else None
        if found:
            return _Day(found["day"], entry.title.removeprefix(text).lstrip(_AROUND))
    return None


def _ahead_in_title(_: Document, entry: Entry) -> _Day | None:
    found = _first(_AHEAD, entry.title)
    rest = entry.title[found.end() :].strip() if found else ""
    return _Day(found["day"], rest) if found and len(rest) > _SHORTEST_TITLE else None


def _behind_in_title(_: Document, entry: Entry) -> _Day | None:
    found = _first(_BEHIND, entry.title)
    rest = entry.title[: found.start()].strip() if found else ""
    return _Day(found["day"], rest) if found and len(rest) > _SHORTEST_TITLE else None


def _first(patterns: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    """What the first of (worded, numeric) patterns finds; words have to name a month."""
    worded, numeric = patterns
    found = worded.search(text)
    return found if found and yearless_date(found["day"]) else numeric.search(text)


def year_above(document: Document, record: Record) -> int | None:
    """The year of the nearest short text before a record that names just one."""
    for position, text in _names_above(document, record):
        found = _YEAR.findall(text)
        if len(set(found)) == 1 and (_heads(document, position) or _is_bare_time(text)):
            return int(found[0])
    return None


def month_above(document: Document, record: Record) -> int | None:
    """The month of the nearest text before a record that is a month's name, with or without
    its year."""
    for _, text in _names_above(document, record):
        if month := named_month(text):
            return month
    return None


def _names_above(document: Document, record: Record) -> Iterator[tuple[int, str]]:
    first = document.nodes[record.spans(document)[0].start].first_word
    for position in range(first - 1, max(-1, first - _FAR), -1):
        text = document.texts[position]
        if len(text) < _LONGEST_NAME:
            yield position, text


def _heads(document: Document, position: int) -> bool:
    """Whether a text is part of a heading, or a short one outside all links."""
    owner = document.owners[position]
    chain = [document.nodes[owner], *list(document.ancestors(owner))[:3]]
    if any(node.tag in HEADINGS for node in chain):
        return True
    return len(document.texts[position]) < 20 and not any(node.tag == "a" for node in chain)


def _is_bare_time(text: str) -> bool:
    return bool(_YEAR.fullmatch(text.strip(" .:()[]–-"))) or named_month(text) is not None


@lru_cache(maxsize=4_000)
def named_month(text: str) -> int | None:
    """The month of a text that is nothing but a month, with or without its year: "November
    2026", "11/2026", "2026年11月"."""
    bare = text.strip(" .:()[]–-")
    if east := _EAST_MONTH.fullmatch(_YEAR.sub("", bare).strip(" 년年")):
        return int(east[1]) if 1 <= int(east[1]) <= 12 else None
    if numbered := _NUMBERED.fullmatch(bare):
        month = int(numbered["m"] or numbered["m2"])
        return month if month <= 12 else None
    if re.search(r"\d", _YEAR.sub("", bare)):
        return None
    names = [name for name in _NAMED.findall(bare.lower()) if name not in _OF]
    return MONTHS.get(names[0]) or MONTHS.get(plain(names[0])) if len(names) == 1 else None
