"""Ingest over both databases, with readings made up by the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.config import load
from crawler.ingest import Ingest
from crawler.model.item import Article, Item, Published, RawItem
from crawler.model.reading import Entry, Reading
from crawler.model.source import PollOutcome, Source
from crawler.storage.database import Database
from crawler.storage.items import Filter, ItemStore
from crawler.storage.sources import SourceStore
from crawler.storage.tables import metadata
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TOPICS = (load_topic({"id": "lasers", "name": "Lasers", "any": ["laser*"]}, origin="tests"),)


@dataclass
class House:
    """An installation that has two sources and gets readings."""

    database: Database
    ingest: Ingest
    moment: datetime = NOW
    owner: str = ""  # of the leases that readings are made under

    def later(self, **delta: float) -> None:
        self.moment += timedelta(**delta)

    def store(
        self, entries: Sequence[Entry], source: str = "one", *, dry_run: bool = False, **values: Any
    ) -> PollOutcome:
        fields: dict[str, Any] = {
            "kind": "feed",
            "watch_url": f"https://{source}.example/feed",
            "listed": tuple(entry.listed for entry in entries),
            "entries": tuple(entries),
        }
        reading = Reading(source, **(fields | values))
        return self.ingest.store(reading, self.moment, dry_run=dry_run, owner=self.owner)

    def items(self) -> list[Item]:
        return ItemStore(self.database).find(Filter())

    def sources(self) -> SourceStore:
        return SourceStore(self.database)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the database holds."""
        with self.database.read() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
                for table in metadata.sorted_tables
            }


def entry(
    number: int | str, title: str = "", text: str = "", source: str = "one", **values: Any
) -> Entry:
    """A listed entry with its article."""
    url = f"https://{source}.example/news/{number}"
    title = title or f"News number {number} of the cluster"
    text = text or f"{title} is told in full here, with laser number {number} and other words."
    moment = Published(NOW - timedelta(hours=3))
    listed = RawItem(url, title, moment, "A teaser.", **values)
    return Entry(listed, Article(url, title=title, text=text, published=moment), (url,))


@pytest.fixture
def database(quick_database: Database) -> Database:
    return quick_database


@pytest.fixture(scope="session")
def matcher() -> TopicMatcher:
    return TopicMatcher(TOPICS)


@pytest.fixture
def house(database: Database, matcher: TopicMatcher, tmp_path: Path) -> House:
    file = tmp_path / "clusterwatch.toml"
    file.write_text('[crawl]\nfirst_run = "all"\n', "utf-8")
    settings = load(file, environment={})
    house = House(database, Ingest(database, settings, TOPICS, matcher))
    for name in ("one", "two"):
        house.sources().add(Source(name, name, f"https://{name}.example/feed", kind="feed"), NOW)
    return house
