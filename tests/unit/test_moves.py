"""Known items at other addresses, and old ones that are seen late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.moves import Before, Shown, moves

NEWEST = date(2026, 11, 20)
TITLES = (
    "Members test a shared laser laboratory",
    "Regional fund supports hydrogen valves",
    "Twelve firms agree on a battery passport",
    "A school for surgical robots has opened",
    "Dairy farms try sensors for spoiled milk",
    "Joint stand brings nine suppliers along",
    "Wood fibre replaces foam in packaging",
    "Night trains carry parts to the valley",
)


def shown(number: int, *, day: bool = True, item: str = "", **values: str) -> Shown:
    """The entry of a number; 0 is the newest."""
    when = NEWEST - timedelta(days=number) if day else None
    url = f"https://a.example/new/{number}"
    title = values.get("title", TITLES[number] if number < len(TITLES) else f"Older one {number}")
    return Shown(url, title, values.get("text", ""), when, item)


def before(number: int, *, day: bool = True, last: bool = True, text: str = "") -> Before:
    when = NEWEST - timedelta(days=number) if day else None
    return Before(f"i{number}", TITLES[number], text, when, last)


def url(number: int) -> str:
    return f"https://a.example/new/{number}"


@pytest.mark.parametrize("day", [True, False])
def test_a_site_that_moves_its_pages_keeps_its_items(day: bool) -> None:
    found = moves([shown(n, day=day) for n in range(6)], [before(n, day=day) for n in range(1, 6)])
    assert found.same == {url(n): f"i{n}" for n in range(1, 6)}
    assert found.old == frozenset()


def test_one_title_that_comes_again_is_another_item() -> None:
    weekly = [shown(0, title=TITLES[3]), *(shown(n, item=f"i{n}") for n in (1, 2))]
    assert moves(weekly, [before(3)]).same == {}
    assert moves(weekly, [before(n) for n in range(3, 8)]).same == {}


def test_the_same_title_of_another_day_is_another_item() -> None:
    found = moves(
        [shown(n) for n in range(5)],
        [Before(f"i{n}", TITLES[n], day=NEWEST - timedelta(days=n + 30), last=True)
         for n in range(5)],
    )  # fmt: skip
    assert found.same == {}


def test_a_title_that_two_items_have_decides_nothing() -> None:
    twins = [Before(f"t{n}", TITLES[0], last=True) for n in range(2)]
    found = moves(
        [shown(n, day=False) for n in range(5)],
        [*twins, *(before(n, day=False) for n in range(1, 5))],
    )
    assert url(0) not in found.same
    assert len(found.same) == 4


def test_an_edited_title_is_known_by_its_text_or_its_day() -> None:
    words = "They met on site, looked at the first results and set out what comes next for them"
    entries = [shown(n) for n in range(4)]
    retitled = shown(4, title="Dairy farms try new sensors for milk", day=False, text=words)
    held = [before(n) for n in range(4)]
    spoken = [*held, before(4, text=words + " all.")]
    assert moves([*entries, retitled], spoken).same[url(4)] == "i4"
    assert url(4) not in moves([*entries, retitled], [*held, before(4)]).same
    dated = shown(4, title="Dairy farms try new sensors for milk")
    assert moves([*entries, dated], [*held, before(4)]).same[url(4)] == "i4"


def test_older_items_that_come_with_a_redesign_are_old() -> None:
    page = [shown(0), *(shown(n, item=f"i{n}") for n in (1, 2, 3)), shown(4), shown(5)]
    assert moves(page, [], relearned=True).old == {url(4), url(5)}
    undated = [shown(0, day=False), *(shown(n, day=False, item=f"i{n}") for n in (1, 2)),
               shown(3, day=False)]  # fmt: skip
    assert moves(undated, [], relearned=True).old == {url(3)}


def test_older_items_behind_the_known_ones_are_old() -> None:
    page = [shown(0), *(shown(n, item=f"i{n}") for n in (1, 2, 3)), shown(4), shown(5)]
    assert moves(page, []).old == {url(4), url(5)}


def test_a_list_with_the_newest_at_its_end_tells_them() -> None:
    page = [*(shown(n, item=f"i{n}") for n in (3, 2, 1)), shown(0)]
    assert moves(page, []).old == frozenset()
    undated = [*(shown(n, item=f"i{n}", day=False) for n in (3, 2, 1)), shown(0, day=False)]
    assert moves(undated, []).old == frozenset()


def test_a_long_undated_tail_was_there_before() -> None:
    known = [shown(n, item=f"i{n}", day=False) for n in range(1, 8)]
    tail = [shown(n, day=False) for n in range(10, 16)]
    assert moves([shown(0, day=False), *known, *tail], []).old == {url(n) for n in range(10, 16)}


def test_a_backdated_item_among_the_known_ones_is_told() -> None:
    page = [shown(1, item="i1"), shown(2, item="i2"), shown(3), shown(4, item="i4")]
    assert moves(page, []).old == frozenset()


def test_nothing_known_hides_nothing() -> None:
    assert moves([shown(n) for n in range(5)], [], relearned=True).old == frozenset()
    assert moves([], []).same == {}


def test_an_erased_item_is_known_by_title_and_day_even_alone() -> None:
    page = [shown(0), *(shown(n, item=f"i{n}") for n in (1, 2))]
    day = NEWEST
    erased = Before("e", TITLES[0], day=day, erased=True)
    assert moves(page, [erased]).same == {url(0): "e"}
    assert moves(page, [replace(erased, day=None)]).same == {}
    assert moves(page, [replace(erased, day=day - timedelta(days=30))]).same == {}
