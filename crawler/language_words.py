"""What language a longer text is plainly in, by its small words, at a tenth of the model's price.

Of 1,650 labelled texts half of the Danish ones, most Finnish and Korean ones are left to the
model, hardly any other; none is taken for another language, whichever of those here is declared.
Said only where no other of the languages comes near, so that a text in two of them, or in one
whose words are not listed, is left to the model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 7  # different small words of the language
# For each that another language has and this one lacks, so many the other way round.
_AGAINST_ONE = 3
_MARGIN = 2


def is_plainly(language: str, text: str) -> bool:
    """Whether the small words of ``text`` are those of ``language`` (ISO 639-1) and of no other
    that is listed; False for a language without a list."""
    rivals = _rivals().get(language)
    if rivals is None:
        return False
    said = set(_WORD.findall(text.lower()))
    if len(said & _small_words()[language]) < _FEWEST:
        return False
    return all(
        len(said & own) >= _MARGIN + _AGAINST_ONE * len(said & theirs) for own, theirs in rivals
    )


@cache
def _small_words() -> Mapping[str, frozenset[str]]:
    lines = (files("crawler") / "language_words.txt").read_text("utf-8").splitlines()
    told = (line.partition(" ") for line in lines if not line.startswith("#"))
    return {language: frozenset(words.split()) for language, _, words in told}


@cache
def _rivals() -> Mapping[str, list[tuple[frozenset[str], frozenset[str]]]]:
    """Language → for each other one, the words that it has alone of the two, and the other's."""
    known = _small_words()
    return {
        language: [
            (own - theirs, theirs - own) for other, theirs in known.items() if other != language
        ]
        for language, own in known.items()
    }
