"""Finding: every place where a term of any concept stands, in one pass over the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, KeysView, Mapping, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from crawler.topics.folding import BORDERLESS, FoldedText, folded_text, joins
from crawler.topics.parts import Concept
from crawler.topics.terms import Pattern, Term, expression

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
_MAX_NUMBER = 20  # characters of a number with its separators
# The groups of a number before its last: "12." of "12.000".
_THOUSANDS = re.compile(r"(?<![^\W_])(?<!\d[.,])\d{1,3}(?:[.,’' ]\d{3})*[.,’' ]\Z")


class Find(NamedTuple):
    """One find of a concept, in code points of the original text."""

    start: int
    end: int
    surface: str  # folded form


class _Owner(NamedTuple):
    """Whose pattern it is."""

    concept: int
    term: Term
    pattern: Pattern


class _Owners:
    """Whose pattern a literal is within one concept; those that go on behind it are asked at once.

    Dozens of terms may begin alike ("000 images", "000 * scans"), and nearly always none fits.
    """

    __slots__ = ("_plain", "_rest", "every")

    def __init__(self, every: tuple[_Owner, ...]) -> None:
        """``every`` is empty where the literal is all there is to check."""
        self.every = every
        self._plain = tuple(owner for owner in every if not owner.pattern.rest)
        self._rest: re.Pattern[str] | None = None  # any of the rests

    def fitting(self, line: str, end: int) -> tuple[_Owner, ...]:
        """The owners that may hold for a literal that ends at ``end``."""
        if len(self._plain) == len(self.every):
            return self.every
        if self._rest is None:
            ways = dict.fromkeys(way for owner in self.every for way in owner.pattern.rest)
            self._rest = expression(tuple(ways))
        return self.every if self._rest.match(line, end) else self._plain


_ANYBODY = _Owners(())
_Candidate = tuple[_Owners, int, int]  # owners, start and end in the folded text


class _Automaton:
    """Literals that are looked for together, and whose they are."""

    __slots__ = ("_search", "closed_left", "closed_right", "owners")

    def __init__(self, terms: Iterable[tuple[int, Term]]) -> None:
        """``terms`` with the numbers of their concepts."""
        found: dict[str, dict[Hashable, _Owner]] = {}
        for number, term in terms:
            for pattern in term.patterns:
                same = found.setdefault(pattern.literal, {})
                same.setdefault(_conditions(number, term, pattern), _Owner(number, term, pattern))
        self.owners = [_by_concept(same) for same in found.values()]  # of each literal
        # Most literals are open on no side: most raw finds end inside a word and are dropped.
        self.closed_left = [
            all(not o.pattern.open_left for o in s.values()) for s in found.values()
        ]
        self.closed_right = [
            all(not o.pattern.open_right for o in s.values()) for s in found.values()
        ]
        self._search = AhoCorasick(list(found)) if found else None

    def raw_finds(self, line: str) -> Sequence[tuple[int, int, int]]:
        """Number of the literal, start and end of every place, overlapping ones too."""
        if self._search is None:
            return ()
        return self._search.find_matches_as_indexes(line, overlapping=True)


class Finder:
    """The automata over the terms of all concepts: one over what is looked for in every language,
    which is nearly all, and one a language over the rest, made when first asked for."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self._concepts = tuple(concepts)
        self._automata: dict[str | None, _Automaton] = {}

    def scan(self, text: str, field: str, language: str) -> Scan:
        """Looks through ``text`` (the item's ``field``, in ``language``, "" when unknown)."""
        form = folded_text(text[:MAX_TEXT])
        raw: dict[int, list[_Candidate]] = {}
        for terms_of in (None, language):
            _collect(raw, form.folded, self._automaton(terms_of))
        return Scan(form, field, raw)

    def _automaton(self, language: str | None) -> _Automaton:
        """Of the terms of a language alone ("": of any), or None: of those for all languages.
        Two threads may both make one; the later stays, and both are the same."""
        if language not in self._automata:
            self._automata[language] = _Automaton(_terms(self._concepts, language))
        return self._automata[language]


def _terms(concepts: Iterable[Concept], language: str | None) -> Iterator[tuple[int, Term]]:
    for number, concept in enumerate(concepts):
        for term, languages in concept.terms:
            if language is None:
                wanted = not languages
            else:
                wanted = bool(languages) and (not language or language in languages)
            if wanted:
                yield number, term


def _collect(raw: dict[int, list[_Candidate]], line: str, automaton: _Automaton) -> None:
    """Adds to the candidates of each concept what one pass over the folded text finds."""
    owners, left, right = automaton.owners, automaton.closed_left, automaton.closed_right
    edged = f" {line} "
    for number, start, end in automaton.raw_finds(line):
        # Asked for in a row, as most raw finds lie inside a word of letters with borders.
        if left[number] and (before := edged[start]).isalnum():
            first = line[start]
            if (before < BORDERLESS > first and first.isalnum()) or joins(before, first):
                continue
        if right[number] and (after := edged[end + 1]).isalnum():
            last = edged[end]
            if (after < BORDERLESS > last and last.isalnum()) or joins(last, after):
                continue
        for concept, own in owners[number]:
            raw.setdefault(concept, []).append((own, start, end))


def _conditions(concept: int, term: Term, pattern: Pattern) -> Hashable:
    """The concept and everything that must hold: owners that agree in it are one."""
    checks = _checks(term, pattern)
    return (concept, checks) if checks else concept


def _checks(term: Term, pattern: Pattern) -> tuple[object, ...]:
    """What must hold beside word borders; () where the literal is all that is asked for."""
    checks = (
        pattern.open_left,
        pattern.open_right,
        pattern.rest,
        term.field,
        term.exact,
        term.capitals,
        term.alone,
    )
    return checks if any(checks) else ()


def _by_concept(same: Mapping[Hashable, _Owner]) -> tuple[tuple[int, _Owners], ...]:
    """Owners of one literal by concept; no owner where the literal is all there is to check."""
    if all(isinstance(conditions, int) for conditions in same):
        return tuple((owner.concept, _ANYBODY) for owner in same.values())
    grouped: dict[int, list[_Owner]] = {}
    for owner in same.values():
        grouped.setdefault(owner.concept, []).append(owner)
    return tuple((number, _Owners(tuple(owners))) for number, owners in grouped.items())


class Scan:
    """What one pass found; the finds of a concept are checked when first asked for."""

    __slots__ = ("_field", "_finds", "_form", "_raw")

    def __init__(self, form: FoldedText, field: str, raw: dict[int, list[_Candidate]]) -> None:
        self._form, self._field, self._raw = form, field, raw
        self._finds: dict[int, list[Find]] = {}

    @property
    def concepts(self) -> KeysView[int]:
        """The concepts that may have finds."""
        return self._raw.keys()

    def of(self, concept: int) -> Sequence[Find]:
        """The finds of a concept, in order; they may overlap."""
        raw = self._raw.get(concept)
        if raw is None:
            return ()
        if concept not in self._finds:
            found = self._checked(raw)
            self._finds[concept] = sorted(found) if len(found) > 1 else list(found)
        return self._finds[concept]

    def _checked(self, raw: Iterable[_Candidate]) -> set[Find]:
        finds: set[Find | None] = set()
        form, field = self._form, self._field
        for owners, start, end in raw:
            if owners.every:
                for owner in owners.fitting(form.folded, end):
                    if not owner.term.field or owner.term.field == field:
                        finds.add(_checked(form, owner, start, end))
            else:
                finds.add(_find(form, start, end))
            if len(finds) >= MAX_FINDS:
                break
        return {find for find in finds if find is not None}


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
    if pattern.rest:
        rest = expression(pattern.rest).match(line, end)
        if rest is None:
            return None
        end = rest.end()
    elif end < len(line) and joins(line[end - 1], line[end]):
        if not pattern.open_right:
            return None
        end = _WORD_END.match(line, end).end()  # type: ignore[union-attr]
    first = _word_start(line, start) if pattern.open_left else start
    if first and not pattern.open_left and joins(line[first - 1], line[first]):
        return None
    if pattern.open_left and line[first : first + 3].isdigit():
        first = _number_start(line, first)
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


def _number_start(line: str, start: int) -> int:
    """Where the number begins whose last group of three digits stands at ``start``."""
    least = max(0, start - _MAX_NUMBER)
    groups = _THOUSANDS.search(line, least, start)
    return groups.start() if groups else start
