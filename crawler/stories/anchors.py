"""What of a text survives translation: names, places, numbers, amounts, dates, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.stories.dates import days
from crawler.stories.gazetteer import Entry, gazetteer, stopwords
from crawler.stories.numbers import numbers, ordinal, word_number, years
from crawler.stories.sounds import hangul_noun, hangul_sounds
from crawler.stories.text import fold, plain, sentences

MAX_ANCHORS = 120  # per item; the rest of a long text tells nothing new

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'()]+|[\w.+-]+@[\w-]+\.[\w.-]+\w|"
    r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:de|com|org|net|eu|dk|fr|pl|it|kr|io|info)\b(?:/[^\s<>]*)?",
)
_QUOTED = re.compile(r"[„“\"«»『「‘']([^„“”\"«»『』「」\n]{3,60}?)[“”\"»«』」’'](?!\w)")
_TOKEN = re.compile(
    r"[^\W\d_]+(?:\d+[^\W\d_]*)*(?:[-'’.&][^\W_]+)*|\d+[^\W\d_][^\W_]*(?:-[^\W_]+)*"
)
_ORDINAL_FIGURE = re.compile(
    r"(?<![\d.,])(\d{1,3})(?:\.(?= ?[^\W\d_])|st\b|nd\b|rd\b|th\b|te[nrs]?\b|e\b|ª|º|°|회|차|기\b)"
)
_NUMBERED = re.compile(
    r"\b(?:runde|round|call|uge|week|woche|ausgabe|issue|nr|no|nummer|number|numero|numer|n°|nº|"
    r"edition|auflage|ausschreibung|kw|teil|part|tom|vol|phase|fase|etap|edycja|edizione|opslag|"
    r"rang|bando|appel|tour|folge|nyhedsbrev|newsletter|lettre)\W{0,3}(\d{1,3})\b",
    re.I,
)
_HANGUL = re.compile(r"[가-힣]+")
_POLISH_ENDINGS = re.compile(r"(?:iego|emu|owie|ami|ach|ego|iej|owi|om|ow|em|ie|ej|ym|ia|iu)$")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One thing that a text names.

    ``kind`` is one of place concept name pair sound number amount date day year edition
    address title; ``key`` is what its tellings in other languages share.
    """

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def anchors(title: str, text: str, language: str = "") -> tuple[Anchor, ...]:
    """The anchors of an item, each once, in the order of their first appearance."""
    found: dict[Anchor, None] = {}
    for part in (plain(title), plain(text)):
        for anchor in _of_part(part, language):
            found.setdefault(anchor)
            if len(found) >= MAX_ANCHORS:
                return tuple(found)
    return tuple(found)


def _of_part(text: str, language: str) -> Iterator[Anchor]:
    for match in _ADDRESS.finditer(text):
        yield Anchor("address", _address_key(match[0]))
    text = _ADDRESS.sub(" ", text)
    for match in _QUOTED.finditer(text):
        if _is_title(match[1]):
            yield Anchor("title", fold(match[1]).strip(" .,!?"))
    named = days(text)
    for day in named:
        if day.month:
            yield Anchor("date", f"{day.month:02}-{day.day:02}")
        yield Anchor("day", str(day.day))
        if day.year:
            yield Anchor("year", str(day.year))
    text = _without(text, ((day.start, day.end) for day in named))
    yield from _countables(text)
    for entry in gazetteer().in_hangul(text):
        yield Anchor(entry.kind, entry.key)
    for line in text.split("\n"):
        for sentence in sentences(line):
            yield from _of_sentence(sentence, language)


def _countables(text: str) -> Iterator[Anchor]:
    for year in years(text):
        yield Anchor("year", str(year))
    for match in [*_ORDINAL_FIGURE.finditer(text), *_NUMBERED.finditer(text)]:
        yield Anchor("edition", str(int(match[1])))
    for number in numbers(text):
        value = f"{number.value:.10g}"
        if number.amount or number.value >= 10_000:
            yield Anchor("amount", value)
        elif number.value >= 10 and not 1950 <= number.value <= 2069:
            yield Anchor("number", value)


def _of_sentence(sentence: str, language: str) -> Iterator[Anchor]:
    previous = ""
    before = ""
    for position, token in enumerate(_TOKEN.findall(sentence)):
        kind, value, entry = _read(token, language)
        joined = gazetteer().exact.get(f"{before}-{fold(token)}") if before else None
        for found in (entry, joined):
            if found:
                yield Anchor(found.kind, found.key)
        before = fold(token)
        if kind in ("number", "edition"):
            yield Anchor(kind, value)
        if kind == "hangul":
            yield from (Anchor("sound", sound) for sound in hangul_sounds(token))
            if (noun := hangul_noun(token)) and not gazetteer().in_hangul(noun):
                yield Anchor("name", noun)
        if kind not in ("name", "shaped"):
            previous = "" if entry is None or kind == "" else value
            continue
        if position == 0 and kind == "name" and value in stopwords():
            previous = ""
            continue
        if entry is None or "-" in token:
            yield Anchor("name", value)
        if "-" in token and not (entry and entry.kind == "concept"):
            yield from _parts(token, language)
        if previous and not (entry and entry.kind == "concept"):
            yield Anchor("pair", f"{previous} {value}")
        previous = value


def _parts(token: str, language: str) -> Iterator[Anchor]:
    """What stands in a hyphenated name: ``Biotech-Offensive`` tells of an Offensive."""
    for part in token.split("-"):
        if len(part) < 4 or not part[0].isupper():
            continue
        _, value, entry = _read(part, language)
        if entry:
            yield Anchor(entry.kind, entry.key)
        elif value:
            yield Anchor("name", value)


@lru_cache(maxsize=65536)
def _read(token: str, language: str) -> tuple[str, str, Entry | None]:
    """What one word is: (kind, key, entry); kind "" is an ordinary word.

    ``shaped`` are words that only names look like: KEIT, BioMan4R2, MAS-AI.
    """
    if _HANGUL.match(token):
        return "hangul", token, None
    folded = fold(token)
    entry = gazetteer().find(folded)
    if entry is None and "-" in token:
        entry = gazetteer().find(folded.rpartition("-")[2])
        entry = entry if entry and entry.kind == "place" else None
    if (number := word_number(folded)) > 10 and number != 100:
        return "number", str(number), entry
    if number := ordinal(folded):
        return "edition", str(number), entry
    if _is_shaped(token):
        return "shaped", name_key(folded, language), entry
    if token[0].isupper() and len(token) > 2 and folded not in stopwords():
        return "name", name_key(folded, language), entry
    return "", "", entry


def name_key(folded: str, language: str = "") -> str:
    """A name without its inflection: ``Gliwicach`` and ``Gliwice`` → ``gliwic``.

    Genitive s and final vowels go in every language, case endings in Polish.
    """
    key = folded.replace("'s", "").replace(".", "").replace("'", "")
    if len(key) <= 5:
        return key
    if language == "pl":
        key = _POLISH_ENDINGS.sub("", key) if len(key) > 6 else key
    key = key[:-1] if key.endswith("s") else key
    return key.rstrip("aeiouy") if len(key.rstrip("aeiouy")) >= 4 else key


def _is_shaped(token: str) -> bool:
    if len(token) < 2:
        return False
    tail = token[1:]
    if any(c.isupper() for c in tail.replace("-", "")) and not _is_compound(token):
        return True
    return any(c.isdigit() for c in token) and any(c.isupper() for c in token)


def _is_compound(token: str) -> bool:
    """``Life-Sciences-Forum``: capitals only where the parts of a compound begin."""
    parts = token.split("-")
    return len(parts) > 1 and all(p[1:].islower() for p in parts if len(p) > 1)


def _is_title(quoted: str) -> bool:
    """Quoted speech is no title: those are short and begin with a capital or a figure."""
    first = quoted.lstrip()[:1]
    return len(quoted.split()) <= 6 and (not first.islower() or bool(_HANGUL.match(first)))


def _address_key(address: str) -> str:
    bare = re.sub(r"^https?://(?:www\.)?|^www\.", "", address.lower())
    return bare.rstrip("/.,;:")


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
