"""Archives filled by bulk inserts, as polls would have filled them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, update

from bench.farm.running import RunningFarm
from bench.house import AtWork
from crawler.extract.feed import read_feed
from crawler.fetch.gate import origin_of
from crawler.identity import address_of, guid_hash
from crawler.model.item import Item, RawItem
from crawler.preparation import listed_stamp
from crawler.storage.database import Database, utc_now
from crawler.storage.fetched import validators_key
from crawler.storage.item_rows import _values
from crawler.storage.tables import addresses, items, robots, sightings, sources, validators
from crawler.urls import url_key

_CHUNK = 2000


def fill(at_work: AtWork, running: RunningFarm) -> None:
    """Every entry of every feed is in the archive, without topics and stories."""
    rows = _rows(at_work, running, utc_now())
    while chunk := list(islice(rows, _CHUNK)):
        insert(at_work.parts.crawler.database, chunk)


def polled(at_work: AtWork, running: RunningFarm) -> None:
    """Every source was polled a moment ago, as far as its next poll depends on it; no items."""
    now, database = utc_now(), at_work.parts.crawler.database
    asked, rules, changed = [], [], []
    etags = running.etags()
    for row in at_work.parts.crawler.sources.all():
        key = validators_key(row.source, row.source.url)
        asked.append({"url_key": key, "url": row.source.url, "etag": etags[row.source.url],
                      "last_modified": "", "body_hash": "", "checked_at": now})  # fmt: skip
        origin = origin_of(row.source.url)
        rules.append({"origin": origin, "status": 404, "body": "", "fetched_at": now})
        changed.append({"this": row.source.id, "at": row.source.url, "every": 3600})
    read = {"baseline": True, "watch_kind": "feed", "last_polled": now, "full_at": now,
            "changed_at": now}  # fmt: skip
    this = update(sources).where(sources.c.id == bindparam("this"))
    at, every = bindparam("at"), bindparam("every")
    with database.write() as connection:
        connection.execute(validators.insert(), asked)
        connection.execute(robots.insert(), rules)
        connection.execute(
            this.values(watch_url=at, landed_url=at, interval_seconds=every, **read), changed
        )


def insert(database: Database, chunk: list[tuple[dict[str, Any], ...]]) -> None:
    """Rows of (item, address, sighting) in one transaction."""
    with database.write() as connection:
        for table, number in ((items, 0), (addresses, 1), (sightings, 2)):
            connection.execute(table.insert(), [row[number] for row in chunk])


def _rows(
    at_work: AtWork, running: RunningFarm, now: datetime
) -> Iterator[tuple[dict[str, Any], ...]]:
    for number, row in enumerate(at_work.parts.crawler.sources.all()):
        site = running.site(number)
        feed = read_feed(site.feed().encode(), row.source.url, now=now)
        for raw in feed.items:
            yield stored(row.source.id, raw, site.language, now)


def stored(source: str, raw: RawItem, language: str, now: datetime) -> tuple[dict[str, Any], ...]:
    """The rows of one item that a source lists."""
    canonical = address_of(raw.url)
    key = url_key(canonical)
    item = Item(
        id=key[:16], source=source, url=raw.url, canonical_url=canonical, title=raw.title,
        summary=raw.summary, published=raw.published, first_seen=now, language=language,
        text=raw.text or raw.summary,
    )  # fmt: skip
    more = {"content_hash": "", "title_hash": "", "text_pending": False, "topics_version": ""}
    sighting = {
        "source": source, "item": item.id, "url": raw.url, "guid_hash": guid_hash(raw),
        "stamp": listed_stamp(raw), "first_seen": now, "last_seen": now,
    }  # fmt: skip
    return (
        {**_values(item), **more},
        {"url_key": key, "item": item.id, "url": raw.url},
        sighting,
    )
