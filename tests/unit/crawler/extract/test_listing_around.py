"""Links that all pages of a site share, and the ways to older items."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.extract.listing import ListingHints, read_listing
from crawler.extract.listing_around import older_pages, shared_links

FIXTURES = Path(__file__).parents[3] / "fixtures" / "listing"
SITE = "https://a.example"
TEASERS = "".join(
    f"<div class='t'><h3><a href='/offer/{n}'>We help small firms with question {n}</a></h3></div>"
    for n in range(4)
)


def page(main: str) -> bytes:
    body = (
        f"<nav><a href='/about'>About us</a></nav><main>{main}</main><div class='b'>{TEASERS}</div>"
    )
    return f"<html><title>News</title><body>{body}</body></html>".encode()


def test_links_at_the_same_place_of_all_pages_are_shared() -> None:
    one = page("<p><a href='/x'>Only here</a></p><p><a href='/about'>Elsewhere</a></p>")
    two = page("<p><a href='/y'>Only there</a></p>")
    shared = shared_links([(one, f"{SITE}/1"), (two, f"{SITE}/2")])
    assert shared == {f"{SITE}/about", *(f"{SITE}/offer/{n}" for n in range(4))}


def test_one_page_alone_shares_nothing() -> None:
    assert shared_links([(page(""), SITE)]) == frozenset()


def test_shared_links_settle_a_doubtful_page() -> None:
    listing = page(
        "<div>"
        + "".join(
            f"<h3><a href='/s/{n}'>A headline with enough words {n}</a></h3>" for n in range(4)
        )
        + "</div>"
    )
    shared = shared_links([(page("<p>a</p>"), f"{SITE}/1"), (page("<p>b</p>"), f"{SITE}/2")])
    found = read_listing(listing, f"{SITE}/news/", hints=ListingHints(furniture=shared))
    assert [item.url for item in found.items] == [f"{SITE}/s/{n}" for n in range(4)]


def test_the_next_page_comes_first_then_pages_then_months() -> None:
    body = page(
        "<a href='/news/2023/05/'>May 2023</a><a href='/news/page/3/'>3</a>"
        "<a href='/news/page/2/'>Older posts</a><a href='/news/page/2/'>2</a>"
        "<a href='/news/item'>A story of some length</a>"
    )
    assert older_pages(body, f"{SITE}/news/") == (
        f"{SITE}/news/page/2/",
        f"{SITE}/news/page/3/",
        f"{SITE}/news/2023/05/",
    )


def test_the_next_page_is_found_on_systems_pages() -> None:
    expected = {
        "typo3_news": "currentPage%5D=2",
        "contao_newslist": "page_n12=2",
        "wordpress_classic": "/news/page/2/",
        "drupal_views_more": "?page=1",
        "joomla_blog": "?start=5",
        "month_archive": "/neuigkeiten/2023/",
    }
    for name, part in expected.items():
        url = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))["url"]
        pages = older_pages((FIXTURES / f"{name}.html").read_bytes(), url)
        assert pages, name
        assert part in pages[0], name
