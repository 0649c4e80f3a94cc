"""Mails that came in, as rows: which were handled, and the newsletters that wait to be read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select, update

from crawler.model.item import RawItem
from crawler.storage.database import Database
from crawler.storage.item_rows import parts
from crawler.storage.tables import meta
from crawler.storage.tables_recipients import deliveries, letters, mails


@dataclass(frozen=True, slots=True)
class Letter:
    """One newsletter: its items as links with titles and teasers."""

    key: str
    source: str
    subject: str
    items: tuple[RawItem, ...]
    at: datetime


class MailStore:
    """Reads and writes what came in by mail."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def handled(self, keys: Collection[str]) -> set[str]:
        """Which of these were handled before."""
        found: set[str] = set()
        with self.database.read() as connection:
            for part in parts(keys):
                query = select(mails.c.key).where(mails.c.key.in_(part))
                found |= set(connection.scalars(query))
        return found

    def note(self, key: str, kind: str, now: datetime) -> bool:
        """Remember that a mail was handled; False where it had been before."""
        with self.database.write() as connection:
            statement = self.database.insert(mails).values(key=key, kind=kind, at=now)
            fresh = statement.on_conflict_do_nothing(index_elements=["key"]).returning(mails.c.key)
            return connection.execute(fresh).first() is not None

    def soft_in_a_row(self, subscription: str) -> int:
        """How many of the last mails to a subscription came back, up to the first that did not."""
        sent = (
            select(deliveries.c.id)
            .where(deliveries.c.subscription == subscription, deliveries.c.state == "sent")
            .order_by(deliveries.c.sent_at.desc())
            .limit(20)
        )
        with self.database.read() as connection:
            ids = list(connection.scalars(sent))
        back = self.handled([f"bounce:{one}" for one in ids])
        count = 0
        for one in ids:
            if f"bounce:{one}" not in back:
                break
            count += 1
        return count

    # -- newsletters ----------------------------------------------------------------------------

    def add_letter(self, letter: Letter) -> bool:
        """Keep a newsletter until its source is polled; False where it is there already."""
        values: dict[str, Any] = {
            "key": letter.key,
            "source": letter.source,
            "subject": letter.subject[:500],
            "items": [[one.url, one.title, one.summary] for one in letter.items],
            "at": letter.at,
        }
        with self.database.write() as connection:
            statement = self.database.insert(letters).values(**values)
            fresh = statement.on_conflict_do_nothing(index_elements=["key", "source"])
            return connection.execute(fresh.returning(letters.c.key)).first() is not None

    def waiting(self, source: str, limit: int = 20) -> list[Letter]:
        """Newsletters of a source that were not read yet, oldest first."""
        query = (
            select(letters)
            .where(letters.c.source == source, letters.c.read_at.is_(None))
            .order_by(letters.c.at, letters.c.key)
            .limit(limit)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return [_letter(row) for row in rows]

    def read(self, found: Sequence[Letter], now: datetime) -> None:
        """Note that these were read."""
        with self.database.write() as connection:
            for letter in found:
                this = and_(letters.c.key == letter.key, letters.c.source == letter.source)
                connection.execute(update(letters).where(this).values(read_at=now))

    # -- where reading stopped ------------------------------------------------------------------

    def mark(self, mailbox: str) -> str:
        """How far a mailbox was handled, "" at first."""
        with self.database.read() as connection:
            query = select(meta.c.value).where(meta.c.key == _mark_key(mailbox))
            return str(connection.scalar(query) or "")

    def set_mark(self, mailbox: str, value: str) -> None:
        """Everything up to here was handled."""
        with self.database.write() as connection:
            statement = self.database.insert(meta).values(key=_mark_key(mailbox), value=value)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["key"], set_={"value": value})
            )

    def forget(self, before: datetime) -> None:
        """Let go of old mails and newsletters that were read."""
        with self.database.write() as connection:
            connection.execute(delete(mails).where(mails.c.at < before))
            old = and_(letters.c.at < before, letters.c.read_at.is_not(None))
            connection.execute(delete(letters).where(old))


def _letter(row: Any) -> Letter:
    found = tuple(RawItem(url=url, title=title, summary=teaser) for url, title, teaser in row.items)
    return Letter(row.key, row.source, row.subject, found, row.at)


def _mark_key(mailbox: str) -> str:
    return f"mailbox:{mailbox}"[:80]
