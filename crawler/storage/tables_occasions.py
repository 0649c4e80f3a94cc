"""The table of the events and deadlines that items announce."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, false

from crawler.storage.tables import UtcDateTime, metadata

occasions = Table(
    "occasions",
    metadata,
    Column("item", String(32), ForeignKey("items.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # with the item what calendars know it by
    Column("kind", String(16), nullable=False),
    Column("start", String(40), nullable=False),  # ISO 8601 with its own offset
    Column("end", String(40), nullable=False, server_default=""),
    Column("all_day", Boolean, nullable=False),
    Column("over_at", UtcDateTime, nullable=False, index=True),  # when it has ended
    Column("place", Text, nullable=False, server_default=""),
    Column("field", String(8), nullable=False),
    Column("at", Integer, nullable=False),
    Column("quote", Text, nullable=False, server_default=""),
    Column("sequence", Integer, nullable=False, server_default="0"),  # RFC 5545, 3.8.7.4
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Column("added_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
