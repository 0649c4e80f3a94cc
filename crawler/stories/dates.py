"""Dates, numbers and amounts as the languages of our sources write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from crawler.stories.text import DIGIT, fold

_MONTHS = (
    "januar january jan janvier stycznia styczen gennaio januari",
    "februar february feb fevrier lutego luty febbraio",
    "marz march mar marts mars marca marzec marzo maerz",
    "april apr avril kwietnia kwiecien aprile",
    "mai may maj maja maggio",
    "juni june jun juin czerwca czerwiec giugno",
    "juli july jul juillet lipca lipiec luglio",
    "august aug aout sierpnia sierpien agosto",
    "september sept sep septembre wrzesnia wrzesien settembre",
    "oktober october oct okt octobre pazdziernika pazdziernik ottobre",
    "november nov novembre listopada listopad",
    "dezember december dec dez decembre grudnia grudzien dicembre",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAME = r"[^\W\d_]{3,11}"
_JOIN = r"(?:\s*(?:–|-|/|,|bis(?: zum)?|und|to|and|til|og|au|et|do|i|al|e)\s*)"
_DAY_FIRST = re.compile(
    rf"\b(?:(\d{{1,2}})(?:\.|st|nd|rd|th|er)?{_JOIN})?(\d{{1,2}})(?:\.|st|nd|rd|th|er)?\s*"
    rf"(?:of |de |di )?({_NAME})\.?,?(?:\s+((?:19|20)\d\d))?\b"
)
_ENGLISH_MONTHS = (
    "January|Jan|February|Feb|March|Mar|April|Apr|May|June|Jun|July|Jul|August|Aug|"
    "September|Sept|Sep|October|Oct|November|Nov|December|Dec"
)
_MONTH_FIRST = re.compile(  # only English puts the month first
    rf"\b({_ENGLISH_MONTHS})"
    rf"\.? (\d{{1,2}})(?:st|nd|rd|th)?(?:{_JOIN}(\d{{1,2}}))?(?:, ?((?:19|20)\d\d))?\b"
)
_NUMERIC = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d|\d\d\b)?(?!\d|[.,]\d)")
_ISO = re.compile(r"\b((?:19|20)\d\d)[-.](\d{1,2})[-.](\d{1,2})\b")
_IN_FIGURES = re.compile(r"\d[-.]\s?\d{1,2}[-.]")  # in every match of the two
_KOREAN = re.compile(r"(?:((?:19|20)\d\d)년\s*)?(\d{1,2})월\s*(\d{1,2})일")
_KOREAN_DAY = re.compile(r"(?<![\d월])(?<!월 )(\d{1,2})일(?!간|\w*\s*동안)")
_KOREAN_RANGE = re.compile(r"(\d{1,2})일부터 (\d{1,2})일")
_BEFORE, _AFTER = 16, 48  # characters: "September 30", "30. bis zum 31. September 2026"
_FIGURE = re.compile(f"{DIGIT}+")
_NTH_DAY = re.compile(r"\b(?:the|am|den|le|il|dnia) (\d{1,2})(?:st|nd|rd|th|\.)(?= )")
# What stands right before the figure in every match of _NTH_DAY and _MONTH_FIRST.
_BEFORE_NTH = ("the ", "am ", "den ", "le ", "il ", "dnia ")
_BEFORE_DAY = tuple(f"{month}{dot} " for month in _ENGLISH_MONTHS.split("|") for dot in ("", "."))

Figures = list[tuple[int, int]]  # where each begins and ends


class Day(NamedTuple):
    """A day as a text names it; 0 stands for what it leaves out."""

    year: int
    month: int
    day: int
    start: int
    end: int


def days(text: str, language: str = "") -> list[Day]:
    """The days that ``text`` names, in its order, never overlapping."""
    found = [day for day in _every_day(text, language) if day.day <= 31 and day.month <= 12]
    found.sort(key=lambda day: (day.month == 0, day.start - day.end))
    kept: list[Day] = []
    for day in found:
        same = [k for k in kept if (k.start, k.end) == (day.start, day.end)]
        if same or all(day.end <= k.start or day.start >= k.end for k in kept):
            kept.append(day)
    return sorted(kept, key=lambda day: day.start)


def _every_day(text: str, language: str) -> Iterator[Day]:
    for figures in _near_figures(text):
        yield from _days_between(text, figures, language)
    if "일" in text:
        yield from _korean_days(text)


def _near_figures(text: str) -> list[Figures]:
    """The figures of ``text``, without which no day is named; those together that are so near
    that parts of one day meet."""
    near: list[Figures] = []
    for match in _FIGURE.finditer(text):
        if near and match.start() - near[-1][-1][1] <= _BEFORE + _AFTER:
            near[-1].append(match.span())
        else:
            near.append([match.span()])
    return near


def _days_between(text: str, figures: Figures, language: str) -> Iterator[Day]:
    start, end = max(0, figures[0][0] - _BEFORE), min(len(text), figures[-1][1] + _AFTER)
    yield from _day_first(text, figures, end)
    if language in ("", "en") and any(text.endswith(_BEFORE_DAY, 0, at) for at, _ in figures):
        for match in _MONTH_FIRST.finditer(text, start, end):
            for number in (match[2], match[3]):
                if number:
                    yield _day(match, match[4], _MONTH[_folded(match[1])], number)
    if any(_IN_FIGURES.match(text, after - 1, end) for _, after in figures):
        yield from _in_figures(text, start, end)
    if any(text.endswith(_BEFORE_NTH, 0, at) for at, _ in figures):
        for match in _NTH_DAY.finditer(text, start, end):
            yield _day(match, None, 0, match[1])


def _day_first(text: str, figures: Figures, end: int) -> Iterator[Day]:
    done = 0
    for at, _ in figures:
        match = _DAY_FIRST.match(text, at, end) if at >= done else None
        if not match:
            continue
        done = match.end()
        if month := _MONTH.get(_folded(match[3])):
            for number in (match[1], match[2]):
                if number:
                    yield _day(match, match[4], month, number)


def _in_figures(text: str, start: int, end: int) -> Iterator[Day]:
    for match in _ISO.finditer(text, start, end):
        yield _day(match, match[1], int(match[2]), match[3])
    for match in _NUMERIC.finditer(text, start, end):
        if 1 <= int(match[2]) <= 12:
            year = match[3] if match[3] and len(match[3]) == 4 else f"20{match[3] or '00'}"
            yield _day(match, None if year == "2000" else year, int(match[2]), match[1])


def _korean_days(text: str) -> Iterator[Day]:
    for match in _KOREAN.finditer(text):
        yield _day(match, match[1], int(match[2]), match[3])
    for match in _KOREAN_RANGE.finditer(text):
        yield _day(match, None, 0, match[1])
        yield _day(match, None, 0, match[2])
    for match in _KOREAN_DAY.finditer(text):
        yield _day(match, None, 0, match[1])


def _day(match: re.Match[str], year: str | None, month: int, day: str) -> Day:
    return Day(int(year or 0), month, int(day), match.start(), match.end())


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return fold(name)
