"""What lowers a score counts bodies, not wordings: a name and its abbreviation are one body."""

from __future__ import annotations

import pytest

from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import shipped_topics

MATCHER = TopicMatcher(shipped_topics())


def about(title: str, text: str) -> set[str]:
    return {match.topic for match in MATCHER.match(title, text, "en")}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Korea Institute for Advancement of Technology", "KIAT"),
        ("Korea Institute of Machinery and Materials", "KIMM"),
        ("Korea Electronics Technology Institute", "KETI"),
    ],
)
def test_one_korean_body_by_name_and_abbreviation_is_a_partner(name: str, short: str) -> None:
    title = f"Optics cluster signs cooperation agreement with {short}"
    text = f"The cluster and the {name} ({short}) signed a memorandum of understanding in Seoul."
    assert about(title, text) == {"korea-cooperation"}


def test_two_korean_bodies_among_themselves_are_not() -> None:
    text = "Samsung and KIST signed a memorandum of understanding in Daejeon."
    assert about("Samsung and KIST sign agreement on joint laboratory", text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "de",
            "Neben dem koreanischen Zentrum KIMM ist die TU Ilmenau Partner im gemeinsamen Labor.",
        ),
        ("en", "The joint laboratory with South Korea's KAIST will open next to that of the town."),
        ("es", "El laboratorio conjunto con KAIST de Corea del Sur estará al lado del de Gijón."),
    ],
)
def test_what_stands_next_to_something_is_no_stand_at_a_fair(language: str, text: str) -> None:
    assert {match.topic for match in MATCHER.match("", text, language)} == {"korea-cooperation"}


SIGNED = "Daejeon Techno Park of South Korea signed an agreement on joint research with us."


def test_a_projects_budget_is_no_home_affair() -> None:
    text = f"{SIGNED} The project has a budget of three million euros."
    assert about("Agreement on joint research", text) == {"korea-cooperation"}


def test_what_lowered_a_score_is_named() -> None:
    text = f"{SIGNED} Voters and the opposition like the national budget."
    found = MATCHER.diagnose("korea-cooperation", "Agreement on joint research", text, "en")
    assert not found.matches
    told = (
        "lowered to 60%: “Daejeon”, “South Korea” (korea) with “Voters”, “opposition”, "
        "“national budget” (home affairs), and no partner is named"
    )
    assert told in found.missing
