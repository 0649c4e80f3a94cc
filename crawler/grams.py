"""Grams: how a text is found by any part of its words, in every script, on any database (pure).

Words of alphabets give their trigrams (a part of a German compound is found inside it), words of
one or two letters stand for themselves (AI, 3D), and scripts without spaces between words, Korean
among them, give single characters and pairs (한국 is found in 한국은). A search asks for all grams
of its words and then looks whether the words are really there: grams alone may lie apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 20_000  # of one item that are indexed
_MOST_TERMS = 12  # of one search
_LONGEST_QUERY = 200
_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff\u3041-\u30ff"
_RUN = re.compile(f"[{_WIDE}]+|[^\\W_{_WIDE}]+")
_PHRASE = re.compile(r'"([^"]+)"|(\S+)')
_LETTERS = str.maketrans({"ø": "o", "æ": "a", "œ": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th"})
_SPELLED = re.compile(r"(?<=[aou])e")  # ä written out is ae: both are found as a


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for: every term must be there, folded as ``folded`` folds."""

    terms: tuple[str, ...]  # words or phrases
    grams: tuple[str, ...]  # that the index must hold; () finds nothing

    def in_text(self, text: str) -> bool:
        """Whether every term stands in ``folded`` text; short ones as whole words."""
        return all(_stands(term, text) for term in self.terms)


def folded(text: str) -> str:
    """One form for all spellings: case, accents, width, umlauts written out."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    bare = "".join(c for c in plain if not unicodedata.combining(c) or "\u3099" <= c <= "\u309a")
    return _SPELLED.sub("", unicodedata.normalize("NFC", bare).replace("\u00ad", ""))


def grams(text: str) -> set[str]:
    """The grams of a text, of its first characters where it is very long."""
    return set(_grams(folded(text[:MOST_CHARACTERS])))


def query(text: str) -> Query:
    """What somebody typed: words, and phrases in quotation marks."""
    terms = []
    for phrase, word in _PHRASE.findall(text[:_LONGEST_QUERY])[:_MOST_TERMS]:
        term = " ".join(folded(phrase or word).split())
        if any(True for _ in _RUN.finditer(term)):
            terms.append(term.strip("\"'.,;:!?()[]„“”«»"))
    wanted = sorted({gram for term in terms for gram in _asked(term)})
    return Query(tuple(terms), tuple(wanted))


def _grams(text: str) -> Iterator[str]:
    for found in _RUN.finditer(text):
        run = found[0]
        if _is_wide(run[0]):
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        elif len(run) < 3:
            yield run
        else:
            yield from (run[at : at + 3] for at in range(len(run) - 2))


def _asked(term: str) -> Iterator[str]:
    """The grams that a text with ``term`` has for sure: of pairs the single ones are implied."""
    for found in _RUN.finditer(term):
        run = found[0]
        pairs = _is_wide(run[0]) and len(run) > 1
        yield from (gram for gram in _grams(run) if not (pairs and len(gram) == 1))


def _stands(term: str, text: str) -> bool:
    if len(term) < 3 and not _is_wide(term[:1] or " "):
        return re.search(rf"(?<![^\W_]){re.escape(term)}(?![^\W_])", text) is not None
    return term in text


def _is_wide(character: str) -> bool:
    return re.match(f"[{_WIDE}]", character) is not None
