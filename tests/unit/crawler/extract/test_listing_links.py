"""Which links can be items, and when two addresses are the same."""

from __future__ import annotations

import pytest

from crawler.extract.listing_document import read_document
from crawler.extract.listing_links import address_key, allowed, barred, collect_links
from crawler.extract.listing_zones import mark_zones

URL = "https://www.a.example/news/"


def kept(*anchors: str) -> list[str]:
    document = read_document("".join(anchors), URL)
    mark_zones(document)
    return [link.url for link in collect_links(document)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://www.a.example/x/", "http://a.example/x"),
        ("https://a.example/x/index.html", "https://a.example/x/"),
        ("https://a.example/x?utm_source=m&b=1", "https://a.example/x?b=1#top"),
        ("https://a.example/x?b=1&a=2", "https://a.example/x?a=2&b=1"),
        ("https://a.example/%C3%BCber", "https://a.example/über"),
    ],
)
def test_spellings_of_one_address_share_a_key(one: str, two: str) -> None:
    assert address_key(one) == address_key(two)


def test_parameters_and_script_routes_tell_items_apart() -> None:
    assert address_key("https://a.example/n?NewsId=1") != address_key(
        "https://a.example/n?NewsId=2"
    )
    assert address_key("https://a.example/#/a") != address_key("https://a.example/#/b")


@pytest.mark.parametrize(
    "anchor",
    [
        "<a href='/'>Home</a>",
        "<a href='/news/'>News</a>",
        "<a href='/news/#top'>Up</a>",
        "<a href='/news/page/2/'>2</a>",
        "<a href='/news/?page=3'>Next</a>",
        "<a href='/news/?sort=date'>Date</a>",
        "<a href='/news/2023/'>2023 (12)</a>",
        "<a href='/news/2023/05/'>May</a>",
        "<a rel='tag' href='/t/x'>x</a>",
        "<a rel='next' href='/older'>Older</a>",
        "<a href='https://www.facebook.com/a'>Facebook</a>",
        "<a href='/img/big.JPG'><img src='s.jpg'></a>",
        "<a href='/login/'>Log in</a>",
        "<a href='/news/feed/'>Feed</a>",
        "<a href='/x?replytocom=4'>Reply</a>",
    ],
)
def test_links_that_are_no_items(anchor: str) -> None:
    assert kept(anchor) == []


@pytest.mark.parametrize(
    "anchor",
    [
        "<a href='/news/a-shared-clean-room'>A shared clean room</a>",
        "<a href='/node/2033'>Board elects new chair</a>",
        "<a href='/files/release.pdf'>Release</a>",
        "<a href='https://other.example/2024/x'>In the paper</a>",
        "<a href='/news/?id=12&amp;utm_source=x'>Twelve</a>",
        "<a href='/n/research-2024/'>Research in 2024</a>",
    ],
)
def test_links_that_can_be_items(anchor: str) -> None:
    assert len(kept(anchor)) == 1


def test_a_pattern_is_one_of_the_path() -> None:
    url = "https://www.events-bw.example/press/x?from=jobs"
    assert allowed(url, (), ())
    assert allowed(url, ("/press/*",), ("*events*", "*jobs*", "*w*"))
    assert not allowed(url, ("*events*",), ())
    assert not allowed(url, ("/blog/*",), ())
    assert not allowed(url, ("/press/*",), ("/press/?",))
    assert allowed("https://a.example", ("/",), ())


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("*from=jobs", True),
        ("/press/x?from=*", True),
        ("/press/x?to=*", False),
        ("*/events-bw*", False),
        ("https://*.events-bw.example/*", True),
        ("*://press*", False),
    ],
)
def test_patterns_with_marks_of_a_query_or_an_address_look_at_these(
    pattern: str, fits: bool
) -> None:
    url = "https://www.events-bw.example/press/x?from=jobs"
    assert allowed(url, (pattern,), ()) is fits
    assert allowed(url, (), (pattern,)) is not fits


def test_the_pattern_that_leaves_an_address_out_is_named() -> None:
    url = "https://a.example/events/fair?id=3"
    assert barred(url, ("/events/*",), ("/jobs/*",)) == ""
    assert barred(url, ("/news/*", "/blog/*"), ()) == (
        "matches no pattern of only_links: /news/*, /blog/*"
    )
    assert barred(url, (), ("/jobs/*", "*id=3")) == "matches the pattern *id=3 of skip_links"


def test_of_many_and_long_patterns_a_few_are_named_and_their_beginning() -> None:
    url = "https://a.example/events/fair"
    many = ("/" + "n" * 500, *(f"/n{number}/*" for number in range(400)))
    assert barred(url, many, ()) == (
        f"matches no pattern of only_links: /{'n' * 78}…, /n0/*, /n1/* and 398 more"
    )
    assert len(barred(url, (), ("*/fair" + "*" * 500,))) < 150
