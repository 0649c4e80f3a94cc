"""Terms are taken out of a topic wherever they stand, and nothing else is."""

from __future__ import annotations

import pytest

from crawler.errors import ConfigError
from crawler.model.topic import Addition
from crawler.topics.layers import exported, layered, with_addition
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import combine, load_topic, shipped_topics
from crawler.topics.withdrawing import without, written

TABLE = {
    "id": "q",
    "any": ["qubit*", "photon*"],
    "none": ["toy"],
    "all": ["lab*", ["Jena", "Ulm"]],
    "near": [["laser*", "trap*"], {"terms": ["ion*", ["cage", "box"]], "within": 5}],
    "concepts": [
        "bioprinting",
        {"id": "ion", "terms": {"de": ["Ion", "photon*"], "da": ["ion"]}, "only": {"en": ["Ion"]}},
    ],
}
BASE = load_topic(TABLE, origin="test")


def test_everything_that_is_written_can_be_taken_out() -> None:
    everything = list(written(BASE.definition))
    assert {"qubit*", "toy", "Jena", "laser* + trap*", "ion* + cage | box", "bioprinting"} < {
        *everything
    }
    assert list(written(without(BASE.definition, everything))) == []


def test_only_what_is_named_goes_in_every_language() -> None:
    left = without(BASE.definition, ["photon*", "Ion", "Jena"])
    gone = [one for one in written(BASE.definition) if one not in {*written(left)}]
    assert gone == ["photon*", "Jena", "Ion", "photon*", "Ion"]


def test_a_shipped_term_that_was_taken_out_no_longer_finds_anything() -> None:
    shipped = {one.id: one for one in shipped_topics()}["ai"]
    terms = [one for one in written(shipped.definition) if "chatbot" in one.lower()]
    added = [Addition(n, "ai", "without", (one,)) for n, one in enumerate(dict.fromkeys(terms))]
    [topic] = layered([shipped], added)
    text = "The chatbot answers. Our chatbots answer all questions of the chatbot team."
    assert TopicMatcher([shipped]).match("A chatbot", text, "en")
    assert not TopicMatcher([topic]).match("A chatbot", text, "en")


def test_a_file_takes_terms_out_of_a_shipped_topic() -> None:
    more = load_topic({"id": "ai", "without": ["chatbot*"], "any": ["zeppelin*"]}, origin="file")
    topic = {one.id: one for one in combine(shipped_topics(), [more])}["ai"]
    assert "chatbot*" not in {*written(topic.definition)}
    assert "zeppelin*" in {*written(topic.definition)}


def test_what_comes_back_on_top_counts_again() -> None:
    out, back = Addition(1, "q", "without", ("qubit*",)), Addition(2, "q", "any", ("qubit*",))
    [topic] = layered([BASE], [out, back])
    assert topic.definition["any"] == ["photon*", "qubit*"]
    assert exported("q", [out, back]) == {"id": "q", "without": ["qubit*"], "any": ["qubit*"]}
    assert exported("q", [back, out]) == {"id": "q", "any": [], "without": ["qubit*"]}


@pytest.mark.parametrize(("written_as", "threshold"), [("0.3", 0.3), ("0,3", 0.3), ("1", 1.0)])
def test_a_threshold_is_a_layer_and_the_newest_holds(written_as: str, threshold: float) -> None:
    added = [Addition(1, "q", "threshold", ("0.9",)), Addition(2, "q", "threshold", (written_as,))]
    assert layered([BASE], added)[0].definition["threshold"] == threshold
    assert layered([BASE], added[:1])[0].definition["threshold"] == 0.9


@pytest.mark.parametrize("number", ["", "much", "1.5", "-1", "nan", "inf"])
def test_what_is_no_threshold_is_refused(number: str) -> None:
    with pytest.raises(ConfigError) as refused:
        with_addition(BASE, Addition(1, "q", "threshold", (number,)))
    assert "from 0 to 1" in refused.value.line()


def test_a_term_that_is_not_there_is_told_with_its_nearest() -> None:
    with pytest.raises(ConfigError) as refused:
        with_addition(BASE, Addition(1, "q", "without", ("qubits*",)))
    assert "no term 'qubits*' to take out; did you mean 'qubit*'?" in refused.value.line()


def test_a_topic_without_terms_finds_nothing_and_breaks_nothing() -> None:
    gone = [Addition(n, "q", "without", (one,)) for n, one in enumerate(written(BASE.definition))]
    [topic] = layered([BASE], gone)
    assert TopicMatcher([topic]).match("Qubit", "Photons and a laser in a trap.", "en") == ()
