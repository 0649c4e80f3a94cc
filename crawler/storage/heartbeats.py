"""Whether a daemon looks after this database: it writes when it last did."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from crawler.storage import queue_schema
from crawler.storage.database import Database
from crawler.storage.tables import meta

EVERY_SECONDS = 60
FRESH = timedelta(minutes=3)
_KEY = "daemon_beat"


def beat(database: Database, now: datetime) -> None:
    """The daemon runs at ``now`` (aware)."""
    statement = database.insert(meta).values(key=_KEY, value=now.isoformat())
    again = statement.on_conflict_do_update(index_elements=["key"], set_={"value": now.isoformat()})
    with database.write() as connection:
        connection.execute(again)


def is_running(database: Database, now: datetime) -> bool:
    """Whether a daemon wrote within ``FRESH``, or a worker is alive."""
    with database.read() as connection:
        written = connection.scalar(select(meta.c.value).where(meta.c.key == _KEY))
    if written and now - datetime.fromisoformat(written) <= FRESH:
        return True
    queue = queue_schema.figures(database)
    return queue is not None and queue.workers > 0
