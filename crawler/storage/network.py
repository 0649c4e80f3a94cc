"""Since when our own network has been down, as every process of the installation sees it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, delete, select

from crawler.storage.database import Database
from crawler.storage.direct import Direct, Driver
from crawler.storage.tables import meta, sources

_KEY = "network_down_since"


class NetworkStore:
    """One fact in the database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def down_since(self) -> datetime | None:
        """When the outage that lasts began; None where there is none."""
        with self.database.read() as connection:
            return _down_since(connection)

    def mark_down(self, now: datetime) -> None:
        """Our network is down; the first moment counts."""
        mark = self.database.insert(meta).values(key=_KEY, value=now.isoformat())
        with self.database.write() as connection:
            connection.execute(mark.on_conflict_do_nothing(index_elements=["key"]))

    def working(self, since: datetime, limit: int = 200) -> list[str]:
        """Addresses of sources whose last poll worked, within a time, the latest first."""
        works = (sources.c.status == "active", sources.c.failures == 0, sources.c.last_ok >= since)
        query = (
            select(sources.c.watch_url, sources.c.url)
            .where(*works)
            .order_by(sources.c.last_ok.desc())
            .limit(limit)
        )
        with self.database.read() as connection:
            return [row.watch_url or row.url for row in connection.execute(query)]


def mark_up(connection: Connection) -> None:
    """A site answered: our network works."""
    driver = Driver(connection)
    driver.run(_mark_up(driver.is_sqlite), {})


@lru_cache(maxsize=2)
def _mark_up(is_sqlite: bool) -> Direct:
    return Direct(delete(meta).where(meta.c.key == _KEY), is_sqlite)


def _down_since(connection: Connection) -> datetime | None:
    found = connection.scalar(select(meta.c.value).where(meta.c.key == _KEY))
    return datetime.fromisoformat(found) if found else None
