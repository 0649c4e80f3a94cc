"""What servers told us: validators, robots.txt, and addresses that did not become items."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from crawler.model.item import Drop
from crawler.model.source import Source, Validators
from crawler.storage.database import Database
from crawler.storage.item_rows import parts
from crawler.storage.tables import drops, robots, validators

KEPT_DROPS_PER_SOURCE = 2000


@dataclass(frozen=True, slots=True)
class RobotsTxt:
    """What an origin answered for /robots.txt."""

    status: int
    body: str
    fetched_at: datetime


class FetchedStore:
    """Reads and writes what fetching has to remember between two runs."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def validators(self, key: str) -> Validators | None:
        """How to ask whether an address changed, by its ``validators_key``."""
        return self.validators_of([key])[0]

    def validators_of(self, keys: Sequence[str]) -> list[Validators | None]:
        """The same for many, in the order of ``keys``."""
        found: dict[str, Validators] = {}
        with self.database.read() as connection:
            for part in parts(keys):
                asked = select(validators).where(validators.c.url_key.in_(part))
                for row in connection.execute(asked):
                    found[row.url_key] = Validators(row.etag, row.last_modified, row.body_hash)
        return [found.get(key) for key in keys]

    def robots(self, origin: str) -> RobotsTxt | None:
        """The robots.txt kept for an origin, however old."""
        with self.database.read() as connection:
            row = connection.execute(select(robots).where(robots.c.origin == origin)).first()
        return None if row is None else RobotsTxt(row.status, row.body, row.fetched_at)

    def keep_robots(self, origin: str, found: RobotsTxt) -> None:
        """Keep an origin's robots.txt."""
        values = {"status": found.status, "body": found.body, "fetched_at": found.fetched_at}
        with self.database.write() as connection:
            statement = self.database.insert(robots).values(origin=origin, **values)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["origin"], set_=values)
            )

    def drops(self, url_key: str) -> list[Drop]:
        """Why an address did not become an item, newest first."""
        query = select(drops).where(drops.c.url_key == url_key).order_by(drops.c.last_seen.desc())
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return [Drop(row.source, row.url, row.stage, row.reason, row.last_seen) for row in rows]

    def kept_out(self, source: str) -> dict[str, int]:
        """How many addresses of a source were left alone lately, by whose word: ``robots``,
        ``tdm``."""
        query = (
            select(drops.c.stage, func.count())
            .where(drops.c.source == source, drops.c.stage.in_(("robots", "tdm")))
            .group_by(drops.c.stage)
        )
        with self.database.read() as connection:
            return {row.stage: int(row[1]) for row in connection.execute(query)}


def validators_key(source: Source, url: str) -> str:
    """The key of what a source knows about exactly this address.

    Two sources may watch one address: what the one has read is news to the other. And a
    source that is read by other rules has to read the same bytes again.
    """
    rules = [source.id, source.kind, source.selector, source.only_links, source.skip_links, url]
    return sha256(json.dumps(rules).encode("utf-8", "replace")).hexdigest()[:32]


def validators_row(key: str, url: str, kept: Validators, now: datetime) -> dict[str, Any]:
    """How to ask about an address, as ``checks.keep_many_validators`` takes it."""
    return {
        "url_key": key,
        "url": url,
        "etag": kept.etag,
        "last_modified": kept.last_modified,
        "body_hash": kept.body_hash,
        "checked_at": now,
    }


def keep_drops(
    database: Database, connection: Connection, source_id: str, rows: Iterable[dict[str, Any]]
) -> None:
    """Remember why addresses did not become items: rows of url_key, url, stage, reason,
    last_seen. The newest KEPT_DROPS_PER_SOURCE of a source stay."""
    kept = list(islice(rows, KEPT_DROPS_PER_SOURCE))
    for row in kept:
        values = {key: row[key] for key in ("url", "stage", "reason", "last_seen")}
        statement = database.insert(drops).values(
            source=source_id, url_key=row["url_key"], **values
        )
        connection.execute(
            statement.on_conflict_do_update(index_elements=["source", "url_key"], set_=values)
        )
    if kept:
        _bound_drops(connection, source_id)


def _bound_drops(connection: Connection, source_id: str) -> None:
    oldest = (
        select(drops.c.url_key)
        .where(drops.c.source == source_id)
        .order_by(drops.c.last_seen.desc(), drops.c.url_key)
        .offset(KEPT_DROPS_PER_SOURCE)
    )
    connection.execute(
        drops.delete().where(drops.c.source == source_id, drops.c.url_key.in_(oldest))
    )
