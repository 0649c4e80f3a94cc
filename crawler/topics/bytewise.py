"""Bytewise: how texts in European letters are folded with one byte a character.

Nearly every item is written with 250 characters. In a charset of just these, the codecs of the
standard library read a text several times as quickly as anything that asks for each character.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence

_LETTERS = "ąćęłńśźżčďěňřšťůžœ"
_SIGNS = "ōū\u2009\u200b\u2010\u2011–—‘’‚“”„•…\u202f‹›€™−"
# The first has to be NUL, or charmap_build makes a slow table.
_CHARACTERS = "".join(
    [
        "\0\t\n\r",
        *map(chr, range(0x20, 0x7F)),
        *map(chr, range(0xA0, 0x100)),
        _LETTERS,
        _LETTERS.upper(),
        _SIGNS,
    ]
)


class Bytewise:
    """The folded forms of the charset's characters."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        """``fold`` gives the form of one lower-case character, of any length."""
        lower = [ch.lower() for ch in _CHARACTERS]
        forms = [fold(ch) for ch in lower]
        self._encoding = codecs.charmap_build(_CHARACTERS)
        pairs = list(enumerate(zip(forms, lower, strict=True)))
        self._forms = "".join(form if len(form) == 1 else ch for _, (form, ch) in pairs)
        self._odd = bytes(number for number, (form, _) in pairs if len(form) != 1)

    def folded(self, text: str) -> tuple[str, Sequence[str]] | None:
        """``text`` with a form for each character, save for the odd ones, whose forms are not
        one character long: these stay, and are named. None where the charset has not all."""
        try:
            encoded = codecs.charmap_encode(text, "strict", self._encoding)[0]
        except UnicodeEncodeError:
            return None
        flat = codecs.charmap_decode(encoded, "strict", self._forms)[0]
        if len(encoded.translate(None, self._odd)) == len(encoded):
            return flat, ()
        return flat, [self._forms[number] for number in self._odd if number in encoded]
