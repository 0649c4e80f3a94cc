"""No floods: what a first crawl, an old date and a long list hold back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from spiders import articles
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import MakeHouse
from tests.integration.fetch.pages import RSS, serve_feed
from tests.integration.fetch.server import Answer, Server


async def test_more_news_than_one_poll_reads_waits_for_the_next(
    make_house: MakeHouse, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "MAX_ARTICLES_PER_VISIT", 4)
    house = make_house(first_run="7d", max_age=timedelta(days=30))
    old = datetime(2026, 11, 1, tzinfo=UTC)
    news = [pages.News(one.url, one.title, old) for one in serve_feed(server, 6)]
    server.put("/feed", pages.feed(news), RSS)
    house.watch(server.url("/feed"), kind="feed")
    assert (await house.poll()).new == 4
    assert (await house.poll()).new == 2
    assert {item.held_back for item in house.items()} == {"baseline"}
    assert (await house.poll()).status == "unchanged"


@pytest.mark.parametrize(
    ("first_run", "expected"),
    [
        ("7d", ["", "baseline", "baseline"]),
        ("none", ["baseline"] * 3),
        ("all", ["", "", "max_age"]),
    ],
)
async def test_the_first_crawl_holds_back(
    make_house: MakeHouse, server: Server, first_run: str, expected: list[str]
) -> None:
    house = make_house(first_run=first_run, max_age=timedelta(days=30))
    days = [house.moment - timedelta(days=2), None, house.moment - timedelta(days=90)]
    news = [
        pages.News(server.url(f"/news/{number}"), pages.TITLES[number], day)
        for number, day in enumerate(days)
    ]
    server.put("/feed", pages.feed(news), RSS)
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    held = {item.title: item.held_back for item in outcome.items}
    assert [held[one.title] for one in news] == expected
    # From now on an undated item is news, an old one is not.
    later = [pages.News(server.url("/news/8"), "Undated news comes", None),
             pages.News(server.url("/news/9"), "An old paper is put online", days[2])]  # fmt: skip
    server.put("/feed", pages.feed([*later, *news]), RSS)
    held = {item.title: item.held_back for item in (await house.poll()).items}
    assert [held[one.title] for one in later] == ["", "max_age"]


async def test_a_late_date_that_is_old_holds_the_item_back(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(first_run="all", max_age=timedelta(days=30))
    one = pages.News(server.url("/news/1"), "A paper is put online", None)
    server.put("/feed", pages.feed([one]), RSS)
    server.put("/news/1", Answer(b"", 500))
    house.watch(server.url("/feed"), kind="feed")
    assert [item.held_back for item in (await house.poll()).items] == [""]
    old = '<meta property="article:published_time" content="2020-05-04T10:00:00+02:00">'
    server.put("/news/1", pages.article(one.title, head=old))
    await house.poll()
    [item] = house.items()
    assert (item.published is not None, item.held_back) == (True, "max_age")
