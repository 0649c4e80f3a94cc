"""Topic tables are checked, combined and versioned."""

from __future__ import annotations

import pytest

from crawler.errors import ConfigError
from crawler.topics import vocabulary
from crawler.topics.vocabulary import combine, load_topic, shipped_topics

ORIGIN = "clusterwatch.toml: topics[1]"


def test_a_simple_table_is_a_topic() -> None:
    topic = load_topic(
        {"id": "quantum", "name": "Quantum technology", "any": ["quantum comput*"]},
        origin=ORIGIN,
        declared_by="main",
    )
    assert (topic.id, topic.name, topic.declared_by) == ("quantum", "Quantum technology", "main")
    assert topic.definition["any"] == ["quantum comput*"]


@pytest.mark.parametrize(("declared_by", "borrows"), [("main", True), ("shipped", False)])
def test_a_version_follows_the_shipped_words_where_the_topic_may_borrow_them(
    declared_by: str, borrows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {"id": "a", "any": ["robot*"]}
    before = load_topic(table, origin=ORIGIN, declared_by=declared_by)
    monkeypatch.setattr(vocabulary, "_shipped_digest", lambda: "other words")
    after = load_topic(table, origin=ORIGIN, declared_by=declared_by)
    assert (before.version != after.version) == borrows


def test_the_version_follows_what_decides_and_not_the_names() -> None:
    plain = load_topic({"id": "a", "any": ["robot*"]}, origin=ORIGIN)
    named = load_topic({"id": "a", "name": "Robots", "any": ["robot*"]}, origin=ORIGIN)
    other = load_topic({"id": "a", "any": ["robots"]}, origin=ORIGIN)
    assert plain.version == named.version != other.version


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"id": "x", "anny": []}, "anny is no known key; did you mean 'any'?"),
        ({"any": ["robot"]}, "id is missing"),
        ({"id": "Not Good"}, "lower-case letters"),
        ({"id": "x", "any": "robot"}, "any is a string; allowed: a list"),
        ({"id": "x", "any": ["robot", "comp*ter"]}, "any[2] 'comp*ter' has a '*' inside a word"),
        ({"id": "x", "any": ["comp*ter"]}, "(column 5)"),
        ({"id": "x", "threshold": 2}, "a number from 0 to 1"),
        ({"id": "x", "threshold": True}, "a number from 0 to 1"),
        ({"id": "x", "replace": 1}, "true or false"),
        ({"id": "x", "near": [["one"]]}, "at least two terms"),
        ({"id": "x", "near": ["one"]}, "near[1] is a string; allowed: a list of terms, or a table"),
        (
            {"id": "x", "any": ["robot!!"]},
            "'robot!!' has '!' twice; once is enough (column 7)",
        ),
        ({"id": "x", "near": [{"terms": ["aa", "bb"], "within": "page"}]}, "'sentence', 'item'"),
        ({"id": "x", "concepts": [{"id": "c", "terms": {"xx": ["aa"]}}]}, "terms.xx is no known"),
        ({"id": "x", "weights": {"titel": 1}}, "did you mean 'title'?"),
        ({"id": "x", "name": " "}, "is empty"),
        ({"id": "x", "rules": [{"require": []}]}, "rules[1].require is empty"),
    ],
)
def test_what_is_wrong_is_named_with_place_and_remedy(table: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_topic(table, origin=ORIGIN)
    assert caught.value.message.startswith(ORIGIN)
    assert said in caught.value.message


def test_the_shipped_topics_have_names_in_three_languages() -> None:
    topics = shipped_topics()
    assert [topic.id for topic in topics] == ["3d-printing", "ai", "korea-cooperation"]
    for topic in topics:
        assert set(topic.names) >= {"en", "de", "da"}
        assert topic.declared_by == "shipped"


def test_a_table_with_a_shipped_id_extends_it() -> None:
    more = load_topic(
        {
            "id": "ai",
            "any": ["Projekt Zukunft"],
            "concepts": [{"id": "chatbot", "terms": {"de": ["Plauderkasten"]}}],
        },
        origin=ORIGIN,
    )
    ai = next(topic for topic in combine(shipped_topics(), [more]) if topic.id == "ai")
    concepts = ai.definition["concepts"]
    assert isinstance(concepts, list)
    chatbot = next(c for c in concepts if c["id"] == "chatbot")
    assert chatbot["terms"]["de"][-1] == "Plauderkasten"
    assert "챗봇" in chatbot["terms"]["ko"]
    assert ai.definition["any"] == ["Projekt Zukunft"]
    assert ai.version != next(t for t in shipped_topics() if t.id == "ai").version


def test_replace_starts_anew() -> None:
    own = load_topic({"id": "ai", "replace": True, "any": ["Kreis*"]}, origin=ORIGIN)
    ai = next(topic for topic in combine(shipped_topics(), [own]) if topic.id == "ai")
    assert "concepts" not in ai.definition


def test_two_declared_topics_with_one_id_are_an_error() -> None:
    one = load_topic({"id": "a", "any": ["robot"]}, origin=ORIGIN)
    with pytest.raises(ConfigError, match="declared twice"):
        combine((), [one, one])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"id": "Quantum Tech"}, "for example 'quantum-tech'"),
        ({"id": "q", "any": ["quantum (leap|comput*"]}, "column 9"),
        ({"id": "q", "any": ["quan*tum"]}, "column 5"),
        ({"id": "q", "any": ["quantum OR qubit"]}, "has 'OR'; write the terms one by one"),
        ({"id": "q", "any": ["NOT quantum"]}, "'NOT'; use none for terms that exclude (column 1)"),
        ({"id": "q", "any": ['"quantum leap"']}, "a phrase needs no quotation marks (column 1)"),
        ({"id": "q", "any": ["quantum[a-z]+"]}, "no regular expression (column 8)"),
        ({"id": "q", "any": ["titel: merger"]}, "allowed: title:, text: (column 1)"),
        ({"id": "q", "any": "quantum"}, "any is a string; allowed: a list"),
        ({"id": "q", "naem": "Q"}, "did you mean 'name'?"),
        ({"id": "q", "near": [["robot*"]]}, "at least two terms"),
        ({"id": "q", "threshold": 50}, "a number from 0 to 1"),
    ],
)
def test_a_wrong_definition_names_the_place_and_what_is_allowed(
    table: dict[str, object], said: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load_topic(table, origin=ORIGIN)
    assert said in refused.value.line()


def test_a_new_topic_without_a_term_is_an_error() -> None:
    with pytest.raises(ConfigError, match="finds nothing"):
        combine(shipped_topics(), [load_topic({"id": "q", "name": "Q"}, origin=ORIGIN)])
    combine(shipped_topics(), [load_topic({"id": "ai", "name": "KI"}, origin=ORIGIN)])


def test_lists_of_a_settings_object_are_lists_too() -> None:
    table = {"id": "q", "near": (("robot*", "surg*"),), "all": (("clinic", "hospital*"), "theatre")}
    topic = load_topic(table, origin=ORIGIN)
    assert topic.definition["near"] == [{"terms": ["robot*", "surg*"], "within": "sentence"}]
    assert topic.definition["all"] == [["clinic", "hospital*"], "theatre"]
