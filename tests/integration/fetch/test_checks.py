"""Polls that end with their first answer: what the servers see, and what the rows say."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from crawler.fetch.check import Checks
from crawler.fetch.run import Crawl
from crawler.model.source import PollOutcome
from crawler.storage.checks import CheckStore
from crawler.storage.tables import polls, sources, validators
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.pages import RSS, serve_feed
from tests.integration.fetch.server import Answer, Server


@pytest.fixture
def watched(house: House, server: Server) -> House:
    house.watch(server.url("/feed"), kind="feed")
    return house


@pytest.fixture
def engine_visits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that Scrapy's engine took up."""
    seen: list[str] = []
    visit = Crawl._visit

    async def noted(crawl: Crawl, one: Any) -> Any:
        seen.append(one.url)
        return await visit(crawl, one)

    monkeypatch.setattr(Crawl, "_visit", noted)
    return seen


def by_the_engine_alone(patched: pytest.MonkeyPatch) -> None:
    """Every visit goes the whole way through Scrapy."""

    async def visited(crawl: Crawl, visit: Any, *_: Any) -> Any:
        return await crawl._visit(visit)

    patched.setattr(Checks, "can_settle", lambda *_: False)
    patched.setattr(Crawl, "_visited", visited)


def rows(house: House) -> dict[str, list[dict[str, Any]]]:
    """Sources, validators and the last poll."""
    with house.parts.database.read() as connection:
        found = {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in (sources, validators, polls)
        }
    found["polls"] = [{**row, "id": 0} for row in found["polls"][-1:]]
    return found


async def test_an_unchanged_feed_never_enters_the_engine(
    watched: House, server: Server, engine_visits: list[str]
) -> None:
    serve_feed(server)
    await watched.poll()
    engine_visits.clear()
    server.forget()
    outcome = await watched.poll()
    assert (outcome.status, outcome.requests, outcome.not_modified) == ("unchanged", 1, 1)
    assert (server.paths(), engine_visits) == (["/feed"], [])


@pytest.mark.parametrize("validated", [True, False])
async def test_rows_are_those_that_the_engine_leaves(
    watched: House, server: Server, monkeypatch: pytest.MonkeyPatch, validated: bool
) -> None:
    serve_feed(server)
    if not validated:
        body = pages.feed(pages.some(server.url(), 3))
        server.put("/feed", Answer(body, headers={"Content-Type": RSS}))
    await watched.poll()
    watched.later(hours=3)
    with monkeypatch.context() as patched:
        by_the_engine_alone(patched)
        by_engine = await watched.poll()
    left = rows(watched)
    assert await watched.poll() == by_engine
    assert rows(watched) == left


async def test_the_server_sees_the_same_request(
    watched: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_feed(server)
    await watched.poll()
    with monkeypatch.context() as patched:
        by_the_engine_alone(patched)
        await watched.poll()
    by_engine = dict(server.last("/feed").headers)
    await watched.poll()
    # Scrapy's handler says of a GET that it has no body.
    assert {**server.last("/feed").headers, "content-length": "0"} == by_engine


async def test_a_changed_feed_is_asked_once_and_read(watched: House, server: Server) -> None:
    serve_feed(server, 2)
    await watched.poll()
    serve_feed(server, 3)
    server.forget()
    outcome = await watched.poll()
    assert (outcome.status, outcome.new, outcome.requests) == ("ok", 1, 2)
    assert [path for path in server.paths() if path == "/feed"] == ["/feed"]


async def test_a_compressed_feed_is_known_by_what_it_unpacks_to(
    watched: House, server: Server
) -> None:
    serve_feed(server)
    body = pages.feed(pages.some(server.url(), 3))
    levels = iter((9, 1))

    def answer(_: Mapping[str, str]) -> Answer:
        packed = gzip.compress(body, next(levels))
        return Answer(packed, headers={"Content-Type": RSS, "Content-Encoding": "gzip"})

    server.put("/feed", answer)
    await watched.poll()
    server.forget()
    assert (await watched.poll()).status == "unchanged"
    assert server.paths() == ["/feed"]


async def test_a_redirect_is_followed_from_the_answer_that_came(
    watched: House, server: Server
) -> None:
    serve_feed(server)
    await watched.poll()
    server.put("/new-feed", pages.feed(pages.some(server.url(), 3)), RSS)
    server.put("/feed", Answer(status=301, headers={"Location": server.url("/new-feed")}))
    server.forget()
    outcome = await watched.poll()
    assert (outcome.status, server.paths()) == ("unchanged", ["/feed", "/new-feed"])


async def test_rules_of_robots_hold_for_checks(watched: House, server: Server) -> None:
    serve_feed(server)
    await watched.poll()
    server.put("/robots.txt", "User-agent: *\nDisallow: /feed\n", "text/plain")
    watched.later(hours=30)
    server.forget()
    outcome = await watched.poll()
    assert outcome.status == "failed"
    assert "/feed" not in server.paths()
    assert "robots.txt" in outcome.error


async def test_an_error_is_told_as_the_engine_tells_it_without_asking_again(
    watched: House, server: Server
) -> None:
    serve_feed(server)
    await watched.poll()
    server.put("/feed", Answer(status=503))
    server.forget()
    outcome = await watched.poll()
    assert outcome.status == "failed"
    assert "HTTP 503" in outcome.error
    assert server.paths() == ["/feed"]
    state = watched.parts.sources.get("one").state
    assert (state.failures, state.error_kind) == (1, "http")


async def test_missing_texts_are_asked_for_beside_an_unchanged_feed(
    watched: House, server: Server
) -> None:
    [news] = serve_feed(server, 1)
    server.put(pages.path_of(server, news), Answer(status=503))
    await watched.poll()
    server.put(pages.path_of(server, news), pages.article(news.title))
    outcome = await watched.poll()
    assert (outcome.status, outcome.updated) == ("unchanged", 1)


async def test_many_unchanged_sources_of_one_host_wait_for_each_other(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house()
    for number in range(4):
        path = f"/feed-{number}"
        server.put(path, pages.feed(pages.some(server.url(), 0), title=f"Feed {number}"), RSS)
        house.watch(server.url(path), f"s{number}", kind="feed")
    async with house.crawl() as crawl:

        async def all_of_them() -> list[PollOutcome]:
            polled = (crawl.poll(row) for row in house.parts.sources.all())
            return list(await asyncio.gather(*polled))

        await all_of_them()
        server.forget()
        found = await all_of_them()
    assert {one.status for one in found} == {"unchanged"}
    asked = sorted(server.seen, key=lambda one: one.started)
    assert len(asked) == 4
    assert all(before.ended <= after.started for before, after in pairwise(asked))


async def test_a_lease_goes_back_with_the_result(watched: House, server: Server) -> None:
    serve_feed(server)
    await watched.poll()
    assert (await watched.poll()).status == "unchanged"
    assert (await watched.poll()).status == "unchanged"


async def test_what_was_read_gives_its_lease_back_in_the_same_transaction(
    watched: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    released: list[str] = []
    monkeypatch.setattr(CheckStore, "release", lambda _, ids, owner: released.extend(ids))
    serve_feed(server)
    assert (await watched.poll()).status == "ok"
    assert rows(watched)["sources"][0]["lease_owner"] == ""
    assert not released


async def test_a_first_look_at_a_plain_feed_never_enters_the_engine(
    watched: House, server: Server, engine_visits: list[str]
) -> None:
    serve_feed(server, 2)
    outcome = await watched.poll()
    assert (outcome.status, outcome.new, outcome.requests) == ("ok", 2, 3)
    assert engine_visits == []


async def test_a_page_at_a_feeds_address_is_the_engines(
    watched: House, server: Server, engine_visits: list[str]
) -> None:
    server.put("/feed", "<!doctype html><p>Nothing here", "text/html")
    assert (await watched.poll()).status == "failed"
    assert (engine_visits, server.paths().count("/feed")) == ([server.url("/feed")], 1)
