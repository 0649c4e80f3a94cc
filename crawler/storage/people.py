"""What the database knows of one person's address: gathered, and erased."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from crawler.model.delivery import Delivery
from crawler.storage.database import Database
from crawler.storage.deliveries import delivery_of
from crawler.storage.subscriptions import SubscriptionRow, row_of, suppress
from crawler.storage.tables_recipients import (
    delivered_items,
    deliveries,
    incidents,
    subscriptions,
    suppressions,
)

_NOBODY = "erased@invalid"
ERASED = f"email:{_NOBODY}"


class PeopleStore:
    """Reads and erases by address: ``to`` as stored, or one of its keyed hashes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def subscriptions_of(self, to: str, hashes: Sequence[str]) -> list[SubscriptionRow]:
        """Every subscription of the address, those that left included."""
        with self.database.read() as connection:
            ids = list(connection.scalars(select(subscriptions.c.id).where(_theirs(to, hashes))))
            return [row for one in sorted(ids) if (row := row_of(connection, one))]

    def deliveries_of(self, ids: Sequence[str], to: str) -> list[Delivery]:
        """Everything that was, or is to be, sent to the address."""
        query = select(deliveries).where(
            or_(deliveries.c.subscription.in_(list(ids)), deliveries.c.to == to)
        )
        with self.database.read() as connection:
            found = connection.execute(query.order_by(deliveries.c.created_at, deliveries.c.part))
            return [delivery_of(row) for row in found]

    def received(self, ids: Sequence[str], to: str) -> int:
        """How many items are noted as received by the address."""
        noted = select(func.count()).select_from(delivered_items).where(_noted(ids, to))
        with self.database.read() as connection:
            return connection.scalar(noted) or 0

    def incidents(self, to: str) -> int:
        """How many incidents name the address."""
        with self.database.read() as connection:
            return len(_naming(connection, to))

    def suppressed(self, hashes: Sequence[str]) -> tuple[str, datetime] | None:
        """Why and since when the address must be asked anew."""
        query = select(suppressions).where(suppressions.c.address_hash.in_(list(hashes)))
        with self.database.read() as connection:
            row = connection.execute(query.limit(1)).first()
        return (row.reason, row.at) if row else None

    def erase(self, to: str, hashes: Sequence[str], now: datetime) -> int:
        """Remove the address, its consents, every message to it and what the operator is told
        of it; how many subscriptions.

        What keeps alerts from coming twice stays, without the address; its keyed hash stays in
        the suppression list, so that nobody enters it again unasked.
        """
        with self.database.write() as connection:
            ids = list(connection.scalars(select(subscriptions.c.id).where(_theirs(to, hashes))))
            sent = or_(deliveries.c.subscription.in_(ids), deliveries.c.to == to)
            unsent = and_(sent, deliveries.c.state != "sent")
            connection.execute(update(deliveries).where(unsent).values(**_ENDED))
            connection.execute(update(deliveries).where(sent).values(**_NOTHING_LEFT))
            connection.execute(update(delivered_items).where(_noted(ids, to)).values(to=ERASED))
            connection.execute(
                update(subscriptions)
                .where(subscriptions.c.id.in_(ids))
                .values(
                    to=ERASED, consent={}, address_hash="", status="left", status_at=now,
                    status_by="erased", undeclared=True,
                )
            )  # fmt: skip
            _erase_incidents(connection, to, now)
            for one in hashes[:1]:
                suppress(connection, self.database, one, "erased", now)
        return len(ids)


# Who is sending it now finds the lease lost: whatever comes of it, it is not tried again.
_ENDED: dict[str, Any] = {
    "state": "dead", "error": "erased", "lease_owner": "", "lease_until": None,
}  # fmt: skip
_NOTHING_LEFT: dict[str, Any] = {"payload": "", "to": ERASED, "external_id": ""}


def _theirs(to: str, hashes: Sequence[str]) -> Any:
    return or_(subscriptions.c.to == to, subscriptions.c.address_hash.in_(list(hashes)))


def _noted(ids: Sequence[str], to: str) -> Any:
    return or_(delivered_items.c.subscription.in_(list(ids)), delivered_items.c.to == to)


def _erase_incidents(connection: Connection, to: str, now: datetime) -> None:
    """Those of the address end without a word; where others name it, it is taken out."""
    for row in _naming(connection, to):
        key, text = (_named(to).sub(_NOBODY, part) for part in (row.key, row.text))
        values: dict[str, Any] = {"key": key, "text": text}
        if key != row.key:
            ended = row.closed_at or now
            values |= {"closed_at": ended, "told_open": True, "told_closed": True}
        connection.execute(update(incidents).where(incidents.c.id == row.id).values(**values))


def _naming(connection: Connection, to: str) -> list[Any]:
    """The incidents whose key or text names the address."""
    address = to.partition(":")[2]
    if "@" not in address:
        return []
    likely = (
        part.icontains(address, autoescape=True) for part in (incidents.c.key, incidents.c.text)
    )
    found = connection.execute(select(incidents).where(or_(*likely)))
    return [row for row in found if _named(to).search(f"{row.key} {row.text}")]


def _named(to: str) -> re.Pattern[str]:
    """The address in a text, and not where it is the end or the beginning of another's."""
    address = re.escape(to.partition(":")[2])
    return re.compile(rf"(?<![\w.+-]){address}(?![\w-]|\.\w)", re.IGNORECASE)
