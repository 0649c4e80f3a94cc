"""Where terms are found, and in items of which language."""

from __future__ import annotations

import pytest

from crawler.topics.finding import Finder
from crawler.topics.parts import Concept
from crawler.topics.terms import parse_term

ROBOTS = Concept(
    "robots",
    (
        (parse_term("robot*"), ()),
        (parse_term("=Ion"), ()),
        (parse_term("ion"), ("da",)),
        (parse_term("Greifarm"), ("de",)),
    ),
)


def found(finder: Finder, text: str, language: str) -> list[str]:
    return [find.surface for find in finder.scan(text, "text", language).of(0)]


@pytest.mark.parametrize(
    ("language", "surfaces"),
    [("de", ["robotern", "greifarm"]), ("en", ["robotern"]), ("", ["robotern", "greifarm"])],
)
def test_terms_of_a_language_are_looked_for_in_its_items_and_in_those_of_an_unknown_one(
    language: str, surfaces: list[str]
) -> None:
    assert found(Finder([ROBOTS]), "Von Robotern mit Greifarm.", language) == surfaces


def test_a_word_that_two_terms_name_is_found_once_under_the_conditions_of_either() -> None:
    finder = Finder([ROBOTS])
    assert found(finder, "Ion, ion", "en") == ["ion"]
    assert found(finder, "Ion, ion", "da") == ["ion", "ion"]


def test_terms_for_all_languages_are_kept_once() -> None:
    finder = Finder([ROBOTS])
    for language in ("de", "en", "da", ""):
        finder.scan("Roboter", "text", language)
    kept = {language: len(each.owners) for language, each in finder._automata.items()}
    assert kept == {None: 2, "de": 1, "en": 0, "da": 1, "": 2}
