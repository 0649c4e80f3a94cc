"""Finding: every place where a term of any concept stands, in one pass over the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from crawler.topics.compiling import Concept
from crawler.topics.folding import FoldedText, folded_text, joins
from crawler.topics.terms import Pattern, Term

MAX_TEXT = 200_000  # characters of one item that are looked at
MAX_FINDS = 200  # of one concept in one field: a bound for hostile texts
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


class Finder:
    """The automaton over the terms of all concepts."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        owners: dict[str, list[_Owner]] = {}
        for number, concept in enumerate(concepts):
            for term, languages in concept.terms:
                for pattern in term.patterns:
                    owner = _Owner(number, term, pattern, languages)
                    owners.setdefault(pattern.literal, []).append(owner)
        self._owners = [tuple(same) for same in owners.values()]
        # Literals that are open on no side and to nobody: most raw finds end at this check.
        self._left = [any(o.pattern.open_left for o in same) for same in self._owners]
        self._right = [any(o.pattern.open_right for o in same) for same in self._owners]
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def finds(self, text: str, field: str, language: str) -> dict[int, list[Find]]:
        """All finds in ``text`` (the item's ``field``) by concept, in order; they may overlap."""
        if self._automaton is None or not text:
            return {}
        form = folded_text(text[:MAX_TEXT])
        found: dict[int, set[Find]] = {}
        for number, start, end in self._candidates(form.folded):
            for owner in self._owners[number]:
                if owner.languages and language and language not in owner.languages:
                    continue
                if owner.term.field and owner.term.field != field:
                    continue
                known = found.setdefault(owner.concept, set())
                if len(known) < MAX_FINDS and (find := _checked(form, owner, start, end)):
                    known.add(find)
        return {concept: sorted(finds) for concept, finds in found.items() if finds}

    def _candidates(self, line: str) -> Iterable[tuple[int, int, int]]:
        """What the automaton finds, without what ends inside a word and may not."""
        if self._automaton is None:
            return
        size, left, right = len(line), self._left, self._right
        for raw in self._automaton.find_matches_as_indexes(line, overlapping=True):
            number, start, end = raw
            if not left[number] and start and line[start - 1].isalnum():
                if joins(line[start - 1], line[start]):
                    continue
            if not right[number] and end < size and line[end].isalnum():
                if joins(line[end - 1], line[end]):
                    continue
            yield raw


def _checked(form: FoldedText, owner: _Owner, start: int, end: int) -> Find | None:
    """The find with its word borders, case and rest checked and its full words covered."""
    line, pattern = form.folded, owner.pattern
    if owner.term.exact and not _right_case(form, owner.term, start, end):
        return None
    if pattern.rest is not None:
        rest = pattern.rest.match(line, end)
        if rest is None:
            return None
        end = rest.end()
        if pattern.rest.pattern.endswith("}"):
            end = _word_end(line, end)
    else:
        reached = _word_end(line, end)
        if reached > end and not pattern.open_right:
            return None
        end = reached
    first = _word_start(line, start)
    if first < start and not pattern.open_left:
        return None
    left, right = form.span(first, end)
    if "\n\n" in form.original[left:right]:
        return None
    if owner.term.alone and form.original[right : right + 1] in _HYPHENS:
        return None
    return Find(left, right, line[first:end])


def _right_case(form: FoldedText, term: Term, start: int, end: int) -> bool:
    left, right = form.span(start, end)
    quote = unicodedata.normalize("NFKC", form.original[left:right]).replace("\u00ad", "")
    return quote in term.exact


def _word_start(line: str, start: int) -> int:
    least = max(0, start - _MAX_WORD)
    while start > least and joins(line[start - 1], line[start]):
        start -= 1
    return start


def _word_end(line: str, end: int) -> int:
    most = min(len(line), end + _MAX_WORD)
    while end < most and joins(line[end - 1], line[end]):
        end += 1
    return end
