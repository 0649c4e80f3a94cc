"""What status says of sources after real polls: failing, silent, frozen, or our own network."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from alerts.cli.status_lines import status_lines
from alerts.health import status
from alerts.wiring import AlertParts
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import NOW, House
from tests.integration.fetch.pages import News, path_of
from tests.integration.fetch.server import Answer, Server


def told(house: House) -> tuple[dict[str, Any], dict[str, Any], str]:
    """(the document, its first source, what a person reads)."""
    document = status(AlertParts(house.parts), house.moment)
    said = " ".join(" ".join(status_lines(document)).split())
    return document, document["sources"][0], said


def weekly(server: Server, count: int, last: timedelta) -> list[News]:
    """So many items, a week apart, the newest so long before NOW."""
    news = [
        News(
            server.url(f"/n/{n}"), f"Piece of news number {n} of the valley", NOW - last - n * WEEK
        )
        for n in range(count)
    ]
    for one in news:
        server.put(path_of(server, one), pages.article(one.title))
    return news


WEEK = timedelta(days=7)


async def test_a_failing_source_says_cause_since_last_item_and_remedy(
    house: House, server: Server
) -> None:
    server.put("/feed", pages.feed(weekly(server, 10, timedelta(days=2))), pages.RSS)
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    server.put("/feed", Answer(b"", 404))
    house.later(days=1)
    await house.poll()
    document, one, said = told(house)
    assert (one["health"], one["cause"], one["failures"]) == ("failing", "missing", 1)
    assert one["failing_since"] == house.moment.isoformat(timespec="seconds")
    assert one["last_item"]["title"] == "Piece of news number 0 of the valley"
    assert "sources set one --url" in one["remedy"]
    assert document["coverage"]["failing"] == 1
    assert "1 failing, 0 unusually silent" in said
    assert "Last item: 2026-11-19, Piece of news number 0 of the valley" in said


async def test_a_silent_source_is_told_from_one_that_stands_still(
    house: House, server: Server
) -> None:
    news = weekly(server, 20, timedelta(days=2))
    server.put("/feed", pages.feed(news), pages.RSS)
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    assert told(house)[1]["health"] == "ok"
    house.later(days=50)
    await house.poll()
    document, one, said = told(house)
    assert (one["health"], one["silence"]["usual_days"]) == ("frozen", 7)
    assert document["coverage"]["quiet"] == 1
    assert "nothing for 52 days; usually every 7 days" in said
    assert "has not changed at all since" in said
    server.put("/feed", pages.feed(news, title="Under new management"), pages.RSS)
    await house.poll()
    assert told(house)[1]["health"] == "quiet"
    fresh = News(server.url("/n/fresh"), "At last a new piece of news", house.moment)
    server.put("/n/fresh", pages.article(fresh.title))
    server.put("/feed", pages.feed([fresh, *news]), pages.RSS)
    house.later(days=1)
    assert (await house.poll()).new == 1
    assert told(house)[1]["health"] == "ok"


async def test_a_list_that_says_for_long_that_it_is_empty_is_unusually_silent(
    house: House, server: Server
) -> None:
    news = weekly(server, 10, timedelta(days=2))
    server.put("/news/", pages.listing(news), "text/html; charset=utf-8")
    house.watch(server.url("/news/"), kind="listing")
    assert (await house.poll()).new == 10
    said = f"<p>There are no news at the moment.</p><p>{pages.WORDS}</p></main>"
    empty = pages.listing([]).replace(b"</main>", said.encode())
    server.put("/news/", empty, "text/html; charset=utf-8")
    for days, health in ((7, "ok"), (28, "quiet"), (7, "quiet")):
        house.later(days=days)
        assert (await house.poll()).error == ""
        assert told(house)[1]["health"] == health
    said = told(house)[2]
    assert "nothing for 44 days; usually every 7 days" in said
    assert "no news at the moment" in said


async def test_our_own_outage_is_said_and_no_source_is_blamed(house: House) -> None:
    servers = [await Server(f"127.0.{number}.1").start() for number in (1, 2, 3)]
    for number, server in enumerate(servers):
        pages.serve_feed(server, 2)
        house.watch(server.url("/feed"), f"s{number}", kind="feed")
        await house.poll(f"s{number}")
        assert house.parts.sources.get(f"s{number}").state.failures == 0
    for server in servers:
        await server.__aexit__()
    house.later(hours=3)
    await house.poll("s0")
    document, one, said = told(house)
    assert document["network_down_since"] == house.moment.isoformat(timespec="seconds")
    assert (one["health"], document["coverage"]["failing"]) == ("ok", 0)
    assert "Our own network has been down since 2026-11-21 12:00 CET" in said
