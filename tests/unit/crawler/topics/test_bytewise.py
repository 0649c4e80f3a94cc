"""Texts in European letters are folded with one byte a character, to the same form."""

from __future__ import annotations

import codecs

import pytest

from crawler.topics.bytewise import _CHARACTERS, Bytewise
from crawler.topics.folding import _TABLE, _by_characters

BYTEWISE = Bytewise(_TABLE.__getitem__)


def test_every_character_of_the_charset_folds_as_by_itself() -> None:
    for ch in _CHARACTERS:
        for text in (ch, f"a{ch}b"):
            quick, slow = BYTEWISE.folded(text), _by_characters(text)
            assert quick is not None
            assert slow is not None
            assert (quick[0], list(quick[1])) == (slow[0], list(slow[1])), text


def test_the_charset_is_one_that_is_read_quickly() -> None:
    """charmap_build makes a dictionary, which is slow, of all it cannot index."""
    assert len(_CHARACTERS) == len(set(_CHARACTERS)) <= 256
    assert not isinstance(codecs.charmap_build(_CHARACTERS), dict)


@pytest.mark.parametrize("text", ["한국", "KI in 中国", "e\u0301"])
def test_other_characters_are_left_to_the_slower_way(text: str) -> None:
    assert BYTEWISE.folded(text) is None
