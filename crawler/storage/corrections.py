"""Which messages in Slack tell a story that has changed since, from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from crawler.model.delivery import Delivery
from crawler.storage.database import Database
from crawler.storage.deliveries import delivery_of
from crawler.storage.tables import items
from crawler.storage.tables_recipients import delivered_items, deliveries

WITHIN = timedelta(days=30)  # since it was posted; nobody reads an older message again


@dataclass(frozen=True, slots=True)
class Outdated:
    """A posted message and the items in it that changed after it was made."""

    message: Delivery  # part 0
    items: tuple[tuple[str, datetime], ...]  # (id, when it changed), sorted


class CorrectionStore:
    """Reads; the corrections themselves are deliveries."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def outdated(self, now: datetime) -> list[Outdated]:
        """Messages that were posted with a bot's token, whose payload is kept."""
        query = (
            select(deliveries, items.c.id.label("changed"), items.c.changed_at)
            .join(delivered_items, delivered_items.c.delivery == deliveries.c.id)
            .join(items, items.c.id == delivered_items.c.item)
            .where(
                deliveries.c.channel == "slack",
                deliveries.c.state == "sent",
                deliveries.c.payload != "",
                deliveries.c.external_id.not_like("webhook:%"),
                deliveries.c.created_at >= now - WITHIN,
                delivered_items.c.how.in_(("shown", "alerted")),
                items.c.changed_at > deliveries.c.created_at,
            )
            .order_by(deliveries.c.created_at, deliveries.c.id, items.c.id)
        )
        found: dict[str, tuple[Delivery, list[tuple[str, datetime]]]] = {}
        with self.database.read() as connection:
            for row in connection.execute(query):
                entry = found.setdefault(row.id, (delivery_of(row), []))
                entry[1].append((row.changed, row.changed_at))
        return [Outdated(message, tuple(changed)) for message, changed in found.values()]

    def parts(self, message_id: str) -> list[Delivery]:
        """What was posted of a message: itself and its thread."""
        query = select(deliveries).where(
            or_(deliveries.c.id == message_id, deliveries.c.thread_of == message_id),
            deliveries.c.state == "sent",
            deliveries.c.payload != "",
        )
        with self.database.read() as connection:
            return [delivery_of(row) for row in connection.execute(query.order_by("part"))]
