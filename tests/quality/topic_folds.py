"""Cross-validation for a hand-written vocabulary: each fold is decided without what it taught.

Nothing is fitted here, so leaving rows out of a training set means nothing. What can be left
out is what somebody may have written because of these rows: for each fold, every term that is
found in rows of that fold and in no other labelled row is taken out of the topics, in all its
languages, and the fold is decided by the rest. That also takes out terms written long before
that merely occur once in the sample (every rare term does), so the figure is a lower bound of
what unseen items get; the figure with all terms is an upper one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crawler.model.topic import TopicDefinition
from crawler.topics.checks import as_mapping, as_strings, as_tables
from crawler.topics.finding import Finder
from crawler.topics.matching import TopicMatcher
from crawler.topics.parts import Concept
from crawler.topics.terms import parse_term
from crawler.topics.vocabulary import load_topic, shipped_topics

FOLDS = 4
Row = Mapping[str, object]
Written = tuple[str, str, str, str, str]  # topic, concept, "terms" or "only", language, term


def fold_of(row: Row) -> int:
    return int(hashlib.sha1(f"fold {row['id']}".encode()).hexdigest(), 16) % FOLDS


def decided_without_their_own(rows: Sequence[Row]) -> dict[str, tuple[set[str], set[str]]]:
    """Expected and found topics of every row by its id, each fold decided without its own terms."""
    folds: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        folds[fold_of(row)].append(row)
    support = _support(rows)
    results = {}
    for fold, members in folds.items():
        own = {written for written, where in support.items() if where == {fold}}
        matcher = TopicMatcher([_without(topic, own) for topic in shipped_topics()])
        for row in members:
            found = matcher.match(str(row["title"]), str(row["text"]), str(row["lang"]))
            expected = row["topics"]
            assert isinstance(expected, list)
            results[str(row["id"])] = set(expected), {match.topic for match in found}
    return results


def micro_f1(results: Iterable[tuple[set[str], set[str]]]) -> float:
    """F1 over all decisions together."""
    right = wrong = 0
    for expected, found in results:
        right += len(expected & found)
        wrong += len(expected ^ found)
    return 2 * right / (2 * right + wrong)


def _support(rows: Sequence[Row]) -> dict[Written, set[int]]:
    """The folds in whose rows each term is found; terms found nowhere are left out."""
    written = list(_terms())
    concepts = [
        Concept(str(number), ((parse_term(one[4]), () if one[2] == "terms" else (one[3],)),))
        for number, one in enumerate(written)
    ]
    finder = Finder(concepts)
    support: dict[Written, set[int]] = defaultdict(set)
    for row in rows:
        for field in ("title", "text"):
            scan = finder.scan(str(row[field]), field, str(row["lang"]))
            for number in list(scan.concepts):
                if scan.of(number):
                    support[written[number]].add(fold_of(row))
    return support


def _terms() -> Iterable[Written]:
    for topic in shipped_topics():
        for concept in as_tables(topic.definition["concepts"]):
            for kind in ("terms", "only"):
                for language, words in as_mapping(concept.get(kind)).items():
                    for word in as_strings(words):
                        only = "" if language == "*" else language
                        yield topic.id, str(concept["id"]), kind, only or "*", word


def _without(topic: TopicDefinition, own: set[Written]) -> TopicDefinition:
    table: dict[str, Any] = dict(topic.definition)
    table["concepts"] = [
        {
            key: value if key not in ("terms", "only") else _kept(topic.id, concept, key, own)
            for key, value in concept.items()
        }
        for concept in as_tables(topic.definition["concepts"])
    ]
    return load_topic(table, origin=topic.id)


def _kept(
    topic: str, concept: Mapping[str, object], kind: str, own: set[Written]
) -> dict[str, list[str]]:
    return {
        language: [
            word
            for word in as_strings(words)
            if (topic, str(concept["id"]), kind, language, word) not in own
        ]
        for language, words in as_mapping(concept.get(kind)).items()
    }
