"""Readings are stored in turn."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from crawler.errors import FetchError, StorageError
from crawler.fetch.host_leases import STOPPED
from crawler.fetch.one_by_one import OneByOne
from crawler.ingest import Ingest
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


class _Store:
    """Notes what is stored, and by which thread."""

    def __init__(self) -> None:
        self.threads: set[int] = set()
        self.stored: list[tuple[str, datetime, bool]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def store(
        self, reading: Reading, now: datetime, *, dry_run: bool = False, owner: str = ""
    ) -> PollOutcome:
        assert owner == "tests:1"
        self.begun.set()
        assert self.go_on.wait(30)
        self.threads.add(threading.get_ident())
        self.stored.append((reading.source, now, dry_run))
        if reading.source == "broken":
            raise StorageError("The disk is full.")
        return PollOutcome(reading.source, "ok")


async def _all(store: _Store, sources: list[str], **options: Any) -> list[Any]:
    turns = OneByOne(cast(Ingest, store), lambda: NOW, "tests:1")
    try:
        asked = (turns.store(Reading(one, kind="feed"), **options) for one in sources)
        return await asyncio.gather(*asked, return_exceptions=True)
    finally:
        turns.close()


async def test_one_thread_stores_them_in_their_order() -> None:
    store = _Store()
    outcomes = await _all(store, ["a", "b", "c"], dry_run=True)
    assert [one.source for one in outcomes] == ["a", "b", "c"]
    assert store.stored == [(one, NOW, True) for one in "abc"]
    assert len(store.threads) == 1
    assert threading.get_ident() not in store.threads


async def test_what_one_raises_stops_no_other() -> None:
    found = await _all(_Store(), ["a", "broken", "c"])
    assert isinstance(found[1], StorageError)
    assert [one.source for one in (found[0], found[2])] == ["a", "c"]


def _is_stopped(found: Any) -> bool:
    return isinstance(found, FetchError) and found.kind == STOPPED


async def test_what_waits_when_it_is_closed_is_not_stored_and_the_one_under_way_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = _Store()
    store.go_on.clear()
    turns = OneByOne(cast(Ingest, store), lambda: NOW, "tests:1")
    asked = [asyncio.ensure_future(turns.store(Reading(one, kind="feed"))) for one in "abc"]
    await asyncio.to_thread(store.begun.wait, 30)
    end = turns._thread.shutdown

    def ended() -> None:
        store.go_on.set()
        end()

    monkeypatch.setattr(turns._thread, "shutdown", ended)
    await asyncio.to_thread(turns.close)
    first, *others = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(first, PollOutcome)
    assert list(map(_is_stopped, others)) == [True, True]
    assert [one for one, _, _ in store.stored] == ["a"]
    assert _is_stopped((await asyncio.gather(turns.store(Reading("d")), return_exceptions=True))[0])


async def test_what_nobody_waits_for_when_its_turn_comes_is_not_stored() -> None:
    store = _Store()
    found = await _all(store, ["a", "b"], wanted=lambda: not store.stored)
    assert [one for one, _, _ in store.stored] == ["a"]
    assert _is_stopped(found[1])
