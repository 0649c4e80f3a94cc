"""Each idea of the shipped topics has words in each of the sixteen languages."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from crawler.topics.checks import as_mapping, as_tables
from crawler.topics.vocabulary import shipped_topics

LANGUAGES = [
    "de",
    "en",
    "da",
    "no",
    "sv",
    "nl",
    "fr",
    "fi",
    "pl",
    "cs",
    "it",
    "es",
    "pt",
    "ko",
    "ja",
    "zh",
]
# Ideas that are one language's own, and why.
OWN = {
    "additively": "adverbs that mean nothing without a part; elsewhere they are not ambiguous",
    "printable-part": "the company of these adverbs",
    "ki-institution": "'das KI' is an institute, 'die KI' is not; Swedish says 'vid KI'",
    "korean-side": "only Korean texts leave out that the Korean side is Korean",
}
CONCEPTS = {
    f"{topic.id}/{concept['id']}": concept
    for topic in shipped_topics()
    for concept in as_tables(topic.definition["concepts"])
}


def languages_of(concept: Mapping[str, object]) -> set[str]:
    """The languages in which a concept has a term; words of no language hold for all."""
    named = {*as_mapping(concept.get("terms")), *as_mapping(concept.get("only"))}
    return set(LANGUAGES) if "*" in named else named & set(LANGUAGES)


@pytest.mark.parametrize("name", CONCEPTS)
def test_a_concept_has_a_term_in_every_language(name: str) -> None:
    concept = CONCEPTS[name]
    missing = set(LANGUAGES) - languages_of(concept)
    assert not missing or concept["id"] in OWN, sorted(missing)


def test_exceptions_name_concepts_that_exist() -> None:
    assert OWN.keys() <= {str(concept["id"]) for concept in CONCEPTS.values()}
