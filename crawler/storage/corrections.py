"""Which messages in Slack tell a story that has changed since, from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, literal_column, or_, select

from crawler.model.delivery import Delivery
from crawler.storage.database import Database
from crawler.storage.deliveries import OPEN_STATES, delivery_of
from crawler.storage.tables import items
from crawler.storage.tables_recipients import delivered_items, deliveries

WITHIN = timedelta(days=30)  # since it was posted; nobody reads an older message again
_POSTED = deliveries.c.channel == literal_column("'slack'")  # a partial index has these
_NEWEST_CHANGE = select(func.max(items.c.changed_at)).where(items.c.changed_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Outdated:
    """A posted message and the items in it that changed after it was made."""

    message: Delivery  # part 0
    items: tuple[tuple[str, datetime], ...]  # (id, when it changed), sorted


class CorrectionStore:
    """Reads; the corrections themselves are deliveries."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def newest_change(self) -> datetime | None:
        """When an item last changed materially: one look at an index, with every tick."""
        with self.database.read() as connection:
            found: datetime | None = connection.scalar(_NEWEST_CHANGE)
        return found

    def outdated(self, now: datetime) -> list[Outdated]:
        """Messages that were posted with a bot's token, whose payload is kept."""
        query = (
            select(deliveries, items.c.id.label("changed"), items.c.changed_at)
            .join(delivered_items, delivered_items.c.delivery == deliveries.c.id)
            .join(items, items.c.id == delivered_items.c.item)
            .where(
                _POSTED,
                deliveries.c.created_at >= now - WITHIN,
                deliveries.c.state.concat("") == "sent",  # by that index came every mail
                deliveries.c.payload != "",
                deliveries.c.external_id.not_like("webhook:%"),
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

    def some_wait(self, now: datetime) -> bool:
        """Whether a message waits to be posted: its story may have changed already."""
        waiting = exists().where(
            _POSTED, deliveries.c.created_at >= now - WITHIN, deliveries.c.state.in_(OPEN_STATES)
        )
        with self.database.read() as connection:
            return bool(connection.scalar(select(waiting)))

    def parts(self, message_id: str) -> list[Delivery]:
        """What was posted of a message: itself and its thread."""
        query = select(deliveries).where(
            or_(deliveries.c.id == message_id, deliveries.c.thread_of == message_id),
            deliveries.c.state == "sent",
            deliveries.c.payload != "",
        )
        with self.database.read() as connection:
            return [delivery_of(row) for row in connection.execute(query.order_by("part"))]
