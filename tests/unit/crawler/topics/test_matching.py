"""What an item is about: users' simple topics, the rules of the engine, and the evidence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import ConfigError
from crawler.model.topic import Match
from crawler.topics.matching import TopicMatcher, concept_name
from crawler.topics.vocabulary import combine, load_topic, shipped_topics


@pytest.fixture(scope="module")
def shipped() -> TopicMatcher:
    return TopicMatcher(shipped_topics())


def own(**table: object) -> TopicMatcher:
    return TopicMatcher([load_topic({"id": "own", **table}, origin="test")])


def ids(matches: tuple[Match, ...]) -> set[str]:
    return {match.topic for match in matches}


# --- simple topics ------------------------------------------------------------------------


def test_a_prefix_matches_wherever_it_stands() -> None:
    matcher = own(any=["quantum comput*"])
    assert matcher.match("Quantum computing centre opens", "")
    assert matcher.match("", "Nothing yet. " * 200 + "The quantum computer runs.")
    assert not matcher.match("A quantum leap in computing", "")


def test_none_excludes_the_item() -> None:
    matcher = own(any=["quantum comput*"], none=["quantum leap"])
    assert not matcher.match("", "The quantum leap of quantum computing.")


def test_all_must_be_there_beside_any() -> None:
    matcher = own(any=["robot*"], all=[["clinic", "hospital*"]])
    assert matcher.match("", "Robots help in three hospitals.")
    assert not matcher.match("", "Robots help in three schools.")
    assert not matcher.match("", "Three hospitals are built.")


def test_all_alone_is_a_topic_of_its_own() -> None:
    matcher = own(all=["robot*", "hospital*"])
    (match,) = matcher.match("", "Robots help. So it is told. In hospitals.")
    assert [e.quote for e in match.evidence] == ["Robots", "hospitals"]


def test_near_asks_for_one_sentence() -> None:
    matcher = own(near=[["robot*", "*chirurg*"]])
    assert matcher.match("", "Roboter helfen in der Herzchirurgie.")
    assert not matcher.match("", "Roboter helfen. Sie sind teuer. Die Chirurgie wartet.")


def test_near_takes_a_number_of_words() -> None:
    matcher = own(near=[{"terms": ["robot*", "surg*"], "within": 3}])
    assert matcher.match("", "A robot for surgery")
    assert not matcher.match("", "A robot that everybody had so long been waiting for in surgery")


def test_a_field_limits_a_term() -> None:
    matcher = own(any=["title: merger"])
    assert matcher.match("The merger", "")
    assert not matcher.match("", "The merger")


def test_abbreviations_need_their_case() -> None:
    matcher = own(any=["KI"])
    assert matcher.match("", "KI-gestützte Diagnostik")
    assert not matcher.match("", "hoe ki de fokkerij veranderde")


def test_a_users_term_that_a_shipped_concept_knows_finds_all_its_languages() -> None:
    matcher = own(any=["machine learning"])
    (match,) = matcher.match("", "기계학습 연구센터가 문을 열었다.", "ko")
    assert match.evidence[0].concept == "machine-learning"


def test_a_topic_can_borrow_a_shipped_concept() -> None:
    assert own(concepts=["ai"]).match("", "人工智能研究中心成立。", "zh")
    assert own(concepts=["bioprinting"]).match("", "Ein Labor für Biodruck entsteht.", "de")


def test_an_unknown_concept_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no shipped concept"):
        own(concepts=["alchemy"])


def test_an_extension_adds_to_the_shipped_topic() -> None:
    more = load_topic({"id": "ai", "any": ["Projekt Kolibri"]}, origin="test")
    matcher = TopicMatcher(combine(shipped_topics(), [more]))
    assert ids(matcher.match("", "Das Projekt Kolibri beginnt.", "de")) == {"ai"}


# --- substance, not mention -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Speakers will cover robotics, AI and photonics in Hall 3 next week."),
        ("de", "Aussteller aus Japan, China, Südkorea und Indien zeigten ihre Kooperationen."),
        ("de", "Das KI im Kreis Lippe sucht Ehrenamtliche. Wer das KI kennt, meldet sich."),
        ("en", "Officials reviewed the AI plan. Poultry farms must report avian influenza."),
        ("de", "Der Blutdruck wird mit einem intelligenten Pflaster gemessen."),
        ("en", "The castle was captured in a 3D laser scan for an online tour."),
        ("de", "Nordkorea hat eine Kooperation mit Russland vereinbart."),
        ("de", "Der Cluster und Partner aus Osaka vertiefen ihre Zusammenarbeit."),
        ("en", "Regions compared their smart specialisation strategies and business intelligence."),
        ("de", "Die gedruckte Elektronik auf Stoff und gedruckte Leiterplatten sind gefragt."),
        ("en", "Ten jurists received their LLM. The LLM class in space law starts anew."),
        ("de", "Das KI-Forum tagt. Während des KI-Forums ist das Parkhaus geschlossen."),
        ("nl", "Ze werkte jaren bij het KI. Het KI in Stockholm gaf haar een prijs."),
        ("de", "Shampoo schäumt dank SLS. Ohne SLS reizt ein Tensid weniger."),
        ("da", "EBM betyder evidensbaseret medicin. EBM læres lag for lag."),
    ],
)
def test_a_mention_or_a_namesake_is_no_match(
    shipped: TopicMatcher, language: str, text: str
) -> None:
    assert shipped.match("", text, language) == ()


def test_an_accord_between_two_korean_bodies_is_no_cooperation(shipped: TopicMatcher) -> None:
    domestic = "A memorandum brings together the Korea Institute of Fusion and Yonsei hospitals."
    foreign = "A memorandum brings together the Korea Institute of Fusion and a Danish hospital."
    assert not shipped.match("", domestic, "en")
    assert ids(shipped.match("", foreign, "en")) == {"korea-cooperation"}


def test_korean_texts_need_a_partner_from_elsewhere(shipped: TopicMatcher) -> None:
    domestic = "두 연구원이 업무협력 양해각서를 체결했다."
    foreign = "연구원이 독일 드레스덴 대학과 업무협약을 체결했다."
    assert not shipped.match("", domestic, "ko")
    assert ids(shipped.match("", foreign, "ko")) == {"korea-cooperation"}


# --- evidence -----------------------------------------------------------------------------


def test_evidence_quotes_the_original_through_every_normalisation(shipped: TopicMatcher) -> None:
    text = "Für\u00adwahr: Die künst\u00adliche  Intelligenz hilft; ３Ｄ‑Druck auch."
    for match in shipped.match("", text, "de"):
        for found in match.evidence:
            assert text[found.start : found.end] == found.quote
    quotes = {e.quote for m in shipped.match("", text, "de") for e in m.evidence}
    assert quotes == {"künst\u00adliche  Intelligenz", "３Ｄ‑Druck"}


def test_the_strongest_topic_comes_first(shipped: TopicMatcher) -> None:
    text = "Machine learning, deep learning and neural networks guide a 3D printer for bones."
    matches = shipped.match("Artificial intelligence guides printers", text, "en")
    assert [match.topic for match in matches] == ["ai", "3d-printing"]
    assert matches[0].score >= matches[1].score


SENTENCES = [
    "KIAT und Fraunhofer unterzeichneten in Seoul ein Memorandum.",
    "Künstliche Intelligenz erkennt Tumore auf Röntgenbildern.",
    "Implantate aus dem 3D-Drucker wurden gezeigt.",
    "Das neuronale Netz wurde mit Bilddaten trainiert.",
    "Der Verein lud zum Sommerfest ein.",
    "Additive Fertigung und KI waren Themen.",
    "Eine koreanische Delegation besuchte Dresden.",
    "Titanpulver wird Schicht für Schicht mit dem Laser geschmolzen.",
    "Algorithmen werten Daten aus.",
    "Partner aus Südkorea, Japan und Polen kamen.",
    "KI-gestützte Diagnostik, Robotik und Telemedizin standen auf dem Plan.",
    "Gedruckte Knochen helfen Patienten.",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=7),
    st.sampled_from(["", *SENTENCES]),
    st.sampled_from(["", " ", "·"]),
)
def test_removing_the_evidence_changes_the_decision(
    sentences: list[str], title: str, filler: str
) -> None:
    matcher = TopicMatcherHolder.matcher
    text = " ".join(sentences)
    for match in matcher.match(title, text, "de"):
        left = {"title": title, "text": text}
        for found in sorted(match.evidence, key=lambda e: -e.start):
            source = left[found.field]
            gap = filler * (found.end - found.start)
            left[found.field] = source[: found.start] + gap + source[found.end :]
        assert match.topic not in ids(matcher.match(left["title"], left["text"], "de"))


class TopicMatcherHolder:
    """One matcher for the property test, which cannot use a fixture."""

    matcher = TopicMatcher(shipped_topics())


# --- diagnosis ------------------------------------------------------------------------------


def test_a_diagnosis_says_which_half_is_missing(shipped: TopicMatcher) -> None:
    found = shipped.diagnose(
        "korea-cooperation", "Südkorea wächst", "Die Wirtschaft in Südkorea wächst.", "de"
    )
    assert not found.matches
    assert "korea: South Korea found twice; no cooperation term in the item" in found.missing


def test_a_diagnosis_says_how_far_below_the_threshold(shipped: TopicMatcher) -> None:
    found = shipped.diagnose("ai", "", "Themen sind Robotik, KI und Photonik.", "de")
    assert found.missing == (
        f"below threshold by {found.threshold - found.score:.2f}:"
        f" score {found.score:.2f} of {found.threshold:.2f}",
    )


def test_a_diagnosis_names_the_excluding_term() -> None:
    found = own(any=["robot*"], none=["toy"]).diagnose("own", "", "A robot toy.")
    assert found.missing == ("excluded by 'toy'",)


def test_a_diagnosis_names_the_terms_that_must_all_be_there() -> None:
    topic = own(any=["robot*"], all=[["clinic", "hospital*"], "fair", "hydrogen"])
    found = topic.diagnose("own", "", "A robot at the fair.")
    assert found.missing == ("of all, not found: “clinic” or “hospital*”; “hydrogen”",)


def test_a_diagnosis_of_a_match_misses_nothing(shipped: TopicMatcher) -> None:
    found = shipped.diagnose("ai", "", "Künstliche Intelligenz hilft.", "de")
    assert found.matches
    assert found.missing == ()


def test_an_unknown_topic_cannot_be_diagnosed(shipped: TopicMatcher) -> None:
    with pytest.raises(KeyError):
        shipped.diagnose("alchemy", "", "")


def test_concepts_have_display_names() -> None:
    assert concept_name("machine-learning", "de") == "maschinelles Lernen"
    assert concept_name("machine-learning", "da") == "maskinlæring"
    assert concept_name("machine-learning", "ko") == "machine learning"
    assert concept_name("quantum comput*", "en") == "quantum comput"


# --- hostile input ----------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["KI, ", "Korea Kooperation Nordkorea ", "\n", "druckt Metall "])
def test_long_hostile_texts_are_bounded(shipped: TopicMatcher, unit: str) -> None:
    text = unit * (60_000 // len(unit))
    for match in shipped.match(unit * 50, text, ""):
        assert 0 <= match.score <= 1


@given(st.text(max_size=200), st.text(max_size=400), st.sampled_from(["", "de", "ko", "ja", "xx"]))
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_matched(title: str, text: str, language: str) -> None:
    for match in TopicMatcherHolder.matcher.match(title, text, language):
        for found in match.evidence:
            source = title if found.field == "title" else text
            assert source[found.start : found.end] == found.quote


def test_words_that_count_in_company_alone_have_no_display_name() -> None:
    matcher = TopicMatcher(shipped_topics())
    assert matcher.concept_name("learner", "en") == ""
    assert matcher.concept_name("algorithm", "de") == "Algorithmus"


def test_a_diagnosis_speaks_of_the_rules_of_the_items_language_alone(
    shipped: TopicMatcher,
) -> None:
    text = "The cluster of Saxony and partners from Lyon signed a cooperation agreement."
    lines = " ".join(shipped.diagnose("korea-cooperation", "A pact", text, "en").missing)
    assert "no korea term in the item" in lines
    assert "not within" not in lines


def test_a_denied_name_is_told_instead_of_no_term(shipped: TopicMatcher) -> None:
    one = shipped.diagnose("ai", "Chairs", "No artificial intelligence is involved here.", "en")
    assert one.missing == ("negated: “No artificial intelligence” (artificial intelligence)",)
    assert one.denied == one.missing


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "",
            "Eleven engineers came to us from Busan. They stay with us under a renewed accord.",
        ),
        ("Accord renewed", "Eleven engineers came over from the port of Busan last week."),
    ],
)
def test_a_brief_item_tells_one_thing(title: str, text: str) -> None:
    """What neighbouring sentences name, or title and text, is linked nearly as in one sentence."""
    matcher = own(
        concepts=[
            {"id": "place", "strength": 0.9, "terms": {"en": ["Busan"]}},
            {"id": "accord", "strength": 0.85, "terms": {"en": ["accord"]}},
        ],
        rules=[{"require": ["place", "accord"]}],
    )
    assert matcher.match(title, text)
    assert not matcher.match(title, text + " The hotel has a garden and a lift." * 12)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The broadband plan runs to 2028. AI is named once in its glossary. Two firms bid."),
        ("sv", "Kommunen gräver fiber till 2028. AI nämns en enda gång i planen, utan budget."),
        ("zh", "光纤将于2028年铺到各村。人工智能仅在规划的术语表中出现一次，并无预算。"),
    ],
)
def test_what_is_said_to_occur_as_a_word_is_no_subject(
    language: str, text: str, shipped: TopicMatcher
) -> None:
    assert not shipped.match("", text, language)
