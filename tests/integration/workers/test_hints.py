"""Hints: put once, by host, taken by a worker, and dropped when it dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from alerts.workers.hints import CHORES, POLLS, Hints, open_hints
from crawler.storage import queue_schema
from crawler.storage.database import Database
from tests.conftest import PostgresServer

WORKER = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"
TAKEN = """UPDATE procrastinate_jobs SET status = 'doing',
worker_id = (SELECT max(id) FROM procrastinate_workers) WHERE queueing_lock LIKE '%a.example'"""
LOST = """UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT worker_id
FROM procrastinate_jobs WHERE status = 'doing') WHERE queueing_lock LIKE '%b.example'"""
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class Done:
    """What was taken from the queue."""

    def __init__(self) -> None:
        self.polls: list[tuple[tuple[str, ...], datetime]] = []
        self.chores: list[str] = []
        self.once, self.goes_on = asyncio.Event(), asyncio.Event()
        self.goes_on.set()

    async def poll(self, sources: Sequence[str], since: datetime) -> None:
        self.polls.append((tuple(sources), since))
        self.once.set()
        await self.goes_on.wait()

    async def chore(self, name: str) -> None:
        self.chores.append(name)
        self.once.set()


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[Database]:
    url = postgres_server.create_database()
    database = Database(url)
    database.ensure()
    queue_schema.bring_up(database)
    yield database
    database.close()
    postgres_server.drop_database(url)


@pytest.fixture
async def done() -> Done:
    return Done()


@pytest.fixture
async def hints(database: Database, done: Done) -> AsyncIterator[Hints]:
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with open_hints(url, done.poll, done.chore) as one:
        yield one


async def taken(hints: Hints, done: Done, queue: str) -> None:
    """Work until something was taken."""
    working = asyncio.create_task(hints.work(queue, 1, 30))
    async with asyncio.timeout(60):
        await done.once.wait()
    working.cancel()
    await asyncio.wait({working})


async def test_a_host_that_waits_is_not_put_again(hints: Hints, done: Done) -> None:
    assert await hints.put_polls({"a.example": ["one", "two"], "b.example": ["three"]}, NOW) == 2
    assert await hints.put_polls({"a.example": ["one"], "c.example": ["four"]}, NOW) == 1
    await taken(hints, done, POLLS)
    assert done.polls[0] == (("one", "two"), NOW)


async def test_chores_are_put_once_each(hints: Hints, done: Done) -> None:
    assert await hints.put_chores(["mailbox", "deliver"], together=["deliver"]) == 2
    assert await hints.put_chores(["mailbox", "outages"]) == 1
    await taken(hints, done, CHORES)
    assert done.chores[0] == "mailbox"


async def test_what_a_living_worker_lost_is_dropped(
    hints: Hints, done: Done, database: Database
) -> None:
    """The database was away as the end of its poll was to be written: nobody else drops that."""
    await hints.put_polls({"a.example": ["one"], "b.example": ["two"]}, NOW)
    done.goes_on.clear()
    working = asyncio.create_task(hints.work(POLLS, 1, 30))
    async with asyncio.timeout(60):
        await done.once.wait()
    with database.write() as connection:
        connection.execute(text(LOST))
    assert await hints.drop_stalled() == 0  # it may be on its way
    assert await hints.drop_stalled() == 1
    assert await hints.put_polls({"a.example": ["one"]}, NOW) == 0  # a task is at it
    assert await hints.put_polls({"b.example": ["two"]}, NOW) == 1
    done.goes_on.set()
    working.cancel()
    await asyncio.wait({working})


async def test_what_a_dead_worker_had_taken_is_dropped(hints: Hints, database: Database) -> None:
    await hints.put_polls({"a.example": ["one"], "b.example": ["two"]}, NOW)
    with database.write() as connection:
        connection.execute(text(WORKER))
        connection.execute(text(TAKEN))
    assert await hints.drop_stalled() == 0
    assert await hints.put_polls({"a.example": ["one"]}, NOW) == 0  # a worker is at it
    with database.write() as connection:
        connection.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        )
    assert await hints.drop_stalled() == 1
    assert await hints.put_polls({"a.example": ["one"]}, NOW) == 1
    figures = queue_schema.figures(database)
    assert figures is not None
    assert (figures.waiting, figures.working, figures.workers) == ({"polls": 2}, {}, 0)
