"""Events and deadlines in 84 items of our own: pinned precision and recall, half held back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crawler.extract.occasions import find_occasions
from crawler.model.occasion import Occasion

BERLIN = ZoneInfo("Europe/Berlin")
GOLD = Path(__file__).parent / "gold"
# Raise them when more is found; a drop fails. The rules were written beside the first part alone.
RECORDED = {"development": (1.0, 1.0), "held back": (0.98, 1.0)}  # precision, recall
RECORDED_PLACES = {"development": 1.0, "held back": 0.92}


@dataclass(frozen=True)
class Score:
    right: int
    wrong: list[str]
    missed: list[str]
    places: float

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text("utf-8").splitlines()]


def is_held_back(row: dict[str, Any]) -> bool:
    return int(hashlib.sha1(row["id"].encode()).hexdigest(), 16) % 2 == 0


def announced(row: dict[str, Any]) -> list[Occasion]:
    after = date.fromisoformat(row["published"][:10])
    found = find_occasions(
        row["title"], row["text"], language=row["lang"], zone=BERLIN, after=after
    )
    return list(found)


def told(one: Occasion) -> tuple[str, str, str]:
    form = "%Y-%m-%d" if one.all_day else "%Y-%m-%dT%H:%M"
    return one.kind, one.start.strftime(form), one.end.strftime(form) if one.end else ""


def score(chosen: list[dict[str, Any]]) -> Score:
    right, wrong, missed, named, placed = 0, [], [], 0, 0
    for row in chosen:
        found = {told(one): one for one in announced(row)}
        wanted = {(one["kind"], one["start"], one["end"]): one for one in row["occasions"]}
        right += len(found.keys() & wanted.keys())
        wrong += [f"{row['id']}: {key}" for key in found.keys() - wanted.keys()]
        missed += [f"{row['id']}: {key}" for key in wanted.keys() - found.keys()]
        for key in found.keys() & wanted.keys():
            if place := wanted[key]["place"]:
                named += 1
                placed += place.casefold() in found[key].place.casefold()
    return Score(right, wrong, missed, placed / named)


@pytest.mark.parametrize("part", ["development", "held back"])
def test_occasions_keep_their_recorded_score(part: str) -> None:
    every = rows("occasions.jsonl")
    chosen = [row for row in every if is_held_back(row) == (part == "held back")]
    assert len(every) >= 80
    found = score(chosen)
    precision, recall = RECORDED[part]
    assert found.precision >= precision, found.wrong
    assert found.recall >= recall, found.missed
    assert found.places >= RECORDED_PLACES[part]


def test_every_quote_stands_in_its_item_and_names_its_day() -> None:
    for row in rows("occasions.jsonl"):
        for one in announced(row):
            text = row[one.field]
            assert text[one.at : one.at + len(one.quote)] == one.quote
            assert str(one.last.day) in one.quote


def test_what_is_found_in_other_news_is_announced_there() -> None:
    """Dated items of another labelled set, most of whose days are past, signatures or founding
    days; each announcement found in them was read by hand (occasions-news.txt)."""
    announcements = set((GOLD / "occasions-news.txt").read_text("utf-8").split())
    found = {
        f"{row['id']}|{one.kind}|{one.first}|{one.last}"
        for name in ("stories-dev.jsonl", "stories-second.jsonl")
        for row in rows(name)
        if row.get("published")
        for one in announced(row)
    }
    assert sorted(found - announcements) == []
    assert len(announcements - found) <= 1
