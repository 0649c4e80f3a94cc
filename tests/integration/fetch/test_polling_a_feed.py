"""Polling a feed: what is asked, what is stored, and what the second time costs."""

from __future__ import annotations

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.server import Answer, Server


def serve_feed(server: Server, count: int = 3, **values: object) -> list[pages.News]:
    news = pages.some(server.url(), count)
    server.put("/feed", pages.feed(news), "application/rss+xml")
    for one in news:
        server.put(one.url.removeprefix(server.url().rstrip("/")), pages.article(one.title))
    return news


async def test_new_entries_are_read_and_stored(house: House, server: Server) -> None:
    news = serve_feed(server)
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    assert (outcome.status, outcome.kind, outcome.seen, outcome.new) == ("ok", "feed", 3, 3)
    assert {item.title for item in house.items()} == {one.title for one in news}
    assert all("joint programme" in item.text for item in house.items())
    assert outcome.requests == len(server.paths()) == 4


async def test_an_unchanged_feed_costs_one_conditional_request(
    house: House, server: Server
) -> None:
    serve_feed(server)
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    server.forget()
    house.later(hours=2)
    outcome = await house.poll()
    assert (outcome.status, outcome.new, outcome.not_modified) == ("unchanged", 0, 1)
    assert server.paths() == ["/feed"]


async def test_a_redirect_is_followed(house: House, server: Server) -> None:
    serve_feed(server)
    server.put("/old", Answer(status=302, headers={"Location": "/feed"}))
    house.watch(server.url("/old"), kind="feed")
    outcome = await house.poll()
    assert (outcome.status, outcome.new) == ("ok", 3)
