"""Enumerations, examples and careers lower what a find counts."""

from __future__ import annotations

import pytest

from crawler.topics.context import ASIDE, CAREER, EXAMPLE, LISTED, Context, cues
from crawler.topics.layout import Layout

LANGUAGES = "de en da fr nl sv no fi pl cs it es pt ko ja zh"


def factor(text: str, word: str, language: str, **cue_ends: list[int]) -> float:
    context = Context(
        Layout(text),
        language,
        cue_ends.get("examples", []),
        {ASIDE: cue_ends.get("asides", []), CAREER: cue_ends.get("careers", [])},
    )
    start = text.index(word)
    return context.factor(start, start + len(word))


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "Speakers covered robotics, AI and photonics.", "AI"),
        ("de", "Themen sind Robotik, KI und Photonik.", "KI"),
        ("fr", "La coopération dans le spatial, l'IA et le climat avance.", "IA"),
        ("ja", "ロボット、AI、光技術を扱う。", "AI"),
        ("zh", "内容包括机器人、AI和光学。", "AI"),
        ("ko", "로봇, AI, 광학 분야를 다룬다.", "AI"),
        # Three words and the full stop behind them are an entry of three words.
        ("en", "Welding, dyeing and also some new AI.", "AI"),
    ],
)
def test_an_entry_of_an_enumeration_counts_less(language: str, text: str, word: str) -> None:
    assert factor(text, word, language) == pytest.approx(LISTED)


def test_a_clause_between_commas_is_no_entry() -> None:
    text = "In Halden, where forty companies from the whole region use AI, a centre opens."
    assert factor(text, "AI", "en") == 1.0


def test_articles_of_one_language_do_not_join_in_another() -> None:
    text = "Bedriftene startet et samarbeid om anvendt KI der de deler data."
    assert factor(text, "KI", "no") == 1.0


def test_examples_count_less() -> None:
    text = "Methods of analysis, for example AI on images of the whole heart, help."
    end = text.index("example") + len("example")
    assert factor(text, "AI", "en", examples=[end]) == pytest.approx(EXAMPLE)


def test_a_sentence_about_a_career_counts_little() -> None:
    text = "She formerly led the AI department of a large company in Ulm."
    assert factor(text, "AI", "en", careers=[4]) == pytest.approx(CAREER)


def test_cues_exist_for_every_language_of_the_shipped_topics() -> None:
    languages = set(LANGUAGES.split())
    for kind in ("example", "aside", "career", "joining"):
        assert set(cues()[kind]) == languages
