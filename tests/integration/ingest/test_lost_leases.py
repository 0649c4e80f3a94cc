"""A poll whose lease is another's by the time it is stored leaves no trace, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.config.tables import CrawlSettings
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome, Validators
from crawler.outcomes import OFFLINE, Unchanged
from crawler.storage.network import NetworkStore
from crawler.unchanged import UnchangedPolls
from tests.integration.ingest.conftest import House, entry

LEASE = timedelta(minutes=10)


@pytest.fixture
def overtaken(house: House) -> House:
    """The slow poll's lease of "one" ran out, and a quick one has it now."""
    assert house.sources().claim("one", "slow", house.moment, LEASE)
    house.later(minutes=11)
    assert house.sources().claim("one", "quick", house.moment, LEASE)
    return house


def read(house: House, owner: str, **values: object) -> PollOutcome:
    listed = entry(1)
    fields = {"kind": "feed", "listed": (listed.listed,), "entries": (listed,)}
    reading = Reading("one", **(fields | values))  # type: ignore[arg-type]
    return house.ingest.store(reading, house.moment, owner=owner)


def test_what_was_read_is_stored_by_who_has_the_lease(overtaken: House) -> None:
    before = overtaken.rows()
    assert read(overtaken, "slow").status == "busy"
    assert overtaken.rows() == before
    assert read(overtaken, "quick").new == 1
    assert len(overtaken.items()) == 1
    after = overtaken.rows()
    assert read(overtaken, "slow").status == "busy"  # the source is free, and not the slow one's
    assert overtaken.rows() == after


@pytest.mark.parametrize("kind", ["http", OFFLINE])
def test_a_failure_is_no_failure_of_another_poll(overtaken: House, kind: str) -> None:
    failed = {"listed": (), "entries": (), "error": "No answer.", "error_kind": kind}
    before = overtaken.sources().get("one")
    assert read(overtaken, "slow", **failed).status == "busy"
    assert overtaken.sources().get("one") == before
    assert not overtaken.sources().claim("one", "third", overtaken.moment, LEASE)
    assert read(overtaken, "quick", **failed).status in ("failed", OFFLINE)
    assert overtaken.sources().get("one").state.next_due is not None


def test_of_polls_stored_together_the_others_count(overtaken: House) -> None:
    store = overtaken.sources()
    assert store.claim("two", "slow", overtaken.moment, LEASE)
    polls = UnchangedPolls(
        overtaken.database, CrawlSettings(), overtaken.ingest.rhythms, owner="slow"
    )
    polled = [
        (row, Unchanged(row.source.url, "feed", Validators(etag=row.source.id)))
        for row in store.all()
    ]
    found = polls.store(polled, overtaken.moment)
    assert [(one.source, one.status) for one in found] == [("one", "busy"), ("two", "unchanged")]
    rows = overtaken.rows()
    assert [row[1] for row in rows["polls"]] == ["two"]
    assert [row[1] for row in rows["validators"]] == ["https://two.example/feed"]
    assert store.get("one").state.last_polled is None
    assert not store.claim("one", "third", overtaken.moment, LEASE)
    assert store.claim("two", "third", overtaken.moment, LEASE)


def test_our_own_network_may_be_down_for_who_lost_its_lease(overtaken: House) -> None:
    read(overtaken, "slow", listed=(), entries=(), error="No way out.", error_kind=OFFLINE)
    assert NetworkStore(overtaken.database).down_since() is not None


def test_what_a_walk_into_the_past_found_is_stored_under_anybodys_lease(overtaken: House) -> None:
    before = overtaken.sources().get("one")
    assert read(overtaken, "slow", backfill=True).new == 1
    assert overtaken.sources().get("one") == before
    assert read(overtaken, "quick").new == 0
    assert len(overtaken.items()) == 1
