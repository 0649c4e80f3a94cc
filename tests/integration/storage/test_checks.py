"""Leases of many sources at once, and what asking them takes, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawler.model.source import Source, Validators
from crawler.storage.checks import CheckStore, keep_many_validators
from crawler.storage.database import Database
from crawler.storage.direct import Driver
from crawler.storage.fetched import validators_key, validators_row
from crawler.storage.sources import SourceStore

LEASE = timedelta(minutes=10)
WEEK = timedelta(days=7)


@pytest.fixture
def sources(database: Database, now: datetime) -> SourceStore:
    store = SourceStore(database)
    for name in ("a", "b", "c"):
        store.add(Source(name, name, f"https://{name}.example/feed", "feed"), now)
    return store


def claimed(store: CheckStore, ids: list[str], owner: str, now: datetime) -> list[str]:
    found = store.claim(ids, owner, now, LEASE, now - WEEK)
    assert len(found) == len(ids)
    return [one.row.source.id for one in found if one is not None]


def test_each_source_goes_to_one_poll(sources: SourceStore, now: datetime) -> None:
    checks = CheckStore(sources.database)
    assert claimed(checks, ["c", "a", "a", "nothing"], "one", now) == ["c", "a"]
    assert claimed(checks, ["a", "b"], "two", now) == ["b"]
    assert claimed(checks, ["a"], "one", now) == []  # its own lease lasts as well
    checks.release(["a", "b"], "one")
    assert claimed(checks, ["a", "b"], "two", now) == ["a"]


def test_a_lease_that_ran_out_counts_as_a_loss(sources: SourceStore, now: datetime) -> None:
    checks = CheckStore(sources.database)
    claimed(checks, ["a"], "one", now)
    assert claimed(checks, ["a", "b"], "two", now + 2 * LEASE) == ["a", "b"]
    assert [sources.get(name).state.losses for name in ("a", "b")] == [1, 0]


def test_a_claim_brings_the_validators_of_the_watched_address(
    sources: SourceStore, now: datetime
) -> None:
    checks = CheckStore(sources.database)
    source = sources.get("a").source
    known = Validators('"1"', "", "0" * 64)
    with sources.database.write() as connection:
        key = validators_key(source, source.url)
        row = validators_row(key, source.url, known, now)
        keep_many_validators(Driver(connection), [row])
    found = checks.claim(["a", "b"], "one", now, LEASE, now - WEEK)
    assert [one.known for one in found if one] == [known, None]
    assert [one.waits for one in found if one] == [False, False]
