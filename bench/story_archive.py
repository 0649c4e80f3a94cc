"""Fills an archive with invented items by bulk insert, as ingest would have written them.

The rows of some thousand fingerprinted items again, under new names, in new bands and on their
own days: stories, items, fingerprints, bands, anchors, near misses and the anchors' counts. The
tables' further indexes are taken off before and made again afterwards, and the planner's figures
are brought up to date, as autovacuum does.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, Table, text

from crawler.storage import tables, tables_stories
from crawler.storage.database import Database
from crawler.storage.story_index import ALL_ITEMS
from crawler.stories.items import StoryItem
from crawler.stories.rarity import is_counted, is_indexed

CHUNK = 50_000  # items in a transaction
RENAMED = ("name", "pair", "amount", "address", "title")  # drawn anew for every filled item
NAMES = 2_000_000  # that are drawn from; their ranks are about Zipf's
_FILLED = (
    tables_stories.stories, tables.items, tables_stories.fingerprints, tables_stories.item_bands,
    tables_stories.item_anchors, tables_stories.story_links,
)  # fmt: skip


class Filler:
    """Makes rows of items and remembers how many there are; the same for the same models."""

    def __init__(self, models: Sequence[StoryItem]) -> None:
        self._rng = random.Random(5)
        self._models = models
        self._told = [_Model(one) for one in models]
        self._stored = 0
        self._counts: Counter[str] = Counter()
        self._last = models[-1].first_seen

    def moved(self, item: StoryItem, number: int) -> StoryItem:
        """An item to add: it comes after everything that is stored."""
        moment = self._last + timedelta(minutes=self._rng.randrange(60 * 24))
        key = f"x{number}-{item.id[-12:]}"
        values: dict[str, Any] = {"id": key, "url": f"{item.url}-{number}"}
        values |= {"published": moment, "first_seen": moment}
        return StoryItem(**{**vars(item), **values})

    def fill(self, database: Database, size: int) -> None:
        """Store items until there are ``size``."""
        indexes = [index for table in _FILLED for index in table.indexes]
        if database.is_sqlite:
            pragmas(database, "foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000")
        each(database, [f"DROP INDEX {index.name}" for index in indexes])
        while self._stored < size:
            number = min(CHUNK, size - self._stored)
            rows = self._rows(range(self._stored, self._stored + number))
            _insert(database, rows)
            self._stored += number
        self._write_counts(database)
        make(database, indexes)
        if not database.is_sqlite:
            each(database, ["ANALYZE"])
        database.engine.dispose()  # connections as they always are

    def _rows(self, numbers: range) -> dict[Table, list[tuple[Any, ...]]]:
        rows: dict[Table, list[tuple[Any, ...]]] = {table: [] for table in _FILLED}
        for n in numbers:
            self._row(n, rows)
        for table in (tables_stories.item_bands, tables_stories.item_anchors):
            rows[table].sort()  # neighbours in the index are written together
        return rows

    def _row(self, n: int, rows: dict[Table, list[tuple[Any, ...]]]) -> None:
        told = self._told[self._rng.randrange(len(self._told))]
        key, moment = f"{n:016d}", self._models[0].first_seen + timedelta(minutes=26 * n)
        self._last = moment
        named = list(self._renamed(told))
        day = moment.toordinal()
        rows[tables_stories.stories].append((f"s{key}", moment))
        rows[tables.items].append(told.item_row(key, moment))
        stored = json.dumps([[], [name for name, _, _ in named]])
        rows[tables_stories.fingerprints].append((key, told.sketch, told.length, stored, "[]"))
        bits = (self._rng.getrandbits(63) for _ in range(told.bands))
        rows[tables_stories.item_bands] += [(value, key) for value in bits]
        rows[tables_stories.item_anchors] += [
            (name, day, key) for name, indexed, _ in named if indexed
        ]
        if n:
            other = f"{self._rng.randrange(max(0, n - 2000), n):016d}"
            rows[tables_stories.story_links].append((key, other, "independent", 0.3, "[]", ""))
        self._counts.update(name for name, _, counted in named if counted)
        self._counts[ALL_ITEMS] += 1

    def _renamed(self, told: _Model) -> Iterator[tuple[str, bool, bool]]:
        """Anchors with whether they are indexed and counted. Names are many, most of them rare."""
        seen = set()
        for kind, known, indexed, counted in told.anchors:
            name = known
            if kind in RENAMED and self._rng.random() >= 0.2:
                rank = int(NAMES ** self._rng.random())
                name = f"{kind}:{rank}" if kind == "amount" else f"{kind}:n{rank}"
            if name not in seen:
                seen.add(name)
                yield name, indexed, counted

    def _write_counts(self, database: Database) -> None:
        each(database, ["DELETE FROM anchor_counts"])
        rows = [(key, number) for key, number in sorted(self._counts.items())]
        _insert(database, {tables_stories.anchor_counts: rows})


class _Model:
    """What the rows made after one item have in common."""

    def __init__(self, one: StoryItem) -> None:
        self._one = one
        found = one.fingerprint
        self.sketch, self.length, self.bands = found.sketch, found.length, len(set(found.bands))
        self.anchors = [(a.kind, str(a), is_indexed(a), is_counted(a)) for a in found.anchors]

    def item_row(self, key: str, moment: datetime) -> tuple[Any, ...]:
        """In the order of ``_ITEM_COLUMNS``."""
        one = self._one
        url = f"{one.url}/{key}"
        return (
            key, one.source, url, url, one.title, "", one.text, one.language, moment,
            moment.isoformat(), False, moment, key, key, False, f"s{key}", moment,
        )  # fmt: skip


_ITEM_COLUMNS = (
    "id", "source", "url", "canonical_url", "title", "summary", "text", "language",
    "published_at", "published", "published_whole_day", "first_seen", "content_hash",
    "title_hash", "text_pending", "story", "told_at",
)  # fmt: skip
_COLUMNS = {
    tables.items: _ITEM_COLUMNS,
    tables_stories.stories: ("id", "created_at"),
    tables_stories.fingerprints: ("item", "sketch", "length", "anchors", "left_out"),
}


def _insert(database: Database, rows: dict[Table, list[tuple[Any, ...]]]) -> None:
    """By the driver itself: SQLAlchemy would cost several times as much as the rows."""
    with database.write() as connection:
        raw = connection.connection.dbapi_connection
        for table, values in rows.items():
            columns = _COLUMNS.get(table) or tuple(column.name for column in table.columns)
            _insert_raw(raw, table.name, columns, values)


def _insert_raw(
    raw: Any, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]
) -> None:
    if isinstance(raw, sqlite3.Connection):
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        if values and any(isinstance(value, datetime) for value in values[0]):
            values = [tuple(map(_as_sqlite, row)) for row in values]
        raw.executemany(statement, values)
        return
    with raw.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _as_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return value


def pragmas(database: Database, *pragmas: str) -> None:
    """For the one connection that filling uses again and again."""
    with database.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}")


def each(database: Database, statements: Sequence[str]) -> None:
    """Run statements in one transaction."""
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def make(database: Database, indexes: Sequence[Index]) -> None:
    """Make indexes anew."""
    with database.write() as connection:
        for index in indexes:
            index.create(connection)
