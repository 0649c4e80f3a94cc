"""Figures of the status page: what came in week by week, what went out lately, who is fresh."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select

from crawler.model.delivery import Delivery
from crawler.storage.database import Database
from crawler.storage.deliveries import delivery_of
from crawler.storage.tables import deliveries, items, sightings

WEEK = timedelta(days=7)
# Windows of digests begin with their date, or say that they were closed early.
_DIGESTS = ("2%", "now:%")


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
