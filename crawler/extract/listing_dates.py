"""What the dates of a list say together: the order of their numbers, and years left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from crawler.extract.dates import plausible
from crawler.extract.listing_archive import with_line_days, year_above
from crawler.extract.listing_days import DayHeadings, day_headings
from crawler.extract.listing_document import Document
from crawler.extract.listing_fields import Entry, When, day_of_address, parse
from crawler.extract.listing_marks import Marks
from crawler.extract.listing_text import date_like, find_date, yearless_date
from crawler.model.item import Published

_SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})$")
_URL_YEAR = re.compile(r"/((?:19|20)\d\d)(?=[/-])")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_PARTING = ("br", "hr")
_MIN_LINES = 3  # dated ones, where not every link of a list has a date beside it
_MAX_EMPTY = 6  # elements without words between a link and the text beside it
_MONTHS_BACK = 330  # days: a day without a year is the last one of that name


def settle_dates(
    document: Document, marks: Marks, entries: Sequence[Entry], when: When
) -> list[Entry]:
    """Entries with ambiguous dates read alike, and yearless ones completed from the page."""
    settled = _beside_bare_links(document, _as_addresses_say(entries, when), when)
    if 2 * sum(entry.published is not None for entry in entries) < len(entries):
        days = day_headings(document, marks, [entry.record for entry in entries])
        settled = [
            entry if entry.published else _under_day(document, days, entry, when)
            for entry in settled
        ]
    if _month_first(entries):
        settled = [_swapped(entry, when) for entry in settled]
    settled = with_line_days(document, settled)
    if all(entry.published or not entry.date_text for entry in settled):
        return settled
    present = when if _is_of_present(document, when) else replace(when, now=None)
    return [e if e.published else _completed(document, e, when, present) for e in settled]


def _as_addresses_say(entries: Sequence[Entry], when: When) -> list[Entry]:
    """Entries of a list that only its addresses date: a day in a few of the teasers is that of
    what they tell."""
    if 2 * sum(entry.date_from == "url" for entry in entries) <= len(entries):
        return list(entries)
    days = [day_of_address(e.url) if e.date_from == "text" else "" for e in entries]
    moments = [parse(day, when) if day else None for day in days]
    return [
        replace(entry, published=moment, date_from="url", date_text=day) if moment else entry
        for entry, moment, day in zip(entries, moments, days, strict=True)
    ]


def _beside_bare_links(document: Document, entries: Sequence[Entry], when: When) -> list[Entry]:
    """Entries whose record is a mere link and what follows it, with the date that stands beside
    it: before all links, or behind all of them; else in the links' own lines."""
    if any(entry.published or entry.record.root != entry.record.link.node for entry in entries):
        return list(entries)
    sides = [[_text_beside(document, entry, side) for entry in entries] for side in (-1, 1)]
    texts = next(filter(all, sides), None)
    if texts is None or len(entries) == 1:  # nothing tells of one whether a break ends its line
        texts = max((_of_lines(document, entries, side) for side in (-1, 1)), key=_filled)
        if _filled(texts) < min(_MIN_LINES, len(entries)):
            return list(entries)
    moments = [parse(text, when) if text else None for text in texts]
    return [
        replace(entry, published=moment, date_from="text", date_text=text) if moment else entry
        for entry, moment, text in zip(entries, moments, texts, strict=True)
    ]


def _filled(texts: Sequence[str]) -> int:
    return sum(map(bool, texts))


def _of_lines(document: Document, entries: Sequence[Entry], side: int) -> list[str]:
    """The dates beside links in their own lines; the links of a menu in the same markup have
    none."""
    return [
        "" if _is_parted(document, entry, side) else _text_beside(document, entry, side)
        for entry in entries
    ]


def _is_parted(document: Document, entry: Entry, side: int) -> bool:
    """Whether a break stands between a link and the text before (-1) or behind (1) it."""
    node = document.nodes[entry.record.link.node]
    if side < 0:
        between = document.nodes[max(0, node.index - _MAX_EMPTY) : node.index]
        return any(n.tag in _PARTING and n.first_word == node.first_word for n in between)
    between = document.nodes[node.end : node.end + _MAX_EMPTY]
    return any(n.tag in _PARTING and n.first_word == node.last_word for n in between)


def _text_beside(document: Document, entry: Entry, side: int) -> str:
    """The date in the text right before (-1) or behind (1) a link in its own parent, else ""."""
    node = document.nodes[entry.record.link.node]
    position = node.first_word - 1 if side < 0 else node.last_word
    if not 0 <= position < len(document.texts) or document.owners[position] != node.parent:
        return ""
    text = document.texts[position]
    return find_date(text) if date_like(text) else ""


def _month_first(entries: Sequence[Entry]) -> bool:
    """Whether a list writes 3/18/24: some middle number is no month, no first one is none."""
    pairs = [(int(m[1]), int(m[2])) for e in entries if (m := _SLASHED.match(e.date_text))]
    return any(b > 12 for _, b in pairs) and not any(a > 12 for a, _ in pairs)


def _swapped(entry: Entry, when: When) -> Entry:
    found = _SLASHED.match(entry.date_text)
    if not found or entry.published is None:
        return entry
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    day = _day(year, int(found[1]), int(found[2]))
    return replace(entry, published=Published.on(day, when.zone)) if day else entry


def _under_day(document: Document, days: DayHeadings, entry: Entry, when: When) -> Entry:
    """An undated entry gets the day of the heading it stands under in its own list."""
    text = days.above(document, entry.record)
    moment = parse(text, when) if text else None
    return replace(entry, published=moment, date_from="text", date_text=text) if moment else entry


def _completed(document: Document, entry: Entry, when: When, present: When) -> Entry:
    """A day and month get the year of the address, the heading above, or the latest past one."""
    known = yearless_date(entry.date_text) if entry.date_text else None
    if known is None:
        return entry
    in_url = _URL_YEAR.search(entry.url)
    year = int(in_url[1]) if in_url else year_above(document, entry.record)
    day = _day(year, known[1], known[0]) if year else _latest(known, present)
    if day is None or not plausible(day, when.now):
        return entry
    return replace(entry, published=Published.on(day, when.zone), date_from="text")


def _is_of_present(document: Document, when: When) -> bool:
    """Whether a page may be as new as it is read: the years it names do not all lie behind.

    A page that was saved long ago, or has not changed for years, says nothing of this year.
    """
    if when.now is None:
        return False
    first = (when.now - timedelta(days=_MONTHS_BACK)).year
    named = [int(year) for text in document.texts for year in _YEAR.findall(text)]
    return not named or any(first <= year <= when.now.year + 1 for year in named)


def _latest(known: tuple[int, int], when: When) -> date | None:
    if when.now is None:
        return None
    today = when.now.astimezone(when.zone).date()
    for year in (today.year, today.year - 1):
        day = _day(year, known[1], known[0])
        if day and 0 <= (today - day).days <= _MONTHS_BACK:
            return day
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
