"""Strings from outside: safe lines, safe addresses, runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.digests.plain import clipped, link_target, mail_link, one_line, web_address
from alerts.digests.runs import Run, linked_runs, marked_runs, narrowed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\n b\tc", "a b c"),
        ("a\u2028b\u2029c", "a b c"),
        ("x\u202ey\u2066z\u200b", "xyz"),
        ("nul\x00\x1b[31m", "nul[31m"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\ud800lone", "lone"),
    ],
)
def test_a_line_holds_no_breaks_controls_or_overrides(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text(), st.integers(0, 40))
def test_clipping_keeps_the_length(text: str, length: int) -> None:
    assert len(clipped(text, length)) <= max(length, 0)


@pytest.mark.parametrize(
    ("text", "length", "cut"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("Donaudampfschifffahrt", 8, "Donauda…"),
        ("one, two", 6, "one…"),
        ("abc", 0, ""),
    ],
)
def test_clipping_cuts_between_words(text: str, length: int, cut: str) -> None:
    assert clipped(text, length) == cut


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?a=1&b=2", "https://a.example/x?a=1&b=2"),
        (" HTTP://a.example/ ", "HTTP://a.example/"),
        ("https://a.example/a|b<c>", "https://a.example/a%7Cb%3Cc%3E"),
        ('https://a.example/"onload=x', "https://a.example/%22onload=x"),
        ("https://a.example/über", "https://a.example/über"),
        ("javascript:alert(1)", ""),
        ("//a.example/x", ""),
        ("https://[broken", ""),
        ("https://a.example/" + "x" * 3000, ""),
    ],
)
def test_only_web_addresses_are_linked(url: str, safe: str) -> None:
    assert web_address(url) == safe


def test_mail_links() -> None:
    assert mail_link("leave@example.org") == "mailto:leave@example.org"
    assert link_target("mailto:a@b.example?subject=x\ny") == "mailto:a@b.example?subject=x%0Ay"


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70))))
def test_marks_never_change_the_text(text: str, marks: list[tuple[int, int]]) -> None:
    assert "".join(run.text for run in marked_runs(text, marks)) == text


def test_labels_are_linked_where_they_stand() -> None:
    links = (("X (en)", "https://x.example/"), ("Y (pl)", "javascript:1"))
    assert linked_runs("also in: X (en), Y (pl)", links) == (
        Run("also in: "),
        Run("X (en)", url="https://x.example/"),
        Run(", Y (pl)"),
    )


@given(st.text(st.characters(categories=("L", "Zs")), min_size=30, max_size=200), st.data())
def test_narrowing_keeps_the_length_and_marks_inside(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 1, len(text)))
    short, marks = narrowed(text, [(start, end)], 25)
    assert len(short) <= 25
    assert all(0 <= a < b <= len(short) for a, b in marks)


@pytest.mark.parametrize("length", range(22, 81))
def test_narrowing_keeps_the_evidence(length: int) -> None:
    text = "A long beginning that says little about it, then machine learning, and more words."
    start = text.index("machine")
    short, marks = narrowed(text, [(start, start + 16)], length)
    assert [short[a:b] for a, b in marks] == ["machine learning"]
    assert len(short) <= length


def test_narrowing_a_single_long_word_ends_somewhere() -> None:
    assert narrowed("Donaudampfschifffahrt", [(0, 21)], 8) == ("Donauda…", ())
