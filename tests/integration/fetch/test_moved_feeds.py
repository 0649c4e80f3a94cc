"""Feeds that change their addresses, identifiers or nature between two polls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.pages import RSS, TITLES, News, article, feed, listing, path_of, some
from tests.integration.fetch.server import Answer, Server

Change = Callable[[News], News]
DAY = timedelta(days=1)


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return make_house(first_run="7d", max_age=timedelta(days=30))


def told(house: House) -> list[str]:
    """Titles of items after the baseline that may alert."""
    later = [item for item in house.items() if item.first_seen > house.moment - timedelta(hours=1)]
    return [item.title for item in later if not item.held_back]


def dated(news: list[News]) -> list[News]:
    return [replace(one, day=one.day and one.day - n * DAY) for n, one in enumerate(news)]


async def begin(house: House, server: Server) -> list[News]:
    news = dated(some(server.url(), 6))
    serve(server, news[1:])
    house.watch(server.url("/feed"))
    assert (await house.poll()).new == 5
    house.later(days=1)
    return news


def serve(server: Server, news: list[News], path: str = "/feed") -> None:
    server.put(path, feed(news), RSS)
    for one in news:
        server.put(path_of(server, one), article(one.title, text=f"{one.title}: told at length."))


CHANGES: dict[str, Change] = {
    "all guids new": lambda one: replace(one, guid=f"https://cms.example/?p={one.guid}"),
    "guids gone": lambda one: replace(one, guid=""),
    "one guid for all": lambda one: replace(one, guid="feed"),
    "tracking added": lambda one: replace(one, url=one.url + "?utm_source=rss&utm_medium=feed"),
    "addresses and guids new": lambda one: replace(
        one, url=one.url.replace("/news/", "/en/2026/"), guid=f"n-{one.guid}"
    ),
    "addresses new, guids kept": lambda one: replace(one, url=one.url.replace("/news/", "/en/")),
    "titles edited, guids new": lambda one: replace(
        one, title=f"{one.title}!", guid=f"x{one.guid}"
    ),
    "dates touched": lambda one: replace(one, day=one.day and one.day + DAY),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_feed_tells_only_its_new_entry(
    house: House, server: Server, change: str
) -> None:
    news = await begin(house, server)
    after = [news[0], *map(CHANGES[change], news[1:])]
    serve(server, [CHANGES[change](news[0]), *after[1:]])
    outcome = await house.poll()
    assert outcome.status == "ok"
    assert [title.rstrip("!") for title in told(house)] == [news[0].title]


async def test_a_feed_that_lists_more_of_its_past_tells_none_of_it(
    house: House, server: Server
) -> None:
    news = await begin(house, server)
    last = news[-1].day
    assert last is not None
    past = [
        News(server.url(f"/news/old-{n}"), f"Earlier: {title}", last - (n + 1) * DAY, f"o{n}")
        for n, title in enumerate(TITLES)
    ]
    serve(server, news + past)
    await house.poll()
    assert told(house) == [news[0].title]


@pytest.mark.parametrize("gone", [Answer(b"gone", 410), listing([]), b"<html><p>Sorry</p></html>"])
async def test_a_feed_that_became_a_page_is_found_anew_without_repeating(
    house: House, server: Server, gone: Answer | bytes
) -> None:
    news = dated(some(server.url(), 6))
    link = b'<link rel="alternate" type="application/rss+xml" href="/feed"></head>'
    server.put("/news", listing(news[1:]).replace(b"</head>", link))
    serve(server, news[1:])
    house.watch(server.url("/news"))
    assert (await house.poll()).kind == "feed"
    house.later(days=1)
    server.put("/feed", gone)
    server.put("/news", listing([*news]))
    server.put(path_of(server, news[0]), article(news[0].title))
    statuses = []
    for _ in range(5):
        statuses.append((await house.poll()).status)
        house.later(hours=6)
    assert statuses[:3] == ["failed"] * 3
    assert statuses[3] == "ok"
    first = min(item.first_seen for item in house.items())
    later = [item for item in house.items() if item.first_seen > first]
    assert [(item.title, item.held_back) for item in later] == [(news[0].title, "")]


@pytest.mark.parametrize("status", [301, 302])
async def test_a_feed_at_another_domain_repeats_nothing(
    house: House, server: Server, status: int
) -> None:
    news = await begin(house, server)
    async with Server("127.0.0.2") as other:
        there = [replace(one, url=other.url(path_of(server, one)), guid=f"d-{one.guid}")
                 for one in news]  # fmt: skip
        serve(other, there)
        server.put("/feed", Answer(status=status, headers={"Location": other.url("/feed")}))
        assert (await house.poll()).status == "ok"
        assert told(house) == [news[0].title]
