"""Recorded scores of grouping on labelled families; a drop fails.

The development set is what weights were fitted on, with half of the second one; the other
halves of the second and of the third set (by a hash of the story's label) were never looked at;
of the fourth set's only what was joined wrongly at first look was. Of the fifth set the other half
was read. The sixth, of the development set's own difficulty, was never read: its figure is what to
expect. Of the seventh one half was read; the total was looked at while it was mended. The eighth,
by one more hand, was scored when the rules were finished; nothing was mended since.
"""

from __future__ import annotations

import json
import random
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from crawler.stories.evaluate import evaluate

GOLD = Path(__file__).parent / "gold"
# Items about three topics, told as if all of one day; joined of so many pairs, and recorded: now,
# before each further name said less, and before the words of one language spoke against it too.
FIELDS = {
    "dev": 32,  # of 19,306: 29 (31, 49)
    "*": 156,  # of 542,361, in sixteen languages: 145 (154, 242)
}
SETS = ("dev", "extra", "second", "third", "fourth", "fifth")
# set → least pairwise precision and recall, B-cubed F1; recorded with them
HELD = {
    "held": "second",
    "held-third": "third",
    "held-fourth": "fourth",
    "held-fifth": "fifth",
    "held-series": "series",
    "held-seventh": "seventh",
}
FLOORS = {
    "dev": (0.985, 0.985, 0.99),  # 1.0, 1.0, 1.0
    "second": (0.985, 0.96, 0.99),  # 1.0, 0.980, 0.996
    "held": (0.985, 0.92, 0.98),  # 1.0, 0.935, 0.989
    "third": (0.985, 0.945, 0.98),  # 1.0, 0.955, 0.988; at first look 1.0, 0.917, 0.980
    "held-third": (0.985, 0.92, 0.975),  # 1.0, 0.931, 0.981; at first look the same
    # at first look 0.977, 0.917, 0.972; its half 0.958, 0.938, 0.975
    "fourth": (0.985, 0.94, 0.98),  # 1.0, 0.950, 0.987
    "held-fourth": (0.985, 0.93, 0.975),  # 1.0, 0.938, 0.984
    # at first look 0.918, 0.918, 0.970; its read half 0.95, 0.905, 0.973
    "fifth": (0.95, 0.92, 0.975),  # 0.965, 0.932, 0.983
    "held-fifth": (0.985, 0.92, 0.975),  # 1.0, 0.929, 0.985; at first look the same
    # at first look 0.843, 1.0, 0.982; no row of its other half was read
    "series": (0.94, 0.98, 0.985),  # 0.956, 1.0, 0.993
    "held-series": (0.985, 0.98, 0.99),  # 1.0, 1.0, 1.0: at first look the same
    "sixth": (0.975, 0.95, 0.985),  # 0.984, 0.961, 0.989: at first look, no row was read
    # at first look 0.926, 0.933, 0.975; its read half 0.944, 0.883, 0.968, now 1.0, 0.883, 0.975
    "seventh": (0.965, 0.92, 0.975),  # 0.977, 0.933, 0.983
    "held-seventh": (0.97, 0.97, 0.985),  # 1.0, 1.0, 1.0; at first look 0.951, 1.0, 0.991
    "eighth": (0.97, 0.97, 0.985),  # 1.0, 1.0, 1.0: at first look, 100 pairs
    "all": (0.985, 0.96, 0.99),  # 1.0, 0.968, 0.993
}


@cache
def _rows(name: str) -> tuple[dict[str, object], ...]:
    if name == "all":
        return _rows("dev") + _rows("second") + _rows("third") + _rows("fourth")
    if name in HELD:
        half = 1 if HELD[name] in ("fifth", "seventh") else 0
        return tuple(row for row in _rows(HELD[name]) if _half(str(row["story"])) == half)
    file = GOLD / f"stories-{name}.jsonl"
    if not file.exists():
        pytest.skip("the labelled families are not here")
    return tuple(json.loads(line) for line in file.read_text("utf-8").splitlines() if line)


def _half(story: str) -> int:
    return int(sha1(story.encode()).hexdigest(), 16) % 2


@cache
def _scores(name: str, seed: int | None = None) -> dict[str, Any]:
    rows = list(_rows(name))
    if seed is not None:
        random.Random(seed).shuffle(rows)
    return evaluate(rows)


@pytest.mark.parametrize("name", FLOORS)
def test_pairs_are_found_and_hardly_any_is_wrong(name: str) -> None:
    precision, recall, whole = FLOORS[name]
    scores = _scores(name)
    assert scores["pairwise"]["precision"] >= precision
    assert scores["pairwise"]["recall"] >= recall
    assert scores["bcubed"]["f1"] >= whole, "groups are whole and pure"


@pytest.mark.parametrize("name", ["dev", "all", "sixth", "seventh", "eighth"])
def test_translations_are_found(name: str) -> None:
    assert _scores(name)["relations"]["translation"]["recall"] >= 0.95


def test_copies_edits_and_excerpts_are_found() -> None:
    relations = _scores("all")["relations"]
    for name in ("copy", "edit", "excerpt"):
        assert relations[name]["recall"] >= 0.95, name


@pytest.mark.parametrize("name", ["dev", "all", "sixth", "seventh", "eighth"])
def test_no_other_year_is_joined(name: str) -> None:
    years = {str(row["id"]): str(row["published"] or "")[:4] for row in _rows(name)}
    joined = [error["ids"] for error in _scores(name)["errors"] if error["kind"] == "joined"]
    dated = [ids for ids in joined if years[ids[0]] and years[ids[1]]]
    assert [ids for ids in dated if years[ids[0]] != years[ids[1]]] == []


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("dev", 1),
        ("all", 3),
        ("second", 4),
        ("third", 5),
        ("sixth", 6),
        ("seventh", 7),
        ("eighth", 8),
    ],
)
def test_the_order_of_arrival_changes_nothing(name: str, seed: int) -> None:
    assert abs(_scores(name, seed)["pairwise"]["f1"] - _scores(name)["pairwise"]["f1"]) <= 0.01


@pytest.mark.parametrize("name", FIELDS)
def test_news_of_one_field_and_day_stay_apart(name: str) -> None:
    sets = SETS if name == "*" else (name,)
    files = [GOLD / f"topics-{one}.jsonl" for one in sorted(sets)]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines() if line]
    alone = [
        json.loads(line)
        | {"id": str(n), "story": str(n), "url": f"https://host{n}.example/{n}"}
        | {"published": "2026-05-01"}
        for n, line in enumerate(lines)
    ]
    errors = evaluate(alone)["errors"]
    assert isinstance(errors, list)
    assert len(errors) <= FIELDS[name]
