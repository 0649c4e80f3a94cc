"""A number in front of a term that begins with its last group is quoted whole."""

from __future__ import annotations

import pytest

from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic


@pytest.fixture(scope="module")
def matcher() -> TopicMatcher:
    return TopicMatcher([load_topic({"id": "own", "any": ["*000 *bilder"]}, origin="test")])


@pytest.mark.parametrize(
    "number", ["12.000", "12,000", "1.200.000", "90’000", "31 000", "1\u202f200\u00a0000", "12000"]
)
def test_a_number_is_quoted_with_its_separators(matcher: TopicMatcher, number: str) -> None:
    text = f"Aus “{number} Röntgenbilder”\u00ad lernt es."
    (evidence,) = matcher.match("", text, "de")[0].evidence
    assert evidence.quote == f"{number} Röntgenbilder"
    assert text[evidence.start : evidence.end] == evidence.quote


@pytest.mark.parametrize("before", ["Am 4.12.", "2023, ", "Teil B7.", "1234 "])
def test_what_is_no_part_of_the_number_stays_out(matcher: TopicMatcher, before: str) -> None:
    (evidence,) = matcher.match("", f"{before}000 Bilder", "de")[0].evidence
    assert evidence.quote == "000 Bilder"
