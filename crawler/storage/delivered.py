"""What one delivery brought to whom, as rows."""

from __future__ import annotations

from sqlalchemy import select

from crawler.storage.database import Database
from crawler.storage.tables_recipients import delivered_items


class DeliveredStore:
    """Reads which items a digest held; they outlive its payload."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, delivery: str, subscription: str) -> list[tuple[str, str]]:
        """(item id, how: "shown", "alerted" or "rolled_up") of what one digest brought."""
        query = select(delivered_items.c.item, delivered_items.c.how).where(
            delivered_items.c.delivery == delivery,
            delivered_items.c.subscription == subscription,
            delivered_items.c.how.in_(("shown", "alerted", "rolled_up")),
        )
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(delivered_items.c.item))
            return [(row.item, row.how) for row in rows]
