"""``sources set``: another page is looked at before it is taken; nothing is half changed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crawler.cli.source_setting import change_source
from crawler.errors import FetchError, UsageError
from crawler.extract.detection import Detection
from crawler.model.source import Source
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.pages import RSS, path_of
from tests.integration.fetch.server import Server


@pytest.fixture
async def watched(house: House, server: Server) -> House:
    """A list at ``/news``, polled once; a feed at ``/our.xml``; no news at ``/about``."""
    news = pages.some(server.url(), 5)
    for one in news:
        server.put(path_of(server, one), pages.article(one.title))
    server.put("/our.xml", pages.feed(news), RSS)
    server.put("/news", pages.listing(news))
    server.put("/other", pages.listing([*news[:4], pages.News("/x", "Another one of the list")]))
    server.put("/about", pages.article("About us"))
    house.watch(server.url("/news"), tags=("a",))
    assert (await house.poll()).kind == "listing"
    return house


async def changed(house: House, **given: Any) -> Detection | None:
    before = house.parts.sources.get("one").source
    return await asyncio.to_thread(change_source, house.parts, before, given, None, [])


def source(house: House) -> Source:
    return house.parts.sources.get("one").source


async def test_another_page_is_looked_at_and_what_was_found_is_kept(
    watched: House, server: Server
) -> None:
    found = await changed(watched, url=server.url("/other"), name="Other")
    assert found is not None
    assert (found.kind, len(found.items)) == ("listing", 5)
    row = watched.parts.sources.get("one")
    assert (row.source.url, row.source.name, row.source.tags) == (
        server.url("/other"),
        "Other",
        ("a",),
    )
    assert (row.state.watch_kind, bool(row.state.learned), row.state.baseline) == (
        "listing", True, False,
    )  # fmt: skip
    feed = await changed(watched, url=server.url("/our.xml"))
    assert feed is not None
    assert watched.parts.sources.get("one").state.watch_kind == "feed"


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"url": "/about"}, UsageError, "No news items were found"),
        ({"url": "/nothing"}, FetchError, "no such page"),
        ({"url": "/two"}, UsageError, 'source "two" watches'),
        ({"kind": "feed"}, UsageError, "is a page, no feed"),
        ({"url": "/our.xml", "kind": "listing"}, UsageError, "is a feed, no listing"),
        ({"selector": ".nothing"}, UsageError, "No news items were found"),
    ],
)
async def test_what_cannot_be_watched_is_refused_and_nothing_is_changed(
    watched: House, server: Server, given: dict[str, str], error: type[Exception], said: str
) -> None:
    watched.watch(server.url("/two"), "two", kind="page")
    before = watched.parts.sources.get("one")
    if "url" in given:
        given = given | {"url": server.url(given["url"])}
    with pytest.raises(error, match=said):
        await changed(watched, **given, name="Never")
    assert watched.parts.sources.get("one") == before


async def test_names_tags_and_rhythm_need_no_look(watched: House, server: Server) -> None:
    server.forget()
    assert await changed(watched, name="New name", tags=["b"], every="6h") is None
    assert server.seen == []
    assert (source(watched).name, source(watched).tags) == ("New name", ("b",))
    assert watched.parts.sources.get("one").state.learned


async def test_another_list_of_an_unchanged_page_is_read_at_the_next_poll(
    house: House, server: Server
) -> None:
    cards = "".join(
        f'<li class="event"><h4><a href="/events/{n}">Open workshop number {n} of the valley</a>'
        f"</h4><p>Come and see machine number {n} at work.</p></li>"
        for n in range(4)
    )
    events = f'<section><h2>Events</h2><ul class="events">{cards}</ul></section></main>'
    body = pages.listing(pages.some(server.url(), 5)).decode().replace("</main>", events)
    server.put("/news", body)
    house.watch(server.url("/news"), kind="listing")
    assert (await house.poll()).new == 5
    before = house.parts.sources.get("one").source
    like = [server.url("/events/2")]
    await asyncio.to_thread(change_source, house.parts, before, {}, None, like)
    assert ((await house.poll()).status, len(house.items())) == ("ok", 9)
    assert (await house.poll()).status == "unchanged"
