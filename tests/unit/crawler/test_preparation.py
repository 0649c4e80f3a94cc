"""What is kept of strangers' words: nothing that hides among them or turns them round."""

from __future__ import annotations

import unicodedata

from crawler.preparation import clean, one_line


def test_nothing_that_nobody_sees_is_kept_but_what_shapes_letters() -> None:
    shaping = set("\u200c\u200d\u200e\u200f\u061c\u00ad")  # joiners and marks of scripts, hyphens
    hidden = [
        char
        for char in map(chr, range(0x110000))
        if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in shaping | set("\t\n\r")
    ]
    kept = {char for char in hidden if clean(char)}
    # Numbers' and musical signs of old scripts are all that is left.
    assert all(unicodedata.name(char).split()[0] in SCRIPTS for char in kept), kept


SCRIPTS = {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "SHORTHAND", "MUSICAL"}


def test_words_stay_as_they_are() -> None:
    for text in ("Škoda – 한국 👩‍🔬 می‌خواهم", "a\tb\nc", "עברית ‏(ABC)‏"):
        assert clean(text) == text


def test_a_word_with_hidden_letters_is_the_word() -> None:
    assert one_line("\u202elaser\u202c \u2066sin\u200bter\ufeff\u2069\u2060ing\x00\x1b\r") == (
        "laser sintering"
    )
    assert clean("La\U000e0041\U000e007fser") == "Laser"
