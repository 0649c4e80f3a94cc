"""What is forgotten: an item's words on request, old texts and payloads in time.

What prevents that an item is alerted again stays: its addresses, the hashes of its content, who
listed it, and to whom it was delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, or_, select, update

from crawler.errors import UsageError
from crawler.storage.database import Database
from crawler.storage.item_rows import ERASED, one_at_a_time, parts
from crawler.storage.occasions import forget_occasions, forget_quotes
from crawler.storage.search import SearchStore
from crawler.storage.story_index import ALL_ITEMS, SqlIndex
from crawler.storage.tables import items, matches
from crawler.storage.tables_recipients import delivered_items, deliveries
from crawler.storage.tables_stories import anchor_counts, story_links

_BATCH = 400  # items a transaction: readers and polls get their turn in between


class ErasureStore:
    """Erases items and lets old texts go."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._search = SearchStore(database)

    def erase(self, ids: Sequence[str]) -> int:
        """Remove every word of these items; how many were not erased before.

        They leave lists, stories and topics, and messages that carried them lose their stored
        payload. Raises UsageError for an unknown id.
        """
        erased = 0
        for part in parts(ids):
            with self.database.write() as connection:
                one_at_a_time(self.database, connection)
                query = select(
                    items.c.id, items.c.held_back, items.c.title, items.c.text, items.c.summary
                ).where(items.c.id.in_(part))
                rows = connection.execute(query).all()
                missing = set(part) - {row.id for row in rows}
                if missing:
                    raise UsageError(
                        f'No item has the id "{min(missing)}".',
                        remedy="Find it with: clusterwatch items list",
                    )
                erased += sum(row.held_back != ERASED for row in rows)
                self._forget_anchors(connection, part)
                for row in rows:
                    self._search.forget(connection, row.id, row.title, row.text or row.summary)
                _erase(connection, part)
        return erased

    def _forget_anchors(self, connection: Connection, ids: Sequence[str]) -> None:
        """Anchors are words, names among them; what no item carries any more is not kept."""
        index = SqlIndex(self.database, connection)
        for one in ids:
            index.remove(one)
        unused = and_(anchor_counts.c["items"] <= 0, anchor_counts.c.anchor != ALL_ITEMS)
        connection.execute(delete(anchor_counts).where(unused))

    def of_source(self, source: str) -> list[str]:
        """The ids of the items this source brought first."""
        query = select(items.c.id).where(items.c.source == source, items.c.held_back != ERASED)
        with self.database.read() as connection:
            return list(connection.scalars(query.order_by(items.c.id)))

    def forget_texts(self, before: datetime) -> int:
        """Drop the texts of items first seen before a moment; titles, dates and topics stay."""
        old = and_(items.c.first_seen < before, items.c.text != "")
        forgotten = 0
        while True:
            with self.database.write() as connection:
                ids = list(connection.scalars(select(items.c.id).where(old).limit(_BATCH)))
                if not ids:
                    return forgotten
                connection.execute(update(items).where(items.c.id.in_(ids)).values(text=""))
                _drop_quotes(connection, ids)
                forget_quotes(connection, ids)
                forgotten += len(ids)


def _erase(connection: Connection, ids: Sequence[str]) -> None:
    words = {"title": "", "summary": "", "text": "", "author": "", "image": "", "change": ""}
    state = {"held_back": ERASED, "text_pending": False, "story": None, "duplicate_of": None}
    connection.execute(update(items).where(items.c.id.in_(ids)).values(**words, **state))
    copies = update(items).where(items.c.duplicate_of.in_(ids)).values(duplicate_of=None)
    connection.execute(copies)
    connection.execute(delete(matches).where(matches.c.item.in_(ids)))
    forget_occasions(connection, ids)
    linked = or_(story_links.c.item.in_(ids), story_links.c.other.in_(ids))
    connection.execute(delete(story_links).where(linked))
    carried = select(delivered_items.c.delivery).where(delivered_items.c.item.in_(ids))
    ended = deliveries.c.state.in_(("sent", "dead"))
    told = or_(deliveries.c.id.in_(carried), deliveries.c.thread_of.in_(carried))
    connection.execute(update(deliveries).where(ended, told).values(payload=""))


def _drop_quotes(connection: Connection, ids: Sequence[str]) -> None:
    """Evidence in a text that is gone points nowhere."""
    for row in connection.execute(select(matches).where(matches.c.item.in_(ids))).all():
        kept = [one for one in row.evidence if one[0] == "title"]
        if len(kept) < len(row.evidence):
            this = and_(matches.c.item == row.item, matches.c.topic == row.topic)
            connection.execute(update(matches).where(this).values(evidence=kept))
