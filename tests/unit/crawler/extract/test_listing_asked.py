"""A wrong choice is corrected by a pick, by an item that must be found, or by path patterns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.extract.listing import ListingHints, ListingReading, read_listing
from tests.fixtures.redesigns import FAMILIES, HOST, page, pieces, readdressed

FIXTURES = Path(__file__).parents[3] / "fixtures" / "listing"


def read(name: str, **hints: Any) -> ListingReading:
    expected = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    body = (FIXTURES / f"{name}.html").read_bytes()
    return read_listing(body, expected["url"], hints=ListingHints(**hints))


def addresses(reading: ListingReading) -> list[str]:
    return [item.url for item in reading.items]


def holding(reading: ListingReading, part: str) -> int:
    """The number of the first candidate whose items all have ``part`` in their address."""
    return next(
        c.pick for c in reading.candidates if all(part in i.url for i in c.items) and c.items
    )


# (page, part of the addresses wanted, an item of theirs, how many there are): what the page
# is taken for by itself is its news, or nothing at all.
OTHERS = (
    ("none_map", "/members/", "/members/gridleaf-energy-bv", 9),
    ("tabs_three_lists", "/jobs/", "/jobs/head-of-finance-in-part-time.html", 3),
    ("portal_ministry", "/Publikationen/", "/DE/Publikationen/monitor-fachkraefte.html", 3),
    ("company_home_news", "/leistungen/", "/leistungen/prototypen-in-zwei-wochen", 3),
    ("none_jobs_dated", "/jobs/", "/jobs/working-student-communication", 5),
)


@pytest.mark.parametrize(("name", "part", "item", "count"), OTHERS)
def test_a_pick_corrects_the_choice(name: str, part: str, item: str, count: int) -> None:
    alone = read(name)
    assert not any(part in url for url in addresses(alone))
    picked = read(name, pick=holding(alone, part))
    assert len(picked.items) == count
    assert all(part in url for url in addresses(picked))
    assert any(url.endswith(item) for url in addresses(picked))
    assert picked.confidence == 1.0


@pytest.mark.parametrize(("name", "part", "item", "count"), OTHERS)
def test_an_item_that_must_be_found_corrects_it(
    name: str, part: str, item: str, count: int
) -> None:
    liked = read(name, like=(item,))
    assert len(liked.items) == count
    assert all(part in url for url in addresses(liked))


@pytest.mark.parametrize(("name", "part", "item", "count"), OTHERS)
def test_what_was_asked_for_once_is_kept_at_later_polls(
    name: str, part: str, item: str, count: int
) -> None:
    learned = json.loads(json.dumps(read(name, like=(item,)).learned))
    later = read(name, learned=learned)
    assert not later.broken
    assert len(later.items) == count
    assert all(part in url for url in addresses(later))


@pytest.mark.parametrize(
    ("name", "hints", "count"),
    [
        ("portal_ministry", {"only_links": ("/SharedDocs/*",)}, 5),
        ("portal_sections", {"skip_links": ("/opinion/*", "/culture/*")}, 16),
        ("portal_chinese", {"only_links": ("/tzgg/*",)}, 4),
        ("news_home_ticker", {"only_links": ("/politik/*",)}, 12),
    ],
)
def test_path_patterns_narrow_a_page_down(name: str, hints: dict[str, Any], count: int) -> None:
    kept = read(name, **hints)
    assert len(kept.items) == count
    assert set(addresses(kept)) < set(addresses(read(name)))


def test_an_item_that_no_list_holds_gives_nothing_and_says_so() -> None:
    reading = read("tabs_three_lists", like=("/nowhere/at-all.html",))
    assert reading.items == ()
    assert "/nowhere/at-all.html" in reading.why


@pytest.mark.parametrize(("name", "part", "item", "count"), OTHERS)
def test_lists_have_the_same_numbers_whatever_addresses_are_allowed(
    name: str, part: str, item: str, count: int
) -> None:
    free = read(name)
    narrow = read(name, only_links=("*" + item,))
    assert [c.label for c in narrow.candidates] == [c.label for c in free.candidates]
    picked = read(name, only_links=("*" + item,), pick=holding(free, part))
    assert len(picked.items) == 1
    assert addresses(picked)[0].endswith(item)


@pytest.mark.parametrize(("name", "part", "item", "count"), OTHERS)
def test_a_list_that_was_picked_stays_when_addresses_are_allowed_afterwards(
    name: str, part: str, item: str, count: int
) -> None:
    learned = json.loads(json.dumps(read(name, pick=holding(read(name), part)).learned))
    later = read(name, learned=learned, only_links=("*" + item,))
    assert not later.broken
    assert [url.endswith(item) for url in addresses(later)] == [True]


def test_patterns_that_allow_nothing_of_the_learned_list_are_named_as_the_cause() -> None:
    name, _, item, _ = OTHERS[1]  # news are learned, jobs allowed afterwards
    learned = read(name).learned
    later = read(name, learned=learned, only_links=("*" + item,))
    assert later.items == ()
    assert "only_links and skip_links allow none of its" in later.broken
    assert later.barred
    assert later.learned == learned


def test_patterns_that_leave_out_a_redesigned_list_are_named_as_the_cause() -> None:
    """The items are known by their titles; only their addresses match the pattern no more."""
    news, only = pieces(0, 8), ("/news/*",)
    old, new = page(FAMILIES["table"](news)), page(FAMILIES["cards"](readdressed(news)))
    learned = read_listing(old, f"{HOST}/news", hints=ListingHints(only)).learned
    later = read_listing(new, f"{HOST}/news", hints=ListingHints(only, learned=learned))
    assert (later.items, later.barred) == ((), True)
    assert f"allow none of its 8 items, such as {HOST}/en/2026/" in later.broken


# Lists that a class tells apart from the others of their page.
CLASSED = (("none_map", "/members/"), ("none_jobs_dated", "/jobs/"))


@pytest.mark.parametrize(("name", "part"), CLASSED)
def test_a_chosen_list_is_found_again_by_its_selector(name: str, part: str) -> None:
    picked = read(name, pick=holding(read(name), part))
    again = read(name, selector=picked.learned["selector"])
    assert picked.learned["selector"].endswith(" > li")
    assert [(i.url, i.title, i.published) for i in again.items] == [
        (i.url, i.title, i.published) for i in picked.items
    ]
    polled = read(name, learned=picked.learned)
    assert polled.learned["selector"] == picked.learned["selector"]


def test_lists_that_only_headings_tell_apart_and_those_nobody_chose_have_no_selector() -> None:
    jobs = read("tabs_three_lists", pick=holding(read("tabs_three_lists"), "/jobs/"))
    assert "selector" not in jobs.learned
    assert "selector" not in read("tabs_three_lists").learned


def test_of_lists_that_only_their_headings_tell_apart_one_is_picked() -> None:
    def rows(folder: str, told: str) -> str:
        return "".join(
            f'<li><a href="/{folder}/n{number}">{told} der Nummer {number}</a> '
            f"<span>1{number}.10.2026</span></li>"
            for number in range(6)
        )

    news, projects = rows("aktuelles", "Ein neues Haus"), rows("projekte", "Ein neues Vorhaben")
    lists = f"<h2>Aktuelles</h2><ul>{news}</ul><h2>Projekte</h2><ul>{projects}</ul>"
    body = f"<title>Verein</title><main><h1>Verein</h1>{lists}</main>".encode()
    alone = read_listing(body, "https://verein.example/")
    asked = ListingHints(pick=holding(alone, "/projekte/"))
    picked = read_listing(body, "https://verein.example/", hints=asked)
    assert len(picked.items) == 6
    assert all("/projekte/" in url for url in addresses(picked))
    polled = read_listing(
        body, "https://verein.example/", hints=ListingHints(learned=picked.learned)
    )
    assert addresses(polled) == addresses(picked)
