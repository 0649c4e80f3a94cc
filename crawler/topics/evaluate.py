"""Evaluating: how well a matcher decides labelled items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from crawler.errors import ConfigError
from crawler.model.topic import Match
from crawler.topics.matching import TopicMatcher


@dataclass(slots=True)
class _Counts:
    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, expected: bool, got: bool) -> None:
        self.tp += expected and got
        self.fp += got and not expected
        self.fn += expected and not got

    def scores(self) -> dict[str, float]:
        """Precision, recall and F1; 1.0 where nothing was expected and nothing found."""
        precision = self.tp / (self.tp + self.fp) if self.tp + self.fp else float(not self.fn)
        recall = self.tp / (self.tp + self.fn) if self.tp + self.fn else float(not self.fp)
        total = 2 * self.tp + self.fp + self.fn
        f1 = 2 * self.tp / total if total else 1.0
        return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def evaluate(rows: Iterable[Mapping[str, object]], matcher: TopicMatcher) -> dict[str, object]:
    """Scores over labelled items, in the shape that ``topics eval`` prints.

    Each row is ``{"id", "lang", "title", "text", "topics": […]}``. Raises ConfigError naming
    the row that is malformed or labelled with a topic the matcher does not know.
    """
    by_topic = {topic: _Counts() for topic in matcher.topics}
    by_language: dict[str, _Counts] = defaultdict(_Counts)
    total = _Counts()
    misses: list[dict[str, object]] = []
    items: list[dict[str, object]] = []
    for number, row in enumerate(rows, start=1):
        item, language, title, text, expected = _checked(row, number, matcher)
        matches = matcher.match(title, text, language)
        got = {match.topic for match in matches}
        for topic, counts in by_topic.items():
            for one in (counts, by_language[language], total):
                one.add(topic in expected, topic in got)
        items.append({"id": item, "topics": [_plain(match) for match in matches]})
        if got != expected:
            misses.append({"id": item, "expected": sorted(expected), "got": sorted(got)})
    return _report(len(items), total, by_topic, by_language, misses, items)


def _plain(match: Match) -> dict[str, object]:
    return {
        "topic": match.topic,
        "score": match.score,
        "evidence": tuple(asdict(one) for one in match.evidence),
    }


def _report(
    n: int,
    total: _Counts,
    by_topic: Mapping[str, _Counts],
    by_language: Mapping[str, _Counts],
    misses: list[dict[str, object]],
    items: list[dict[str, object]],
) -> dict[str, object]:
    topics = {topic: {**c.scores(), **asdict(c)} for topic, c in by_topic.items()}
    f1 = [c.scores()["f1"] for c in by_topic.values() if c.tp + c.fp + c.fn]
    return {
        "n": n,
        "micro": total.scores(),
        "macro_f1": round(sum(f1) / len(f1), 4) if f1 else 1.0,
        "topics": topics,
        "languages": {
            language: {**c.scores(), **asdict(c)} for language, c in sorted(by_language.items())
        },
        "misses": misses,
        "items": items,
    }


def _checked(
    row: Mapping[str, object], number: int, matcher: TopicMatcher
) -> tuple[str, str, str, str, set[str]]:
    """Id, language, title, text and expected topics of one row."""
    if not isinstance(row, Mapping):
        raise ConfigError(f"row {number} is no object")
    item = row.get("id")
    if not isinstance(item, str) or not item:
        raise ConfigError(f"row {number}: id is missing or no string")
    values = [row.get(key, "") for key in ("lang", "title", "text")]
    for key, value in zip(("lang", "title", "text"), values, strict=True):
        if not isinstance(value, str):
            raise ConfigError(f"row {number} ({item}): {key} is no string")
    labels = row.get("topics")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ConfigError(f"row {number} ({item}): topics is missing or no list of topic ids")
    unknown = sorted(set(labels) - set(matcher.topics))
    if unknown:
        known = ", ".join(matcher.topics)
        raise ConfigError(f"row {number} ({item}): unknown topic {unknown[0]!r}; known: {known}")
    language, title, text = (str(value) for value in values)
    return item, language, title, text, set(labels)
