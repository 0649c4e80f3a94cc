"""The ways to older items."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.extract.listing_around import older_pages

FIXTURES = Path(__file__).parents[3] / "fixtures" / "listing"
SITE = "https://a.example"


def page(main: str) -> bytes:
    body = f"<nav><a href='/about'>About us</a></nav><main>{main}</main>"
    return f"<html><title>News</title><body>{body}</body></html>".encode()


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
