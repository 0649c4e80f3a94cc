"""Negation: whether the clause in which something is found denies it.

"Without AI", "keine KI", "sans recourir à l'IA", "人工知能を使わず" name a subject to say that
it is not there. Only the words right before or behind a find are looked at, with the few that
may stand between; a wider reach would deny what the other half of the sentence tells. The idea
is that of NegEx (Chapman et al. 2001), with a shorter window and lists per language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from crawler.topics.layout import Layout
from crawler.topics.terms import alternatives

_REACH = 80  # characters before or behind a find that are looked at
_GLUED = frozenset({"ja", "ko", "zh"})  # no space between a word and what denies it
_GAP = r"(?:\s+|(?<='))"
_BREAKS = re.compile(r"[:;()\[\]–—„“”\"!?。！？；：]|\s-\s")
_WORDS = re.compile(r"\w+")
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")


@cache
def negations() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The words by kind (the sections of negations.toml) and language."""
    text = resources.files("crawler.topics").joinpath("negations.toml").read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(text)
    return table


class Negations:
    """What the sentences of one title or text deny."""

    def __init__(self, layout: Layout, language: str) -> None:
        self._layout = layout
        self._grammar = _grammar(language)
        self._denying: dict[int, bool] = {}  # by sentence: whether a word in it may deny

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the find at ``start:end`` is denied: from the denying word to the end of the
        find, or from its start to the end of the words behind it. None where it is not."""
        number = self._layout.sentence(start)
        if not self._may_deny(number):
            return None
        first, last = self._layout.bounds(number)
        text, grammar = self._layout.text, self._grammar
        rest = text[end:last].translate(_APOSTROPHES)
        clause = text[max(first, start - _REACH) : start].translate(_APOSTROPHES)
        clause = _BREAKS.split(clause)[-1]
        if found := grammar.before.search(clause):
            if found["twice"] or grammar.tells_of_it(rest):
                return None
            return start - len(clause) + found.start("word"), end
        behind = grammar.behind.match(rest[:_REACH])
        if behind is None or grammar.needed.search(rest, behind.end()):
            return None
        return start, end + behind.end()

    def _may_deny(self, number: int) -> bool:
        if number not in self._denying:
            first, last = self._layout.bounds(number)
            self._denying[number] = self._grammar.may_deny(self._layout.text[first:last])
        return self._denying[number]


class _Grammar:
    """The expressions of one language; every repetition in them is bounded."""

    def __init__(self, language: str) -> None:
        words = {kind: negations()[kind].get(language, ()) for kind in negations()}
        glued = language in _GLUED
        before, behind = _expression(words["before"]), _expression(words["behind"])
        first, edge = ("", "") if glued else (r"(?<!\w)", r"(?!\w)")
        self.before = _compiled(_before_glued(words) if glued else _before(words))
        self.behind = _compiled(f"{_also(words)}[\\s-]*(?:{behind}){edge}")
        self._lacking = _compiled(f"[\\s-]*(?:{_expression(words['lacking'])})")
        self.needed = _compiled(f"{first}(?:{_expression(words['needed'])}){edge}")
        self._again = _compiled(f"\\s+(?!(?:{_expression(words['or'])}){edge})(?:{before}){edge}")
        self._glued = glued
        self._hints = frozenset(_hints(words))

    def may_deny(self, sentence: str) -> bool:
        """A quick look: whether a word of the sentence denies anything at all."""
        if self._glued:
            return any(hint in sentence for hint in self._hints)
        return not self._hints.isdisjoint(_WORDS.findall(sentence.lower()))

    def tells_of_it(self, rest: str) -> bool:
        """Whether the rest of a sentence tells of what it denies: that it is lacking ("without
        AI experience"), cannot be spared, or needs something ("no AI without data")."""
        checks = (self._lacking.match, self._again.match, self.needed.search)
        return any(check(rest) for check in checks)


@cache
def _grammar(language: str) -> _Grammar:
    return _Grammar(language)


def _hints(words: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """One word of each way to deny, lower-case: the rarest, which is the one that denies."""
    firsts = {variant.split()[0] for variant in _variants(words["before"])}
    behind = [variant.split() for variant in _variants(words["behind"])]
    for word in (*firsts, *(next(filter(firsts.__contains__, said), said[0]) for said in behind)):
        yield word.lower().partition("'")[0]


def _before(words: Mapping[str, Sequence[str]]) -> str:
    between = f"(?:(?:{_expression(words['between'])}){_GAP})"
    other = f"(?:\\w+,?\\s+){{1,3}}(?:{_expression(words['or'])})\\s+{between}{{0,2}}"
    return (
        rf"(?:(?<!\w)(?P<twice>{_expression(words['twice'])})\s+(?:\w+\s+)?)?"
        rf"(?<!\w)(?P<word>{_expression(words['before'])}){_GAP}{between}{{0,3}}(?:{other})?$"
    )


def _before_glued(words: Mapping[str, Sequence[str]]) -> str:
    between, joined = _expression(words["between"]), _expression(words["or"])
    return (
        rf"(?P<twice>(?!))?(?P<word>{_expression(words['before'])})"
        rf"(?:{between}){{0,2}}(?:[^，。、\s]{{1,6}}(?:{joined}))?$"
    )


def _also(words: Mapping[str, Sequence[str]]) -> str:
    """What ties a second one to a find before the words that deny both."""
    return rf"(?:(?:{_expression(words['also-behind'])})\s?[^\s。、]{{1,8}})?"


def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


def _variants(words: Iterable[str]) -> list[str]:
    return [variant for word in words for variant in alternatives(word)]


def _expression(words: Iterable[str]) -> str:
    """Any of the words, the longest first; an expression that matches nothing for none."""
    longest = sorted(_variants(words), key=len, reverse=True)
    return "|".join(r"\s+".join(map(_word, variant.split())) for variant in longest) or "(?!)"


def _word(word: str) -> str:
    if word == "*":
        return r"\w{1,30}(?:\s+\w{1,30}){0,2}"
    return re.escape(word).replace(r"\*", r"\w{0,30}")
