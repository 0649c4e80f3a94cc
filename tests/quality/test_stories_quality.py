"""Recorded scores of grouping on labelled families; a drop fails."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.stories.evaluate import evaluate

GOLD = Path(__file__).parent / "gold" / "stories-dev.jsonl"
FIELD = Path(__file__).parent / "gold" / "topics-dev.jsonl"
FLOORS = {"precision": 0.985, "recall": 0.975}  # pairwise; recorded: 1.0 and 0.985
FIELD_PAIRS = 58  # joined of 19,306 pairs of one day about three topics; recorded: 53


@cache
def _rows() -> tuple[dict[str, object], ...]:
    if not GOLD.exists():
        pytest.skip("the labelled families are not here")
    return tuple(json.loads(line) for line in GOLD.read_text("utf-8").splitlines() if line)


@cache
def _scores(seed: int | None = None) -> dict[str, Any]:
    rows = list(_rows())
    if seed is not None:
        random.Random(seed).shuffle(rows)
    return evaluate(rows)


def test_pairs_are_found_and_hardly_any_is_wrong() -> None:
    scores = _scores()["pairwise"]
    assert scores["precision"] >= FLOORS["precision"]
    assert scores["recall"] >= FLOORS["recall"]


def test_groups_are_whole_and_pure() -> None:
    assert _scores()["bcubed"]["f1"] >= 0.99


def test_translations_are_found() -> None:
    assert _scores()["relations"]["translation"]["recall"] >= 0.97


def test_copies_edits_and_excerpts_are_found() -> None:
    relations = _scores()["relations"]
    for name in ("copy", "edit", "excerpt"):
        assert relations[name]["recall"] >= 0.95, name


def test_no_other_year_is_joined() -> None:
    years = {str(row["id"]): str(row["published"] or "")[:4] for row in _rows()}
    joined = [error["ids"] for error in _scores()["errors"] if error["kind"] == "joined"]
    assert [ids for ids in joined if years[ids[0]] != years[ids[1]]] == []


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_order_of_arrival_changes_nothing(seed: int) -> None:
    assert abs(_scores(seed)["pairwise"]["f1"] - _scores()["pairwise"]["f1"]) <= 0.01


def test_news_of_one_field_and_day_stay_apart() -> None:
    if not FIELD.exists():
        pytest.skip("the labelled items of topics are not here")
    rows = [json.loads(line) for line in FIELD.read_text("utf-8").splitlines() if line]
    alone = [
        row | {"story": row["id"], "url": f"https://host{n}.example/{n}", "published": "2026-05-01"}
        for n, row in enumerate(rows)
    ]
    errors = evaluate(alone)["errors"]
    assert isinstance(errors, list)
    assert len(errors) <= FIELD_PAIRS
