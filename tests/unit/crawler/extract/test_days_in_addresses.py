"""Numbers that open a headline under a month's folder are no days of the month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract.article import read_article
from crawler.extract.listing import read_listing

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TEXT = "The cluster explains at length why its members meet every month in another town. " * 4


@pytest.mark.parametrize("name", ["3d-cinema-museum", "5-reasons-to-come"])
def test_a_number_in_a_headlines_address_is_no_day_of_an_article(name: str) -> None:
    html = f"<html><body><main><h1>A headline</h1><p>{TEXT}</p></main></body></html>"
    article = read_article(html.encode(), f"https://a.example/2018/01/{name}/", now=NOW)
    assert article.published is None


def test_numbers_in_headlines_addresses_are_no_days_of_a_list() -> None:
    rows = "".join(
        f'<article><h2><a href="/2018/01/{n}-reasons-to-visit-{word}/">{n} reasons to visit the '
        f"{word} cluster</a></h2><p>Some words about the {word} cluster and its members.</p>"
        "</article>"
        for n, word in ((3, "alpha"), (5, "beta"), (7, "gamma"), (9, "delta"), (11, "omega"))
    )
    html = f"<html><body><main><h1>News</h1>{rows}</main></body></html>"
    reading = read_listing(html.encode(), "https://a.example/news/", now=NOW)
    assert [item.published for item in reading.items] == [None] * 5


@pytest.mark.parametrize(
    "address",
    ["/2018/01/05/reasons/", "/2018/01/05", "/2018/1/5.html", "/2018-01-05-reasons/"],
)
def test_a_whole_day_in_an_address_is_one(address: str) -> None:
    html = f"<html><body><main><h1>A headline</h1><p>{TEXT}</p></main></body></html>"
    article = read_article(html.encode(), f"https://a.example{address}", now=NOW)
    assert article.published is not None
    assert article.published.day.isoformat() == "2018-01-05"


@pytest.mark.parametrize("form", ["/2018/01/0{}/{}/", "/2018-01-0{}-{}/", "/{1}/2018/1/{0}.html"])
def test_whole_days_in_addresses_are_days_of_a_list(form: str) -> None:
    rows = "".join(
        f'<article><h2><a href="{form.format(day, word)}">The {word} cluster opens a hall of its '
        "own</a></h2><p>Some words about the cluster and its members.</p></article>"
        for day, word in enumerate(("alpha", "beta", "gamma", "delta"), 2)
    )
    html = f"<html><body><main><h1>News</h1>{rows}</main></body></html>"
    reading = read_listing(html.encode(), "https://a.example/news/", now=NOW)
    days = [item.published.day.day if item.published else None for item in reading.items]
    assert days == [2, 3, 4, 5]
