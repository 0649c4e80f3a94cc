"""How long deciding topics takes: CPU milliseconds per item of 3,000 characters.

Run ``python bench/topics.py [--against FOLDER]``. Items are made of the labelled development
items: one with its topics, filled up with others of its language. Beside the engine a naive
peer: one regular expression per topic over its literals, without evidence, contexts or
inflections. With ``--against`` the engine of another checkout (``git archive COMMIT | tar -x -C
FOLDER``) is timed in turns with ours. All take turns, and of each item the best time of all
rounds counts: on a busy machine the ratio holds where the milliseconds do not.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

if sys.argv[1:2] != ["--worker"]:  # a worker has the engine of another checkout
    sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.topics.checks import as_mapping, as_strings, as_tables
from crawler.topics.matching import TopicMatcher
from crawler.topics.terms import parse_term
from crawler.topics.vocabulary import combine, load_topic, shipped_topics

GOLD = Path(__file__).parents[1] / "tests" / "quality" / "gold" / "topics-dev.jsonl"
SIZE = 3_000
ROUNDS = 15
NAIVE = 20  # items of the naive peer, which is slow

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


class Timed:
    """One way of deciding, and the best time of each item so far."""

    def __init__(self, decide: Callable[[Item], object], sample: Sequence[Item]) -> None:
        self._decide, self._sample = decide, sample
        self._best = [float("inf")] * len(sample)

    def round(self) -> None:
        """Decide every item once more."""
        for number, item in enumerate(self._sample):
            start = time.process_time_ns()
            self._decide(item)
            spent = (time.process_time_ns() - start) / 1e6
            self._best[number] = min(self._best[number], spent)

    @property
    def milliseconds(self) -> float:
        """Per item: what else the machine does only adds to a time."""
        return sum(self._best) / len(self._best)


def decider(matcher: TopicMatcher) -> Callable[[Item], object]:
    """How a matcher decides an item."""
    return lambda item: matcher.match(*item)


def other_engine(folder: str, kind: str) -> subprocess.Popen[str]:
    """This file's worker with the engine of another checkout; a line in, a figure out."""
    command = [sys.executable, __file__, "--worker", kind]
    environment = {**os.environ, "PYTHONPATH": str(Path(folder).resolve())}
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def work(kind: str) -> None:
    """Time a round whenever asked to, until the input ends."""
    matcher = TopicMatcher(shipped_topics())
    timed = Timed(decider(matcher), items()[kind])
    for _ in sys.stdin:
        timed.round()
        print(timed.milliseconds, flush=True)


def answer(worker: subprocess.Popen[str]) -> float:
    """One round of a worker; its milliseconds per item so far."""
    if worker.stdin is None or worker.stdout is None:
        raise RuntimeError("the worker has no pipes")
    print(file=worker.stdin, flush=True)
    return float(worker.stdout.readline())


def compare(kind: str, sample: Sequence[Item], matchers: Mapping[str, TopicMatcher]) -> None:
    """Time everybody on one kind of items, in turns."""
    ours, many = (Timed(decider(matcher), sample) for matcher in matchers.values())
    naive = Timed(naive_peer(), sample[:NAIVE])
    folder = sys.argv[2] if sys.argv[1:2] == ["--against"] else ""
    worker = other_engine(folder, kind) if folder else None
    other = 0.0
    for number in range(ROUNDS):
        ours.round()
        if worker:
            other = answer(worker)
        if number < 3:
            many.round()
            naive.round()
    mine = ours.milliseconds
    print(
        f"items {kind}: {mine:.2f} ms per item; with 100 topics {many.milliseconds:.2f} ms;"
        f" naive keyword search {naive.milliseconds:.2f} ms, ratio {mine / naive.milliseconds:.2f}"
    )
    if worker:
        worker.communicate()
        print(f"  {folder}: {other:.2f} ms, ratio {mine / other:.2f}")


def main() -> None:
    if sys.argv[1:2] == ["--worker"]:
        work(sys.argv[2])
        return
    start = time.process_time()
    matcher = TopicMatcher(shipped_topics())
    print(f"building the matcher: {(time.process_time() - start) * 1000:.0f} ms")
    matchers = {"shipped": matcher, "hundred": hundred_topics()}
    for kind, sample in items().items():
        compare(kind, sample, matchers)


if __name__ == "__main__":
    main()
