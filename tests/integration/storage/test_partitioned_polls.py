"""What docs/growing.md tells to do with the polls works, and the program goes on over it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.model.source import PollOutcome, Source
from crawler.storage.database import Database
from crawler.storage.sources import SourceStore
from tests.conftest import PostgresServer

PAGE = Path(__file__).resolve().parents[3] / "docs/growing.md"


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[Database]:
    url = postgres_server.create_database()
    database = Database(url)
    database.ensure()
    yield database
    database.close()
    postgres_server.drop_database(url)


def test_polls_partitioned_as_the_page_says_are_written_and_read(
    postgres: Database, now: datetime
) -> None:
    store = SourceStore(postgres)
    store.add(Source(id="a", name="a", url="https://a.example/"), now)
    found = re.search(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    with postgres.autocommit() as connection:
        for statement in found[1].split(";"):
            if statement.strip():
                connection.execute(text(statement))
    for days in (0, 20):  # one in a month of its own, one among the others
        with postgres.write() as connection:
            store.finish(connection, PollOutcome("a", "ok", requests=2), {}, now + days * DAY)
    assert store.poll_sums(now - DAY)["made"] == 2
    with postgres.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM polls_2026_12")) == 1


DAY = timedelta(days=1)
