"""Polling a feed: what is asked, what is stored, and what the second time costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.extract.feed import FeedReading, read_feed
from crawler.model.source import SourceState
from spiders import articles, feed
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.pages import RSS, path_of, serve_feed
from tests.integration.fetch.server import Answer, Server


@pytest.fixture
def watched(house: House, server: Server) -> House:
    house.watch(server.url("/feed"), kind="feed")
    return house


async def test_new_entries_are_read_and_stored(watched: House, server: Server) -> None:
    news = serve_feed(server)
    outcome = await watched.poll()
    assert (outcome.status, outcome.kind, outcome.seen, outcome.new) == ("ok", "feed", 3, 3)
    assert {item.title for item in watched.items()} == {one.title for one in news}
    assert all("joint programme" in item.text for item in watched.items())
    assert outcome.requests == len(server.paths()) == 4
    [about] = [item for item in watched.items() if "Laser" in item.title]
    assert [match.topic for match in about.topics] == ["lasers"]


async def test_an_unchanged_feed_costs_one_conditional_request(
    watched: House, server: Server
) -> None:
    serve_feed(server)
    await watched.poll()
    server.forget()
    watched.later(hours=2)
    outcome = await watched.poll()
    assert (outcome.status, outcome.new, outcome.not_modified) == ("unchanged", 0, 1)
    assert server.paths() == ["/feed"]


async def test_a_feed_without_validators_is_known_by_its_bytes(
    watched: House, server: Server
) -> None:
    serve_feed(server)
    server.put(
        "/feed", Answer(pages.feed(pages.some(server.url(), 3)), headers={"Content-Type": RSS})
    )
    await watched.poll()
    server.forget()
    outcome = await watched.poll()
    assert (outcome.status, outcome.not_modified) == ("unchanged", 0)
    assert server.paths() == ["/feed"]


async def test_last_modified_is_asked_with(watched: House, server: Server) -> None:
    moment = "Fri, 20 Nov 2026 09:00:00 GMT"
    body = pages.feed(pages.some(server.url(), 1))

    def answer(headers: Mapping[str, str]) -> Answer:
        if headers.get("if-modified-since") == moment:
            return Answer(status=304)
        return Answer(body, headers={"Last-Modified": moment, "Content-Type": RSS})

    server.put("/feed", answer)
    await watched.poll()
    assert (await watched.poll()).not_modified == 1


async def test_one_published_item_is_one_new_item(watched: House, server: Server) -> None:
    serve_feed(server, 2)
    await watched.poll()
    serve_feed(server, 3)
    server.forget()
    watched.later(hours=2)
    outcome = await watched.poll()
    assert [item.title for item in outcome.items] == [pages.TITLES[2]]
    assert len(server.paths()) == 2  # the feed and the one article


async def test_entries_known_from_the_last_poll_are_not_parsed_again(
    watched: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_feed(server, 2)
    known: list[int] = []

    def spy(*arguments: Any, **named: Any) -> FeedReading:
        known.append(len(named["known"]))
        return read_feed(*arguments, **named)

    monkeypatch.setattr(feed, "read_feed", spy)
    async with watched.crawl() as crawl:
        await crawl.poll(watched.parts.sources.get("one"))
        serve_feed(server, 3)
        watched.later(hours=2)
        outcome = await crawl.poll(watched.parts.sources.get("one"))
        assert ([item.title for item in outcome.items], outcome.seen) == ([pages.TITLES[2]], 3)
        await crawl.poll(watched.parts.sources.get("one"), full=True)
    assert known == [0, 2, 0]


async def test_redirects_are_followed_and_permanent_ones_remembered(
    watched: House, server: Server
) -> None:
    serve_feed(server)
    body = pages.feed(pages.some(server.url(), 3))
    server.put("/new", body, RSS)
    server.put("/feed", Answer(status=302, headers={"Location": "/new"}))
    assert (await watched.poll()).new == 3
    assert watched.parts.sources.get("one").state.watch_url == server.url("/feed")
    server.put("/new", body + b"<!-- changed -->", RSS)
    server.put("/feed", Answer(status=301, headers={"Location": "/new"}))
    assert (await watched.poll()).status == "ok"
    assert watched.parts.sources.get("one").state.watch_url == server.url("/new")


async def test_a_feed_that_names_its_new_address_is_followed_there(
    watched: House, server: Server
) -> None:
    news = serve_feed(server)
    moved = f"<newLocation>{server.url('/new')}</newLocation>"
    server.put("/feed", pages.feed(news[:2], extra=moved), RSS)
    server.put("/new", pages.feed(news), RSS)
    outcome = await watched.poll()
    assert (outcome.status, outcome.new) == ("ok", 3)
    assert watched.parts.sources.get("one").state.watch_url == server.url("/new")
    server.forget()
    assert (await watched.poll()).status == "unchanged"
    assert server.paths() == ["/new"]


@pytest.mark.parametrize("other", ["missing", "other news", "no feed"])
async def test_a_new_address_without_the_same_news_is_not_believed(
    watched: House, server: Server, other: str
) -> None:
    news = serve_feed(server)
    moved = f"<newLocation>{server.url('/new')}</newLocation>"
    server.put("/feed", pages.feed(news[:2], extra=moved), RSS)
    if other == "other news":
        server.put("/new", pages.feed(news[2:]), RSS)
    elif other == "no feed":
        server.put("/new", "<!DOCTYPE html><html><body>Hello</body></html>")
    outcome = await watched.poll()
    assert (outcome.status, outcome.new) == ("ok", 2)
    assert watched.parts.sources.get("one").state.watch_url == server.url("/feed")


async def test_a_lying_etag_is_found_out(watched: House, server: Server) -> None:
    def lying(body: bytes) -> None:
        def answer(headers: Mapping[str, str]) -> Answer:
            if headers.get("if-none-match"):
                return Answer(status=304)
            return Answer(body, headers={"ETag": '"always"', "Content-Type": RSS})

        server.put("/feed", answer)

    serve_feed(server, 3)
    lying(pages.feed(pages.some(server.url(), 2)))
    assert (await watched.poll()).new == 2
    lying(pages.feed(pages.some(server.url(), 3)))
    watched.later(days=1)
    assert (await watched.poll()).status == "unchanged"
    watched.later(days=7)
    assert (await watched.poll()).new == 1
    assert "if-none-match" not in server.last("/feed").headers


def serve_torn(server: Server) -> None:
    """A feed of three that breaks off in its last item, under one ETag for ever."""
    body = pages.feed(serve_feed(server, 3))
    torn = body[: body.rfind(b"</link>") - 3]

    def answer(headers: Mapping[str, str]) -> Answer:
        if headers.get("if-none-match"):
            return Answer(status=304)
        return Answer(torn, headers={"ETag": '"one"', "Content-Type": RSS})

    server.put("/feed", answer)


async def test_a_feed_that_broke_off_is_asked_for_in_full_the_next_time(
    watched: House, server: Server
) -> None:
    serve_torn(server)
    assert (await watched.poll()).new == 2
    serve_feed(server, 3)
    watched.later(hours=2)
    assert (await watched.poll()).new == 1
    assert "if-none-match" not in server.last("/feed").headers


async def test_that_a_feed_breaks_off_is_said_while_it_does(watched: House, server: Server) -> None:
    def state() -> SourceState:
        return watched.parts.sources.get("one").state

    serve_torn(server)
    for _ in range(2):
        await watched.poll()
        watched.later(hours=2)
        assert state().notice.startswith("The feed breaks off in the middle of an entry;")
        assert state().failures == 0
    serve_feed(server, 3)
    await watched.poll()
    assert state().notice == ""


async def test_a_feed_that_always_breaks_off_has_its_first_look_behind_it_once(
    watched: House, server: Server
) -> None:
    serve_torn(server)
    await watched.poll()
    watched.later(hours=2)
    assert (await watched.poll()).new == 0
    assert watched.parts.sources.get("one").state.baseline


async def test_an_article_that_times_out_is_stored_and_completed_later(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(timeout=pages.SHORT)
    [one] = serve_feed(server, 1)
    server.put(path_of(server, one), Answer(b"x", hang=True))
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    assert (outcome.status, outcome.new, outcome.failed) == ("ok", 1, 1)
    [item] = house.items()
    assert (item.title, item.text) == (one.title, one.summary)
    server.put(path_of(server, one), pages.article(one.title))
    house.later(hours=2)
    outcome = await house.poll()
    assert (outcome.status, outcome.new, outcome.updated) == ("unchanged", 0, 1)
    [item] = house.items()
    assert "joint programme" in item.text
    assert item.held_back == ""
    house.later(hours=2)
    server.forget()
    assert (await house.poll()).updated == 0
    assert server.paths() == ["/feed"]


async def test_texts_that_stay_unreadable_do_not_keep_others_waiting(
    watched: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "PENDING_PER_VISIT", 2)
    news = serve_feed(server, 5)
    for one in news:
        server.put(path_of(server, one), Answer(b"", 500))
    assert (await watched.poll()).failed == 5
    server.put(path_of(server, news[4]), pages.article(news[4].title))
    updated = 0
    for _ in range(4):
        watched.later(hours=1)
        server.forget()
        updated += (await watched.poll()).updated
        assert len(server.paths()) <= 3
    assert updated == 1
    watched.later(days=8)
    server.forget()
    await watched.poll()
    assert server.paths() == ["/feed"]  # they stay as their listing tells them


async def test_a_silent_server_is_left_alone_after_three_tries(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(timeout=pages.SHORT)
    async with Server("127.0.0.2") as dead:
        news = pages.some(dead.url(), 6)
        for one in news:
            dead.put(path_of(dead, one), Answer(hang=True))
        server.put("/feed", pages.feed(news), RSS)
        house.watch(server.url("/feed"), kind="feed")
        outcome = await house.poll()
        assert (outcome.new, outcome.failed, len(dead.paths())) == (6, 6, 3)


async def test_a_dry_run_writes_nothing(watched: House, server: Server) -> None:
    serve_feed(server)
    before = watched.rows()
    outcome = await watched.poll(dry_run=True)
    after = watched.rows()
    assert (outcome.status, outcome.new) == ("ok", 3)
    assert [item.topics[0].topic for item in outcome.items if item.topics] == ["lasers"]
    after["robots"] = before["robots"]  # what an origin allows is its word, not ours
    assert after == before
    server.put("/feed", Answer(b"", 500))
    assert (await watched.poll(dry_run=True)).status == "failed"
    assert watched.rows()["sources"] == before["sources"]


async def test_full_reads_everything_again(watched: House, server: Server) -> None:
    news = serve_feed(server)
    await watched.poll()
    server.put(path_of(server, news[0]), pages.article(news[0].title, pages.WORDS + " Corrected."))
    server.forget()
    outcome = await watched.poll(full=True)
    assert (outcome.status, outcome.new, outcome.updated) == ("ok", 0, 1)
    assert "if-none-match" not in server.last("/feed").headers
    assert len(server.paths()) == 4
    assert any("Corrected" in item.text for item in watched.items())


async def test_two_sources_of_one_address_both_read_it(watched: House, server: Server) -> None:
    serve_feed(server)
    watched.watch(server.url("/feed"), "two", kind="feed")
    assert (await watched.poll("one")).new == 3
    second = await watched.poll("two")
    assert (second.status, second.seen, second.new) == ("ok", 3, 0)
    sightings = {row[0] for row in watched.rows()["sightings"]}
    assert sightings == {"one", "two"}


async def test_other_patterns_read_the_same_bytes_again(watched: House, server: Server) -> None:
    news = serve_feed(server)
    await watched.poll()
    [path] = [path_of(server, one) for one in news[:1]]
    source = watched.parts.sources.get("one").source
    watched.parts.sources.change(replace(source, only_links=("/none/*",)), watched.moment)
    outcome = await watched.poll()
    assert (outcome.status, outcome.seen) == ("ok", 0)
    reasons = {(row[2], row[3], row[4]) for row in watched.rows()["drops"]}
    assert (server.url(path), "list", "matches no pattern of only_links: /none/*") in reasons
    said = "only_links and skip_links allow none of its 3 items, such as http"
    for _ in range(2):  # it goes on to be said while the feed answers the same
        assert watched.parts.sources.get("one").state.notice.startswith(said)
        assert (await watched.poll()).status == "unchanged"
    watched.parts.sources.change(source, watched.moment)
    await watched.poll()
    assert watched.parts.sources.get("one").state.notice == ""


async def test_links_to_skip_are_dropped_with_their_reason(house: House, server: Server) -> None:
    news = serve_feed(server)
    skipped = path_of(server, news[1])
    house.watch(server.url("/feed"), kind="feed", skip_links=(skipped,))
    assert (await house.poll()).new == 2
    [drop] = house.rows()["drops"]
    assert drop[2:5] == (
        server.url(skipped),
        "list",
        f"matches the pattern {skipped} of skip_links",
    )


async def test_a_ttl_and_max_age_lengthen_the_pause(watched: House, server: Server) -> None:
    body = pages.feed(pages.some(server.url(), 1), extra="<ttl>300</ttl>")
    server.put("/feed", Answer(body, headers={"Content-Type": RSS}))
    await watched.poll()
    due = watched.parts.sources.get("one").state.next_due
    assert due == watched.moment + timedelta(minutes=300)
    headers = {"Content-Type": RSS, "Cache-Control": "public, max-age=36000"}
    server.put("/feed", Answer(body, headers=headers))
    await watched.poll()
    due = watched.parts.sources.get("one").state.next_due
    assert due == watched.moment + timedelta(hours=10)


async def test_a_failure_while_storing_is_noted_and_not_repeated_at_once(
    watched: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_feed(server)

    def odd(*_: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(watched.parts.ingest, "_sight_listed", odd)
    outcome = await watched.poll()
    assert (outcome.status, outcome.new) == ("failed", 0)
    assert watched.items() == []
    assert watched.parts.sources.due(watched.moment) == []


async def test_own_headers_stay_at_the_source_s_host(house: House, server: Server) -> None:
    (house.parts.settings.folder / "token").write_text("# ours\nX-Token: secret\n", "utf-8")
    async with Server("127.0.0.2") as other:
        news = [pages.News(other.url("/1"), "Elsewhere"), pages.News(server.url("/2"), "Here")]
        server.put("/feed", Answer(status=302, headers={"Location": "/real"}))
        server.put("/real", pages.feed(news), RSS)
        server.put("/2", Answer(status=302, headers={"Location": other.url("/2")}))
        house.watch(server.url("/feed"), kind="feed", headers_file="token")
        await house.poll()
        tokens = [one.headers.get("x-token") for one in server.seen if one.path != "/robots.txt"]
        assert tokens == ["secret"] * 3
        assert other.paths() == ["/1", "/2"]
        assert not any("x-token" in one.headers for one in other.seen)


async def test_a_missing_headers_file_is_a_failure_with_its_name(house: House) -> None:
    house.watch("http://127.0.0.1:9/", kind="feed", headers_file="nowhere")
    outcome = await house.poll()
    assert (outcome.status, "nowhere" in outcome.error) == ("failed", True)
    assert house.parts.sources.get("one").state.failures == 1
