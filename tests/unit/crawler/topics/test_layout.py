"""Sentences, and the parts of a text."""

from __future__ import annotations

import pytest

from crawler.topics.layout import Layout


def sentences(text: str) -> list[str]:
    layout = Layout(text)
    return [text[slice(*layout.bounds(number))].strip() for number in range(len(layout.starts))]


def test_full_stops_of_abbreviations_and_days_end_no_sentence() -> None:
    text = "Dr. Kim kam am 5. Mai z. B. nach Berlin. Danach ging es heim."
    assert sentences(text) == [
        "Dr. Kim kam am 5. Mai z. B. nach Berlin.",
        "Danach ging es heim.",
    ]


def test_chinese_and_japanese_full_stops_end_sentences() -> None:
    assert sentences("中心成立。合作开始。") == ["中心成立。", "合作开始。"]


def test_lines_are_sentences() -> None:
    assert sentences("A headline\n\nThe text follows") == ["A headline", "The text follows"]


def test_the_first_full_sentences_are_the_lead() -> None:
    first = "This sentence tells in some detail what the news is about. "
    layout = Layout("News\n\n" + first * 12)
    assert layout.part(0) == "lead"
    assert layout.part(6 + len(first)) == "lead"
    assert layout.part(6 + 2 * len(first)) == "body"


def test_what_stands_far_down_is_late() -> None:
    layout = Layout("This sentence tells in some detail what the news is about. " * 50)
    assert layout.part(2500) == "late"


def test_the_part_about_the_publisher_is_the_tail() -> None:
    text = "The news is told here. " * 20 + "\n\nAbout Example Cluster\n\nWe are many."
    layout = Layout(text)
    assert layout.part(text.index("We are")) == "tail"
    assert layout.part(0) == "lead"


def test_a_heading_in_the_first_half_is_no_tail() -> None:
    text = "About Example Cluster\n\n" + "The news is told here. " * 20
    assert Layout(text).tail == len(text)


def test_an_empty_text_has_a_layout() -> None:
    layout = Layout("")
    assert layout.sentence(0) == 0
    assert layout.bounds(0) == (0, 0)


@pytest.mark.parametrize("said", ["About us:", "Über uns:", "Om os:", "À propos de nous :"])
def test_a_note_on_the_publisher_may_begin_within_the_last_line(said: str) -> None:
    text = f"The yard has let every hall. {said} The agency runs the centre for lasers."
    assert Layout(text).part(text.index("The agency")) == "tail"
    assert Layout(text.replace(":", "")).tail == len(text.replace(":", ""))


def test_a_note_in_the_first_third_of_a_text_of_one_line_is_no_tail() -> None:
    text = "Thirty came. About us: a film on the town. " + "Then the news was told. " * 10
    assert Layout(text).tail == len(text)
