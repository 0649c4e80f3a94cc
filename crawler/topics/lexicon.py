"""Lexicon: what is known in sixteen languages, for everybody's topics to build on: the concepts of
the shipped topics, and those of ``seeds/lexicon.toml``, which no shipped topic is about."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from crawler.topics.checks import as_mapping, as_number, as_strings, as_tables
from crawler.topics.folding import folded
from crawler.topics.parts import DEFAULT_STRENGTH, DEFAULT_THRESHOLD
from crawler.topics.vocabulary import load_topic, shipped_topics


@cache
def shipped_concepts() -> dict[str, tuple[Mapping[str, object], ...]]:
    """Shipped concepts by id; a topic's id stands for all its concepts."""
    lexicon: dict[str, tuple[Mapping[str, object], ...]] = {}
    for topic in shipped_topics():
        tables = tuple(as_tables(topic.definition.get("concepts")))
        lexicon |= {str(table["id"]): (table,) for table in tables}
        if "rules" not in topic.definition:
            lexicon[topic.id] = tables
    return {str(table["id"]): (table,) for table in _further()} | lexicon


def _further() -> list[Mapping[str, object]]:
    """The checked concepts of the lexicon that belong to no topic."""
    table = {"id": "lexicon", "concepts": _written()["concepts"]}
    return as_tables(load_topic(table, origin="seeds/lexicon.toml").definition["concepts"])


def families() -> frozenset[str]:
    """The shipped concepts whose terms name different things of one kind: Dresden and Lyon are
    both foreign partners, and who looks for the one wants no news of the other."""
    return frozenset(as_strings(_written()["families"]))


@cache
def _written() -> Mapping[str, object]:
    return tomllib.loads(
        resources.files("seeds").joinpath("lexicon.toml").read_text(encoding="utf-8")
    )


def borrowed(name: str) -> tuple[Mapping[str, object], ...]:
    return shipped_concepts().get(name, ())


@cache
def known_terms() -> dict[str, Mapping[str, object]]:
    """Shipped terms that alone stand for their concept, in folded form."""
    known: dict[str, Mapping[str, object]] = {}
    apart = families()
    for tables in shipped_concepts().values():
        for table in tables:
            alone = table["id"] not in apart and not (table.get("near") or table.get("unless"))
            if alone and as_number(table.get("strength"), DEFAULT_STRENGTH) >= DEFAULT_THRESHOLD:
                for words in as_mapping(table.get("terms")).values():
                    known |= {folded(word.strip("=")): table for word in as_strings(words)}
    return known


def concept_names() -> dict[str, Mapping[str, str]]:
    """Display names of the shipped concepts by id and language."""
    return {
        str(table["id"]): {k: str(v) for k, v in as_mapping(table.get("names")).items()}
        for tables in shipped_concepts().values()
        for table in tables
    }
