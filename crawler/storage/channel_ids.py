"""What channels remember across restarts: Slack's ids of channels, ids of messages out there."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from crawler.storage.database import Database
from crawler.storage.tables_recipients import channel_ids, deliveries


class Clock(Protocol):
    """Gives the time, aware."""

    def __call__(self) -> datetime: ...


class ChannelMemory:
    """Channel names resolved once, and under which id each delivery arrived."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self._clock = clock

    def channel_id(self, name: str) -> str:
        """The id stored for a name, "" where there is none."""
        query = select(channel_ids.c.channel_id).where(channel_ids.c.name == name)
        with self.database.read() as connection:
            return connection.scalar(query) or ""

    def remember_channel(self, name: str, channel_id: str) -> None:
        """Store the id of a name, the newest wins."""
        values = {"channel_id": channel_id, "at": self._clock()}
        statement = self.database.insert(channel_ids).values(name=name, **values)
        with self.database.write() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_=values)
            )

    def external_id(self, delivery_id: str) -> str:
        """The id under which a delivery arrived, "" if it did not."""
        query = select(deliveries.c.external_id).where(deliveries.c.id == delivery_id)
        with self.database.read() as connection:
            return connection.scalar(query) or ""
