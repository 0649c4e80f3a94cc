"""A PostgreSQL server that goes away and comes back, for real: nothing lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from crawler.errors import StorageError
from crawler.storage.database import Database
from tests.conftest import PostgresServer, running_postgres
from tests.integration.alerts.house import House
from tests.integration.emptying import empty


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def url(server: PostgresServer) -> str:
    url = server.create_database()
    database = Database(url)
    database.ensure()
    database.close()
    return url


@pytest.fixture
def house(url: str) -> Iterator[House]:
    database = Database(url)
    empty(database)
    house = House(database)
    house.subscribe()
    house.subscribe("ada", to="email:ada@example.org")
    for number in range(3):
        house.publish(str(number))
    house.morning()
    yield house
    database.close()


def test_a_server_that_is_away_costs_nothing_but_time(house: House, server: PostgresServer) -> None:
    server.stop()
    with pytest.raises(StorageError) as away:
        house.dispatch()
    assert "clusterwatch@" not in away.value.line()
    with pytest.raises(StorageError):
        house.outbox.deliver_due()
    server.resume()
    assert house.dispatch() == [("2026-11-21", "queued", 3)] * 2
    house.judge()


def test_a_server_that_goes_while_a_message_is_sent_learns_of_it_later(
    house: House, server: PostgresServer
) -> None:
    house.dispatch()
    house.slack.after = house.mail.after = [server.stop]  # at whichever is sent first
    with pytest.raises(StorageError):
        house.deliver()
    server.resume()
    house.judge()


def test_connections_that_were_cut_are_made_anew(house: House, url: str) -> None:
    house.dispatch()
    other = Database(url)
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> "
    with other.read() as connection:
        assert connection.scalar(text(f"{cut} pg_backend_pid() AND datname = current_database()"))
    other.close()
    house.judge()
