"""What of a text survives translation: names, places, numbers, amounts, dates, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from crawler.stories.dates import Day, days
from crawler.stories.gazetteer import counters, gazetteer, stopwords
from crawler.stories.numbers import numbers
from crawler.stories.readings import DULL, DULL_RUN, Anchor, Lexicon, lexicon, name_key
from crawler.stories.text import fold, plain, sentences

__all__ = ["MAX_ANCHORS", "Anchor", "anchors", "name_key"]

MAX_ANCHORS = 120  # of one title or text
MAX_TOLD = 1600  # characters that are read for anchors

_ENDING = r"\.(?:de|com|org|net|eu|dk|fr|pl|it|kr|io|info)\b"
_ENDS = re.compile(_ENDING)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'()]+|[\w.+-]{1,64}@[\w-]+\.[\w.-]+\w|"
    rf"\b[a-z0-9-]{{2,63}}(?:\.[a-z0-9-]{{1,63}}){{0,4}}{_ENDING}(?:/[^\s<>]*)?",
)
_MARKS = ("@", "://", "www.")  # without one of them or a known ending there is no address
_QUOTED = re.compile(r"[„“\"«»『「‘']([^„“”\"«»『』「」\n]{3,60}?)[“”\"»«』」’'](?!\w)")
_COUNTED = re.compile(r"\n?\W{0,3}°?([^\W\d_]+)")  # read from the figure back


def anchors(text: str, language: str = "") -> tuple[Anchor, ...]:
    """The anchors of a title or a text, each once, in the order of their first appearance.

    Only the first MAX_TOLD characters are read: news tell the event first, and whatever
    follows in long texts is shared by many. At most MAX_ANCHORS.
    """
    told = plain(text[: 2 * MAX_TOLD])
    if len(told) > MAX_TOLD:
        told = told[:MAX_TOLD].rpartition(" ")[0]
    return tuple(islice(dict.fromkeys(_of_part(told, language)), MAX_ANCHORS))


def _of_part(text: str, language: str) -> list[Anchor]:
    found: list[Anchor] = []
    if any(mark in text for mark in _MARKS) or _ENDS.search(text):
        found += (Anchor("address", _address_key(m[0])) for m in _ADDRESS.finditer(text))
        text = _ADDRESS.sub(" ", text)
    found += (
        Anchor("title", fold(match[1]).strip(" .,!?")[:64])
        for match in _QUOTED.finditer(text)
        if _is_title(match[1])
    )
    named = days(text, language)
    found += _of_days(named)
    text = _without(text, ((day.start, day.end) for day in named))
    found += _countables(text)
    found += (Anchor(entry.kind, entry.key) for entry in gazetteer().in_hangul(text))
    known = lexicon(language)
    for line in text.split("\n"):
        for sentence in sentences(line):
            _of_sentence(sentence, known, found)
    return found


def _of_days(named: Iterable[Day]) -> Iterator[Anchor]:
    for day in named:
        if day.month:
            yield Anchor("date", f"{day.month:02}-{day.day:02}")
        yield Anchor("day", str(day.day))
        if day.year:
            yield Anchor("year", str(day.year))


def _countables(text: str) -> Iterator[Anchor]:
    for number in numbers(text):
        value = f"{number.value:.10g}"
        if number.year:
            yield Anchor("year", value)
            continue
        if number.ordinal or (number.value < 1000 and _is_counted(text, number.start)):
            yield Anchor("edition", value)
        if number.amount or number.value >= 10_000:
            yield Anchor("amount", value)
        elif number.value >= 10:
            yield Anchor("number", value)


def _is_counted(text: str, start: int) -> bool:
    """Whether a counting word stands before a figure: ``uge 3``, ``Runde 7``, ``n° 32``."""
    match = _COUNTED.match(text[max(0, start - 20) : start][::-1])
    return match is not None and fold(match[1][::-1]) in counters()


def _of_sentence(sentence: str, known: Lexicon, anchors: list[Anchor]) -> None:
    """Adds what its words name to ``anchors``."""
    exact, firsts = gazetteer().exact, gazetteer().firsts
    runs = enumerate(filter(None, map(known.__getitem__, sentence.split())))
    previous = before = ""
    following = 0
    for place, run in [(place, run) for place, run in runs if run is not DULL_RUN]:
        if place != following:  # dull ones stand between
            previous = before = ""
        following = place + 1
        begins = place == 0
        for word in run:
            if word is DULL:
                previous = before = ""
                begins = False
                continue
            found, folded, name, plainly, pairs = word
            if before in firsts and (joined := exact.get(f"{before}-{folded}")):
                anchors.append(Anchor(joined.kind, joined.key))
            before = folded
            if begins:
                begins = False
                if plainly and name in stopwords():
                    continue
            if found:
                anchors += found
            if previous and name and pairs:
                anchors.append(Anchor("pair", f"{previous} {name}"))
            previous = name


def _is_title(quoted: str) -> bool:
    """Quoted speech is no title: those are short and begin with a capital or a figure."""
    first = quoted.lstrip()[:1]
    return len(quoted.split()) <= 6 and (not first.islower() or "가" <= first <= "힣")


def _address_key(address: str) -> str:
    bare = re.sub(r"^https?://(?:www\.)?|^www\.", "", address.lower())
    return bare.rstrip("/.,;:")[:64]


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
