"""Grams: how a text is found by any part of its words, in every script, on any database (pure).

Words of alphabets give their trigrams (a part of a German compound is found inside it), words of
one or two letters stand for themselves (AI, 3D), and scripts without spaces between words, Korean
among them, give single characters and pairs (한국 is found in 한국은). A search asks for all grams
of its words and then looks whether the words are really there: grams alone may lie apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

MOST_CHARACTERS = 20_000  # of one item that are indexed
_MOST_TERMS = 12  # of one search
_LONGEST_QUERY = 200
_REMEMBERED = 8_192  # words, 0.4 kB each: most come again in the next text
_LONGEST_WORD = 30  # letters of those
_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff\u3041-\u30ff"
_RUN = re.compile(f"[{_WIDE}]+|[^\\W_{_WIDE}]+")
_WIDE_ONE, _FIRST_WIDE = re.compile(f"[{_WIDE}]"), "\u2e80"
_PHRASE = re.compile(r'"([^"]+)"|(\S+)')
_LETTERS = {"ø": "o", "æ": "a", "œ": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th"}
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
    if text.isascii():
        return _SPELLED.sub("", text.lower())
    bare = unicodedata.normalize("NFKD", text.casefold()).translate(_letters())
    return _SPELLED.sub("", unicodedata.normalize("NFC", bare).replace("\u00ad", ""))


def grams(text: str) -> set[str]:
    """The grams of a text, of its first characters where it is very long."""
    told = set(text[:MOST_CHARACTERS].split())  # words come again and again
    plain = {word for word in told if word.isascii()}
    forms = folded(" ".join(plain)), folded(" ".join(told - plain))
    runs = {run for form in forms for run in _RUN.findall(form)}
    return set[str]().union(*map(_grams, runs))


def query(text: str) -> Query:
    """What somebody typed: words, and phrases in quotation marks."""
    terms = []
    for phrase, word in _PHRASE.findall(text[:_LONGEST_QUERY])[:_MOST_TERMS]:
        term = " ".join(folded(phrase or word).split())
        if any(True for _ in _RUN.finditer(term)):
            terms.append(term.strip("\"'.,;:!?()[]„“”«»"))
    wanted = sorted({gram for term in terms for gram in _asked(term)})
    return Query(tuple(terms), tuple(wanted))


def _grams(run: str) -> Sequence[str]:
    """The grams of one run of letters, as _RUN finds it."""
    if _is_wide(run[0]):
        return (*run, *map("".join, pairwise(run)))
    return _word_grams(run) if len(run) <= _LONGEST_WORD else _trigrams(run)


@lru_cache(maxsize=_REMEMBERED)
def _word_grams(word: str) -> Sequence[str]:
    """The same of a word, which comes again; sentences without spaces do not."""
    return _trigrams(word)


def _trigrams(run: str) -> Sequence[str]:
    if len(run) < 3:
        return (run,)
    return [run[at : at + 3] for at in range(len(run) - 2)]


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
    return character >= _FIRST_WIDE and _WIDE_ONE.match(character) is not None


@cache
def _letters() -> dict[int, str | None]:
    """What letters become; nothing of marks that combine with the letter before them, but for
    those of kana, which make others."""
    codes = (code for code in range(0x300, 0x20000) if unicodedata.combining(chr(code)))
    others = {ord(letter): plain for letter, plain in _LETTERS.items()}
    return {**dict.fromkeys(codes), **others, 0x3099: "\u3099", 0x309A: "\u309a"}
