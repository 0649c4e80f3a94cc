"""A database that is full or locked, for real: nothing is lost and nothing is doubled."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from crawler.errors import StorageError
from crawler.storage import database as databases
from crawler.storage.database import Database
from tests.integration.alerts.house import House


@pytest.fixture
def house(sqlite_schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_SECONDS", 0.05)
    path = tmp_path / "clusterwatch.db"
    shutil.copy(sqlite_schema, path)
    database = Database(f"sqlite:///{path}")
    house = House(database)
    house.subscribe()
    house.subscribe("ada", to="email:ada@example.org")
    for number in range(3):
        house.publish(str(number), title="News " * 400)
    house.morning()
    yield house
    database.close()


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Another process writes and does not come to an end."""
    other = sqlite3.connect(str(house.database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def full(house: House) -> Iterator[None]:
    """No page can be added, as on a disk without room."""

    def limit(pages: int) -> None:
        with house.database.write() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with house.database.read() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        free = int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())
    assert free < 2
    limit(pages)
    try:
        yield
    finally:
        limit(1_000_000)


@pytest.mark.parametrize("fault", [locked, full])
def test_a_window_that_cannot_be_written_is_closed_later(
    house: House, fault: Callable[[House], AbstractContextManager[None]]
) -> None:
    with fault(house), pytest.raises(StorageError):
        house.dispatch()
    assert house.deliveries.find() == []
    assert house.dispatch() == [("2026-11-21", "queued", 3)] * 2
    house.judge()


def test_what_cannot_be_claimed_is_not_sent(house: House) -> None:
    house.dispatch()
    with locked(house), pytest.raises(StorageError):
        house.deliver()
    assert house.slack.taken == house.mail.taken == []
    house.judge()


def test_what_was_sent_and_cannot_be_written_is_written_later(house: House) -> None:
    house.dispatch()
    fault = locked(house)
    house.slack.after = house.mail.after = [fault.__enter__]  # at whichever is sent first
    with pytest.raises(StorageError):
        house.deliver()
    fault.__exit__(None, None, None)
    house.judge()
