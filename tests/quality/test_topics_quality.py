"""Recorded scores of the shipped topics on labelled items; a drop fails.

``topics-dev.jsonl``: items of the domain in twelve languages. The rows of a quarter of them,
chosen by the hash of the id, were never read while the vocabularies were written; their total
score was, and it settled one threshold. ``topics-extra.jsonl``: items by another hand, mostly in
languages that had none; the misses of one half, chosen the same way, were read once for general
causes, the other half never. ``topics-second.jsonl``: 129 items in sixteen languages, four
fifths of them without the topic's name, written when the vocabulary was frozen: 0.760 (hard
items 0.674) at first look, before general causes were mended. ``topics-third.jsonl``: 165 items
in sixteen languages, 118 of them hard, written before their author had seen the vocabulary:
0.847 at first look (read half 0.818, hard 0.677; unread half 0.876, hard 0.780); the misses of
the half that is read were looked at for general causes, the other half was scored once after
that. ``topics-fourth.jsonl``: 193 items in sixteen languages, 149 of them hard, three fifths of
the AI items without its name, written before their author had seen the vocabulary: 0.874 at first
look (read half 0.842, hard 0.763; unread half 0.900, hard 0.848), and treated like the third.
``topics-fifth.jsonl``: 200 items, 107 of them hard, by a hand that knows nothing of the
vocabulary: 0.846 at first look (read half 0.843, hard 0.678; held half 0.849, hard 0.667),
treated the same way, with the halves changed over: the held half scored 0.854 (hard 0.676) once
the other was mended, and that is what to expect of unseen items. After that the misses of both
halves of the fourth and the fifth set were read and mended: nothing of them is held out any more.
``topics-sixth.jsonl``: 200 items, 106 of them hard, by a hand that knew the development set alone
and wrote its twin, to its own difficulty: 0.970 (hard 0.929) at first look; the misses of one half
were read and mended (0.962, now 1.0), the other half never (0.976, now 0.982).
``topics-seventh.jsonl``: 199 items, 123 of them hard, by one more hand that had not seen the
vocabulary: 0.897 (hard 0.813) at first look; one half was read and mended (0.906, then 0.971),
while the other was held (0.889, and the same after that: what to expect of unseen items). Then it
was read as well.
The floors are the scores when they were
recorded, less what one wrong label changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from crawler.topics.evaluate import evaluate
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import shipped_topics
from tests.quality.topic_folds import FOLDS, decided_without_their_own
from tests.quality.topic_folds import micro_f1 as micro_f1_of

GOLD = Path(__file__).parent / "gold"
Row = Mapping[str, object]


def rows_of(name: str) -> list[Row]:
    lines = (GOLD / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def is_held_out(row: Row) -> bool:
    return int(hashlib.sha1(str(row["id"]).encode()).hexdigest(), 16) % 4 == 0


def is_unread(row: Row) -> bool:
    return int(hashlib.sha1(str(row["id"]).encode()).hexdigest(), 16) % 2 == 0


SAMPLES: dict[str, list[Row]] = {
    "development": [row for row in rows_of("topics-dev.jsonl") if not is_held_out(row)],
    "held out": [row for row in rows_of("topics-dev.jsonl") if is_held_out(row)],
    "extra, read": [row for row in rows_of("topics-extra.jsonl") if not is_unread(row)],
    "extra, unread": [row for row in rows_of("topics-extra.jsonl") if is_unread(row)],
    "second": rows_of("topics-second.jsonl"),
    "third, read": [row for row in rows_of("topics-third.jsonl") if not is_unread(row)],
    "third, unread": [row for row in rows_of("topics-third.jsonl") if is_unread(row)],
    "fourth, read first": [row for row in rows_of("topics-fourth.jsonl") if not is_unread(row)],
    "fourth, read later": [row for row in rows_of("topics-fourth.jsonl") if is_unread(row)],
    # Here the halves are changed over.
    "fifth, read first": [row for row in rows_of("topics-fifth.jsonl") if is_unread(row)],
    "fifth, read later": [row for row in rows_of("topics-fifth.jsonl") if not is_unread(row)],
    "sixth, read": [row for row in rows_of("topics-sixth.jsonl") if row["part"] == "read"],
    "sixth, unread": [row for row in rows_of("topics-sixth.jsonl") if row["part"] == "unread"],
    "seventh, read first": [
        row for row in rows_of("topics-seventh.jsonl") if row["part"] == "first"
    ],
    "seventh, read later": [
        row for row in rows_of("topics-seventh.jsonl") if row["part"] == "later"
    ],
}
# Recorded: development 0.9955 (hard 0.9903), held out 0.9873 (0.9630), extra read 1.0 (1.0) and
# unread 0.9683 (0.9259), second 0.9933 (0.9913), third read 0.9905 (0.9825) and unread 0.9720
# (0.9508), fourth read first 0.992 (0.989) and later 0.966 (0.951), fifth read first 0.976 (0.952)
# and later 0.970 (0.933), sixth read 1.0 (1.0) and unread 0.982 (0.955), seventh read
# first 0.971 (0.949) and later 0.910 (0.838).
MICRO_F1 = {
    "development": 0.985, "held out": 0.96, "extra, read": 0.985, "extra, unread": 0.955,
    "second": 0.982, "third, read": 0.978, "third, unread": 0.96,
    "fourth, read first": 0.975, "fourth, read later": 0.95,
    "fifth, read first": 0.955, "fifth, read later": 0.955,
    "sixth, read": 0.98, "sixth, unread": 0.97,
    "seventh, read first": 0.965, "seventh, read later": 0.905,
}  # fmt: skip
HARD_F1 = {
    "development": 0.975, "held out": 0.935, "extra, read": 0.96, "extra, unread": 0.89,
    "second": 0.98, "third, read": 0.96, "third, unread": 0.93,
    "fourth, read first": 0.97, "fourth, read later": 0.93,
    "fifth, read first": 0.91, "fifth, read later": 0.905,
    "sixth, read": 0.97, "sixth, unread": 0.94,
    "seventh, read first": 0.94, "seventh, read later": 0.83,
}  # fmt: skip
# No language may fall far behind the others, whichever rows taught it.
LANGUAGES = (
    "cs", "da", "de", "en", "es", "fi", "fr", "it", "ja", "ko", "nl", "no", "pl", "pt", "sv", "zh",
)  # fmt: skip
LEAST_F1 = 0.94
LEAST_FOLDED = 0.42
# Each fold decided without the terms that only its own rows have: a lower bound.
FOLDED_F1 = {"topics-dev.jsonl": 0.92, "": 0.82}


@pytest.fixture(scope="module")
def matcher() -> TopicMatcher:
    return TopicMatcher(shipped_topics())


def micro_f1(rows: Sequence[Row], matcher: TopicMatcher) -> float:
    micro = evaluate(rows, matcher)["micro"]
    assert isinstance(micro, dict)
    return float(micro["f1"])


def test_labelled_items_are_told_apart() -> None:
    ids = [str(row["id"]) for rows in SAMPLES.values() for row in rows]
    assert len(ids) == len(set(ids))


def test_folds_decided_without_their_own_terms() -> None:
    rows = [row for sample in SAMPLES.values() for row in sample]
    results = decided_without_their_own(rows)
    dev = {str(row["id"]) for row in rows_of("topics-dev.jsonl")}
    figures = {
        "topics-dev.jsonl": micro_f1_of([two for one, two in results.items() if one in dev]),
        "": micro_f1_of(results.values()),
    }
    for name, figure in figures.items():
        print(f"\ntopics, {FOLDS} folds without their own terms, {name or 'all'}: {figure:.3f}")
        assert figure >= FOLDED_F1[name]
    spoken = {language: [r for r in rows if r["lang"] == language] for language in LANGUAGES}
    for language, own in spoken.items():
        folded = micro_f1_of(results[str(row["id"])] for row in own)
        print(f"  {language}: {folded:.3f} of {len(own)} items")
        assert folded >= LEAST_FOLDED


@pytest.mark.parametrize("sample", SAMPLES)
def test_micro_f1_does_not_drop(sample: str, matcher: TopicMatcher) -> None:
    figure = micro_f1(SAMPLES[sample], matcher)
    print(f"\ntopics, {sample}: micro-F1 {figure:.3f} of {len(SAMPLES[sample])} items")
    assert figure >= MICRO_F1[sample]


def test_no_language_falls_behind(matcher: TopicMatcher) -> None:
    rows = [row for sample in SAMPLES.values() for row in sample]
    for language in LANGUAGES:
        own = [row for row in rows if row["lang"] == language]
        figure = micro_f1(own, matcher)
        print(f"\ntopics, {language}: micro-F1 {figure:.3f} of {len(own)} items", end="")
        assert figure >= LEAST_F1, language


@pytest.mark.parametrize("sample", SAMPLES)
def test_hard_items_do_not_drop(sample: str, matcher: TopicMatcher) -> None:
    hard = [row for row in SAMPLES[sample] if row.get("hard")]
    assert micro_f1(hard, matcher) >= HARD_F1[sample]


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_quote_is_exact(sample: str, matcher: TopicMatcher) -> None:
    for row in SAMPLES[sample]:
        source = {"title": str(row["title"]), "text": str(row["text"])}
        for match in matcher.match(source["title"], source["text"], str(row["lang"])):
            assert match.evidence
            for found in match.evidence:
                assert source[found.field][found.start : found.end] == found.quote


@pytest.mark.parametrize("sample", SAMPLES)
def test_without_its_evidence_no_item_matches(sample: str, matcher: TopicMatcher) -> None:
    for row in SAMPLES[sample]:
        language = str(row["lang"])
        source = {"title": str(row["title"]), "text": str(row["text"])}
        for match in matcher.match(source["title"], source["text"], language):
            rest = {field: list(text) for field, text in source.items()}
            for found in match.evidence:
                rest[found.field][found.start : found.end] = " " * (found.end - found.start)
            title, text = "".join(rest["title"]), "".join(rest["text"])
            again = {other.topic for other in matcher.match(title, text, language)}
            assert match.topic not in again, row["id"]
