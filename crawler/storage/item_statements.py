"""The statements that every stored entry needs, built once for each database.

Who an entry is, its item's row and its sighting depend on the entry before, so that they run for
each by itself; building such a statement anew costs ten times what SQLite needs for it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    Integer,
    Select,
    bindparam,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from crawler.storage.direct import Direct
from crawler.storage.lists import among, listed
from crawler.storage.tables import addresses, items, sightings

_UPDATED = ("url", "guid_hash", "stamp", "last_seen")  # when a source lists an item again
_NO_HASH = "-"  # is the hash of nothing
_MOST_ALIKE = 20


class ListedBefore(NamedTuple):
    """What a source listed before: columns of the sighting and of its item."""

    item: str
    guid_hash: str
    last_seen: datetime
    url: str
    title: str
    text: str
    content_hash: str
    title_hash: str
    held_back: str
    published: str


class ItemStatements:
    """The statements of one kind of database."""

    def __init__(self, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self.add_item = Direct(items.insert(), is_sqlite)
        self.blank = _blank()
        self.sight = Direct(self._sight(), is_sqlite)
        self.under_guids = Direct(
            self._before(among(sightings.c.guid_hash, "hashes", is_sqlite)), is_sqlite
        )
        alike = or_(
            items.c.title_hash == bindparam("title"), items.c.content_hash == bindparam("content")
        )
        self.alike = Direct(self._before(alike).limit(_MOST_ALIKE), is_sqlite)
        self.addresses = self._of(addresses.c.url_key, addresses.c.item)
        self.titles = self._of(items.c.id, items.c.title)
        self.lately = Direct(_lately(), is_sqlite)
        self.lead = Direct(self._lead(), is_sqlite)
        self.stamps = self._of(sightings.c.item, sightings.c.source, sightings.c.stamp)
        self.places = Direct(self._places(), is_sqlite)
        self.listed_under = Direct(self._listed_under(), is_sqlite)

    def listed(self, hashes: Collection[str]) -> object:
        """Hashes, keys or ids as this database takes them."""
        return listed(hashes, self._is_sqlite)

    def hashed(self, title_hash: str, content_hash: str) -> dict[str, str]:
        """Hashes of a title and a text as ``alike`` takes them; "" is like nothing."""
        return {"title": title_hash or _NO_HASH, "content": content_hash or _NO_HASH}

    def _of(self, key: Column[str], *others: Column[str]) -> Direct:
        """The rows of the ``keys`` handed over, key first."""
        return Direct(
            select(key, *others).where(among(key, "keys", self._is_sqlite)), self._is_sqlite
        )

    def _listed_under(self) -> Select[Any]:
        told = (sightings.c.source, sightings.c.guid_hash, sightings.c.item, items.c.title)
        these = (
            among(sightings.c.guid_hash, "hashes", self._is_sqlite),
            among(rare_source(), "sources", self._is_sqlite),
        )
        return select(*told).join(items, items.c.id == sightings.c.item).where(*these)

    def _places(self) -> Select[Any]:
        """Where the items among ``keys`` stand that a ``source`` listed."""
        return (
            select(sightings.c.item, sightings.c.guid_hash, items.c.url)
            .join(items, items.c.id == sightings.c.item)
            .where(
                sightings.c.source == bindparam("source"),
                among(sightings.c.item, "keys", self._is_sqlite),
            )
        )

    def _sight(self) -> Executable:
        dialect = sqlite if self._is_sqlite else postgresql
        statement: sqlite.Insert | postgresql.Insert = dialect.insert(sightings)
        return statement.on_conflict_do_update(
            index_elements=["source", "item"],
            set_={name: statement.excluded[name] for name in _UPDATED},
        )

    def _lead(self) -> Executable:
        dialect = sqlite if self._is_sqlite else postgresql
        statement: sqlite.Insert | postgresql.Insert = dialect.insert(addresses)
        return statement.on_conflict_do_nothing(index_elements=["url_key"])

    def _before(self, alike: ColumnElement[bool]) -> Select[Any]:
        return (
            select(*_before_columns())
            .join(items, items.c.id == sightings.c.item)
            .where(rare_source() == bindparam("source"), alike)
        )


def _lately() -> Select[Any]:
    """What a ``source`` listed, the latest first, ``most`` at most; backfilled items aside."""
    return (
        select(*_before_columns())
        .join(items, items.c.id == sightings.c.item)
        .where(sightings.c.source == bindparam("source"), items.c.held_back != "backfill")
        .order_by(sightings.c.last_seen.desc(), sightings.c.first_seen.desc(), items.c.id)
        .limit(bindparam("most", type_=Integer))
    )


def _before_columns() -> list[Column[Any]]:
    """Those of ``ListedBefore``, in its order."""
    told = {"item": sightings, "guid_hash": sightings, "last_seen": sightings}
    return [told.get(name, items).c[name] for name in ListedBefore._fields]


def rare_source() -> ColumnElement[str]:
    """The source of a sighting where something rarer is asked for too: as an expression no index
    leads from it, else SQLite would go through all that the source ever listed."""
    return sightings.c.source.concat("")


def _blank() -> dict[str, Any]:
    """What the columns of a new item hold that nobody gives: the tables' own defaults, which no
    statement of the driver's has."""
    defaults = {column.name: column.server_default for column in items.columns}
    return {name: None if one is None else "" for name, one in defaults.items()}


@lru_cache(maxsize=2)
def item_statements(is_sqlite: bool) -> ItemStatements:
    """Those of one kind of database, built once."""
    return ItemStatements(is_sqlite)
