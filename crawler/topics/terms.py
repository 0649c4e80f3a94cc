"""Terms: the grammar in which one word or phrase of a topic is written.

    machine learning       the words in this order; hyphen, space and line break are the same
    comput*                a word that begins so         *druck   a word that ends so
    Korea * Institute      one to three words between
    000 *bilder            a star may begin any word, or end one
    sztuczn(a|ej) rzecz    alternatives; one may be empty: robot(s|)
    KI  AM research*       words of two to five capitals: this case only
    =Wonju                 this case only, for any term
    des KI!                no hyphen joins it to the next word (KI-Labor)
    title: merger          counts in the title alone (``text:`` in the text alone)

A term is turned into literal patterns for the automaton; what follows an inner ``*`` is
checked by a short bounded expression behind the literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

from crawler.errors import ConfigError
from crawler.topics.folding import folded, is_wordless_script, spelled_out

MAX_LENGTH = 300  # characters of one term
MAX_VARIANTS = 64  # literal patterns one term may expand to
_CAPITALS = re.compile(r"(?<![^\W_])[A-Z]{2,5}(?![^\W_])")
_ALTERNATIVES = re.compile(r"\([^()]*\)")
_FOREIGN = re.compile(r'(["\[\]{}\\^])|(?<=\S) (?:OR|AND|NOT) (?=\S)|^NOT (?=\S)')
_FIELDS = {"title": "title", "text": "text"}
_NONE: frozenset[str] = frozenset()
_WORD = r"[^\W_]{0,30}"
_WORDS = r"[^\W_]{1,30}(?: [^\W_]{1,30}){0,2}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One literal of a term in folded form, and what must hold around it."""

    literal: str
    open_left: bool  # the word may begin earlier
    open_right: bool  # the word may go on
    # What the folded text right behind the literal may be like, each way as pieces of a regular
    # expression; () where the literal is all. See expression().
    rest: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One parsed term."""

    source: str  # as written
    patterns: tuple[Pattern, ...]
    field: str = ""  # "title", "text" or "" for both
    exact: tuple[str, ...] = ()  # spellings in the right case; () = any case
    capitals: frozenset[str] = frozenset()  # words that must stand there in capitals
    alone: bool = False  # not joined to a neighbour by a hyphen


class TermError(ConfigError):
    """A term does not parse; ``column`` counts characters from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@lru_cache(maxsize=65_536)  # three times the shipped terms: one less would read all of them anew
def parse_term(source: str) -> Term:
    """The term written as ``source``.

    Raises TermError with the column of what is wrong.
    """
    if len(source) > MAX_LENGTH:
        raise TermError(f"is longer than {MAX_LENGTH} characters", MAX_LENGTH + 1)
    field, body, offset = _split_field(source)
    forced = body.startswith("=")
    if forced:
        body, offset = body[1:], offset + 1
    alone = body.endswith("!")
    body = body.removesuffix("!")
    if body.endswith("!"):
        raise TermError("has '!' twice; once is enough", len(source.rstrip()))
    _check_signs(body, offset)
    variants = _variants(body, offset)
    spellings = [spelling for variant in variants for spelling in _spellings(variant)]
    patterns = _merged(_pattern(spelling, offset) for spelling in spellings)
    exact = tuple(v.strip("*").replace("-", " ") for v in variants) if forced else ()
    words = () if forced else _CAPITALS.findall(_ALTERNATIVES.sub(" ", body))
    capitals = frozenset(words) if words else _NONE  # every empty one by itself takes 216 bytes
    return Term(source, patterns, field, exact, capitals, alone)


def alternatives(source: str) -> list[str]:
    """The spellings that the alternatives in the parentheses of a term stand for.

    Raises TermError with the column of what is wrong.
    """
    return _variants(source, 0)


def _split_field(source: str) -> tuple[str, str, int]:
    """Field, the rest, and how many characters stand before the rest."""
    head, colon, tail = source.partition(":")
    if colon and head.isidentifier() and tail.startswith(" "):
        if head not in _FIELDS:
            raise TermError(f"knows no field {head!r}; allowed: title:, text:", 1)
        body = tail.lstrip()
        return _FIELDS[head], body, len(source) - len(body)
    body = source.lstrip()
    return "", body, len(source) - len(body)


def _check_signs(body: str, offset: int) -> None:
    """Refuse what other search languages write and no text contains."""
    if found := _FOREIGN.search(body):
        sign = found[1] or found[0].strip()
        says = {
            '"': "a phrase needs no quotation marks",
            "OR": "write the terms one by one, or (a|b)",
            "AND": "use near or all for terms that belong together",
            "NOT": "use none for terms that exclude",
        }
        raise TermError(
            f"has {sign!r}; {says.get(sign, 'a term is no regular expression')}",
            offset + found.start() + len(found[0]) - len(found[0].lstrip()) + 1,
        )


def _variants(body: str, offset: int) -> list[str]:
    """Every spelling that the alternatives in parentheses stand for."""
    parts: list[list[str]] = []
    position = 0
    while position < len(body):
        if body[position] in ")|":
            raise TermError(f"has a {body[position]!r} without '('", offset + position + 1)
        if body[position] == "(":
            close = body.find(")", position)
            if close < 0 or "(" in body[position + 1 : close]:
                raise TermError("has a '(' that is not closed", offset + position + 1)
            parts.append(body[position + 1 : close].split("|"))
            position = close + 1
            continue
        stop = min((i for i in map(body.find, "()|", [position] * 3) if i >= 0), default=len(body))
        parts.append([body[position:stop]])
        position = stop
    count = 1
    for part in parts:
        count *= len(part)
    if count > MAX_VARIANTS:
        raise TermError(f"has more than {MAX_VARIANTS} alternatives", offset + 1)
    return [" ".join("".join(choice).split()) for choice in product(*parts)]


def _spellings(variant: str) -> list[str]:
    """The variant, with umlauts written out, and 3D also as 3-D."""
    spellings = [variant]
    if (long := spelled_out(variant)) != variant:
        spellings.append(long)
    spaced = [re.sub(r"(?i)\b3d", "3 d", s) for s in spellings if re.search(r"(?i)\b3d", s)]
    return spellings + spaced


def _pattern(spelling: str, offset: int) -> Pattern:
    """One spelling as literal and rest; raises TermError where too little is literal."""
    star = offset + spelling.find("*", 1) + 1
    if spelling.startswith("* ") or spelling.endswith(" *"):
        column = offset + (1 if spelling.startswith("* ") else len(spelling))
        raise TermError("has a '*' that stands alone at its end", column)
    open_left = spelling.startswith("*")
    head, found, rest = spelling[open_left:].partition("*")
    literal = folded(head).strip()
    alone = head.endswith(" ")
    _check_literal(literal, open_left or (bool(found) and not alone), offset)
    if not rest:
        return Pattern(literal, open_left, bool(found))
    if rest.startswith(" "):
        return Pattern(literal, open_left, True, (_rest_pieces(rest, alone),))
    if not alone:
        raise TermError("has a '*' inside a word; it may begin or end one", star)
    return Pattern(literal, open_left, True, (_rest_pieces(f" *{rest}"),))


def _merged(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    """Each pattern once; those that only go on differently behind one literal as one."""
    rests: dict[tuple[str, bool], dict[tuple[str, ...], None]] = {}
    merged: dict[Pattern, None] = {}
    for pattern in patterns:
        if pattern.rest:
            ways = rests.setdefault((pattern.literal, pattern.open_left), {})
            ways.update(dict.fromkeys(pattern.rest))
        else:
            merged[pattern] = None
    for (literal, open_left), ways in rests.items():
        merged[Pattern(literal, open_left, True, tuple(ways))] = None
    return tuple(merged)


@cache
def expression(ways: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    """The rest of a pattern, compiled when first needed: most of thousands never are."""
    return re.compile(_branches(ways))


def _branches(ways: Iterable[tuple[str, ...]]) -> str:
    """One expression for several ways on; what they begin with alike is written, and tried, once.

    Without that, every one of hundreds of words behind "000 *" would read the same words anew.
    """
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for way in ways:
        by_first.setdefault(way[0] if way else "", []).append(way[1:])
    longest = sorted(by_first, key=len, reverse=True)
    branches = [
        first + (_branches(by_first[first]) if any(by_first[first]) else "") for first in longest
    ]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _check_literal(literal: str, is_open: bool, offset: int) -> None:
    """Literals must be long enough to mean something."""
    letters = [ch for ch in literal if ch.isalnum()]
    least = 3 if is_open else 2
    if any(map(is_wordless_script, letters)):
        least = 1
    if len(letters) < least:
        beside = " beside '*'" if is_open else ""
        raise TermError(f"needs at least {least} letters or digits{beside}", offset + 1)


def _rest_pieces(rest: str, alone: bool | None = None) -> tuple[str, ...]:
    """What follows an inner ``*``, as pieces of a bounded expression over folded text.

    ``alone``: the star stood between spaces, for words of its own; None where it only begins
    the first word of ``rest``.
    """
    pieces = [] if alone is None else [f" {_WORDS}" if alone else _WORD]
    for word in rest.split():
        pieces.append(" ")
        pieces += [_WORDS] if word == "*" else _word_pieces(word)
    return (*pieces, "" if rest.endswith("*") else r"(?![^\W_])")


def _word_pieces(word: str) -> list[str]:
    """One word behind an inner star; a star of its own stands for any letters."""
    pieces: list[str] = []
    for number, piece in enumerate(word.split("*")):
        if number:
            pieces.append(_WORD)
        if piece:
            pieces.append(re.escape(folded(piece)))
    return pieces
