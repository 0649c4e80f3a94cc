"""Polls that ended with their process: given back, counted, and in the end quarantined."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawler.model.source import PollOutcome, Source
from crawler.storage.database import Database
from crawler.storage.lost_polls import LostPoll, LostPolls
from crawler.storage.sources import SourceStore

LEASE = timedelta(minutes=10)


@pytest.fixture
def store(database: Database, now: datetime) -> SourceStore:
    store = SourceStore(database)
    for one in ("a", "b"):
        store.add(Source(id=one, name=one, url=f"https://{one}.example/"), now)
    return store


def nobody(_owner: str) -> bool:
    return False


def test_a_lease_that_ran_out_is_a_loss_once(store: SourceStore, now: datetime) -> None:
    lost = LostPolls(store.database)
    assert store.claim("a", "one", now, LEASE)
    assert lost.free(now, nobody) == []
    later = now + LEASE + timedelta(seconds=1)
    assert lost.free(later, nobody) == [LostPoll("a", 1)]
    assert lost.free(later, nobody) == []
    assert store.claim("a", "two", later, LEASE)
    assert store.get("a").state.losses == 1


def test_what_a_dead_process_held_is_given_back_at_once(store: SourceStore, now: datetime) -> None:
    store.claim("a", "dead", now, LEASE)
    store.claim("b", "alive", now, LEASE)
    assert LostPolls(store.database).free(now, lambda owner: owner == "dead") == [LostPoll("a", 1)]
    assert store.claim("a", "alive", now, LEASE)


def test_a_claim_over_a_dead_lease_counts_it_too(store: SourceStore, now: datetime) -> None:
    store.claim("a", "one", now, LEASE)
    assert store.claim("a", "two", now + 2 * LEASE, LEASE)
    assert store.get("a").state.losses == 1


def test_a_poll_with_an_end_forgives(store: SourceStore, now: datetime) -> None:
    LostPolls(store.database).note("a")
    with store.database.write() as connection:
        store.finish(connection, PollOutcome("a", "ok"), {}, now)
    assert store.get("a").state.losses == 0


def test_too_many_losses_pause_a_source_until_somebody_resumes_it(
    store: SourceStore, now: datetime
) -> None:
    lost = LostPolls(store.database)
    for _ in range(3):
        lost.note("a")
    assert lost.quarantine(["a", "b"], 4, "why") == []
    assert lost.quarantine(["a", "b"], 3, "why") == [LostPoll("a", 3)]
    state = store.get("a").state
    assert (state.status, state.error, state.error_kind) == ("paused", "why", "lost")
    assert [row.source.id for row in store.due(now)] == ["b"]
    store.set_status("a", "active")
    assert store.get("a").state.losses == 0
    assert [row.source.id for row in store.due(now)] == ["a", "b"]
