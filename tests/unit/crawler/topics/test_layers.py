"""Additions lie over a topic, and what no longer fits stops nothing."""

from __future__ import annotations

import pytest

from crawler.errors import ConfigError
from crawler.model.topic import Addition
from crawler.topics.layers import exported, layered, with_addition
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic

BASE = load_topic(
    {"id": "q", "any": ["qubit*"], "concepts": [{"id": "ion", "terms": {"de": ["Ion"]}}]},
    origin="test",
)


def test_each_kind_of_addition_counts() -> None:
    added = [
        Addition(1, "q", "any", ("photon*",)),
        Addition(2, "q", "none", ("toy",)),
        Addition(3, "q", "near", ("laser*", "trap*")),
        Addition(4, "q", "term", ("Ionenfalle*",), "ion", "de"),
    ]
    [topic] = layered([BASE], added)
    assert topic.version != BASE.version
    matcher = TopicMatcher([topic])

    def matches(text: str) -> bool:
        return bool(matcher.match("", text, "de"))

    assert matches("Photonen rechnen.")
    assert not matches("Photonen rechnen in einem toy.")
    assert matches("A laser and a trap stand there.")
    assert matches("Die Ionenfalle steht in Jena.")


def test_an_addition_whose_concept_is_gone_is_left_out() -> None:
    [topic] = layered([BASE], [Addition(1, "q", "term", ("x1y",), "lost", "de")])
    assert topic == BASE


@pytest.mark.parametrize(
    ("addition", "said"),
    [
        (Addition(1, "q", "some", ("a1b",)), "allowed: any, none, near, term, without, threshold"),
        (Addition(1, "q", "term", ("a1b",), "iron", "de"), "known: ion"),
        (Addition(1, "q", "any", ("a*b",)), "column"),
    ],
)
def test_a_wrong_addition_is_refused(addition: Addition, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        with_addition(BASE, addition)
    assert said in refused.value.line()


def test_an_export_says_all_additions_in_one_table() -> None:
    added = [Addition(1, "q", "any", ("a1b",)), Addition(2, "q", "any", ("c2d",))]
    assert exported("q", added) == {"id": "q", "any": ["a1b", "c2d"]}
