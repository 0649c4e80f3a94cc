"""Clustering a handful of items: a function of the set, whatever the order."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import permutations

import pytest

from crawler.stories.clusters import clusters
from crawler.stories.evaluate import story_items
from crawler.stories.items import ManualLinks, StoryItem
from crawler.stories.links import Evidence
from crawler.stories.weights import Shared

NOTHING = ManualLinks()
COPY = 20.0
Margins = dict[str, float | str]  # "ab": log-odds, or a veto


def _items(names: str, dates: dict[str, str] | None = None) -> list[StoryItem]:
    given = dates or {}
    return story_items(
        {"id": n, "url": f"https://{n}.example/", "title": n, "text": n, "story": n,
         "published": given.get(n)}
        for n in names
    )  # fmt: skip


def _weigh(margins: Margins) -> Callable[[StoryItem, StoryItem], Evidence]:
    def weigh(one: StoryItem, other: StoryItem) -> Evidence:
        said = margins.get("".join(sorted((one.id, other.id))), -5.0)
        veto = said if isinstance(said, str) else ""
        margin = 3.0 if isinstance(said, str) else said
        relation = "copy" if margin >= COPY else "independent"
        return Evidence(one.id, other.id, relation, margin, Shared(), veto)

    return weigh


def _found(names: str, margins: Margins, manual: ManualLinks = NOTHING) -> list[str]:
    found = clusters(_items(names), _weigh(margins), manual)
    return sorted("".join(sorted(group)) for group in found)


def test_what_agrees_is_one_story() -> None:
    assert _found("abc", {"ab": 2.0, "bc": 1.0, "ac": 0.5}) == ["abc"]
    assert _found("abc", {"ab": 2.0}) == ["ab", "c"]


def test_a_chain_of_links_alone_joins_nothing_that_otherwise_differs() -> None:
    assert _found("abcd", {"ab": 3.0, "bc": 0.1, "cd": 3.0}) == ["ab", "cd"]


def test_a_veto_keeps_two_apart_and_the_better_link_wins() -> None:
    assert _found("abc", {"ab": 1.0, "bc": 2.0, "ac": "other year"}) == ["a", "bc"]


def test_an_item_between_two_editions_does_not_bridge_them() -> None:
    margins: Margins = {"ax": 4.0, "bx": 4.0, "cx": 4.0, "bc": 4.0, "ab": "no", "ac": "no"}
    assert _found("abcx", margins) == ["a", "bcx"]


def test_what_parts_an_item_from_a_text_parts_it_from_its_copies_too() -> None:
    margins: Margins = {"ab": COPY, "bc": 4.0, "ac": 4.0, "bx": 4.0, "cx": 4.0}
    assert _found("abcx", {**margins, "ax": "other item of the same site"}) == ["abc", "x"]


SITE = "other item of the same site"


def test_what_was_joined_by_hand_spreads_nothing_and_what_was_parted_is_no_copy() -> None:
    vetoed: Margins = {"ab": COPY, "ax": SITE, "ay": SITE, "xy": SITE, "bx": 0.5, "by": 0.5}
    hand = ManualLinks(together=frozenset({("a", "x"), ("a", "y"), ("x", "y")}))
    assert _found("abxy", vetoed, hand) == ["abxy"]
    hand = ManualLinks(apart=frozenset({("a", "b")}))
    assert _found("abx", {"ab": COPY, "ax": SITE, "bx": 3.0}, hand) == ["a", "bx"]


def test_days_part_an_item_from_no_copy() -> None:
    margins: Margins = {"ab": COPY, "bc": 4.0, "ac": "published 33 days apart"}
    assert _found("abc", margins) == ["abc"]


def test_what_is_itself_a_copy_is_parted_from_nothing_by_another() -> None:
    margins: Margins = {"ab": COPY, "bc": COPY, "ac": "same template, other number: 3 / 4"}
    assert _found("abc", margins) == ["abc"]


def test_undated_items_do_not_bridge_years() -> None:
    items = _items("aub", {"a": "2024-05-01", "b": "2025-05-01"})
    found = clusters(items, _weigh({"au": 2.0, "bu": 1.0, "ab": 4.0}), NOTHING)
    assert sorted(map(sorted, found)) == [["a", "u"], ["b"]]


def test_what_was_decided_by_hand_outranks_what_is_measured() -> None:
    apart = ManualLinks(apart=frozenset({("a", "b")}))
    together = ManualLinks(together=frozenset({("a", "b")}))
    assert _found("ab", {"ab": 9.0}, apart) == ["a", "b"]
    assert _found("ab", {"ab": "other year"}, together) == ["ab"]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_items_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    names = "abcde"
    margins: Margins = {
        one + other: rng.choice([-3.0, -0.5, 0.2, 1.0, 4.0, 4.0])
        for n, one in enumerate(names)
        for other in names[n + 1 :]
    }
    outcomes = {tuple(_found("".join(order), margins)) for order in permutations(names)}
    assert len(outcomes) == 1
