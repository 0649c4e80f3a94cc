"""Facts about this installation that its database keeps: who it is, and the secret of its links."""

from __future__ import annotations

from secrets import token_hex

from sqlalchemy import select

from crawler.storage.database import Database
from crawler.storage.tables import meta

INSTANCE, SECRET = "instance", "secret"


def instance_id(database: Database) -> str:
    """The installation's id, made on first use; it stands in every delivery's identity."""
    return _kept(database, INSTANCE, 16)


def link_secret(database: Database) -> str:
    """The secret that signs links where CLUSTERWATCH_SECRET is not set, made on first use."""
    return _kept(database, SECRET, 64)


def _kept(database: Database, key: str, digits: int) -> str:
    query = select(meta.c.value).where(meta.c.key == key)
    with database.read() as connection:
        found = connection.scalar(query)
    if found:
        return str(found)
    fresh = database.insert(meta).values(key=key, value=token_hex(digits // 2))
    with database.write() as connection:
        connection.execute(fresh.on_conflict_do_nothing(index_elements=["key"]))
        return str(connection.scalar(query))
