"""What addresses tell of a site's past."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract.older import (
    belongs,
    is_before,
    is_item_before,
    page_number,
    period,
    section,
    sections,
)

SINCE = datetime(2025, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example/2026/11/", (2026, 11)),
        ("https://a.example/news/archive/2024", (2024, 0)),
        ("https://a.example/news?month=2025-03", (2025, 3)),
        ("https://a.example/post-sitemap-2019.xml", (2019, 0)),
        ("https://a.example/sitemap-pt-post-p1-2025-10.xml", (2025, 10)),
        ("https://a.example/news?page=2", None),
        ("https://a.example/node/120260", None),
    ],
)
def test_the_period_an_archive_names(address: str, expected: tuple[int, int] | None) -> None:
    assert period(address) == expected


@pytest.mark.parametrize(
    ("months", "expected"),
    [((2025, 10), True), ((2025, 11), False), ((2024, 0), True), ((2025, 0), False), (None, False)],
)
def test_a_period_before_the_month_of_since(months: tuple[int, int] | None, expected: bool) -> None:
    assert is_before(months, SINCE) is expected


def test_only_folders_date_an_item() -> None:
    assert is_item_before("https://a.example/2019/05/a-title", SINCE)
    assert not is_item_before("https://a.example/2026/05/a-title", SINCE)
    assert not is_item_before("https://a.example/news/review-of-2019", SINCE)
    assert not is_item_before("https://a.example/news/2019", SINCE)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example/news/page/3/", 3),
        ("https://a.example/news?paged=12", 12),
        ("https://a.example/n?tx_news_pi1%5BcurrentPage%5D=4&cHash=99ab7", 4),
        ("https://a.example/n?offset=20", 20),
        ("https://a.example/news/older", 0),
        ("https://a.example/news/2026/11", 0),
    ],
)
def test_the_number_of_a_page(address: str, expected: int) -> None:
    assert page_number(address) == expected


def test_a_sitemaps_addresses_belong_where_they_stand_beside_known_items() -> None:
    known = sections(["https://www.a.example/news/2026/one", "https://a.example/press/12-two"])
    sitemap = "https://a.example/sitemap.xml"
    assert belongs("https://a.example/news/2025/three", known, sitemap)
    assert belongs("https://a.example/press/four", known, sitemap)
    assert not belongs("https://a.example/about/us", known, sitemap)
    assert not belongs("https://a.example/news", known, sitemap)
    assert not belongs("https://other.example/press/four", known, sitemap)


def test_items_at_the_root_belong_only_to_sitemaps_of_news() -> None:
    items = ("https://a.example/a-laser-opens/", "https://a.example/en/a-valve-opens/")
    known = frozenset(section(address) for address in items)
    assert not belongs("https://a.example/en/imprint/", known, "https://a.example/sitemap.xml")
    assert belongs("https://a.example/en/old/", known, "https://a.example/en/post-sitemap.xml")
    assert belongs("https://a.example/an-old-story/", known, "https://a.example/post-sitemap.xml")
    assert not belongs("https://a.example/imprint/", known, "https://a.example/sitemap.xml")
    assert not belongs("https://a.example/", known, "https://a.example/post-sitemap.xml")
