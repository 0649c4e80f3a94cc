"""Additions to topics as rows: a layer above what is shipped or declared, one thing a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from crawler.errors import UsageError
from crawler.model.topic import Addition
from crawler.storage.database import Database
from crawler.storage.tables import topic_additions

MOST = 2_000  # of one topic


class AdditionStore:
    """Reads and writes additions. No sync touches them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[Addition]:
        """Every addition in the order in which it was made."""
        query = select(topic_additions).order_by(topic_additions.c.number)
        with self.database.read() as connection:
            return [_addition(row) for row in connection.execute(query)]

    def of(self, topic: str) -> list[Addition]:
        """The additions to one topic, oldest first."""
        return [one for one in self.all() if one.topic == topic]

    def add(self, wanted: Sequence[Addition], now: datetime) -> list[Addition]:
        """Store what is not there yet, all or nothing; what now stands for each.

        Raises UsageError where a topic would get more than ``MOST``. Whether an addition fits
        its topic is the caller's to check.
        """
        with self.database.write() as connection:
            return [_kept(connection, one, now) for one in wanted]

    def drop(self, topic: str, number: int) -> Addition:
        """Remove one addition. Raises UsageError when the topic has none of that number."""
        this = (topic_additions.c.number == number, topic_additions.c.topic == topic)
        with self.database.write() as connection:
            row = connection.execute(select(topic_additions).where(*this)).first()
            if row is None:
                raise UsageError(
                    f'The topic "{topic}" has no addition number {number}.',
                    remedy=f"See them: clusterwatch topics show {topic}",
                )
            connection.execute(delete(topic_additions).where(*this))
        return _addition(row)

    def drop_all(self, topic: str) -> int:
        """Remove every addition to a topic; how many there were."""
        with self.database.write() as connection:
            return connection.execute(
                delete(topic_additions).where(topic_additions.c.topic == topic)
            ).rowcount


def _kept(connection: Connection, one: Addition, now: datetime) -> Addition:
    mine = select(topic_additions).where(topic_additions.c.topic == one.topic)
    rows = [_addition(row) for row in connection.execute(mine)]
    same = [row for row in rows if _says(row) == _says(one)]
    if same:
        return same[0]
    if len(rows) >= MOST:
        raise UsageError(
            f'The topic "{one.topic}" has {MOST} additions already.',
            remedy="Remove some, or declare the topic in the configuration file.",
        )
    values = {**_says(one), "by": one.by[:64], "at": now}
    done = connection.execute(topic_additions.insert().values(**values))
    key = done.inserted_primary_key
    assert key is not None
    return replace(one, number=int(key[0]), at=now)


def _says(one: Addition) -> dict[str, Any]:
    """What an addition says, whoever made it."""
    return {
        "topic": one.topic,
        "kind": one.kind,
        "terms": list(one.terms),
        "concept": one.concept,
        "language": one.language,
    }


def _addition(row: Any) -> Addition:
    return Addition(
        number=row.number,
        topic=row.topic,
        kind=row.kind,
        terms=tuple(row.terms),
        concept=row.concept,
        language=row.language,
        by=row.by,
        at=row.at,
    )
