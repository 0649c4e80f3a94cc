"""The tables of the queue (Procrastinate's own), as our upgrade makes them, and how full it is.

Procrastinate ships its schema and a file per change; the last one applied stands in ``meta``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec

from sqlalchemy import Connection, text

from crawler.errors import ConfigError, StorageError
from crawler.extras import how_to_install
from crawler.storage import schema
from crawler.storage.database import Database
from crawler.storage.tables import meta

KEY = "queue_schema"
ENGINES = 2  # of a worker, one for each queue: Procrastinate takes each for a worker of its own
ALIVE_SECONDS = 30  # without a heartbeat for so long, a worker counts as gone
_LOCK = 0x636C7771  # "clwq": two upgrades at once follow each other


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How many hints wait and are worked at in each queue, and how many workers are alive."""

    waiting: dict[str, int]
    working: dict[str, int]
    workers: int


def bring_up(database: Database) -> str | None:
    """Create or renew the queue's tables; the version they have then.

    None on SQLite and where Procrastinate is not installed: nothing here uses the queue then.
    Raises StorageError where the database holds a queue of somebody else's.
    """
    if database.is_sqlite or find_spec("procrastinate") is None:
        return None
    changes = _changes()
    with database.write() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        version = _version(connection)
        if version is None:
            _refuse_foreign(connection)
            _run(connection, _shipped("schema.sql"))
            connection.execute(meta.insert().values(key=KEY, value=changes[-1]))
            return changes[-1]
        for change in changes:
            if change > version:
                _run(connection, _shipped("migrations", change))
        newest = max(version, changes[-1])
        connection.execute(meta.update().where(meta.c.key == KEY).values(value=newest))
    return newest


def check(database: Database) -> None:
    """Raises ConfigError where workers cannot run here, StorageError for missing tables."""
    if database.is_sqlite:
        raise ConfigError(
            "Workers need PostgreSQL: a SQLite file is one machine's, and one daemon works on it.",
            remedy="Set [clusterwatch] database to postgresql://…, or use: clusterwatch run",
        )
    if find_spec("procrastinate") is None:
        raise ConfigError(
            "Workers need Procrastinate, which is not installed.",
            remedy=f"Install it: {how_to_install('worker')}; then: clusterwatch db upgrade",
        )
    with database.read() as connection:
        empty = schema.current_in(connection, database) is None
        version = None if empty else _version(connection)
    if version is None or version < _changes()[-1]:
        state = "not there yet" if version is None else "older than this program"
        raise StorageError(
            f"The queue's tables are {state}.", remedy="Run: clusterwatch db upgrade"
        )


def figures(database: Database) -> QueueFigures | None:
    """How full the queue is, None where there is none."""
    if database.is_sqlite:
        return None
    with database.read() as connection:
        if _version(connection) is None:
            return None
        counted = connection.execute(
            text(
                "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs"
                " WHERE status IN ('todo', 'doing') GROUP BY 1, 2"
            )
        ).all()
        alive = text(
            "SELECT count(*) FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - :seconds * interval '1 second'"
        )
        engines = connection.scalar(alive, {"seconds": ALIVE_SECONDS})
    waiting = {queue: number for queue, status, number in counted if status == "todo"}
    working = {queue: number for queue, status, number in counted if status == "doing"}
    return QueueFigures(waiting, working, math.ceil(int(engines or 0) / ENGINES))


def _version(connection: Connection) -> str | None:
    found = connection.execute(meta.select().where(meta.c.key == KEY)).first()
    return str(found.value) if found else None


def _changes() -> list[str]:
    """Names of Procrastinate's files of changes, oldest first."""
    folder = resources.files("procrastinate.sql") / "migrations"
    return sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql"))


def _shipped(*path: str) -> str:
    return resources.files("procrastinate.sql").joinpath(*path).read_text("utf-8")


def _refuse_foreign(connection: Connection) -> None:
    if connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is not None:
        raise StorageError(
            "The database holds a queue of another program's.",
            remedy="Use a database of its own for Clusterwatch.",
        )


def _run(connection: Connection, statements: str) -> None:
    # The driver itself: several statements at once, and a percent sign is no parameter.
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(statements)
