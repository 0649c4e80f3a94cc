"""Before a digest only sources that would not be polled by themselves are read and polled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from alerts.chores import polls_before_digests
from alerts.wiring import AlertParts, open_alerts, sync_subscriptions
from crawler.config import load
from crawler.model.source import Source
from crawler.storage.sources import SourceStore
from crawler.storage.tables import sources
from crawler.storage.tables_recipients import subscriptions

DIGEST = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
FILE = """
[clusterwatch]
timezone = "UTC"

[[subscriptions]]
id = "team"
to = "file:digests/"
topics = ["*"]
schedule = "daily 08:00"
"""


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[AlertParts]:
    file = tmp_path / "clusterwatch.toml"
    file.write_text(FILE, "utf-8")
    with open_alerts(load(file, environment={})) as parts:
        sync_subscriptions(parts, DIGEST - timedelta(days=9))
        with parts.crawler.database.write() as connection:  # somebody looked: not before then
            connection.execute(update(subscriptions).values(next_due=DIGEST))
        yield parts


def polled(parts: AlertParts, source_id: str, last: timedelta, due: timedelta) -> None:
    """A source that was polled so long before the digest, and is due at a time relative to it."""
    parts.crawler.sources.add(Source(source_id, source_id, f"https://{source_id}.example/"), DIGEST)
    times = {"last_polled": DIGEST - last, "next_due": DIGEST + due}
    with parts.crawler.database.write() as connection:
        connection.execute(update(sources).where(sources.c.id == source_id).values(**times))


def test_only_sources_whose_own_turn_comes_too_late_are_read(
    parts: AlertParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = timedelta(hours=1)
    polled(parts, "daily", 9 * hour, 15 * hour)
    polled(parts, "hourly", 1.5 * hour, -0.5 * hour)  # polled at half past seven anyway
    polled(parts, "fresh", 0.2 * hour, 5 * hour)

    def all_of_them(store: SourceStore) -> None:
        raise AssertionError("a million rows")

    monkeypatch.setattr(SourceStore, "all", all_of_them)
    asked = polls_before_digests(parts, DIGEST - timedelta(minutes=5))
    assert [row.source.id for row in asked] == ["daily"]
    assert polls_before_digests(parts, DIGEST - timedelta(hours=2)) == []
