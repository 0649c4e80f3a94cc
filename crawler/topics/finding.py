"""Finding: every place where a term of any concept stands, in one pass over the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from crawler.topics.folding import FoldedText, folded_text, joins
from crawler.topics.parts import Concept
from crawler.topics.terms import Pattern, Term

MAX_TEXT = 200_000  # characters of one item that are looked at
MAX_FINDS = 200  # of one concept in one field: a bound for hostile texts
# The rest of a word in a script that has spaces between words; "" elsewhere.
_WORD_END = re.compile(
    r"(?:(?![\u1100-\u11ff\u3005-\u30ff\u3400-\ud7a3\uf900-\ufaff])[^\W_]){0,60}"
)
_WORD = re.compile(r"[A-Z]+(?![^\W\d_])")
_JOINERS = re.compile(r"[\s\-‐-―−]+")
_HYPHENS = tuple("-\u2010\u2011\u00ad")
_MAX_WORD = 60  # characters an open term may reach to its left or right


class Find(NamedTuple):
    """One find of a concept, in code points of the original text."""

    start: int
    end: int
    surface: str  # folded form


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose pattern it is."""

    concept: int
    term: Term
    pattern: Pattern
    languages: tuple[str, ...]

    @property
    def conditions(self) -> tuple[object, ...]:
        """The concept and everything that must hold: owners that agree in it are one."""
        term, pattern = self.term, self.pattern
        sides = (pattern.open_left, pattern.open_right)
        checks = (pattern.rest, term.field, term.exact, term.capitals, term.alone)
        return (self.concept, *sides, *checks, self.languages)

    @property
    def plain(self) -> bool:
        """Whether a find of the literal between word borders is all that is asked for."""
        return not any(self.conditions[1:])


_Candidate = tuple[tuple[_Owner, ...], int, int]  # owners, start and end in the folded text


class Finder:
    """The automaton over the terms of all concepts."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        owners: dict[str, dict[tuple[object, ...], _Owner]] = {}
        for number, concept in enumerate(concepts):
            for term, languages in concept.terms:
                for pattern in term.patterns:
                    owner = _Owner(number, term, pattern, languages)
                    same = owners.setdefault(pattern.literal, {})
                    same.setdefault(owner.conditions, owner)
        self._owners = [_by_concept(same.values()) for same in owners.values()]
        # Most literals are open on no side: most raw finds end inside a word and are dropped.
        self._left = [any(o.pattern.open_left for o in s.values()) for s in owners.values()]
        self._right = [any(o.pattern.open_right for o in s.values()) for s in owners.values()]
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def scan(self, text: str, field: str, language: str) -> Scan:
        """One pass over ``text`` (the item's ``field``, in ``language``, "" when unknown)."""
        form = folded_text(text[:MAX_TEXT])
        line, size, left, right = form.folded, len(form.folded), self._left, self._right
        raw: dict[int, list[_Candidate]] = {}
        for number, start, end in self._raw_finds(line):
            if start and not left[number] and joins(line[start - 1], line[start]):
                continue
            if end < size and not right[number] and joins(line[end - 1], line[end]):
                continue
            for concept, owners in self._owners[number]:
                raw.setdefault(concept, []).append((owners, start, end))
        return Scan(form, field, language, raw)

    def _raw_finds(self, line: str) -> Sequence[tuple[int, int, int]]:
        if self._automaton is None:
            return ()
        return self._automaton.find_matches_as_indexes(line, overlapping=True)


def _by_concept(owners: Iterable[_Owner]) -> tuple[tuple[int, tuple[_Owner, ...]], ...]:
    """Owners of one literal by concept; no owner where the literal is all there is to check."""
    grouped: dict[int, list[_Owner]] = {}
    for owner in owners:
        grouped.setdefault(owner.concept, []).append(owner)
    everywhere = all(owner.plain for same in grouped.values() for owner in same)
    return tuple((n, () if everywhere else tuple(same)) for n, same in grouped.items())


class Scan:
    """What one pass found; the finds of a concept are checked when first asked for."""

    __slots__ = ("_field", "_finds", "_form", "_language", "_raw")

    def __init__(
        self, form: FoldedText, field: str, language: str, raw: dict[int, list[_Candidate]]
    ) -> None:
        self._form, self._field, self._language, self._raw = form, field, language, raw
        self._finds: dict[int, list[Find]] = {}

    @property
    def concepts(self) -> Iterable[int]:
        """The concepts that may have finds."""
        return self._raw.keys()

    def of(self, concept: int) -> Sequence[Find]:
        """The finds of a concept, in order; they may overlap."""
        raw = self._raw.get(concept)
        if raw is None:
            return ()
        if concept not in self._finds:
            self._finds[concept] = sorted(self._checked(raw))
        return self._finds[concept]

    def _checked(self, raw: Iterable[_Candidate]) -> set[Find]:
        finds: set[Find] = set()
        for owners, start, end in raw:
            if not owners:
                found = [_find(self._form, start, end)]
            else:
                found = [_checked(self._form, o, start, end) for o in owners if self._applies(o)]
            finds.update(find for find in found if find is not None)
            if len(finds) >= MAX_FINDS:
                break
        return finds

    def _applies(self, owner: _Owner) -> bool:
        if owner.languages and self._language and self._language not in owner.languages:
            return False
        return not owner.term.field or owner.term.field == self._field


def _find(form: FoldedText, start: int, end: int) -> Find | None:
    """The find at a folded range, unless it reaches over the end of a paragraph."""
    left, right = form.span(start, end)
    surface = form.folded[start:end]
    if " " in surface and "\n\n" in form.original[left:right]:
        return None
    return Find(left, right, surface)


def _checked(form: FoldedText, owner: _Owner, start: int, end: int) -> Find | None:
    """The find with its word borders, case and rest checked and its full words covered."""
    line, term, pattern = form.folded, owner.term, owner.pattern
    if (term.exact or term.capitals) and not _right_case(form, term, start, end):
        return None
    if pattern.rest is not None:
        rest = pattern.rest.match(line, end)
        if rest is None:
            return None
        end = rest.end()
    elif (reached := _WORD_END.match(line, end).end()) > end:  # type: ignore[union-attr]
        if not pattern.open_right and joins(line[end - 1], line[end]):
            return None
        end = reached if joins(line[end - 1], line[end]) else end
    if (first := _word_start(line, start)) < start and not pattern.open_left:
        return None
    find = _find(form, first, end)
    if find and term.alone and form.original[find.end : find.end + 1] in _HYPHENS:
        return None
    return find


def _right_case(form: FoldedText, term: Term, start: int, end: int) -> bool:
    left, right = form.span(start, end)
    quote = unicodedata.normalize("NFKC", form.original[left:right]).replace("\u00ad", "")
    plain = " ".join(_JOINERS.sub(" ", quote).split())
    return plain in term.exact if term.exact else term.capitals.issubset(_WORD.findall(plain))


def _word_start(line: str, start: int) -> int:
    least = max(0, start - _MAX_WORD)
    while start > least and joins(line[start - 1], line[start]):
        start -= 1
    return start
