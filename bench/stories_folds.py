"""How well grouping does on labelled families that its thresholds have not seen.

    python bench/stories_folds.py [FILE.jsonl …] [--folds 5] [--orders 3]

The prior of rarity and the weights stay as they are; the thresholds that decide a join are
chosen anew on all folds but one, by the pairwise F1 there, and score the fold left out.
Families are divided by a hash of their label, so that no story stands in two folds.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from itertools import combinations, product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.stories import clusters, links  # noqa: E402
from crawler.stories.evaluate import group, story_items  # noqa: E402
from crawler.stories.items import StoryItem  # noqa: E402

GOLD = ROOT / "tests" / "quality" / "gold"
FILES = tuple(GOLD / f"stories-{n}.jsonl" for n in ("dev", "second", "third", "fourth", "fifth"))
BIASES = (-5.9, -5.6, -5.3, -5.0)
UNDATED = (-3.5, -2.9, -2.3)
AVERAGES = (-1.0, -0.7, -0.4)


@dataclass(frozen=True)
class Pairs:
    """Counts of pairs: found and right, found, right."""

    both: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: Pairs) -> Pairs:
        return Pairs(self.both + other.both, self.found + other.found, self.right + other.right)

    @property
    def scores(self) -> tuple[float, float, float]:
        """Precision, recall, F1."""
        precision = self.both / self.found if self.found else 1.0
        recall = self.both / self.right if self.right else 1.0
        total = precision + recall
        return precision, recall, 2 * precision * recall / total if total else 0.0


def grouped(items: Sequence[StoryItem], gold: Mapping[str, str]) -> Pairs:
    """The pairs of one run over ``items`` in their order."""
    stories, _ = group(items)
    found = {p for ids in stories.values() for p in combinations(sorted(ids), 2)}
    told: dict[str, list[str]] = {}
    for item in items:
        told.setdefault(gold[item.id], []).append(item.id)
    right = {p for ids in told.values() for p in combinations(sorted(ids), 2)}
    return Pairs(len(found & right), len(found), len(right))


def set_thresholds(bias: float, undated: float, average: float) -> None:
    """Use these from now on."""
    links.BIAS, links.UNDATED, clusters.AVERAGE = bias, undated, average


def fold_of(story: str, folds: int) -> int:
    """The fold of a family."""
    return int(sha1(story.encode()).hexdigest(), 16) % folds


def main() -> None:
    """Prints one JSON document: the chosen thresholds and the scores of every fold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, default=FILES)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--orders", type=int, default=3)
    options = parser.parse_args()
    rows = [
        json.loads(line)
        for file in options.files
        for line in file.read_text("utf-8").splitlines()
        if line
    ]
    gold = {row["id"]: row["story"] for row in rows}
    items = story_items(rows)
    total, told = Pairs(), []
    for fold in range(options.folds):
        seen = [i for i in items if fold_of(gold[i.id], options.folds) != fold]
        kept = [i for i in items if fold_of(gold[i.id], options.folds) == fold]
        chosen = max(product(BIASES, UNDATED, AVERAGES), key=lambda one: _scored(one, seen, gold))
        set_thresholds(*chosen)
        found = Pairs()
        for seed in range(options.orders):
            random.Random(seed).shuffle(kept)
            found += grouped(kept, gold)
        total += found
        told.append({"fold": fold, "chosen": chosen, "scores": _rounded(found)})
    print(json.dumps({"folds": told, "all": _rounded(total)}, indent=2))


def _scored(
    thresholds: tuple[float, float, float], items: Sequence[StoryItem], gold: Mapping[str, str]
) -> tuple[float, float]:
    """F1, and among equals the thresholds that join less."""
    set_thresholds(*thresholds)
    return grouped(items, gold).scores[2], -sum(thresholds)


def _rounded(found: Pairs) -> dict[str, float]:
    names = ("precision", "recall", "f1")
    return {name: round(value, 4) for name, value in zip(names, found.scores, strict=True)}


if __name__ == "__main__":
    main()
