"""How often something was asked for today: counts under keyed marks, forgotten after a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from crawler.storage.database import Database
from crawler.storage.tables_recipients import allowances

_KEPT = timedelta(days=3)


class AllowanceStore:
    """Counts what is allowed only so often a day."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def take(self, mark: str, most: int, now: datetime) -> bool:
        """Count one more under ``mark``; False where that is more than ``most`` on this day."""
        today = now.date().toordinal()
        with self.database.write() as connection:
            forgotten = (now - _KEPT).date().toordinal()
            connection.execute(delete(allowances).where(allowances.c.day < forgotten))
            statement = self.database.insert(allowances).values(mark=mark, day=today, count=1)
            counted = statement.on_conflict_do_update(
                index_elements=["mark", "day"], set_={"count": allowances.c["count"] + 1}
            ).returning(allowances.c["count"])
            return int(connection.execute(counted).scalar_one()) <= most
