"""Incidents as rows: one message to the operator when one opens, one when it is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, update

from crawler.storage.database import Database
from crawler.storage.tables_recipients import incidents


@dataclass(frozen=True, slots=True)
class Incident:
    """Something the operator must know of. ``key`` says what is broken."""

    id: int
    key: str  # "slack", "slack:#c", "source:x" …
    text: str  # first line: what; the others: what is known and what to do
    opened_at: datetime
    closed_at: datetime | None = None
    told_open: bool = False
    told_closed: bool = False


class IncidentStore:
    """Reads and writes incidents; of one key at most one is open."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def open(self, key: str, text: str, now: datetime) -> bool:
        """Open an incident unless one of that key is open; True when it is new."""
        key = key[:200]
        is_open = and_(incidents.c.key == key, incidents.c.closed_at.is_(None))
        with self.database.write() as connection:
            if connection.execute(select(incidents.c.id).where(is_open).limit(1)).first():
                return False
            connection.execute(
                incidents.insert().values(
                    key=key, text=text[:2000], opened_at=now, told_open=False, told_closed=False
                )
            )
            return True

    def close(self, keys: Collection[str], now: datetime) -> int:
        """Close what is open under these keys: it works again. Writes only where there is any."""
        is_open = and_(incidents.c.key.in_(list(keys)), incidents.c.closed_at.is_(None))
        with self.database.read() as connection:
            if connection.execute(select(incidents.c.id).where(is_open).limit(1)).first() is None:
                return 0
        with self.database.write() as connection:
            closing = update(incidents).where(is_open).values(closed_at=now)
            return connection.execute(closing).rowcount

    def withdraw(self, keys: Collection[str], now: datetime) -> None:
        """Close what is open under these keys without a word: nobody watches it any more."""
        is_open = and_(incidents.c.key.in_(list(keys)), incidents.c.closed_at.is_(None))
        if not keys:
            return
        with self.database.write() as connection:
            connection.execute(
                update(incidents)
                .where(is_open)
                .values(closed_at=now, told_open=True, told_closed=True)
            )

    def get(self, incident_id: int) -> Incident | None:
        """The incident of that id, None where there is none."""
        with self.database.read() as connection:
            query = select(incidents).where(incidents.c.id == incident_id)
            row = connection.execute(query).first()
        return Incident(**row._mapping) if row else None

    def ever(self, key: str) -> bool:
        """Whether there is or was one of that key."""
        query = select(incidents.c.id).where(incidents.c.key == key[:200]).limit(1)
        with self.database.read() as connection:
            return connection.execute(query).first() is not None

    def untold(self) -> list[Incident]:
        """What the operator has not been told: openings, and endings of what was told."""
        opened = and_(incidents.c.told_open.is_(False), incidents.c.closed_at.is_(None))
        ended = and_(
            incidents.c.told_open.is_(True),
            incidents.c.told_closed.is_(False),
            incidents.c.closed_at.is_not(None),
        )
        query = select(incidents).where(or_(opened, ended)).order_by(incidents.c.id)
        with self.database.read() as connection:
            return [Incident(**row._mapping) for row in connection.execute(query)]

    def told(self, incident: Incident) -> None:
        """The message is queued."""
        told = {"told_closed": True} if incident.closed_at else {"told_open": True}
        with self.database.write() as connection:
            connection.execute(
                update(incidents).where(incidents.c.id == incident.id).values(**told)
            )

    def lasting(
        self, key: str, since: datetime, until: datetime
    ) -> list[tuple[datetime, datetime | None]]:
        """From when to when (None: still) one of that key was open within a time, first first."""
        query = select(incidents.c.opened_at, incidents.c.closed_at).where(
            incidents.c.key == key,
            incidents.c.opened_at <= until,
            or_(incidents.c.closed_at.is_(None), incidents.c.closed_at > since),
        )
        with self.database.read() as connection:
            found = connection.execute(query.order_by(incidents.c.opened_at))
            return [(row.opened_at, row.closed_at) for row in found]

    def all_open(self) -> list[Incident]:
        """What is broken now, oldest first."""
        query = select(incidents).where(incidents.c.closed_at.is_(None)).order_by(incidents.c.id)
        with self.database.read() as connection:
            return [Incident(**row._mapping) for row in connection.execute(query)]
