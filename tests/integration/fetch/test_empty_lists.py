"""A list whose page says that it has no news at present: watched, no fault, and its next items
told."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.pages import News, path_of
from tests.integration.fetch.server import Server

HTML = "text/html; charset=utf-8"
SAID = "There are no news at the moment."
WORDS = f"<p>{SAID}</p><p>{pages.WORDS}</p>"


def listed(server: Server, news: list[News], said: str = "") -> None:
    body = pages.listing(news).replace(b"</ul></main>", f"</ul>{said}</main>".encode())
    server.put("/news/", body, HTML)
    for one in news:
        server.put(path_of(server, one), pages.article(one.title))


def told(house: House) -> str:
    """What is said of the source that works."""
    return house.parts.sources.get("one").state.notice


async def test_a_list_that_begins_empty_tells_its_first_item(house: House, server: Server) -> None:
    listed(server, [], WORDS)
    house.watch(server.url("/news/"))
    outcome = await house.poll()
    assert (outcome.status, outcome.error, outcome.new) == ("ok", "", 0)
    assert SAID in told(house)
    listed(server, pages.some(server.url(), 3))
    house.later(hours=2)
    outcome = await house.poll()
    assert (outcome.error, outcome.new, told(house)) == ("", 3, "")
    assert {item.held_back for item in house.items()} == {""}


async def test_a_list_that_is_empty_for_a_time_is_no_fault(house: House, server: Server) -> None:
    news = pages.some(server.url(), 5)
    listed(server, news)
    house.watch(server.url("/news/"), kind="listing")
    assert (await house.poll()).new == 5
    listed(server, [], WORDS)
    house.later(hours=2)
    outcome = await house.poll()
    assert (outcome.status, outcome.error, outcome.new) == ("ok", "", 0)
    assert SAID in told(house)
    house.later(hours=2)
    assert (await house.poll()).status == "unchanged"
    assert SAID in told(house)
    now = house.clock() - timedelta(hours=1)
    listed(server, [News(server.url("/news/9-fresh"), "Ten firms open the valve", now)])
    house.later(hours=2)
    outcome = await house.poll()
    assert (outcome.error, outcome.new, told(house)) == ("", 1, "")
