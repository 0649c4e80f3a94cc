"""Negation: whether the clause in which something is found denies it.

"Without AI", "keine KI", "sans recourir à l'IA", "人工知能を使わず" name a subject to say that
it is not there. Only the words right before or behind a find are looked at, with the few that
may stand between; a wider reach would deny what the other half of the sentence tells. The idea
is that of NegEx (Chapman et al. 2001), with a shorter window and lists per language.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from crawler.topics.layout import Layout
from crawler.topics.terms import alternatives

_REACH = 80  # characters before or behind a find that are looked at
_GLUED = frozenset({"ja", "ko", "zh"})  # no space between a word and what denies it
_GAP = r"(?:\s+|(?<='))"
_BREAKS = re.compile(r"[:;()\[\]–—„“”\"!?。！？；：]|\s-\s")
_QUOTES = "'\"(„“”«»‘"  # may stand glued before a word
_APOSTROPHES = "’ʼ`´"


@cache
def negations() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The words by kind (the sections of negations.toml) and language."""
    text = resources.files("crawler.topics").joinpath("negations.toml").read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(text)
    return table


def denying_words() -> dict[str, tuple[str, ...]]:
    """The terms that deny what stands behind or before them by language, written as in topics."""
    before, behind = negations()["before"], negations()["behind"]
    spoken = {
        language: (*before.get(language, ()), *behind.get(language, ()))
        for language in sorted({*before, *behind} - {"*"})
    }
    slogans = tuple(before["*"])
    return {code: words if code in _GLUED else slogans + words for code, words in spoken.items()}


class Negations:
    """What the sentences of one title or text deny."""

    def __init__(self, layout: Layout, language: str, places: Sequence[int]) -> None:
        """``places``: where the denying words of the language begin, in order."""
        self._layout = layout
        self._grammar = _grammar(language)
        self._places = places
        self._lower: dict[int, str] = {}

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the find at ``start:end`` is denied: from the denying word to the end of the
        find, or from its start to the end of the words behind it. None where it is not."""
        near = bisect_left(self._places, start - _REACH)
        if near == len(self._places) or self._places[near] >= end + _REACH:
            return None
        number = self._layout.sentence(start)
        first = self._layout.bounds(number)[0]
        text = self._sentence(number)
        clause, rest = text[max(0, start - first - _REACH) : start - first], text[end - first :]
        if (place := self._grammar.denied_before(clause, rest)) is not None:
            return start - len(clause) + place, end
        length = self._grammar.denied_behind(rest)
        return (start, end + length) if length else None

    def _sentence(self, number: int) -> str:
        """A sentence in lower case, as long as it is."""
        if number not in self._lower:
            text = self._layout.text[slice(*self._layout.bounds(number))]
            lower = text.lower()
            for mark in _APOSTROPHES:
                lower = lower.replace(mark, "'")
            self._lower[number] = lower if len(lower) == len(text) else text
        return self._lower[number]


class _Grammar:
    """The expressions of one language, for lower-case text; every repetition is bounded."""

    def __init__(self, language: str) -> None:
        glued = language in _GLUED
        words = {
            kind: (*said.get(language, ()), *(said.get("*", ()) if language and not glued else ()))
            for kind, said in negations().items()
        }
        before, behind = _expression(words["before"]), _expression(words["behind"])
        first, edge = ("", "") if glued else (r"(?<!\w)", r"(?!\w)")
        self._before = re.compile(_before_glued(words) if glued else _before(words))
        self._twice = re.compile(rf"(?<!\w)(?:{_expression(words['twice'])})\s+(?:\w+\s+)?$")
        self._behind = re.compile(f"{_also(words)}[\\s-]*(?:{behind}){edge}")
        self._lacking = re.compile(f"[\\s-]*(?:{_expression(words['lacking'])})")
        self._needed = re.compile(f"{first}(?:{_expression(words['needed'])}){edge}")
        self._again = re.compile(f"\\s+(?!(?:{_expression(words['or'])}){edge})(?:{before}){edge}")
        self._glued = glued
        self._firsts = frozenset(_firsts(words))

    def denied_before(self, clause: str, rest: str) -> int | None:
        """Where in ``clause`` the word stands that denies what follows; ``rest`` is what comes
        after that. None where nothing denies it."""
        for place in self._places(clause):
            if self._before.match(clause, place):
                told = self._twice.search(clause[:place]) or self._tells_of_it(rest)
                return None if told else place
        return None

    def _places(self, clause: str) -> Iterable[int]:
        """Where a word begins that may deny, behind the last colon, bracket or dash."""
        least = place = _last_break(clause)
        if self._glued:
            yield from range(least, len(clause))
            return
        for word in clause[least:].split():
            place = clause.index(word, place)
            if word in self._firsts:
                yield place + len(word) - len(word.lstrip(_QUOTES))
            place += len(word)

    def denied_behind(self, rest: str) -> int:
        """How many characters of ``rest`` deny what stands before it; 0 for none."""
        found = self._behind.match(rest[:_REACH])
        if found is None or self._needed.search(rest, found.end()):
            return 0
        return found.end()

    def _tells_of_it(self, rest: str) -> bool:
        """Whether the rest of a sentence tells of what it denies: that it is lacking ("without
        AI experience"), cannot be spared, or needs something ("no AI without data")."""
        checks = (self._lacking.match, self._again.match, self._needed.search)
        return any(check(rest) for check in checks)


def _last_break(clause: str) -> int:
    """Where the last part of a clause begins, behind a colon, bracket or dash."""
    place = 0
    for found in _BREAKS.finditer(clause):
        place = found.end()
    return place


@cache
def _grammar(language: str) -> _Grammar:
    return _Grammar(language)


def _firsts(words: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """The first word of each way to deny what follows, with the quotation marks before it."""
    for word in {variant.split()[0] for variant in _variants(words["before"])}:
        yield word
        yield from (f"{quote}{word}" for quote in _QUOTES)


def _before(words: Mapping[str, Sequence[str]]) -> str:
    """From a denying word to the end of the clause."""
    between = f"(?:(?:{_expression(words['between'])}){_GAP})"
    other = f"(?:\\w+,?\\s+){{1,3}}(?:{_expression(words['or'])})\\s+{between}{{0,2}}"
    return rf"(?:{_expression(words['before'])}){_GAP}{between}{{0,3}}(?:{other})?$"


def _before_glued(words: Mapping[str, Sequence[str]]) -> str:
    between, joined = _expression(words["between"]), _expression(words["or"])
    denying = _expression(words["before"])
    return rf"(?:{denying})(?:{between}){{0,2}}(?:[^，。、\s]{{1,6}}(?:{joined}))?$"


def _also(words: Mapping[str, Sequence[str]]) -> str:
    """What ties a second one to a find before the words that deny both."""
    return rf"(?:(?:{_expression(words['also-behind'])})\s?[^\s。、]{{1,8}})?"


def _variants(words: Iterable[str]) -> list[str]:
    return [variant.lower() for word in words for variant in alternatives(word)]


def _expression(words: Iterable[str]) -> str:
    """Any of the words, the longest first; an expression that matches nothing for none."""
    longest = sorted(_variants(words), key=len, reverse=True)
    return "|".join(r"\s+".join(map(_word, variant.split())) for variant in longest) or "(?!)"


def _word(word: str) -> str:
    if word == "*":
        return r"\w{1,30}(?:\s+\w{1,30}){0,2}"
    return re.escape(word).replace(r"\*", r"\w{0,30}")
