"""Leases of hosts as PostgreSQL keeps them: one owner, its pause, and what follows a death."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from crawler.errors import StorageError
from crawler.storage.database import Database, utc_now
from crawler.storage.host_leases import HostLeaseStore
from tests.conftest import PostgresServer

HOST = "news.example"


@pytest.fixture
def leases(postgres_server: PostgresServer) -> Iterator[HostLeaseStore]:
    url = postgres_server.create_database()
    database = Database(url)
    database.ensure()
    yield HostLeaseStore(database)
    database.close()
    postgres_server.drop_database(url)


def passes(leases: HostLeaseStore, seconds: float) -> None:
    """Time goes by: every moment of the rows lies so much further back."""
    with leases.database.write() as connection:
        for column in ("until", "free_at", "wanted_at"):
            connection.execute(
                text(f"UPDATE host_leases SET {column} = {column} - :s * interval '1 second'"),
                {"s": seconds},
            )


def test_one_owner_has_a_host_until_it_gives_it_back(leases: HostLeaseStore) -> None:
    assert leases.take(HOST, "a#1", 600, 0) == 0
    assert leases.take(HOST, "b#1", 600, 0) is None
    leases.end(HOST, "b#1", 0)  # not its own: nothing happens
    assert leases.take(HOST, "b#1", 600, 0) is None
    leases.end(HOST, "a#1", 0)
    waited = leases.take(HOST, "b#1", 600, 0)
    assert waited is not None
    assert waited <= 0


def test_hosts_do_not_wait_for_each_other(leases: HostLeaseStore) -> None:
    assert leases.take(HOST, "a#1", 600, 0) == 0
    assert leases.take("other.example", "b#1", 600, 0) == 0


def test_what_is_left_of_the_pause_goes_to_the_next_owner(leases: HostLeaseStore) -> None:
    leases.take(HOST, "a#1", 600, 900)
    leases.end(HOST, "a#1", 900)
    waited = leases.take(HOST, "b#1", 600, 900)
    assert waited is not None
    assert 600 < waited <= 900


def test_a_lease_that_ran_out_is_taken_over_after_its_pause(leases: HostLeaseStore) -> None:
    leases.take(HOST, "dead#1", 600, 900)
    passes(leases, 700)
    waited = leases.take(HOST, "b#1", 600, 900)
    assert waited is not None
    # Its last request may have ended as late as the lease did, 100 seconds ago.
    assert 500 < waited <= 800
    assert leases.take(HOST, "dead#1", 600, 900) is None


def test_an_owner_renews_unless_others_want_the_host(leases: HostLeaseStore) -> None:
    leases.take(HOST, "a#1", 600, 0)
    assert leases.take(HOST, "a#1", 600, 0) is not None
    assert leases.take(HOST, "b#1", 600, 0) is None
    assert leases.take(HOST, "a#1", 600, 0) is None
    passes(leases, 60)  # whoever wanted it has gone away
    assert leases.take(HOST, "a#1", 600, 0) is not None


def test_leases_of_a_process_that_is_surely_gone_end_after_their_pause(
    leases: HostLeaseStore,
) -> None:
    leases.take(HOST, "dead#1", 600, 900)
    leases.take("other.example", "alive#1", 600, 0)
    assert leases.free(lambda owner: owner == "dead") == 1
    waited = leases.take(HOST, "b#1", 600, 900)
    assert waited is not None
    assert 600 < waited <= 900
    assert leases.take("other.example", "b#1", 600, 0) is None


def test_hosts_that_nobody_asks_are_forgotten(leases: HostLeaseStore) -> None:
    leases.take(HOST, "a#1", 600, 0)
    leases.take("held.example", "b#1", 600, 0)
    leases.end(HOST, "a#1", 0)
    leases.forget(utc_now() + timedelta(days=1))
    with leases.database.read() as connection:
        assert connection.scalars(text("SELECT host FROM host_leases")).all() == ["held.example"]


def test_on_sqlite_there_are_none(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with pytest.raises(StorageError, match="PostgreSQL only"):
        HostLeaseStore(database).take(HOST, "a#1", 1, 0)
    database.close()
