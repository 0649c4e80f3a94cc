"""A text is found by any part of its words, in every script, and by nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.grams import _word_grams, folded, grams, query

FOUND = [
    ("한국은 협력을 강화한다", "한국"),
    ("한국은 협력을 강화한다", "협력"),
    ("ドイツと日本の協力", "日本"),
    ("中德合作项目启动", "合作"),
    ("Die Forschungskooperation beginnt", "kooperation"),
    ("Kooperationsvereinbarung mit Südkorea", "vereinbarung suedkorea"),
    ("KI-gestützte Diagnostik", "KI"),
    ("3D-Druck in der Medizin", "3D druck"),
    ("Københavns Universitet", "københavn"),
    ("Łódź i Kraków", "lodz"),
    ("ＡＩ ａｃｔ", "ai act"),
    ("Grüße aus Kärnten", "Kaernten"),
    ("The board met in Daegu", '"met in Daegu"'),
]
NOT_FOUND = [
    ("Kita und Kino", "KI"),
    ("The board met in Daegu", '"Daegu met"'),
    ("Laser und Druck", "Laserdruck"),
    ("한국은 협력을", "국협"),
    ("abc bcd", "abcd"),
]


def finds(text: str, asked: str) -> bool:
    wanted = query(asked)
    return set(wanted.grams) <= grams(text) and wanted.in_text(folded(text))


@pytest.mark.parametrize(("text", "asked"), FOUND)
def test_parts_of_words_are_found_in_every_script(text: str, asked: str) -> None:
    assert finds(text, asked)


@pytest.mark.parametrize(("text", "asked"), NOT_FOUND)
def test_what_only_shares_letters_is_not_found(text: str, asked: str) -> None:
    assert not finds(text, asked)


@pytest.mark.parametrize("asked", ["", "   ", '"', "!?", "\u200b", "-" * 500])
def test_nothing_asked_finds_nothing(asked: str) -> None:
    assert query(asked).grams == ()


@given(st.text(max_size=200), st.text(max_size=300))
def test_no_text_can_raise(text: str, asked: str) -> None:
    grams(text)
    wanted = query(asked)
    assert not any('"' in gram or gram.isspace() for gram in wanted.grams)
    wanted.in_text(folded(text))


@given(
    st.lists(st.text(alphabet="abcdeäö한국은日本", min_size=1, max_size=8), min_size=1, max_size=6)
)
def test_every_word_of_a_text_finds_it(words: list[str]) -> None:
    assert all(finds(" ".join(words), word) for word in words)


@given(st.lists(st.text(max_size=12), max_size=12))
def test_a_text_has_the_grams_of_its_words(words: list[str]) -> None:
    assert grams(" ".join(words)) == set().union(*map(grams, words))


@given(st.text(max_size=60))
def test_marks_are_left_out_wherever_they_stand(text: str) -> None:
    plain = unicodedata.normalize("NFKD", folded(text))
    assert not [
        mark for mark in plain if unicodedata.combining(mark) and mark not in "\u3099\u309a"
    ]


def test_only_words_that_come_again_are_remembered() -> None:
    _word_grams.cache_clear()
    grams("ドイツと日本の協力が始まる " + "x" * 200)
    assert _word_grams.cache_info().currsize == 0
    grams("Kooperation")
    assert _word_grams.cache_info().currsize == 1
