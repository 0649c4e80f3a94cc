"""Judgements as rows, each with the classification it judges; only who said one withdraws it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select

from crawler.model.judgement import Classified, Judgement
from crawler.model.topic import Evidence, Match
from crawler.storage.database import Database
from crawler.storage.item_rows import parts
from crawler.storage.tables import feedback, items, matches

LONGEST_BY = 64  # characters of who said something


class FeedbackStore:
    """Remembers judgements and reads what they are about."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(
        self, item: str, topic: str, judgement: str, *, version: str, by: str, now: datetime
    ) -> Judgement:
        """Remember a judgement of the item as it is classified in this moment.

        ``version`` is the topic's present one: it decided where the item has no match.
        Item and judgement must be known ones; the caller checks what a user typed.
        """
        found = select(matches.c.score, matches.c.version).where(
            matches.c.item == item, matches.c.topic == topic
        )
        with self.database.write() as connection:
            match = connection.execute(found).first()
            kept = Judgement(
                item=item,
                topic=topic,
                judgement=judgement,
                score=match.score if match else None,
                version=match.version if match else version,
                by=by,
                at=now,
            )
            connection.execute(feedback.insert().values(**_values(kept)))
        return kept

    def by(self, person: str, ids: Collection[str]) -> dict[tuple[str, str], Judgement]:
        """(item, topic) → the latest that one person said about items."""
        found: dict[tuple[str, str], Judgement] = {}
        with self.database.read() as connection:
            for some in parts(ids):
                query = select(feedback).where(
                    feedback.c.by == person[:LONGEST_BY], feedback.c.item.in_(some)
                )
                for row in connection.execute(query.order_by(feedback.c.at, feedback.c.id)):
                    found[row.item, row.topic] = _judgement(row)
        return found

    def withdraw(self, item: str, topic: str, person: str) -> int:
        """Forget what one person said about a topic of an item; how many judgements that was."""
        this = and_(
            feedback.c.item == item,
            feedback.c.topic == topic,
            feedback.c.by == person[:LONGEST_BY],
        )
        with self.database.write() as connection:
            return connection.execute(delete(feedback).where(this)).rowcount

    def of(self, topic: str) -> list[Judgement]:
        """Every judgement about a topic, oldest first."""
        query = select(feedback).where(feedback.c.topic == topic)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(feedback.c.at, feedback.c.id))
            return [_judgement(row) for row in rows]

    def archive(self, topic: str) -> list[Classified]:
        """Every item of the archive with its present match for a topic, oldest first."""
        mine = and_(matches.c.item == items.c.id, matches.c.topic == topic)
        query = (
            select(
                items.c.id,
                items.c.first_seen,
                items.c.duplicate_of,
                matches.c.score,
                matches.c.evidence,
            )
            .outerjoin(matches, mine)
            .order_by(items.c.first_seen, items.c.id)
        )
        with self.database.read() as connection:
            return [_classified(row, topic) for row in connection.execute(query)]


def _values(one: Judgement) -> dict[str, Any]:
    columns = ("item", "topic", "judgement", "score", "version", "by", "at")
    return {name: getattr(one, name) for name in columns}


def _judgement(row: Any) -> Judgement:
    return Judgement(row.item, row.topic, row.judgement, row.score, row.version, row.by, row.at)


def _classified(row: Any, topic: str) -> Classified:
    match = None
    if row.score is not None:
        match = Match(topic, row.score, tuple(Evidence(*one) for one in row.evidence))
    return Classified(row.id, row.first_seen, match, row.duplicate_of is not None)
