"""An abbreviation means what the item says it means."""

from __future__ import annotations

import pytest

from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic, shipped_topics

MATCHER = TopicMatcher(shipped_topics())
OTHERWISE = [
    ("de", "Die Klinische Immunologie (KI) zieht um. Die KI behandelt hier viele Menschen."),
    ("de", "Im Konzern für Indigo (KI) wird gewählt. Die KI hat einen neuen Vorstand."),
    ("en", "Farms report each active ingredient (AI) they use. The AI is listed by name."),
    ("en", "Each AI (active ingredient) is measured. The AI is listed by name every year."),
    ("en", "The office for accident management (AM) moved. AM parts of the archive follow."),
]
AS_TAKEN = [
    ("de", "Künstliche Intelligenz (KI) prüft nun Nähte. Die KI erkennt feine Risse."),
    ("fr", "L'intelligence artificielle (IA) trie les pièces. L'IA repère les défauts."),
    ("en", "The plant uses artificial intelligence (AI). The AI sorts the parts by itself."),
    ("en", "A lab for imaging (AI based) opened. The AI finds tumours on scans."),
    ("", "Az Alma Irodaház (AI) projekt. AI, AI."),
]


def topics(text: str, language: str) -> set[str]:
    return {match.topic for match in MATCHER.match("News from the network", text, language)}


@pytest.mark.parametrize(("language", "text"), OTHERWISE)
def test_an_abbreviation_that_is_explained_otherwise_is_no_find(language: str, text: str) -> None:
    assert topics(text, language) == set()


@pytest.mark.parametrize(("language", "text"), AS_TAKEN)
def test_an_abbreviation_keeps_its_meaning(language: str, text: str) -> None:
    assert topics(text, language) == {"ai"}


def test_explaining_says_what_the_abbreviation_means() -> None:
    found = MATCHER.diagnose("ai", "Umzug", OTHERWISE[0][1], "de")
    assert found.missing == ("“KI” means “Klinische Immunologie” in this item",)


def test_a_users_own_word_means_what_the_user_says() -> None:
    own = TopicMatcher([load_topic({"id": "pesticides", "any": ["AIX"]}, origin="test")])
    text = "Each active ingredient xylol (AIX) is listed."
    assert [match.topic for match in own.match("", text, "en")] == ["pesticides"]
