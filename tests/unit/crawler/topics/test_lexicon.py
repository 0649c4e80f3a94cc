"""A topic in one language finds items in the others where the lexicon knows its terms."""

from __future__ import annotations

import pytest

from crawler.topics.checks import as_mapping
from crawler.topics.lexicon import families, shipped_concepts
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic

LANGUAGES = "cs da de en es fi fr it ja ko nl no pl pt sv zh"
FURTHER = [
    "hydrogen", "quantum-technology", "medical-devices", "circular-economy", "cyber-security",
    "startup-funding",
]  # fmt: skip
FOUND = [
    ("Wasserstoff*", "ko", "수소 충전소가 문을 연다."),
    ("quantum comput*", "da", "Et nyt kvantecomputercenter åbner."),
    ("medical devices", "de", "Neue Medizinprodukte werden geprüft."),
    ("Kreislaufwirtschaft", "nl", "De circulaire economie groeit."),
    ("cyber security", "fi", "Kyberturvallisuus kiinnostaa yrityksiä."),
    ("venture capital", "it", "Il capitale di rischio cresce."),
]


@pytest.mark.parametrize(("term", "language", "text"), FOUND)
def test_a_term_of_the_lexicon_is_found_in_other_languages(
    term: str, language: str, text: str
) -> None:
    matcher = TopicMatcher([load_topic({"id": "mine", "any": [term]}, origin="test")])
    assert [match.topic for match in matcher.match("", text, language)] == ["mine"]


OTHERS = [
    ("Dresden", "de", "Firmen aus Frankreich, Polen und den USA stellen aus."),
    ("Fraunhofer", "en", "The CNRS opens a laboratory in Poland."),
    ("KIAT", "en", "KAIST and POSTECH open a laboratory."),
    ("Daejeon", "de", "In Busan und Seoul eröffnen zwei Messen."),
    ("Samsung", "en", "Hyundai builds a factory."),
    ("Europe", "de", "Ein internationales Treffen im Ausland."),
    ("AI Act", "de", "Ein Deepfake täuscht die Zuschauer."),
]


@pytest.mark.parametrize(("term", "language", "text"), OTHERS)
def test_a_name_that_is_one_of_many_in_a_concept_does_not_stand_for_the_others(
    term: str, language: str, text: str
) -> None:
    matcher = TopicMatcher([load_topic({"id": "mine", "any": [term]}, origin="test")])
    assert matcher.match("", text, language) == ()
    assert matcher.match("", f"Bericht: {term}, gestern.", language)


def test_concepts_whose_names_are_looked_for_one_by_one_exist() -> None:
    assert families() <= shipped_concepts().keys()


@pytest.mark.parametrize("concept", FURTHER)
def test_every_concept_of_the_lexicon_is_known_in_all_languages(concept: str) -> None:
    [table] = shipped_concepts()[concept]
    assert set(as_mapping(table["terms"])) == set(LANGUAGES.split())
    assert set(as_mapping(table["names"])) == {"en", "de", "da"}
