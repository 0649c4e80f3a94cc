"""Topic definitions as rows: shipped and declared ones are synced, others live here alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, select, update

from crawler.errors import ConfigError, UsageError
from crawler.model.topic import TopicDefinition
from crawler.storage.database import Database
from crawler.storage.tables import topics


class TopicStore:
    """Reads and writes topic definitions."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def sync(self, declared: Sequence[TopicDefinition], name: str, now: datetime) -> None:
        """Make the database follow what installation ``name`` declares.

        Raises ConfigError when an id lives in the database alone or belongs to another name.
        """
        with self.database.write() as connection:
            for topic in declared:
                self._check_owner(connection, topic.id, name)
                self._upsert(connection, topic, now)
            gone = and_(
                topics.c.declared_by == name,
                topics.c.id.not_in([topic.id for topic in declared]),
            )
            connection.execute(update(topics).where(gone).values(undeclared=True))

    def own(self) -> list[TopicDefinition]:
        """Topics that live in the database alone."""
        query = select(topics).where(topics.c.declared_by == "", topics.c.undeclared.is_(False))
        with self.database.read() as connection:
            return [_topic(row) for row in connection.execute(query.order_by(topics.c.id))]

    def declared(self, name: str) -> dict[str, str]:
        """Versions by id of what installation ``name`` declared when it was last synced."""
        query = select(topics.c.id, topics.c.version).where(
            topics.c.declared_by == name, topics.c.undeclared.is_(False)
        )
        with self.database.read() as connection:
            return {row.id: row.version for row in connection.execute(query)}

    def save(self, topic: TopicDefinition, now: datetime) -> None:
        """Add or change a topic that lives in the database alone.

        Raises UsageError for one that a configuration file declares.
        """
        with self.database.write() as connection:
            found = connection.execute(
                select(topics.c.declared_by, topics.c.undeclared).where(topics.c.id == topic.id)
            ).first()
            if found is not None and found.declared_by and not found.undeclared:
                raise UsageError(
                    f'The topic "{topic.id}" is declared in the configuration file.',
                    remedy="Change it there, or choose another id.",
                )
            self._upsert(connection, topic, now)

    def remove(self, topic_id: str) -> None:
        """Raises UsageError for an unknown topic or one that a file declares."""
        with self.database.write() as connection:
            done = connection.execute(
                delete(topics).where(topics.c.id == topic_id, topics.c.declared_by == "")
            )
        if not done.rowcount:
            raise UsageError(
                f'No topic "{topic_id}" lives in the database.',
                remedy="Topics of the configuration file are removed there; "
                "all of them: clusterwatch topics list",
            )

    def _check_owner(self, connection: Connection, topic_id: str, name: str) -> None:
        row = connection.execute(
            select(topics.c.declared_by, topics.c.undeclared).where(topics.c.id == topic_id)
        ).first()
        if row is None or row.declared_by == name or row.undeclared:
            return
        where = (
            f'by installation "{row.declared_by}"' if row.declared_by else "in the database alone"
        )
        raise ConfigError(
            f'[[topics]] id "{topic_id}" exists already, {where}.',
            remedy=f"Give it another id, or run: clusterwatch topics remove {topic_id}",
        )

    def _upsert(self, connection: Connection, topic: TopicDefinition, now: datetime) -> None:
        values: dict[str, Any] = {
            "name": topic.name,
            "definition": dict(topic.definition),
            "version": topic.version,
            "declared_by": topic.declared_by,
            "undeclared": False,
            "changed_at": now,
        }
        before = connection.execute(select(topics).where(topics.c.id == topic.id)).first()
        if before is not None and before.definition == values["definition"]:
            values["changed_at"] = before.changed_at  # a sync changes nothing by itself
        statement = self.database.insert(topics).values(id=topic.id, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _topic(row: Any) -> TopicDefinition:
    return TopicDefinition(
        id=row.id,
        name=row.name,
        definition=row.definition,
        version=row.version,
        declared_by=row.declared_by,
    )
