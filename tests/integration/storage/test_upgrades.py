"""What a released version left comes up whole: every row, and everything works on from there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from crawler.grams import query
from crawler.storage import schema
from crawler.storage.candidates import CandidateStore
from crawler.storage.database import Database
from crawler.storage.invariants import breaches
from crawler.storage.items import ItemStore
from crawler.storage.search import SearchStore
from crawler.storage.subscriptions import SubscriptionStore
from tests.integration.storage.released import RELEASES, unpacked, with_rows_of

_REBUILT = ("search_", "sqlite_", "alembic_")
_LEARNED_ANEW = {"sightings": {"stamp"}}  # what a listing showed, in a form that 0002 changed


@pytest.fixture(params=RELEASES)
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def file(revision: str, tmp_path: Path) -> Path:
    return unpacked(revision, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, revision: str, file: Path) -> Iterator[Database]:
    """The database of that release, not brought up yet."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{file}")
        yield database
        database.close()
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create_database()
    database = Database(url)
    with_rows_of(revision, file, database)
    yield database
    database.close()
    server.drop_database(url)


def test_every_row_is_as_the_release_left_it(old: Database, file: Path, now: datetime) -> None:
    with closing(sqlite3.connect(file)) as left:
        before = {name: as_left(left, name) for name in tables_of(left)}
    schema.upgrade(old, now)
    assert schema.current(old) == schema.HEAD
    assert before["items"]
    for table, (columns, rows) in before.items():
        assert sorted(now_in(old, table, columns), key=repr) == sorted(rows, key=repr), table


def test_what_came_up_is_sound_and_searched(old: Database, now: datetime) -> None:
    schema.upgrade(old, now)
    SearchStore(old).catch_up()  # on PostgreSQL the rows alone were brought in
    assert breaches(old, now) == []
    assert SearchStore(old).find(query("Keime"), 5)


def test_nothing_that_was_delivered_is_pending_again(old: Database, now: datetime) -> None:
    schema.upgrade(old, now)
    subscribed = SubscriptionStore(old).get("email").subscription
    pending = CandidateStore(old).pending(subscribed, now - timedelta(days=400))
    with old.read() as connection:
        asked = text("SELECT item FROM delivered_items WHERE subscription = 'email'")
        got = set(connection.scalars(asked))
    assert len(got) == 8
    assert not got & {item.id for story in pending.stories for item in story.items}


def test_its_items_are_read(old: Database, now: datetime) -> None:
    schema.upgrade(old, now)
    with old.read() as connection:
        ids = list(connection.scalars(text("SELECT id FROM items")))
    assert all(item.title and item.first_seen.tzinfo for item in ItemStore(old).by_ids(ids))


def tables_of(left: sqlite3.Connection) -> list[str]:
    names = left.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in names if not name.startswith(_REBUILT)]


def as_left(left: sqlite3.Connection, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    found = left.execute(f'SELECT * FROM "{table}"')
    columns = [column[0] for column in found.description]
    kept = [name for name in columns if name not in _LEARNED_ANEW.get(table, set())]
    places = [columns.index(name) for name in kept]
    return kept, [tuple(plain(row[place]) for place in places) for row in found]


def now_in(database: Database, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    named = ", ".join(f'"{column}"' for column in columns)
    with database.read() as connection:
        found = connection.exec_driver_sql(f'SELECT {named} FROM "{table}"')
        return [tuple(map(plain, row)) for row in found]


def plain(value: Any) -> Any:
    """A value as both databases' drivers give it: truth as a number, JSON and days read."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value)
    if not isinstance(value, str):
        return int(value) if isinstance(value, bool) else value
    for read in (json.loads, datetime.fromisoformat):
        try:
            return read(value)
        except ValueError:
            continue
    return value
