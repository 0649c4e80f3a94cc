"""A crawl in the test's own loop against servers on loopback, over a database in a file."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.config import Settings, load
from crawler.fetch.parsing import InlineParsing, Parsing
from crawler.fetch.rendering import Renderer
from crawler.fetch.run import Crawl
from crawler.model.item import Item
from crawler.model.source import PollOutcome, Source
from crawler.storage.database import Database
from crawler.storage.items import Filter
from crawler.storage.tables import metadata
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic
from crawler.wiring import Parts
from tests.integration.fetch.server import Server

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
POLITE: dict[str, Any] = {
    "delay_per_host": timedelta(0),
    "allow_networks": ("127.0.0.0/8",),
    "first_run": "all",
    "max_age": timedelta(days=36500),
    "timeout": timedelta(seconds=5),
}


@dataclass
class House:
    """An installation with its database, its clock and the crawls it starts."""

    parts: Parts
    moment: datetime = NOW
    owner: str = "tests:1"
    parsing: Callable[[], Parsing] = InlineParsing
    renderer: Callable[[], Renderer | None] = lambda: None

    def clock(self) -> datetime:
        return self.moment

    def later(self, **delta: float) -> None:
        self.moment += timedelta(**delta)

    def watch(self, url: str, source_id: str = "one", **values: Any) -> None:
        source = Source(id=source_id, name=source_id, url=url, **values)
        self.parts.sources.add(source, self.moment)

    @asynccontextmanager
    async def crawl(self) -> AsyncIterator[Crawl]:
        crawl = Crawl(
            self.parts.settings,
            self.parts.ingest,
            owner=self.owner,
            parsing=self.parsing(),
            clock=self.clock,
            renderer=self.renderer(),
        )
        async with crawl:
            yield crawl

    async def poll(self, source_id: str = "one", **how: bool) -> PollOutcome:
        """One poll in a crawl of its own."""
        async with self.crawl() as crawl:
            return await crawl.poll(self.parts.sources.get(source_id), **how)

    def items(self) -> list[Item]:
        return self.parts.items.find(Filter())

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the database holds."""
        with self.parts.database.read() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
                for table in metadata.sorted_tables
            }


MakeHouse = Callable[..., House]


TOPICS = (load_topic({"id": "lasers", "name": "Lasers", "any": ["laser*"]}, origin="tests"),)


@pytest.fixture(scope="session")
def matcher() -> TopicMatcher:
    return TopicMatcher(TOPICS)


def settings_for(folder: Path, **crawl: Any) -> Settings:
    """The defaults, polite enough for loopback; ``crawl`` changes keys of ``[crawl]``."""
    file = folder / "clusterwatch.toml"
    file.write_text('[crawl]\ncontact = "mailto:ops@example.org"\n', "utf-8")
    settings = load(file, environment={})
    return settings.model_copy(
        update={"crawl": settings.crawl.model_copy(update={**POLITE, **crawl})}
    )


@pytest.fixture
def make_house(tmp_path: Path, sqlite_schema: Path, matcher: TopicMatcher) -> Iterator[MakeHouse]:
    opened: list[Database] = []

    def make(**crawl: Any) -> House:
        settings = settings_for(tmp_path, **crawl)
        shutil.copy(sqlite_schema, tmp_path / "clusterwatch.db")
        database = Database(settings.clusterwatch.database)
        opened.append(database)
        parts = Parts(settings, database)
        parts.__dict__ |= {"topics": TOPICS, "matcher": matcher}
        return House(parts)

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return make_house()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as one:
        yield one
