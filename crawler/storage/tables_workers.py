"""Tables of a scaled-out installation: what several processes agree on about a host."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, String, Table, text

from crawler.storage.tables import UtcDateTime, metadata, sources

_LEASED = text("lease_owner <> ''")
Index(  # the few that are being polled
    "ix_sources_leased", sources.c.lease_owner, postgresql_where=_LEASED, sqlite_where=_LEASED
)

host_leases = Table(  # who may send requests to a host; only PostgreSQL's clock writes the times
    "host_leases",
    metadata,
    Column("host", String(300), primary_key=True),
    Column("owner", String(80), nullable=False, server_default="", index=True),  # "": free
    Column("until", UtcDateTime, nullable=False, index=True),
    Column("free_at", UtcDateTime, nullable=False),  # earliest start of the next owner's request
    Column("pause_seconds", Float, nullable=False, server_default="0"),  # between two requests
    Column("wanted_at", UtcDateTime),  # somebody was refused
)
