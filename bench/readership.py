"""An installation with many readers by mail: few distinct selections of ten stories each.

Each selection is a source of its own, whose ten stories of today match a topic with evidence; every
reader got the ten of yesterday. Nothing is crawled: the rows are inserted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.config import Settings, load
from crawler.model.item import Item, Published
from crawler.model.source import Source
from crawler.model.subscription import Subscription
from crawler.model.topic import Evidence, Match
from crawler.storage import subscriptions as rows
from crawler.storage.database import Database
from crawler.storage.item_rows import insert_item, save_matches, sight_many
from crawler.storage.sources import SourceStore
from crawler.storage.tables_recipients import delivered_items
from crawler.storage.tables_stories import stories

STORIES = 10
TOPIC = "ai"
PLACES = [
    "Jena",
    "Odense",
    "Lyon",
    "Turin",
    "Graz",
    "Aarhus",
    "Daegu",
    "Leipzig",
    "Dresden",
    "Wonju",
]
_QUOTE = "machine learning"
_TEXT = (
    "Engineers in {place} use machine learning to sort parts before they reach the line. The "
    "members of the cluster agreed on a joint programme for the coming year, with open "
    "laboratories, shared tools and a fund for small companies. "
)
_CONFIG = """
[clusterwatch]
database = "{database}"
public_url = "https://news.example.org"
[crawl]
contact = "mailto:bench@example.org"
[email]
smtp = "{smtp}"
sender = "Clusterwatch <news@example.org>"
"""


def settings_of(folder: Path, database: str, smtp: str) -> Settings:
    """The configuration of the installation."""
    file = folder / "clusterwatch.toml"
    file.write_text(_CONFIG.format(database=database, smtp=smtp), "utf-8")
    return load(file)


def furnish(database: Database, readers: int, selections: int, now: datetime) -> None:
    """Sources, yesterday's and today's stories, and readers whose digest is due at ``now``."""
    for number in range(selections):
        SourceStore(database).add(_source(number), now - timedelta(days=30))
    yesterday, today = now - timedelta(hours=30), now - timedelta(hours=3)
    for number in range(selections):
        for rank in range(STORIES):
            _publish(database, _item(number, rank, yesterday))
            _publish(database, _item(number, rank + STORIES, today))
    with database.write() as connection:
        for number in range(readers):
            reader = _reader(number, selections, now)
            rows.insert(connection, reader, now=now - timedelta(days=30), by="bench")
        got = [
            _got(number, rank, selections) for number in range(readers) for rank in range(STORIES)
        ]
        if got:
            connection.execute(delivered_items.insert(), got)


def newcomers(
    database: Database, readers: int, selections: int, schedules: Sequence[str], now: datetime
) -> None:
    """Readers who came a moment ago, so that nothing is owed to them yet."""
    with database.write() as connection:
        for number in range(readers):
            schedule = schedules[number % len(schedules)]
            reader = replace(
                _reader(number, selections, now), schedule=schedule, active_since=now,
                last_window="",
            )  # fmt: skip
            rows.insert(connection, reader, now=now, by="bench")


def _source(number: int) -> Source:
    return Source(f"s{number:03d}", f"Cluster {number}", f"https://c{number}.example/news")


def _item(number: int, rank: int, seen: datetime) -> Item:
    place = PLACES[(number + rank) % len(PLACES)]
    name = f"{number:03d}-{rank:02d}"
    url = f"https://c{number}.example/news/{name}"
    return Item(
        id=f"i{name}", source=f"s{number:03d}", url=url, canonical_url=url, summary="",
        title=f"How {place} shares its laboratories and tools with region {number}, part {rank}",
        published=Published(seen - timedelta(hours=1)), first_seen=seen, language="en",
        text=_TEXT.format(place=place) * 8, story=f"st{name}",
    )  # fmt: skip


def _publish(database: Database, item: Item) -> None:
    at = item.text.index(_QUOTE)
    evidence = Evidence("text", at, at + len(_QUOTE), _QUOTE, "machine-learning")
    with database.write() as connection:
        connection.execute(stories.insert().values(id=item.story, created_at=item.first_seen))
        insert_item(connection, item, text_pending=False)
        save_matches(connection, item.id, [Match(TOPIC, 0.9, (evidence,))], {}, item.first_seen)
        seen = {"item": item.id, "url": item.url, "guid_hash": "", "stamp": ""}
        sight_many(connection, item.source, [seen], item.first_seen)


def _reader(number: int, selections: int, now: datetime) -> Subscription:
    return Subscription(
        f"reader{number:05d}", f"email:reader{number}@example.org", topics=(TOPIC,),
        sources=(f"s{number % selections:03d}",), schedule="daily 08:00",
        active_since=now - timedelta(days=2), last_window=f"{now - timedelta(days=1):%Y-%m-%d}",
    )  # fmt: skip


def _got(number: int, rank: int, selections: int) -> dict[str, object]:
    return {
        "subscription": f"reader{number:05d}", "item": f"i{number % selections:03d}-{rank:02d}",
        "delivery": f"yesterday{number}", "to": f"email:reader{number}@example.org",
        "how": "shown", "at": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
