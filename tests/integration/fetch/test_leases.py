"""Leases of sources: given back even where the database was away as a poll ended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from crawler.errors import StorageError
from crawler.fetch import leases as module
from crawler.fetch.leases import Leases
from crawler.model.source import Source
from crawler.storage.checks import CheckStore
from crawler.storage.database import Database
from crawler.storage.sources import SourceStore


async def test_a_lease_is_given_back_once_the_database_is_there_again(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SourceStore(database)
    store.add(Source("one", "One", "https://one.example/"), now)
    release, tries, freed = CheckStore.release, [], asyncio.Event()
    loop = asyncio.get_running_loop()

    def away_for_a_while(self: CheckStore, ids: Sequence[str], owner: str) -> list[bool]:
        tries.append(ids)
        if len(tries) < 3:
            raise StorageError("The database did not answer.")
        done = release(self, ids, owner)
        loop.call_soon_threadsafe(freed.set)
        return done

    monkeypatch.setattr(CheckStore, "release", away_for_a_while)
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.0)
    leases = Leases(database, "me", lambda: now)
    async with leases.hold("one") as claimed:
        assert claimed is not None
    assert not store.claim("one", "other", now, timedelta(minutes=10))
    async with asyncio.timeout(60):
        await freed.wait()
    assert store.claim("one", "other", now, timedelta(minutes=10))


async def test_what_is_given_back_late_is_no_newer_lease(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to the first release is lost, though it was done; the second waits a while."""
    store = SourceStore(database)
    store.add(Source("one", "One", "https://one.example/"), now)
    release, tries, go_on = CheckStore.release, [], threading.Event()
    again, done, loop = asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()

    def slow(self: CheckStore, ids: Sequence[str], owner: str) -> list[bool]:
        tries.append(ids)
        if len(tries) == 1:
            release(self, ids, owner)
            raise StorageError("The connection was lost.")
        loop.call_soon_threadsafe(again.set)
        go_on.wait(60)
        released = release(self, ids, owner)
        loop.call_soon_threadsafe(done.set)
        return released

    monkeypatch.setattr(CheckStore, "release", slow)
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.0)
    leases = Leases(database, "me", lambda: now)
    async with asyncio.timeout(60):
        async with leases.hold("one"):
            pass
        await again.wait()
        async with leases.hold("one") as claimed:
            go_on.set()
            await done.wait()
            assert claimed is None or not store.claim("one", "other", now, timedelta(minutes=10))
        while claimed is None:  # it is ours again soon
            async with leases.hold("one") as claimed:
                await asyncio.sleep(0)


async def test_a_lease_that_is_being_given_back_is_not_taken_anew(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SourceStore(database)
    store.add(Source("one", "One", "https://one.example/"), now)
    release, go_on = CheckStore.release, threading.Event()
    freed, loop = asyncio.Event(), asyncio.get_running_loop()

    def answered_late(self: CheckStore, ids: Sequence[str], owner: str) -> list[bool]:
        released = release(self, ids, owner)
        loop.call_soon_threadsafe(freed.set)
        go_on.wait(60)
        return released

    monkeypatch.setattr(CheckStore, "release", answered_late)
    leases = Leases(database, "me", lambda: now)
    async with asyncio.timeout(60):
        (claimed,) = await leases.take(["one"])
        ending = asyncio.create_task(leases.end(claimed.row.source.id))
        await freed.wait()
        assert await leases.take(["one"]) == []
        go_on.set()
        await ending
        assert await leases.take(["one"])
        leases.went_back("one")
