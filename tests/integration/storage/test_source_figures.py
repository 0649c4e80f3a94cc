"""What Prometheus is told of the sources."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from crawler.model.source import Source
from crawler.storage.database import Database
from crawler.storage.source_figures import SourceFigures
from crawler.storage.sources import SourceStore
from crawler.storage.tables import sources

HOUR = timedelta(hours=1)


@pytest.fixture
def store(database: Database) -> SourceStore:
    return SourceStore(database)


def watch(store: SourceStore, source_id: str, now: datetime, **state: Any) -> None:
    store.add(Source(source_id, source_id, f"https://{source_id}.example/"), now)
    if state:
        with store.database.write() as connection:
            connection.execute(update(sources).where(sources.c.id == source_id).values(**state))


def test_nothing_is_watched_at_first(store: SourceStore, now: datetime) -> None:
    assert SourceFigures.of(store.database, now) == SourceFigures(0, 0, 0, 0, 0, 0.0)


def test_sources_are_counted_by_health_and_new_ones_are_due(
    store: SourceStore, now: datetime
) -> None:
    watch(store, "never-polled", now)
    watch(store, "fine", now, last_ok=now - HOUR, next_due=now + HOUR)
    watch(store, "late", now, last_ok=now - 3 * HOUR, next_due=now - 2 * HOUR)
    watch(store, "failing", now, failures=3, next_due=now - HOUR)
    watch(store, "paused", now, status="paused", next_due=now - 9 * HOUR)
    watch(store, "disabled", now, enabled=False, next_due=now - 9 * HOUR)
    watch(store, "removed", now, status="removed")
    watch(store, "undeclared", now, undeclared=True)
    found = SourceFigures.of(store.database, now)
    assert found == SourceFigures(ok=2, failing=1, new=1, paused=2, due=3, lag_seconds=7200.0)
