"""What new items bring beside their own row, collected and written together: a few statements for
a reading, however many items it has.

An item's own row is written at once: who comes next is compared with it. Nothing that stores a
reading looks at these rows before they are written, but for an item that comes again in the same
reading; ``write`` goes before that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crawler.model.item import Item
from crawler.model.occasion import Occasion
from crawler.storage import boilerplate
from crawler.storage import item_rows as rows
from crawler.storage.database import Database
from crawler.storage.occasions import add_occasions
from crawler.storage.search import SearchStore, indexed
from crawler.storage.tables import matches


class NewRows:
    """Lives as long as the transaction of one reading of ``source``."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        source: str,
        versions: Mapping[str, str],
        now: datetime,
    ) -> None:
        """``versions`` are those of the topics that decided."""
        self._database = database
        self._connection = connection
        self._source = source
        self._versions = versions
        self._now = now
        self._matches: list[dict[str, Any]] = []
        self._texts: list[tuple[str, str, str]] = []
        self._occasions: dict[str, Sequence[Occasion]] = {}
        self._addresses: dict[str, tuple[str, str]] = {}
        self._sentences: Counter[int] = Counter()

    def add(self, item: Item, occasions: Sequence[Occasion], sentences: Collection[int]) -> None:
        """A new item's matches, grams and occasions, and the sentences at its text's ends."""
        self._matches += rows.match_rows(item.id, item.topics, self._versions, self._now)
        self._texts.append((item.id, *indexed(item)))
        self._occasions[item.id] = occasions
        self._sentences.update(set(sentences))

    def lead(self, item_id: str, ways: Iterable[tuple[str, str]]) -> None:
        """Addresses (key, url) lead to an item; those that lead somewhere already stay."""
        for key, url in ways:
            self._addresses.setdefault(key, (item_id, url))

    def write(self) -> None:
        """Write what was collected; there may be more afterwards."""
        if self._matches:
            self._connection.execute(matches.insert(), self._matches)
        SearchStore(self._database).add_new(self._connection, self._texts)
        add_occasions(self._connection, self._occasions, self._now)
        rows.add_addresses(self._connection, self._addresses)
        boilerplate.count(
            self._database, self._connection, self._source, self._sentences, self._now
        )
        for collected in (self._matches, self._texts, self._occasions, self._addresses):
            collected.clear()
        self._sentences.clear()
