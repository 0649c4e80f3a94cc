"""A clause that denies what it names is no clue; one that only seems to deny it is."""

from __future__ import annotations

import pytest

from crawler.topics.compiling import cue_concepts
from crawler.topics.finding import Finder
from crawler.topics.layout import Layout
from crawler.topics.matching import TopicMatcher
from crawler.topics.negation import Negations, negations
from crawler.topics.terms import alternatives, parse_term
from crawler.topics.vocabulary import load_topic, shipped_topics
from tests.cost import bounded

LANGUAGES = {
    "de", "en", "da", "fr", "nl", "sv", "no", "fi", "pl", "cs", "it", "es", "pt", "ko", "ja", "zh",
}  # fmt: skip

DENIED = [
    ("de", "Ohne KI und ohne Roboter entsteht hier ein Stuhl.", "KI", "Ohne KI"),
    ("de", "Statt Künstlicher Intelligenz genügt ein Strichcode.", "Künstlicher Intelligenz",
     "Statt Künstlicher Intelligenz"),
    ("de", "Gelernt wird ohne den Einsatz von KI an der Werkbank.", "KI",
     "ohne den Einsatz von KI"),
    ("de", "Weder Roboter noch KI helfen beim Brauen.", "KI", "Weder Roboter noch KI"),
    ("de", "KI kommt dabei nicht zum Einsatz.", "KI", "KI kommt dabei nicht zum Einsatz"),
    ("de", "Bewusst wird auf KI verzichtet.", "KI", "KI verzichtet"),
    ("en", "No artificial intelligence is involved, just rails.", "artificial intelligence",
     "No artificial intelligence"),
    ("en", "They sort by hand, without robots, sensors or AI.", "AI",
     "without robots, sensors or AI"),
    ("en", "The plant uses rules rather than machine learning.", "machine learning",
     "rather than machine learning"),
    ("en", "AI was not used at any stage.", "AI", "AI was not used"),
    ("da", "Uden robotter og uden kunstig intelligens vil fabrikken vokse.",
     "kunstig intelligens", "uden kunstig intelligens"),
    ("no", "Bakeriet bruker ikke kunstig intelligens.", "kunstig intelligens",
     "ikke kunstig intelligens"),
    ("sv", "Här finns varken robotar eller AI.", "AI", "varken robotar eller AI"),
    ("nl", "Het rooster komt niet uit een zelflerend systeem.", "zelflerend",
     "niet uit een zelflerend"),
    ("fr", "La cave travaille sans recourir à l’IA.", "IA", "sans recourir à l’IA"),
    ("fr", "Ni capteurs ni IA dans cette fromagerie.", "IA",
     "Ni capteurs ni IA"),
    ("fi", "Leipomo toimii ilman tekoälyä.", "tekoälyä", "ilman tekoälyä"),
    ("fi", "Tekoälyn sijaan luotetaan nenään.", "Tekoälyn", "Tekoälyn sijaan"),
    ("pl", "Zamiast sztucznej inteligencji wystarczy kartka.", "sztucznej inteligencji",
     "Zamiast sztucznej inteligencji"),
    ("cs", "Sklárna pracuje bez umělé inteligence.", "umělé inteligence",
     "bez umělé inteligence"),
    ("it", "Niente intelligenza artificiale tra i filari.", "intelligenza artificiale",
     "Niente intelligenza artificiale"),
    ("es", "Se limpia sin inteligencia artificial.", "inteligencia artificial",
     "sin inteligencia artificial"),
    ("pt", "Sem recorrer a drones nem inteligência artificial.", "inteligência artificial",
     "Sem recorrer a drones nem inteligência artificial"),
    ("ko", "인공지능도 로봇도 없이 그릇을 굽는다.", "인공지능", "인공지능도 로봇도 없이"),
    ("ja", "人工知能もロボットも使わず、手で塗る。", "人工知能", "人工知能もロボットも使わず"),
    ("zh", "没有传感器，也不用人工智能，全凭经验。", "人工智能", "不用人工智能"),
    ("de", "„No AI inside“ steht auf jeder Uhr.", "AI", "No AI"),
    ("en", "A poster said \"Ohne KI\" in large letters.", "KI", "Ohne KI"),
    ("da", "Plakaten lovede »without AI« på tre sprog.", "AI", "without AI"),
]  # fmt: skip
TOLD = [
    ("de", "Ohne KI wäre das undenkbar.", "KI"),
    ("de", "Es geht nicht ohne KI.", "KI"),
    ("de", "Nicht nur KI, auch Robotik wird gelehrt.", "KI"),
    ("de", "Keine Angst vor KI, heißt der Kurs.", "KI"),
    ("de", "Firmen ohne KI-Erfahrung bekommen Hilfe.", "KI"),
    ("de", "Nicht alle kommen: Die KI startet morgen.", "KI"),
    ("en", "No AI without data, says the director.", "AI"),
    ("en", "Companies without AI experience may apply.", "AI"),
    ("en", "The diagnosis would not work without AI, nor would it be cheap.", "AI"),
    ("en", "The ministry does not fear that AI takes jobs.", "AI"),
    ("en", "Not a day passes on which AI stays out of the news.", "AI"),
    ("da", "Det går ikke uden kunstig intelligens.", "kunstig intelligens"),
    ("fr", "Pas seulement l'IA, mais aussi la robotique.", "IA"),
    ("fr", "Sans l'IA, ce serait impossible.", "IA"),
    ("es", "No solo inteligencia artificial.", "inteligencia artificial"),
    ("it", "Non solo intelligenza artificiale.", "intelligenza artificiale"),
    ("pl", "Nie tylko sztuczna inteligencja.", "sztuczna inteligencja"),
    ("sv", "Inte bara AI utan också robotar.", "AI"),
    ("ko", "인공지능 없이는 불가능하다.", "인공지능"),
    ("ko", "인공지능뿐만 아니라 로봇도 다룬다.", "인공지능"),
    ("ja", "AIだけではなくロボットも扱う。", "AI"),
    ("zh", "不仅是人工智能，还有机器人。", "人工智能"),
    ("", "Ohne KI entsteht hier ein Stuhl.", "KI"),
]


CUES = cue_concepts()
DENIAL = [cue.id for cue in CUES].index("denial")
FINDER = Finder(CUES)


def denied(language: str, text: str, word: str) -> str:
    start = text.index(word)
    scan = FINDER.scan(text, "text", language)
    places = [find.start for find in scan.of(DENIAL)]
    span = Negations(Layout(text), language, places).span(start, start + len(word))
    return text[slice(*span)] if span else ""


@pytest.mark.parametrize(("language", "text", "word", "quote"), DENIED)
def test_a_denied_word_is_quoted_with_what_denies_it(
    language: str, text: str, word: str, quote: str
) -> None:
    assert denied(language, text, word) == quote


@pytest.mark.parametrize(("language", "text", "word"), TOLD)
def test_what_the_sentence_tells_about_is_not_denied(language: str, text: str, word: str) -> None:
    assert denied(language, text, word) == ""


def test_every_language_of_the_shipped_topics_knows_how_to_deny() -> None:
    spoken = {kind: set(words) - {"*"} for kind, words in negations().items()}
    assert spoken["before"] | spoken["behind"] == LANGUAGES
    assert spoken["before"] >= LANGUAGES - {"ko", "ja"}
    assert spoken["behind"] == LANGUAGES
    assert spoken["needed"] == LANGUAGES


def test_every_entry_is_a_term() -> None:
    for kind in ("before", "behind", "lacking", "needed"):
        for words in negations()[kind].values():
            for word in words:
                assert parse_term(word).patterns
                assert alternatives(word)


def test_no_match_rests_on_a_denied_name_and_the_reason_is_told() -> None:
    matcher = TopicMatcher(shipped_topics())
    text = "Ohne Künstliche Intelligenz und von Hand entsteht in Zeitz jeder Stuhl."
    assert matcher.match("Möbel aus Zeitz", text, "de") == ()
    told = matcher.diagnose("ai", "Möbel aus Zeitz", text, "de").missing
    assert told[0] == "negated: “Ohne Künstliche Intelligenz” (artificial intelligence)"


def test_one_denied_mention_does_not_hide_the_others() -> None:
    matcher = TopicMatcher(shipped_topics())
    text = "Früher ging es ohne KI. Jetzt sortiert ein neuronales Netz die Bretter."
    (match,) = matcher.match("Neues vom Sägewerk", text, "de")
    assert [found.quote for found in match.evidence] == ["neuronales Netz"]


def test_a_word_of_the_users_own_counts_wherever_it_stands() -> None:
    topic = load_topic({"id": "own", "any": ["Quantencomputer"]}, origin="test")
    (match,) = TopicMatcher([topic]).match("", "Ganz ohne Quantencomputer geht es weiter.", "de")
    assert match.evidence[0].quote == "Quantencomputer"


def test_what_is_hostile_costs_little() -> None:
    text = "ohne " * 20_000 + "KI " + "nicht, " * 20_000
    with bounded():
        assert denied("de", text, "KI") == ""
