"""The queue's tables: made once, renewed, and refused where they are somebody else's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from crawler.errors import ConfigError, StorageError
from crawler.storage import queue_schema
from crawler.storage.database import Database
from tests.conftest import PostgresServer


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[Database]:
    url = postgres_server.create_database()
    database = Database(url)
    database.ensure()
    yield database
    database.close()
    postgres_server.drop_database(url)


def test_workers_are_refused_until_the_tables_are_there(postgres: Database) -> None:
    with pytest.raises(StorageError) as refused:
        queue_schema.check(postgres)
    assert refused.value.remedy == "Run: clusterwatch db upgrade"
    assert queue_schema.figures(postgres) is None
    made = queue_schema.bring_up(postgres)
    queue_schema.check(postgres)
    assert queue_schema.bring_up(postgres) == made  # again: nothing to do
    assert queue_schema.figures(postgres) == queue_schema.QueueFigures({}, {}, 0)


def test_a_worker_is_counted_once_though_it_has_an_engine_for_each_queue(
    postgres: Database,
) -> None:
    queue_schema.bring_up(postgres)
    with postgres.write() as connection:
        for _ in range(2):
            connection.execute(
                text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
            )
    figures = queue_schema.figures(postgres)
    assert figures is not None
    assert figures.workers == 1


def test_workers_are_refused_at_an_empty_database(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database()
    database = Database(url)
    try:
        with pytest.raises(StorageError, match="not there yet"):
            queue_schema.check(database)
    finally:
        database.close()
        postgres_server.drop_database(url)


def test_tables_of_an_older_release_are_brought_up(postgres: Database) -> None:
    queue_schema.bring_up(postgres)
    changes = queue_schema._changes()
    with postgres.write() as connection:
        connection.execute(
            text("UPDATE meta SET value = :old WHERE key = 'queue_schema'"), {"old": changes[-2]}
        )
        connection.execute(text("DROP FUNCTION IF EXISTS procrastinate_retry_job_v1"))
    with pytest.raises(StorageError, match="older than this program"):
        queue_schema.check(postgres)
    assert queue_schema.bring_up(postgres) == changes[-1]
    queue_schema.check(postgres)


def test_a_queue_of_another_program_is_left_alone(postgres: Database) -> None:
    with postgres.write() as connection:
        connection.execute(text("CREATE TABLE procrastinate_jobs (id bigint)"))
    with pytest.raises(StorageError, match="another program"):
        queue_schema.bring_up(postgres)


def test_on_sqlite_workers_are_refused_with_the_way_out(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    database.ensure()
    assert queue_schema.bring_up(database) is None
    with pytest.raises(ConfigError) as refused:
        queue_schema.check(database)
    assert "clusterwatch run" in refused.value.remedy
    database.close()
