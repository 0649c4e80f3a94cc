"""The examples of ``docs/topics.md`` do what the page says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from crawler.topics.matching import TopicMatcher
from crawler.topics.terms import parse_term
from crawler.topics.vocabulary import load_topic

PAGE = (Path(__file__).parents[4] / "docs" / "topics.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_topic_decides_as_the_table_says() -> None:
    (table,) = tomllib.loads(BLOCKS[0])["topics"]
    matcher = TopicMatcher([load_topic(table, origin="docs/topics.md")])
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| (yes|no) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 3
    for title, text, answer in rows:
        assert bool(matcher.match(title, text)) is (answer == "yes"), title


def test_the_example_with_concepts_loads_and_matches() -> None:
    (table,) = tomllib.loads(BLOCKS[1])["topics"]
    matcher = TopicMatcher([load_topic(table, origin="docs/topics.md")])
    assert matcher.match("", "Ein Zentrum für Wasserstoff entsteht.", "de")
    assert not matcher.match("", "H2 is a hall of the fair.", "en")


def test_every_term_of_the_grammar_table_parses() -> None:
    section = PAGE.split("### Terms")[1].split("###")[0]
    terms = [t.replace("\\|", "|") for t in re.findall(r"^\| `(.+?)`", section, re.MULTILINE)]
    assert len(terms) >= 9
    for term in terms:
        assert parse_term(term).patterns
