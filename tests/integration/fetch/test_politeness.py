"""Politeness as the servers see it, robots.txt, leases and the end of a crawl."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from crawler.fetch import leases
from crawler.fetch import run as run_module
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.server import Answer, Seen, Server

DELAY = 0.06  # seconds
RSS = "application/rss+xml"
BARRED = "User-agent: *\nDisallow: /news/\n"


def gaps(seen: list[Seen]) -> list[float]:
    """Seconds from the end of each request to the start of the next."""
    ordered = sorted(seen, key=lambda one: one.started)
    return [later.started - earlier.ended for earlier, later in pairwise(ordered)]


async def test_requests_to_a_host_never_overlap_and_keep_their_delay(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(delay_per_host=timedelta(seconds=DELAY))
    async with Server("127.0.0.2") as other, Server("127.0.0.3") as third:
        for number, host in enumerate((server, server, other)):
            news = [
                pages.News(third.url(f"/{number}/{one}"), f"{title} {number}")
                for one, title in enumerate(pages.TITLES[:2])
            ]
            host.put(f"/feed{number}", pages.feed(news), RSS)
            for one in news:
                third.put(one.url.removeprefix(third.url("")), pages.article(one.title))
            house.watch(host.url(f"/feed{number}"), f"s{number}", kind="feed")
        async with house.crawl() as crawl:
            rows = [house.parts.sources.get(f"s{number}") for number in range(3)]
            outcomes = await asyncio.gather(*(crawl.poll(row) for row in rows))
        assert [outcome.new for outcome in outcomes] == [2, 2, 2]
        assert (len(server.seen), len(other.seen), len(third.seen)) == (3, 2, 7)
        for host in (server, other, third):
            # The server's clock stops a moment after ours: allow it a millisecond.
            assert all(gap >= DELAY - 0.001 for gap in gaps(host.seen)), gaps(host.seen)
        # Hosts do not wait for each other.
        assert min(one.started for one in other.seen) < max(one.ended for one in server.seen)


async def test_a_crawl_delay_is_kept(house: House, server: Server) -> None:
    server.put("/robots.txt", b"User-agent: *\nCrawl-delay: 0.1\n", "text/plain")
    server.put("/feed", pages.feed(pages.some(server.url(), 1)), RSS)
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    assert len(server.seen) == 3
    assert all(gap >= 0.099 for gap in gaps(server.seen))


async def test_a_barred_article_lives_on_its_teaser(house: House, server: Server) -> None:
    server.put("/robots.txt", BARRED.encode(), "text/plain")
    server.put("/feed", pages.feed(pages.some(server.url(), 2)), RSS)
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    assert (outcome.status, outcome.new, outcome.failed) == ("ok", 2, 0)
    assert server.paths() == ["/feed"]
    assert [item.text for item in house.items()] == ["In short: members agreed."] * 2
    drops = house.rows()["drops"]
    assert [(row[3], "robots.txt" in row[4]) for row in drops] == [("robots", True)] * 2
    server.forget()
    house.later(hours=1)
    await house.poll()
    assert server.paths() == ["/feed"]  # barred is barred: nothing is tried again


async def test_a_barred_source_says_so(house: House, server: Server) -> None:
    server.put("/robots.txt", b"User-agent: *\nDisallow: /\n", "text/plain")
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    assert outcome.status == "failed"
    assert "robots.txt asks not to" in outcome.error
    assert house.parts.sources.get("one").state.error_kind == "robots"
    assert server.paths() == []


async def test_a_robots_txt_in_trouble_stops_fetching(house: House, server: Server) -> None:
    server.put("/robots.txt", Answer(b"", 503))
    house.watch(server.url("/feed"), kind="feed")
    house.watch(server.url("/feed2"), "two", kind="feed")
    async with house.crawl() as crawl:
        for one in ("one", "two"):
            outcome = await crawl.poll(house.parts.sources.get(one))
            assert "robots.txt cannot be read (HTTP 503)" in outcome.error
    assert [one.path for one in server.seen] == ["/robots.txt"]


async def test_robots_txt_is_asked_for_once_a_day(house: House, server: Server) -> None:
    server.put("/feed", pages.feed(pages.some(server.url(), 1)), RSS)
    house.watch(server.url("/feed"), kind="feed")
    for hours in (1, 22, 2):
        await house.poll()
        house.later(hours=hours)
    await house.poll()
    assert [one.path for one in server.seen].count("/robots.txt") == 2


async def test_we_say_who_we_are_and_ask_for_compression(house: House, server: Server) -> None:
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    for one in server.seen:
        assert "mailto:ops@example.org" in one.headers["user-agent"]
        assert "gzip" in one.headers["accept-encoding"]
        assert not {"cookie", "referer"} & set(one.headers)


async def test_a_source_claimed_elsewhere_is_busy(house: House, server: Server) -> None:
    server.put("/feed", pages.feed(pages.some(server.url(), 1)), RSS)
    house.watch(server.url("/feed"), kind="feed")
    assert house.parts.sources.claim("one", "other:2", house.moment, timedelta(minutes=10))
    assert (await house.poll()).status == "busy"
    assert server.seen == []
    house.later(minutes=11)  # its owner died
    assert (await house.poll()).status == "ok"


async def test_one_process_does_not_poll_a_source_twice_at_once(
    house: House, server: Server
) -> None:
    server.put("/feed", pages.feed(pages.some(server.url(), 1)), RSS)
    house.watch(server.url("/feed"), kind="feed")
    async with house.crawl() as crawl:
        row = house.parts.sources.get("one")
        outcomes = await asyncio.gather(crawl.poll(row), crawl.poll(row))
    assert sorted(outcome.status for outcome in outcomes) == ["busy", "ok"]


async def test_what_is_read_counts_only_under_its_lease(house: House, server: Server) -> None:
    store = house.parts.sources

    def overtaken(_: object) -> Answer:
        house.later(minutes=11)
        assert store.claim("one", "other:2", house.moment, timedelta(minutes=10))
        news = pages.some(server.url(), 1)
        return Answer(pages.feed(news), headers={"Content-Type": RSS})

    server.put("/feed", overtaken)
    house.watch(server.url("/feed"), kind="feed")
    assert (await house.poll()).status == "busy"
    assert house.items() == []
    assert not store.claim("one", "third:3", house.moment, timedelta(minutes=10))
    store.release("one", "other:2")
    server.put("/feed", pages.feed(pages.some(server.url(), 1)), RSS)
    assert (await house.poll()).new == 1


async def test_what_this_process_holds_is_not_read_twice_though_its_lease_ran_out(
    house: House, server: Server
) -> None:
    server.put("/feed", pages.feed(pages.some(server.url(), 1)), RSS)
    house.watch(server.url("/feed"), kind="feed")
    async with house.crawl() as crawl:
        (held,) = await crawl.claim(["one"])
        house.later(hours=1)  # the machine slept
        assert (await crawl.poll(held.row)).status == "busy"
        assert await crawl.claim(["one"]) == []
        assert (await crawl.poll_claimed(held)).new == 1
        assert house.parts.sources.get("one").state.losses == 0
        assert len(await crawl.claim(["one"])) == 1


async def test_a_long_visit_keeps_its_lease(
    make_house: MakeHouse, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 0.01)
    house = make_house(timeout=timedelta(hours=1))  # a busy machine may keep us waiting as well
    renewed = asyncio.Event()
    loop = asyncio.get_running_loop()
    store = house.parts.sources
    wanted = house.moment + timedelta(minutes=9) + leases.LEASE

    def answer(_: object) -> Answer:
        return Answer(pages.feed([]), headers={"Content-Type": RSS}, hang=True)

    server.put("/feed", answer)
    house.watch(server.url("/feed"), kind="feed")
    async with house.crawl() as crawl:
        renew = crawl._leases._store.renew

        def noted(ids: Sequence[str], owner: str, until: datetime) -> None:
            renew(ids, owner, until)
            if until == wanted:  # one that began after the clock moved
                loop.call_soon_threadsafe(renewed.set)

        monkeypatch.setattr(crawl._leases._store, "renew", noted)
        polling = asyncio.create_task(crawl.poll(store.get("one")))
        await server.asked.wait()
        house.later(minutes=9)
        await renewed.wait()
        house.later(minutes=5)
        assert not store.claim("one", "other:2", house.moment, timedelta(minutes=10))
        polling.cancel()
        await asyncio.wait({polling})
    assert store.claim("one", "other:2", house.moment, timedelta(minutes=10))


async def stop_in_the_middle(house: House, server: Server, *, cancel: bool) -> float:
    """Seconds that the end of the crawl took while a server kept it waiting."""
    server.put("/feed", Answer(b"x", hang=True))
    house.watch(server.url("/feed"), kind="feed")
    async with house.crawl() as crawl:
        polling = asyncio.create_task(crawl.poll(house.parts.sources.get("one")))
        while "/feed" not in server.under_way_paths:
            server.asked.clear()
            await server.asked.wait()
        if cancel:
            polling.cancel()
        started = time.monotonic()
    await asyncio.wait({polling})
    if not cancel:
        assert "stopped" in polling.result().error.lower()
    return time.monotonic() - started


@pytest.mark.parametrize("cancel", [True, False], ids=["interrupted", "stopped"])
async def test_the_end_of_a_crawl_hands_leases_back(
    make_house: MakeHouse, server: Server, cancel: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "STOP_SECONDS", 0.05)
    house = make_house(timeout=timedelta(seconds=30))
    assert await stop_in_the_middle(house, server, cancel=cancel) < 15  # half of the time-out
    row = house.parts.sources.get("one")
    assert (row.state.failures, row.state.last_polled) == (0, None)  # the site did nothing wrong
    assert [one.source.id for one in house.parts.sources.due(house.moment)] == ["one"]


async def test_no_callback_holds_the_loop(
    house: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = pages.some(server.url(), 6)
    server.put("/feed", pages.feed(news), RSS)
    for one in news:
        server.put(one.url.removeprefix(server.url("")), pages.article(one.title))
    house.watch(server.url("/feed"), kind="feed")
    house.parsing = pages.ThreadParsing
    async with house.crawl() as crawl:
        await crawl.get(server.url("/feed"))  # imports and the first connection are behind us
        slow = held(monkeypatch)
        gc.freeze()  # what all the tests before have left is not ours to collect
        try:
            outcome = await crawl.poll(house.parts.sources.get("one"))
        finally:
            gc.unfreeze()
    assert outcome.new == 6
    assert slow == []


def held(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fills with the callbacks that hold the loop, as asyncio's debug mode names them; counted in
    CPU of its own thread, so that neither a busy machine nor the parsing beside it decides."""
    found: list[str] = []
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        before = time.thread_time()
        run(handle)
        if time.thread_time() - before > 0.5:
            found.append(repr(handle))

    monkeypatch.setattr(asyncio.Handle, "_run", timed)
    return found
