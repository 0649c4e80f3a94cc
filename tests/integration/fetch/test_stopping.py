"""A crawl that stops: the reading that is being stored first, then what still waits is given up."""

from __future__ import annotations

import asyncio
import itertools
import threading
from typing import Any

import pytest

import crawler.fetch.run as run_module
from crawler.fetch.one_by_one import OneByOne
from crawler.model.reading import Reading
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.pages import RSS
from tests.integration.fetch.server import Server

LONG = 60.0  # seconds; nothing here takes so long


class Held:
    """The database takes its time over the first reading, and the second waits for its turn."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.both, self.closing, self.go = (threading.Event() for _ in range(3))
        self.order: list[str] = []
        ingest, waiting = house.parts.ingest, itertools.count(1)
        store, close, ask = ingest.store, OneByOne.close, OneByOne.store

        def held_store(reading: Reading, *args: Any, **options: Any) -> Any:
            self.order.append(reading.source)
            assert self.go.wait(LONG)
            return store(reading, *args, **options)

        def noted_close(storing: OneByOne) -> None:
            self.closing.set()
            close(storing)

        async def noted_ask(storing: OneByOne, reading: Reading, **options: Any) -> Any:
            if next(waiting) == 2:
                self.both.set()
            return await ask(storing, reading, **options)

        monkeypatch.setattr(ingest, "store", held_store)
        monkeypatch.setattr(OneByOne, "close", noted_close)
        monkeypatch.setattr(OneByOne, "store", noted_ask)


async def _when(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, LONG)


def _free(house: House) -> set[str]:
    """The sources that nobody holds and that are due."""
    return {one.source.id for one in house.parts.sources.due(house.moment)}


async def test_a_crawl_that_stops_stores_the_reading_under_way_and_gives_the_rest_up(
    house: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "STOP_SECONDS", 0.0)
    for name in ("one", "two"):
        server.put(f"/{name}", pages.feed(pages.some(server.url(f"/{name}"), 2)), RSS)
        house.watch(server.url(f"/{name}"), name, kind="feed")
    held = Held(house, monkeypatch)
    async with house.crawl() as crawl:
        rows = [house.parts.sources.get(name) for name in ("one", "two")]
        polls = {row.source.id: asyncio.create_task(crawl.poll(row)) for row in rows}
        await _when(held.both)
        stopping = asyncio.create_task(crawl.stop())
        await _when(held.closing)
        assert not any(poll.done() for poll in polls.values())
        assert _free(house) == set()  # what is being stored is nobody else's to poll
        held.go.set()
        await stopping
        await asyncio.wait(polls.values())
    [first] = held.order
    stored, given_up = polls.pop(first).result(), *(poll.result() for poll in polls.values())
    assert (stored.status, stored.new) == ("ok", 2)
    assert (given_up.status, given_up.new) == ("failed", 0)
    assert len(house.items()) == 2
    assert _free(house) == {given_up.source}
    assert house.parts.sources.get(given_up.source).state.failures == 0
