"""Folding keeps what readers see as the same word the same, and finds the way back."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.topics.folding import (
    _CLUSTERS,
    _clustered,
    _mapped,
    folded,
    folded_text,
    joins,
    spelled_out,
)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("3D‑Druck", "3d druck"),  # non-breaking hyphen
        ("３Ｄ－Ｄｒｕｃｋ", "3d druck"),  # full width
        ("künst\u00adliche", "kunstliche"),  # soft hyphen
        ("k\u0075\u0308nstliche", "kunstliche"),  # combining diaeresis
        ("Bio\u200b\u00addruck", "biodruck"),  # zero-width space, soft hyphen
        ("machine   \n learning", "machine learning"),
        ("ŁÓDŹ ØRSTED", "lodz orsted"),
        ("Straße", "strasse"),
        ("l’IA", "l'ia"),
        ("ﾌﾟﾘﾝﾀ", "プリンタ"),  # half-width kana with voicing mark
        ("\u1112\u1161\u11ab국", "한국"),  # conjoining jamo
        ("が", "が"),
    ],
)
def test_spellings_of_one_word_fold_to_one_form(written: str, same: str) -> None:
    assert folded(written) == same


def test_offsets_lead_back_to_the_original_code_points() -> None:
    text = "Für\u00ad die künst\u00adliche  Intelligenz, groß"
    form = folded_text(text)
    start = form.folded.index("kunstliche intelligenz")
    left, right = form.span(start, start + len("kunstliche intelligenz"))
    assert text[left:right] == "künst\u00adliche  Intelligenz"


@given(st.text(max_size=80))
def test_every_folded_range_lies_inside_the_original(text: str) -> None:
    form = folded_text(text)
    for start in range(len(form.folded)):
        left, right = form.span(start, start + 1)
        assert 0 <= left < right <= len(text)


@given(st.text(alphabet="aäßÆ \u00ad\u200bé한か3-–", max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_words_of_scripts_without_spaces_have_no_borders() -> None:
    assert joins("a", "b")
    assert joins("D", "3")
    assert not joins("I", "를")
    assert not joins("的", "人")
    assert not joins("a", ".")


def test_umlauts_can_be_spelled_out() -> None:
    assert spelled_out("künstliche Größe") == "kuenstliche Groeße"


ODD = "aBß éü—-– \n\t\u00ad\u200bæŒﬁ３Ｄ한국中カﾞ\u0308e\u0301 ’.İıſ\u2028𝐀"


@given(st.text(alphabet=ODD, max_size=20))
def test_folding_by_runs_is_folding_by_characters(text: str) -> None:
    assume(not _CLUSTERS.search(text))
    form, slow = folded_text(text), _mapped(text, _clustered(text))
    assert form.folded == slow.folded
    for start in range(len(form.folded)):
        assert form.span(start, start + 1) == slow.span(start, start + 1)
