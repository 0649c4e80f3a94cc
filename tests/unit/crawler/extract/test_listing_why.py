"""What people read about a list: what its entries have, or why it is no news."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extract.listing import ListingHints, ListingReading, read_listing
from crawler.extract.listing_why import pattern_of

FIXTURES = Path(__file__).parents[3] / "fixtures" / "listing"


def reading(name: str, hints: ListingHints | None = None) -> ListingReading:
    page = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    body = (FIXTURES / f"{name}.html").read_bytes()
    return read_listing(body, page["url"], hints=hints or ListingHints())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("sticky_above_list", "6 entries with date, heading and teaser"),
        ("top_story_and_list", "8 entries with date and heading"),
        ("single_item", "1 entry with date, heading and teaser"),
    ],
)
def test_a_list_is_described_by_what_its_entries_have(name: str, why: str) -> None:
    assert reading(name).why == why


def test_a_list_as_asked_for_says_so() -> None:
    found = reading("sticky_above_list", ListingHints(pick=1))
    assert found.why == "as asked: 6 entries with date, heading and teaser"


def test_a_page_without_links_says_so() -> None:
    found = read_listing(b"<html><body><p>Words.</p></body></html>", "https://a.example/x")
    assert found.why == "no list of news; no links that could be items"


def test_a_list_declined_is_named_with_its_fault() -> None:
    links = "".join(f'<li><a href="/{n}/">Section {n}</a></li>' for n in range(5))
    words = "".join(f"<p>{'Some words. ' * 5}</p>" for _ in range(9))
    html = f"<html><body><nav><ul>{links}</ul></nav>{words}</body></html>"
    found = read_listing(html.encode(), "https://a.example/x")
    assert found.why == "no list of news; nearest to one: 5 bare links, in the navigation"


@pytest.mark.parametrize("name", sorted(path.stem for path in FIXTURES.glob("*.json")))
def test_no_points_are_shown(name: str) -> None:
    why = reading(name).why
    assert why
    assert not any(sign in why for sign in ("+", "-0", "-1", "-2", "records"))


def test_a_learned_pattern_is_told_as_places_of_links() -> None:
    learned = {"paths": ["a<h3<li.news-item<ul.news-list<main<div.page"], "headings": ["News"]}
    assert pattern_of(learned) == ("main > ul.news-list > li.news-item > h3 > a below “News”",)
    assert pattern_of({"paths": ["a<li"]}) == ("li > a",)
    assert pattern_of({"script": True}) == ("a list in a script of the page",)
    assert pattern_of({"passages": ["x"]}) == ()


def test_every_list_that_is_read_has_a_pattern_to_show() -> None:
    assert pattern_of(reading("single_item").learned)
