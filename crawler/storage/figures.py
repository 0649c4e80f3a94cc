"""Figures of the status page: what came in week by week, what went out lately, who is fresh."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from crawler.model.delivery import Delivery
from crawler.storage.database import Database
from crawler.storage.deliveries import delivery_of
from crawler.storage.tables import items, sightings, sources
from crawler.storage.tables_recipients import deliveries

WEEK = timedelta(days=7)
RECENT = WEEK * 12
# Windows of digests begin with their date, or say that they were closed early.
_DIGESTS = ("2%", "now:%")


@dataclass(frozen=True, slots=True)
class NewsDay:
    """When a source brought something last."""

    told: date | None  # the day its page shows; None: nothing of it bears a date
    found: datetime | None  # when its newest undated item was first seen (UTC)

    def day(self, zone: tzinfo) -> date:
        """The later of the two, where ``zone`` says which day a moment belongs to."""
        days = [self.told] if self.told else []
        return max([*days, self.found.astimezone(zone).date()] if self.found else days)


class Figures:
    """Counts over the whole installation, each by one query."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def items_per_week(self, until: datetime, weeks: int = 12) -> dict[str, tuple[int, ...]]:
        """By source, how many of its items were published (undated: first seen) in each of the
        ``weeks`` before ``until``, oldest first. Sources without any are left out."""
        starts = [until - WEEK * number for number in range(weeks, 0, -1)]
        columns = [
            func.count(case((and_(items.c.told_at >= one, items.c.told_at < one + WEEK), 1)))
            for one in starts
        ]
        query = (
            select(sightings.c.source, *columns)
            .join(items, items.c.id == sightings.c.item)
            .where(items.c.told_at >= starts[0], items.c.told_at < until)
            .group_by(sightings.c.source)
        )
        with self.database.read() as connection:
            return {row[0]: tuple(row[1:]) for row in connection.execute(query)}

    def last_news(self, sources: Collection[str], now: datetime) -> dict[str, NewsDay]:
        """By source, the day of its newest item as that item's page tells it; what is dated ahead
        counts by when it was found, and so does what bears no date. Those without items are
        left out. Two queries: of few sources nothing is newer than ``RECENT``."""
        found = self._last_news(items.c.told_at >= now - RECENT, now)
        silent = [one for one in sources if one not in found]
        if silent:
            found |= self._last_news(sightings.c.source.in_(silent), now)
        return found

    def _last_news(self, which: ColumnElement[bool], now: datetime) -> dict[str, NewsDay]:
        dated = items.c.published_at <= now
        undated = or_(items.c.published_at.is_(None), items.c.published_at > now)
        query = (
            select(
                sightings.c.source,
                func.max(case((dated, func.substr(items.c.published, 1, 10)))),
                func.max(case((undated, items.c.first_seen))),
            )
            .join(items, items.c.id == sightings.c.item)
            .where(which)
            .group_by(sightings.c.source)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return {row[0]: NewsDay(date.fromisoformat(row[1]) if row[1] else None, row[2])
                for row in rows}  # fmt: skip

    def with_news_since(self, since: datetime, now: datetime) -> frozenset[str]:
        """Ids of sources with an item of their own published (undated: first seen) in between."""
        dated = and_(items.c.published_at >= since, items.c.published_at <= now)
        undated = and_(items.c.published_at.is_(None), items.c.first_seen >= since)
        query = (
            select(sightings.c.source)
            .join(items, items.c.id == sightings.c.item)
            .where(or_(dated, undated), items.c.held_back != "backfill")
            .distinct()
        )
        with self.database.read() as connection:
            return frozenset(connection.scalars(query))

    def sources_with_items(self) -> frozenset[str]:
        """The ids of the sources that listed an item at some time."""
        listed = select(sightings.c.item).where(sightings.c.source == sources.c.id).exists()
        with self.database.read() as connection:
            return frozenset(connection.scalars(select(sources.c.id).where(listed)))

    def deliveries_since(self, since: datetime) -> dict[str, int]:
        """How many messages that were made since a moment stand in each state."""
        query = (
            select(deliveries.c.state, func.count())
            .where(deliveries.c.created_at >= since)
            .group_by(deliveries.c.state)
        )
        with self.database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def latest_digests(self, limit: int, *, apart_from: Collection[str] = ()) -> list[Delivery]:
        """The digests sent last, newest first; neither tests nor what subscribing takes, nor
        messages of the subscriptions ``apart_from``."""
        query = (
            select(deliveries)
            .where(
                deliveries.c.state == "sent",
                deliveries.c.part == 0,
                deliveries.c.subscription.not_in(list(apart_from)),
                or_(*(deliveries.c.window.like(one) for one in _DIGESTS)),
            )
            .order_by(deliveries.c.created_at.desc())
            .limit(limit)
        )
        with self.database.read() as connection:
            return [delivery_of(row) for row in connection.execute(query)]
