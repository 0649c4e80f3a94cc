"""Which definitions the archive was classified by, and what is still to be decided anew."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from crawler.model.item import Item
from crawler.model.topic import Match
from crawler.storage.database import Database
from crawler.storage.item_rows import ERASED, save_matches
from crawler.storage.items import ItemStore
from crawler.storage.tables import items, matches, meta

_KEY = "classification"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the archive follows the topics."""

    # Topic id → version of the last completed round; None: there was none yet.
    versions: Mapping[str, str] | None = None
    key: str = ""  # of the round that is under way, or was last completed
    since: datetime | None = None  # when that round began
    loud: Collection[str] = field(default=())  # topics whose new matches may alert


@dataclass(frozen=True, slots=True)
class Decided:
    """One item decided anew."""

    item: Item
    matches: tuple[Match, ...]
    quiet: Collection[str]  # topics among them that alert nobody


def key_of(versions: Mapping[str, str]) -> str:
    """The mark of items that were decided by exactly these versions of topics."""
    text = json.dumps(sorted(versions.items()))
    return sha256(text.encode()).hexdigest()[:16]


class ClassificationStore:
    """Reads and writes the standing, and the items it concerns."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.items = ItemStore(database)

    def standing(self) -> Standing:
        with self.database.read() as connection:
            return _standing(connection)

    def begin(self, key: str, loud: Collection[str], now: datetime) -> Standing:
        """Begin the round ``key``, or go on with it; ``loud`` topics are added to its own."""
        with self.database.write() as connection:
            before = _standing(connection)
            same = before.key == key
            after = Standing(
                before.versions,
                key,
                before.since if same else now,
                # An interrupted round's wish is kept by the one that takes its place.
                {*before.loud, *loud},
            )
            if after != before:
                self._write(connection, after)
        return after

    def finish(self, key: str, versions: Mapping[str, str]) -> None:
        """Every item was decided; a round that another one replaced changes nothing."""
        with self.database.write() as connection:
            before = _standing(connection)
            if before.key == key:
                self._write(connection, Standing(dict(versions), key, before.since, ()))

    def left(self, key: str) -> int:
        """How many items were decided by other versions."""
        query = select(func.count()).select_from(items).where(_stale(key))
        with self.database.read() as connection:
            return int(connection.scalar(query) or 0)

    def stale(self, key: str, limit: int) -> list[Item]:
        """Items decided by other versions with their present matches, the newest first."""
        query = select(items.c.id).where(_stale(key)).order_by(items.c.first_seen.desc())
        with self.database.read() as connection:
            ids = list(connection.scalars(query.limit(limit)))
        return self.items.by_ids(ids)

    def save(
        self, decided: Sequence[Decided], key: str, versions: Mapping[str, str], now: datetime
    ) -> None:
        """Store one batch in a transaction; an item whose text changed meanwhile is left out."""
        with self.database.write() as connection:
            for one in decided:
                this = and_(
                    items.c.id == one.item.id,
                    items.c.title == one.item.title,
                    items.c.text == one.item.text,
                )
                done = connection.execute(update(items).where(this).values(topics_version=key))
                if done.rowcount and _differs(connection, one, versions):
                    save_matches(connection, one.item.id, one.matches, versions, now, one.quiet)

    def _write(self, connection: Connection, standing: Standing) -> None:
        value = json.dumps(
            {
                "versions": None if standing.versions is None else dict(standing.versions),
                "key": standing.key,
                "since": standing.since.isoformat() if standing.since else None,
                "loud": sorted(standing.loud),
            }
        )
        statement = self.database.insert(meta).values(key=_KEY, value=value)
        connection.execute(
            statement.on_conflict_do_update(index_elements=["key"], set_={"value": value})
        )


def _stale(key: str) -> ColumnElement[bool]:
    return and_(items.c.topics_version != key, items.c.held_back != ERASED)


def _standing(connection: Connection) -> Standing:
    found = connection.scalar(select(meta.c.value).where(meta.c.key == _KEY))
    if found is None:
        return Standing()
    value = json.loads(found)
    since = datetime.fromisoformat(value["since"]) if value["since"] else None
    return Standing(value["versions"], value["key"], since, frozenset(value["loud"]))


def _differs(connection: Connection, one: Decided, versions: Mapping[str, str]) -> bool:
    """Whether the stored matches are of other versions or others altogether."""
    query = select(matches.c.topic, matches.c.version).where(matches.c.item == one.item.id)
    stored = {(row.topic, row.version) for row in connection.execute(query)}
    return stored != {(match.topic, versions.get(match.topic, "")) for match in one.matches}
