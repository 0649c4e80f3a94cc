"""Ordinary news of no topic: the shipped topics find none of it.

``topics-ordinary.txt``: 177 notes of our own, ``language|title|text`` a line, in sixteen languages,
that use the words of the topics in their everyday sense: the black box of an aircraft, the filament
of a bulb, the regional court that German lawyers call LG, cocoa that is Kakao. They are of the
kinds that the vocabulary was mended for (112 finds before), so they guard it and measure nothing
unseen.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import shipped_topics

NEWS = Path(__file__).parent / "gold" / "topics-ordinary.txt"
LINES = NEWS.read_text(encoding="utf-8").splitlines()
ROWS = [tuple(line.split("|")) for line in LINES]


@pytest.fixture(scope="module")
def matcher() -> TopicMatcher:
    return TopicMatcher(shipped_topics())


def test_ordinary_news_is_about_no_topic(matcher: TopicMatcher) -> None:
    found = {
        title: [match.topic for match in matches]
        for language, title, text in ROWS
        if (matches := matcher.match(title, text, language))
    }
    assert not found


def test_a_typhoon_lowers_no_common_research(matcher: TopicMatcher) -> None:
    text = "KIOST and GEOMAR signed an agreement on research into typhoons and floods."
    (match,) = matcher.match("Ocean researchers join forces", text, "en")
    assert match.topic == "korea-cooperation"
