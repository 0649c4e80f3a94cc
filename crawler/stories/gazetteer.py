"""Places and concepts under the words that our languages have for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import ahocorasick_rs

_COMMENT = "#"
_HANGUL = re.compile(r"[가-힣]")
_PLACE_SHARES = {"c": 0.12, "r": 0.03, "t+": 0.04, "t": 0.012}


@dataclass(frozen=True, slots=True)
class Entry:
    """One place or concept: ``place:saxony``, ``concept:hydrogen``."""

    kind: str  # "place" or "concept"
    key: str
    share: float  # the part of all items that mention it, by judgement


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Forms, exact and as beginnings, and an automaton for Hangul, which has no word ends."""

    exact: dict[str, Entry]
    beginnings: dict[str, Entry]
    firsts: frozenset[str]  # first words of forms of two words
    seconds: frozenset[str]  # and what follows them
    hangul: ahocorasick_rs.AhoCorasick
    hangul_entries: tuple[Entry, ...]

    def find(self, folded: str) -> Entry | None:
        """The entry of one folded word, the longest form first; None where there is none."""
        if entry := self.exact.get(folded):
            return entry
        beginnings = self.beginnings
        for length in range(min(len(folded), 24), 1, -1):
            if entry := beginnings.get(folded[:length]):
                return entry
        return None

    def covers(self, folded: str) -> bool:
        """Whether an entry is the whole word, its inflection apart: ``rhone-alpes``, never the
        ``dresden`` of ``dresden-nord``."""
        if folded in self.exact:
            return True
        return any(
            folded[:length] in self.beginnings and "-" not in folded[length:]
            for length in range(max(2, len(folded) - 4), min(len(folded), 24) + 1)
        )

    def in_hangul(self, text: str) -> list[Entry]:
        """The entries whose Hangul forms stand anywhere in ``text``."""
        if not _HANGUL.search(text):
            return []
        found = self.hangul.find_matches_as_indexes(text)
        return [self.hangul_entries[index] for index, _, _ in found]


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The shipped lists ``exonyms.tsv`` and ``concepts.tsv``, read once."""
    exact: dict[str, Entry] = {}
    beginnings: dict[str, Entry] = {}
    hangul: dict[str, Entry] = {}
    for entry, forms in [*_rows("exonyms.tsv", "place"), *_rows("concepts.tsv", "concept")]:
        for form in forms:
            if _HANGUL.search(form):
                hangul.setdefault(form, entry)
            elif form.endswith("*"):
                beginnings.setdefault(form[:-1], entry)
            else:
                exact.setdefault(form, entry)
    automaton = ahocorasick_rs.AhoCorasick(
        list(hangul), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
    )
    pairs = [form.partition("-") for form in exact if "-" in form]
    firsts, seconds = (frozenset(pair[part] for pair in pairs) for part in (0, 2))
    return Gazetteer(exact, beginnings, firsts, seconds, automaton, tuple(hangul.values()))


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """Folded words that begin sentences and are no names."""
    return word_list("stopwords.txt")


@lru_cache(maxsize=1)
def counters() -> frozenset[str]:
    """Folded words after which a figure numbers an edition: ``uge 3``, ``Runde 7``."""
    return word_list("counters.txt")


def word_list(name: str) -> frozenset[str]:
    """The words of a shipped list, without its comments."""
    lines = _read(name).splitlines()
    return frozenset(w for line in lines if not line.startswith(_COMMENT) for w in line.split())


def _rows(name: str, kind: str) -> list[tuple[Entry, list[str]]]:
    rows = []
    for line in _read(name).splitlines():
        if not line or line.startswith(_COMMENT):
            continue
        key, weight, forms = line.split("\t")
        share = _PLACE_SHARES[weight] if kind == "place" else int(weight) / 1000
        rows.append((Entry(kind, key, share), forms.split("|")))
    return rows


def _read(name: str) -> str:
    return resources.files("crawler.stories").joinpath(name).read_text("utf-8")
