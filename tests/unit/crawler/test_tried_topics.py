"""A topic as it would be: what a trial decides by, before anything is saved."""

from __future__ import annotations

import pytest

from crawler.errors import ConfigError
from crawler.model.topic import Addition
from crawler.topic_changes import tried_topic
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic, shipped_topics

OWN = load_topic({"id": "own", "any": ["hydrogen"]}, origin="test")


def matches(topic: str, text: str, *args: object) -> bool:
    tried = tried_topic(*args)  # type: ignore[arg-type]
    assert tried.id == topic
    return bool(TopicMatcher([tried]).match("News from the region", text, "en"))


def test_a_table_with_a_shipped_id_extends_that_topic() -> None:
    table = {"id": "ai", "any": ["clever brain"]}
    assert matches("ai", "A clever brain sorts apples.", table, [], [])
    assert matches("ai", "Machine learning sorts apples.", table, [], [])


def test_a_table_that_starts_anew_stands_alone() -> None:
    table = {"id": "ai", "any": ["clever brain"], "replace": True}
    assert not matches("ai", "Machine learning sorts apples.", table, [], [])


def test_what_was_added_before_stays() -> None:
    added = [Addition(1, "ai", "any", ("clever brain",))]
    table = {"id": "ai", "any": ["apple sorter"]}
    assert matches("ai", "A clever brain at work.", table, [], added)


def test_wanted_additions_come_on_top_of_the_topic_as_it_stands() -> None:
    wanted = [Addition(0, "own", "none", ("hydrogen peroxide",))]
    assert matches("own", "Hydrogen arrives.", OWN, wanted, [])
    assert not matches("own", "Hydrogen peroxide arrives.", OWN, wanted, [])
    assert OWN.definition == {"id": "own", "any": ["hydrogen"]}


def test_a_term_that_does_not_parse_is_told_with_its_column() -> None:
    wanted = [Addition(0, "own", "any", ("hydro*gen",))]
    with pytest.raises(ConfigError, match="column 6"):
        tried_topic(OWN, wanted, [])


def test_the_shipped_topics_stay_as_they_are() -> None:
    before = [topic.version for topic in shipped_topics()]
    tried_topic({"id": "ai", "any": ["clever brain"]}, [], [])
    assert [topic.version for topic in shipped_topics()] == before
