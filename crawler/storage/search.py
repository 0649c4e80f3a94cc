"""Full-text search as rows: grams in FTS5 on SQLite, in an array with a GIN index on PostgreSQL.

The index holds sets of grams without texts or positions. An item that changes gets a new number;
what is left under its old one leads nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql

from crawler.grams import MOST_CHARACTERS, Query, folded, grams
from crawler.model.item import Item
from crawler.storage.database import Database
from crawler.storage.direct import Direct, Driver
from crawler.storage.item_rows import ERASED
from crawler.storage.lists import listed
from crawler.storage.tables import items, matches, sightings
from crawler.storage.tables_stories import search_docs

_BATCH = 200  # items a transaction when an index is made
_LOOK = 100  # candidates looked at in one step
_MOST_LOOKED_AT = 20_000  # candidates of one search
_RARE = 1_000  # entries that hold a term which is found by the index alone
_LONGEST_STRETCH = 6_400  # numbers that SQLite's index gives at once
_AFTER_ALL = 2**62
_NUMBERS = text(
    "SELECT rowid FROM search_grams(:asked) WHERE rowid < :before"
    " ORDER BY rowid DESC LIMIT :stretch"
)
_ADD_DOCS = Direct(
    text(
        "INSERT INTO search_docs (item) SELECT value FROM json_each(:items) RETURNING item, docid"
    ),
    is_sqlite=True,
)
_ADD_GRAMS = Direct(
    text("INSERT INTO search_grams (rowid, grams) VALUES (:docid, :grams)"), is_sqlite=True
)
_AMONG = text("search_docs.docid IN (SELECT value FROM json_each(:numbers))")


@dataclass(frozen=True, slots=True)
class _Look:
    """A stretch of candidates, and where the next one begins; None at the end."""

    rows: Sequence[Any]
    before: int | None


class SearchStore:
    """Finds items by words; newest found first."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- writing ----------------------------------------------------------------------------

    def add(self, connection: Connection, item_id: str, title: str, body: str) -> None:
        """Index an item, anew where it was indexed before."""
        connection.execute(delete(search_docs).where(search_docs.c.item == item_id))
        self.add_new(connection, [(item_id, title, body)])

    def add_new(self, connection: Connection, texts: Sequence[tuple[str, str, str]]) -> None:
        """Index items (id, title, body) that were never indexed."""
        if not texts:
            return
        found = [sorted(grams(f"{title}\n{body}")) for _, title, body in texts]
        ids = [item for item, _, _ in texts]
        told = zip(ids, found, strict=True)
        if not self.database.is_sqlite:
            values = [{"item": item, "grams": held} for item, held in told]
            connection.execute(search_docs.insert(), values)
            return
        driver = Driver(connection)
        numbered = driver.rows(_ADD_DOCS, {"items": listed(ids, is_sqlite=True)})
        docids = {row[0]: row[1] for row in numbered}
        rows = ({"docid": docids[item], "grams": " ".join(held)} for item, held in told)
        driver.run_many(_ADD_GRAMS, rows)

    def forget(self, connection: Connection, item_id: str, title: str, body: str) -> None:
        """Take an item's grams out; ``title`` and ``body`` as they were indexed."""
        this = search_docs.c.item == item_id
        docid = connection.scalar(select(search_docs.c.docid).where(this))
        if docid is None:
            return
        if self.database.is_sqlite:
            found = " ".join(sorted(grams(f"{title}\n{body}")))
            connection.execute(
                text(
                    "INSERT INTO search_grams (search_grams, rowid, grams)"
                    " VALUES ('delete', :docid, :grams)"
                ),
                {"docid": docid, "grams": found},
            )
        connection.execute(delete(search_docs).where(this))

    def catch_up(self) -> int:
        """Index what is not indexed yet, in batches; how many items."""
        done = 0
        missing = (
            select(items.c.id, items.c.title, func.substr(items.c.text, 1, MOST_CHARACTERS))
            .outerjoin(search_docs, search_docs.c.item == items.c.id)
            .where(search_docs.c.item.is_(None), items.c.held_back != ERASED)
            .order_by(items.c.first_seen, items.c.id)
            .limit(_BATCH)
        )
        while True:
            with self.database.write() as connection:
                rows = connection.execute(missing).all()
                for row in rows:
                    self.add(connection, *row)
            done += len(rows)
            if len(rows) < _BATCH:
                return done

    # -- reading ----------------------------------------------------------------------------

    def find(
        self,
        wanted: Query,
        limit: int,
        *,
        before: int | None = None,
        topic: str = "",
        source: str = "",
        language: str = "",
        since: datetime | None = None,
        told_since: datetime | None = None,
    ) -> list[tuple[int, str]]:
        """(number, item id) of items that have every term, newest found first.

        ``before`` is the number after which an earlier page ended; ``since`` asks for the first
        sight, ``told_since`` for the publication.
        """
        if not wanted.grams:
            return []
        found: list[tuple[int, str]] = []
        looked_at, stretch = 0, _LOOK
        filters = _filters(topic, source, language, since)
        if told_since is not None:
            filters.append(items.c.told_at >= told_since)
        with self.database.read() as connection:
            while len(found) < limit and looked_at < _MOST_LOOKED_AT:
                look = self._look(connection, wanted, before, filters, stretch)
                looked_at += len(look.rows)
                found += [
                    (row.docid, row.id)
                    for row in look.rows
                    if wanted.in_text(folded(f"{row.title}\n{row.body}"))
                ]
                if look.before is None:
                    break
                before = look.before
                if len(look.rows) < _LOOK // 2:  # the filters leave little: reach further
                    stretch = min(4 * stretch, _LONGEST_STRETCH)
        return found[:limit]

    def _look(
        self,
        connection: Connection,
        wanted: Query,
        before: int | None,
        filters: Sequence[Any],
        stretch: int,
    ) -> _Look:
        """The next items that hold every gram and pass the filters, newest found first."""
        body = func.substr(items.c.text, 1, MOST_CHARACTERS).label("body")
        query = (
            select(search_docs.c.docid, items.c.id, items.c.title, body)
            .join(items, items.c.id == search_docs.c.item)
            .where(*filters)
            .order_by(search_docs.c.docid.desc())
        )
        if self.database.is_sqlite:
            # FTS5 gives the numbers in order as they are asked for; a list of all would be long.
            asked = " AND ".join(f'"{gram}"' for gram in wanted.grams)
            values = {"asked": asked, "before": before or _AFTER_ALL, "stretch": stretch}
            numbers = list(connection.scalars(_NUMBERS, values))
            those = query.where(_AMONG.bindparams(numbers=json.dumps(numbers)))
            rows = connection.execute(those).all()
            return _Look(rows, numbers[-1] if len(numbers) == stretch else None)
        if before is not None:
            query = query.where(search_docs.c.docid < before)
        rows = connection.execute(query.where(_held(connection, wanted)).limit(_LOOK)).all()
        return _Look(rows, rows[-1].docid if len(rows) == _LOOK else None)


def _held(connection: Connection, wanted: Query) -> ColumnElement[bool]:
    """PostgreSQL: which entries hold every gram.

    Asked for the newest few, it walks all entries from the newest, which is quick for frequent
    words and endless for rare ones. Rare ones are taken from the index, without an order.
    """
    array = bindparam("asked", list(wanted.grams), type_=postgresql.ARRAY(Text))
    held = text("search_docs.grams @> :asked").bindparams(array)
    few = select(search_docs.c.docid).where(held).limit(_RARE)
    numbers = list(connection.scalars(few))
    return and_(held) if len(numbers) == _RARE else search_docs.c.docid.in_(numbers)


def _filters(topic: str, source: str, language: str, since: datetime | None) -> list[Any]:
    chosen: list[Any] = []
    # Asked of each candidate: a frequent topic's items are too many to list for every search.
    if topic:
        about = and_(matches.c.item == items.c.id, matches.c.topic == topic)
        chosen.append(exists().where(about))
    if source:
        listed = and_(sightings.c.item == items.c.id, sightings.c.source == source)
        chosen.append(exists().where(listed))
    if language:
        chosen.append(items.c.language == language)
    if since is not None:
        chosen.append(items.c.first_seen >= since)
    return chosen


def indexed(item: Item) -> tuple[str, str]:
    """(title, body) of an item as the index takes them."""
    return item.title, item.text or item.summary
