"""Scores over labelled items, in the shape of ``topics eval``."""

from __future__ import annotations

import pytest

from crawler.errors import ConfigError
from crawler.topics.evaluate import evaluate
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic


@pytest.fixture(scope="module")
def matcher() -> TopicMatcher:
    tables: list[dict[str, object]] = [
        {"id": "robots", "any": ["robot*"]},
        {"id": "boats", "any": ["boat*"]},
    ]
    return TopicMatcher([load_topic(table, origin="test") for table in tables])


def row(item: str, text: str, *topics: str, language: str = "en") -> dict[str, object]:
    return {"id": item, "lang": language, "title": "", "text": text, "topics": list(topics)}


def test_scores_are_counted_per_topic_and_language(matcher: TopicMatcher) -> None:
    rows = [
        row("a", "A robot.", "robots"),
        row("b", "A boat.", "robots"),
        row("c", "A boat and a robot.", "boats", "robots", language="de"),
        row("d", "Nothing."),
    ]
    report = evaluate(rows, matcher)
    assert report["n"] == 4
    assert report["micro"] == {"precision": 0.75, "recall": 0.75, "f1": 0.75}
    topics = report["topics"]
    assert isinstance(topics, dict)
    assert topics["robots"] == {
        "precision": 1.0, "recall": 0.6667, "f1": 0.8, "tp": 2, "fp": 0, "fn": 1,
    }  # fmt: skip
    assert topics["boats"]["fp"] == 1
    assert report["macro_f1"] == pytest.approx((0.8 + 0.6667) / 2, abs=1e-4)
    assert report["misses"] == [{"id": "b", "expected": ["robots"], "got": ["boats"]}]
    languages = report["languages"]
    assert isinstance(languages, dict)
    assert languages["de"]["f1"] == 1.0


def test_items_carry_their_matches_as_plain_data(matcher: TopicMatcher) -> None:
    items = evaluate([row("a", "A robot.", "robots")], matcher)["items"]
    assert items == [
        {
            "id": "a",
            "topics": [
                {
                    "topic": "robots",
                    "score": 0.99,
                    "evidence": (
                        {
                            "field": "text",
                            "start": 2,
                            "end": 7,
                            "quote": "robot",
                            "concept": "robot*",
                        },
                    ),
                }
            ],
        }
    ]


def test_no_rows_give_a_perfect_empty_report(matcher: TopicMatcher) -> None:
    report = evaluate([], matcher)
    assert (report["n"], report["macro_f1"], report["misses"]) == (0, 1.0, [])


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"lang": "en", "title": "", "text": "", "topics": []}, "row 1: id is missing"),
        ({"id": "a", "text": 3, "topics": []}, "row 1 (a): text is no string"),
        ({"id": "a", "text": "", "topics": "robots"}, "row 1 (a): topics is missing"),
        ({"id": "a", "text": "", "topics": ["planes"]}, "unknown topic 'planes'; known: robots"),
    ],
)
def test_malformed_rows_are_named(matcher: TopicMatcher, bad: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        evaluate([bad], matcher)
    assert said in caught.value.message
