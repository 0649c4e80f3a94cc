"""What one word names: a place, a concept, a number, a name and the parts of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from crawler.stories.gazetteer import Entry, gazetteer, stopwords
from crawler.stories.numbers import ordinal, word_number
from crawler.stories.sounds import hangul_noun, hangul_sounds
from crawler.stories.text import fold

_TOKEN = re.compile(
    r"[^\W\d_]+(?:\d+[^\W\d_]*)*(?:[-'’.&][^\W_]+)*"
    r"|\d+[^\W\d_][^\W_]*(?:-[^\W_]+)*"
)
_HANGUL = re.compile(r"[가-힣]+")
_POLISH_ENDINGS = re.compile(r"(?:iego|emu|owie|ami|ach|ego|iej|owi|om|ow|em|ie|ej|ym|ia|iu)$")
MAX_KEY = 36  # letters of a name: two of them and their kind fit the index's 80
MAX_RUNS = 32_768  # of one language that are remembered: about 10 MB
MAX_RUN = 64  # letters of one that is remembered
MIN_PART = 4  # letters of a part of a hyphenated name that is looked at by itself


class Anchor(NamedTuple):
    """One thing that a text names.

    ``kind`` is one of place concept name pair sound number amount date day year edition
    address title; ``key`` is what its tellings in other languages share.
    """

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class Reading(NamedTuple):
    """What one word is by itself."""

    anchors: tuple[Anchor, ...]
    folded: str
    name: str  # its key where it may be part of a longer name, else ""
    plain: bool  # capitalised as any word may be at the beginning of a sentence
    pairs: bool  # may be the second word of a name


DULL = Reading((), "", "", False, False)  # of a word that names nothing, nor a part of anything
DULL_RUN = (DULL,)  # of whatever stands between two blanks and holds such words alone


class Lexicon(dict[str, tuple[Reading, ...]]):
    """What stands between two blanks of a text in one language → its words as they are read,
    mostly one; what is seen again costs one look-up."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, run: str) -> tuple[Reading, ...]:
        read_words = (read(token, self._language) for token in _TOKEN.findall(run))
        found = tuple(DULL if _is_dull(word) else word for word in read_words)
        if found and all(word is DULL for word in found):
            found = DULL_RUN
        if len(run) <= MAX_RUN:
            if len(self) >= MAX_RUNS:
                self.clear()
            self[run] = found
        return found


@lru_cache(maxsize=16)
def lexicon(language: str) -> Lexicon:
    """The words of a language that were read before."""
    return Lexicon(language)


def _is_dull(word: Reading) -> bool:
    table = gazetteer()
    parts = table.firsts, table.seconds
    return not word.anchors and not word.name and not any(word.folded in part for part in parts)


@lru_cache(maxsize=16_384)
def read(token: str, language: str) -> Reading:
    """Reads one word of a text in ``language``; the same word costs once."""
    if _HANGUL.match(token):
        return Reading(tuple(_of_hangul(token)), token, "", False, False)
    folded = fold(token)
    entry = _entry(folded)
    found = [Anchor(entry.kind, entry.key)] if entry else []
    if (number := word_number(folded, language)) > 10 and number != 100:
        found.append(Anchor("number", str(number)))
    elif number := ordinal(folded):
        found.append(Anchor("edition", str(number)))
    else:
        shaped = _is_shaped(token)
        if shaped or _is_name(token, folded):
            key = name_key(folded, language)
            concept = entry is not None and entry.kind == "concept"
            found.extend(_of_name(token, folded, key, entry, language))
            return Reading(tuple(found), folded, key, not shaped, not concept)
    return Reading(tuple(found), folded, "", False, False)


def name_key(folded: str, language: str = "") -> str:
    """A name without its inflection: ``gliwicach`` and ``gliwice`` → ``gliwic``.

    Genitive s and final vowels go in every language, case endings in Polish; names with
    figures or hyphens are left alone.
    """
    key = folded[:MAX_KEY].replace("'s", "").replace(".", "").replace("'", "")
    if len(key) <= 5:
        return key
    if language == "pl":
        key = _POLISH_ENDINGS.sub("", key) if len(key) > 6 else key
    if "-" in key or any(c.isdigit() for c in key):
        return key
    key = key[:-1] if key.endswith("s") else key
    return key.rstrip("aeiouy") if len(key.rstrip("aeiouy")) >= 4 else key


def _of_hangul(token: str) -> Iterator[Anchor]:
    yield from (Anchor("sound", sound[:MAX_KEY]) for sound in hangul_sounds(token))
    noun = hangul_noun(token)[:MAX_KEY]
    if noun and not gazetteer().in_hangul(noun):
        yield Anchor("name", noun)


def _entry(folded: str) -> Entry | None:
    entry = gazetteer().find(folded)
    if entry is None and "-" in folded:
        last = gazetteer().find(folded.rpartition("-")[2])
        return last if last and last.kind == "place" else None
    return entry


def _is_name(token: str, folded: str) -> bool:
    return token[0].isupper() and len(token) > 2 and folded not in stopwords()


def _of_name(
    token: str, folded: str, key: str, entry: Entry | None, language: str
) -> Iterator[Anchor]:
    if entry is not None and gazetteer().covers(folded):
        return
    if entry is None or "-" in token:
        yield Anchor("name", key)
    if "-" in token and not (entry and entry.kind == "concept"):
        yield from _of_parts(token, language)


def _of_parts(token: str, language: str) -> Iterator[Anchor]:
    """What stands in a hyphenated name: ``Biotech-Offensive`` tells of an Offensive."""
    for part in token.split("-"):
        if len(part) >= MIN_PART and part[0].isupper():
            yield from (a for a in read(part, language).anchors if a.kind != "edition")


def _is_shaped(token: str) -> bool:
    """Whether only names look like this: KEIT, BioMan4R2, MAS-AI."""
    if len(token) < 2 or (token[1:].islower() and token.isalpha()):  # most words
        return False
    if any(c.isupper() for c in token[1:].replace("-", "")) and not _is_compound(token):
        return True
    return any(c.isdigit() for c in token) and any(c.isupper() for c in token)


def _is_compound(token: str) -> bool:
    """``Life-Sciences-Forum``: capitals only where the parts of a compound begin."""
    parts = token.split("-")
    return len(parts) > 1 and all(p[1:].islower() for p in parts if len(p) > 1)
