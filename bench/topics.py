"""How long deciding topics takes: CPU milliseconds per item of 3,000 characters.

Run ``python bench/topics.py``. Items are made of the labelled development items: one with its
topics, filled up with others of its language. Beside the engine a naive peer: one regular
expression per topic over its literals, without evidence, contexts or inflections.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.topics.checks import as_mapping, as_strings, as_tables
from crawler.topics.matching import TopicMatcher
from crawler.topics.terms import parse_term
from crawler.topics.vocabulary import combine, load_topic, shipped_topics

GOLD = Path(__file__).parents[1] / "tests" / "quality" / "gold" / "topics-dev.jsonl"
SIZE = 3_000
ROUNDS = 9

Item = tuple[str, str, str]  # title, text, language


def items() -> dict[str, list[Item]]:
    """Items with a topic and without, each SIZE characters long."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    fillers: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if not row["topics"] and not row["hard"]:
            fillers[row["lang"]].append(row["text"])
    made: dict[str, list[Item]] = {"with a topic": [], "without": []}
    for row in rows:
        filler = "\n\n".join(fillers.get(row["lang"]) or fillers["en"])
        text = f"{row['text']}\n\n{filler}"
        while len(text) < SIZE:
            text += f"\n\n{filler}"
        kind = "with a topic" if row["topics"] else "without"
        made[kind].append((row["title"], text[:SIZE], row["lang"]))
    return made


def naive_peer() -> Callable[[Item], list[str]]:
    """One alternation per topic over every literal, as a keyword script would have it."""
    patterns = {}
    for topic in shipped_topics():
        words: set[str] = set()
        concepts = topic.definition["concepts"]
        assert isinstance(concepts, list)
        for concept in concepts:
            for terms in concept.get("terms", {}).values():
                words |= {p.literal for term in terms for p in parse_term(term).patterns}
        escaped = sorted(map(re.escape, words), key=len, reverse=True)
        patterns[topic.id] = re.compile("|".join(escaped))
    return lambda item: [
        topic
        for topic, pattern in patterns.items()
        if pattern.search(f"{item[0]} {item[1]}".lower())
    ]


LANGUAGES = [
    "de", "en", "da", "no", "sv", "nl", "fr", "fi", "pl", "cs", "it", "es", "pt", "ko", "ja", "zh",
]  # fmt: skip


def hundred_topics() -> TopicMatcher:
    """The shipped topics and 97 with forty words in each of sixteen languages.

    Their words are parts of real ones turned round, so that they share beginnings with texts.
    """
    words = sorted({word for topic in shipped_topics() for word in _words(topic.definition)})
    pool = [f"{word[::-1]}{number}" for number in range(20) for word in words]
    drawn = iter(pool)
    declared = []
    for number in range(97):
        terms = {language: [next(drawn) for _ in range(40)] for language in LANGUAGES}
        concept = {"id": f"c{number}", "terms": terms}
        declared.append(load_topic({"id": f"t{number}", "concepts": [concept]}, origin="bench"))
    return TopicMatcher(combine(shipped_topics(), declared))


def _words(table: Mapping[str, object]) -> set[str]:
    found = set()
    for concept in as_tables(table["concepts"]):
        for words in as_mapping(concept.get("terms")).values():
            found |= {p.literal for term in as_strings(words) for p in parse_term(term).patterns}
    return {word for word in found if word.isalpha() and len(word) > 4}


def milliseconds(decide: Callable[[Item], object], sample: Sequence[Item]) -> float:
    """CPU time per item in the best round: what else the machine does only adds to it."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for item in sample:
            decide(item)
        rounds.append((time.process_time() - start) / len(sample) * 1000)
    return min(rounds)


def main() -> None:
    start = time.process_time()
    matcher = TopicMatcher(shipped_topics())
    print(f"building the matcher: {(time.process_time() - start) * 1000:.0f} ms")
    peer, large = naive_peer(), hundred_topics()
    for kind, sample in items().items():
        engine = milliseconds(lambda item: matcher.match(*item), sample)
        naive = milliseconds(peer, sample[:40])
        many = milliseconds(lambda item: large.match(*item), sample)
        print(
            f"items {kind}: {engine:.2f} ms per item, with 100 topics {many:.2f} ms;"
            f" naive keyword search for the three: {naive:.2f} ms"
        )


if __name__ == "__main__":
    main()
