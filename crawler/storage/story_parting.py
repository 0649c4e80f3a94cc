"""An item that leaves its story after an edit: nobody is told anything again because of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from crawler.storage.database import Database
from crawler.storage.tables import items
from crawler.storage.tables_recipients import delivered_items


def tell_apart(
    database: Database, connection: Connection, item_id: str, story: str, now: datetime
) -> None:
    """Before ``item_id`` leaves ``story``: no telling repeats it any more, and whoever was
    sent the story counts as having got every telling of it."""
    repeats = update(items).where(items.c.story == story, items.c.duplicate_of == item_id)
    connection.execute(repeats.values(duplicate_of=None))
    tellings = list(connection.scalars(select(items.c.id).where(items.c.story == story)))
    got = select(delivered_items.c.subscription, delivered_items.c.to).distinct()
    got = got.join(items, items.c.id == delivered_items.c.item).where(items.c.story == story)
    rows = [
        {"subscription": row.subscription, "to": row.to, "item": telling}
        for row in connection.execute(got)
        for telling in tellings
    ]
    if rows:
        fresh = database.insert(delivered_items).on_conflict_do_nothing()
        given = {"delivery": "", "how": "marked", "at": now}
        connection.execute(fresh, [row | given for row in rows])
