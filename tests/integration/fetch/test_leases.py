"""Leases of sources: given back even where the database was away as a poll ended."""

from __future__ import annotations

import asyncio
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
