"""The grammar of terms, and its errors with their columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.topics.terms import TermError, expression, parse_term


def literals(source: str) -> set[str]:
    return {pattern.literal for pattern in parse_term(source).patterns}


def test_a_phrase_is_one_literal() -> None:
    assert literals("Machine-Learning") == {"machine learning"}


def test_alternatives_are_spelled_out() -> None:
    assert literals("sztuczn(a|ej) rzecz") == {"sztuczna rzecz", "sztucznej rzecz"}
    assert literals("robot(s|)") == {"robots", "robot"}


def test_umlauts_are_found_written_out_too() -> None:
    assert literals("künstliche") == {"kunstliche", "kuenstliche"}


def test_3d_is_found_with_a_hyphen_inside() -> None:
    assert literals("3D-Druck") == {"3d druck", "3 d druck"}


def test_stars_open_a_word_to_their_side() -> None:
    (prefix,) = parse_term("comput*").patterns
    (suffix,) = parse_term("*algorithmus").patterns
    assert (prefix.open_left, prefix.open_right) == (False, True)
    assert (suffix.open_left, suffix.open_right) == (True, False)


def test_a_star_may_begin_a_later_word() -> None:
    (number,) = parse_term("*000 *bilder").patterns
    assert (number.literal, number.open_left) == ("000", True)
    rest = expression(number.rest)
    assert rest.match(" rontgenbilder von")
    assert rest.match(" bilder von")
    assert not rest.match(" bilderbucher")
    assert not rest.match(" alte bilder")


def test_what_goes_on_differently_behind_one_literal_is_one_pattern() -> None:
    (pattern,) = parse_term("million * (image|picture|image set)s").patterns
    found = expression(pattern.rest).match(" labelled image sets")
    assert found
    assert found[0] == " labelled image sets"


def test_a_field_limits_where_a_term_counts() -> None:
    assert parse_term("title: merger").field == "title"
    assert parse_term("text: merger").field == "text"
    assert parse_term("merger").field == ""


def test_words_in_capitals_need_their_case() -> None:
    assert parse_term("KI").capitals == {"KI"}
    assert parse_term("AM research*").capitals == {"AM"}
    assert parse_term("robot").capitals == frozenset()
    assert parse_term("=Wonju").exact == ("Wonju",)


@pytest.mark.parametrize(
    ("source", "column", "said"),
    [
        ("comp*ter", 5, "inside a word"),
        ("(a|b", 1, "not closed"),
        ("robot) x", 6, "without '('"),
        ("* word", 1, "stands alone"),
        ("word *", 6, "stands alone"),
        ("ab*", 1, "at least 3"),
        ("x", 1, "at least 2"),
        ("body: word", 1, "allowed: title:, text:"),
        ("a" * 301, 301, "longer than"),
        ("(a|b|c)(a|b|c)(a|b|c)(a|b|c) word", 1, "alternatives"),
    ],
)
def test_what_does_not_parse_is_named_with_its_column(source: str, column: int, said: str) -> None:
    with pytest.raises(TermError, match=r".") as caught:
        parse_term(source)
    assert said in caught.value.message
    assert caught.value.column == column


@given(st.text(max_size=60))
def test_any_text_parses_or_is_refused_as_a_term(source: str) -> None:
    try:
        found = len(parse_term(source).patterns)
    except TermError as error:
        found = error.column
    assert found >= 1


def test_terms_without_capitals_share_one_empty_set() -> None:
    assert parse_term("robot*").capitals is parse_term("drone").capitals
