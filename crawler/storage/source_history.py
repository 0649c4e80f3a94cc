"""What a source brought so far: when, and its newest item."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, and_, bindparam, case, exists, func, select

from crawler.storage.database import Database
from crawler.storage.direct import Direct, Driver
from crawler.storage.tables import items, matches, sightings

_MOMENT = func.coalesce(items.c.published_at, items.c.first_seen)
_OF_SOURCE = sightings.c.source == bindparam("b_source")
# Asked for hundreds of sources in a row: SQLAlchemy would build each anew at thrice the cost.
_TIMES = (
    select(_MOMENT, items.c.published)
    .join(sightings, items.c.id == sightings.c.item)
    .where(_OF_SOURCE, items.c.held_back != "backfill")
    .order_by(_MOMENT.desc())
    .limit(bindparam("b_most"))
)
_SEEN = (
    select(sightings.c.first_seen)
    .join(items, items.c.id == sightings.c.item)
    .where(_OF_SOURCE, items.c.held_back != "backfill")
    .order_by(sightings.c.first_seen.desc())
    .limit(bindparam("b_most"))
)
_NEWEST = (
    select(items.c.id, items.c.title, items.c.url, _MOMENT, items.c.published)
    .join(sightings, items.c.id == sightings.c.item)
    .where(_OF_SOURCE)
    .order_by(_MOMENT.desc(), items.c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class NewestItem:
    """The last good item of a source."""

    id: str
    title: str
    url: str
    at: datetime  # published; where undated, when first seen (UTC)
    published: str = ""  # as its page says it, ISO with the source's own offset

    def line(self) -> str:
        """Its day, the one that its page shows, and its title."""
        return f"{self.published[:10] or self.at.date().isoformat()}, {self.title}"


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Items by what became of them."""

    new: int  # by polls
    matched: int  # of these: a topic at least
    held_back: int  # of these: archived without an alert
    backfilled: int  # the past, walked through


class SourceHistory:
    """Reads what polls brought; what backfills brought says nothing about a rhythm."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def published_times(self, source_id: str, limit: int = 60) -> list[datetime]:
        """When its newest items were published, newest first, with the source's own offset (so
        that each has the day that its page shows); undated ones when first seen."""
        with self.database.read() as connection:
            rows = connection.execute(_TIMES, {"b_source": source_id, "b_most": limit}).all()
        return [datetime.fromisoformat(shown) if shown else moment for moment, shown in rows]

    def newest_item(self, source_id: str) -> NewestItem | None:
        """The source's newest item, None where there is none."""
        return self.newest_items([source_id]).get(source_id)

    def newest_items(self, source_ids: Collection[str]) -> dict[str, NewestItem]:
        """The newest item of each, where there is one."""
        with self.database.read() as connection:
            asked = ((one, connection.execute(_NEWEST, {"b_source": one})) for one in source_ids)
            found = ((one, rows.first()) for one, rows in asked)
            return {one: NewestItem(*row) for one, row in found if row is not None}

    def counts(self, since: datetime) -> DayCounts:
        """What became of the items first seen since a moment."""
        past = items.c.held_back == "backfill"
        matched = exists().where(matches.c.item == items.c.id)
        query = select(
            func.count(case((~past, 1))),
            func.count(case((and_(~past, matched), 1))),
            func.count(case((and_(~past, items.c.held_back != ""), 1))),
            func.count(case((past, 1))),
        ).where(items.c.first_seen >= since)
        with self.database.read() as connection:
            row = connection.execute(query).one()
        return DayCounts(*row)


def first_seen_times(connection: Connection, source_id: str, limit: int = 60) -> list[datetime]:
    """When a source's newest items were first seen, newest first: its rhythm.

    What a backfill brought was first seen all at once and says nothing about it.
    """
    driver = Driver(connection)
    rows = driver.rows(_seen(driver.is_sqlite), {"b_source": source_id, "b_most": limit})
    return [moment for (moment,) in rows]


@lru_cache(maxsize=2)
def _seen(is_sqlite: bool) -> Direct:
    return Direct(_SEEN, is_sqlite)
