"""Sources as rows: declarations, their states, and the lease of a poll."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select, update

from crawler.errors import ConfigError, SourceError
from crawler.model.source import PollOutcome, Source, SourceState
from crawler.storage.check_statements import check_statements, poll_row
from crawler.storage.database import Database
from crawler.storage.direct import Driver
from crawler.storage.source_rows import (
    DECLARATION,
    DECLARED,
    ROW,
    SourceRow,
    declared_source,
    source_row,
)
from crawler.storage.tables import polls, sources
from crawler.storage.tables_recipients import subscriptions

_READ_BY = ("url", "kind", "selector", "render")  # what tells another page or way to read it
# Another page or another way to read it: its first crawl is a baseline again.
_FORGOTTEN: dict[str, Any] = {
    "watch_kind": "", "watch_url": "", "watch_why": "", "learned": {}, "next_due": None,
    "baseline": False, "landed_url": "", "changed_at": None, "etag_lied_at": None, "notice": "",
}  # fmt: skip


class SourceStore:
    """Reads and writes what is watched and how it is doing."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- declarations -----------------------------------------------------------------------

    def sync(self, declared: Sequence[Source], name: str, now: datetime) -> None:
        """Make the database follow the file that installation ``name`` declares.

        What this name declared before and no longer does is paused, never deleted. What was
        removed and is declared is watched again.
        Raises ConfigError when an id lives in the database alone or belongs to another name.
        """
        with self.database.write() as connection:
            for source in declared:
                self._check_owner(connection, source.id, name)
                self._upsert(connection, source, now)
            gone = and_(
                sources.c.declared_by == name,
                sources.c.id.not_in([source.id for source in declared]),
            )
            connection.execute(update(sources).where(gone).values(undeclared=True))

    def add(self, source: Source, now: datetime) -> None:
        """Add a source that lives in the database alone. Raises SourceError when its id exists,
        unless it was removed or no file declares it any more: then it comes back.
        """
        with self.database.write() as connection:
            found = connection.execute(
                select(sources.c.status, sources.c.undeclared).where(sources.c.id == source.id)
            ).first()
            if found is not None and found.status != "removed" and not found.undeclared:
                raise SourceError(
                    f'The source "{source.id}" exists already.',
                    source=source.id,
                    remedy="Choose another --id, or look at it: clusterwatch sources show "
                    + source.id,
                )
            self._upsert(connection, source, now)
            connection.execute(
                update(sources).where(sources.c.id == source.id).values(status="active")
            )

    def change(self, source: Source, now: datetime) -> None:
        """Replace a source that lives in the database; another page is learned anew."""
        with self.database.write() as connection:
            self._upsert(connection, source, now)

    def forget(self, source_id: str) -> None:
        """Let it be found out anew how a source is watched; its next crawl is a baseline."""
        with self.database.write() as connection:
            this = sources.c.id == source_id
            connection.execute(update(sources).where(this).values(**_FORGOTTEN))

    def learn(self, source_id: str, state: SourceState) -> None:
        """What detection found out about a source: how and where it is watched."""
        values = {
            "watch_kind": state.watch_kind,
            "watch_url": state.watch_url,
            "watch_why": state.watch_why,
            "learned": dict(state.learned),
        }
        with self.database.write() as connection:
            connection.execute(update(sources).where(sources.c.id == source_id).values(**values))

    def set_status(self, source_id: str, status: str) -> None:
        """Pause, resume or remove: states that survive every sync. What was lost is forgiven."""
        self.get(source_id)
        values = {"status": status, "losses": 0}
        with self.database.write() as connection:
            connection.execute(update(sources).where(sources.c.id == source_id).values(**values))

    def get(self, source_id: str) -> SourceRow:
        """Raises SourceError naming the ids that come near."""
        with self.database.read() as connection:
            driver = Driver(connection)
            found = driver.rows(check_statements(driver.is_sqlite).one, {"this": source_id})
            if not found:
                there = (sources.c.status != "removed", sources.c.undeclared.is_(False))
                raise _unknown(
                    source_id, list(connection.scalars(select(sources.c.id).where(*there)))
                )
        return source_row(found[0])

    def all(self, *, everything: bool = False) -> list[SourceRow]:
        """What is watched, by name; ``everything`` includes removed and undeclared ones."""
        query = select(*ROW).order_by(sources.c.id)
        if not everything:
            query = query.where(sources.c.status != "removed", sources.c.undeclared.is_(False))
        with self.database.read() as connection:
            return [source_row(row) for row in connection.execute(query)]

    def resting(self, polled_before: datetime, due_after: datetime) -> list[SourceRow]:
        """What is watched and works, was polled before a moment and not since, and is not due
        until another, by id."""
        rests = and_(
            sources.c.failures == 0,
            sources.c.last_polled <= polled_before,
            sources.c.next_due > due_after,
        )
        with self.database.read() as connection:
            rows = connection.execute(select(*ROW).where(watched(), rests))
            return sorted(map(source_row, rows), key=lambda row: row.source.id)

    def failing(self, others: Collection[str] = ()) -> list[SourceRow]:
        """What is watched and failed when it was last polled, and ``others``, by their ids."""
        asked = or_(sources.c.failures > 0, sources.c.id.in_(list(others)))
        query = select(*ROW).where(watched(), asked).order_by(sources.c.id)
        with self.database.read() as connection:
            return [source_row(row) for row in connection.execute(query)]

    def names(self) -> dict[str, Source]:
        """Every source that ever was, by id: what readers see behind an item."""
        with self.database.read() as connection:
            rows = connection.execute(select(*DECLARATION)).all()
        return {row.id: declared_source(row) for row in rows}

    # -- polling ----------------------------------------------------------------------------

    def due(self, now: datetime, limit: int = 1000) -> list[SourceRow]:
        """Active sources whose turn it is, longest waiting first; new ones before all.

        Two questions, since no index gives both in one order: a million rows would be sorted.
        """
        return [source_row(row) for row in self._due(select(*ROW), now, limit)]

    def due_ids(self, now: datetime, limit: int = 1000) -> list[str]:
        """The ids of what ``due`` gives."""
        return [row.id for row in self._due(select(sources.c.id), now, limit)]

    def _due(self, asked: Select[Any], now: datetime, limit: int) -> list[Any]:
        new = asked.where(watched(), sources.c.next_due.is_(None), free(now))
        due = asked.where(watched(), sources.c.next_due <= now, free(now))
        with self.database.read() as connection:
            rows = connection.execute(new.order_by(sources.c.id).limit(limit)).all()
            due = due.order_by(sources.c.next_due, sources.c.id).limit(limit - len(rows))
            return [*rows, *connection.execute(due)]

    def claim(self, source_id: str, owner: str, now: datetime, lease: timedelta) -> bool:
        """Lease a source for one poll; False when another process polls it just now.

        A lease that ran out counts as a loss: whoever held it ended in the middle of its poll.
        """
        losses = sources.c.losses + case((sources.c.lease_owner != "", 1), else_=0)
        with self.database.write() as connection:
            done = connection.execute(
                update(sources)
                .where(sources.c.id == source_id, free(now))
                .values(lease_owner=owner, lease_until=now + lease, losses=losses)
            )
            return bool(done.rowcount)

    def look_now(self, source_id: str, now: datetime) -> None:
        """Its turn is now: something came in for it."""
        with self.database.write() as connection:
            connection.execute(
                update(sources).where(sources.c.id == source_id).values(next_due=now)
            )

    def release(self, source_id: str, owner: str) -> None:
        """Give a lease back without a result."""
        with self.database.write() as connection:
            connection.execute(
                update(sources)
                .where(sources.c.id == source_id, sources.c.lease_owner == owner)
                .values(lease_owner="", lease_until=None)
            )

    def postpone(self, source_id: str, until: datetime, owner: str = "") -> bool:
        """Its next turn, where a poll said nothing about it; the lease goes back.

        False, and nothing is written, where the lease is not this owner's, as in ``finish``.
        """
        values = {"next_due": until, "lease_owner": "", "lease_until": None}
        with self.database.write() as connection:
            mine = (sources.c.id == source_id, sources.c.lease_owner == owner)
            done = connection.execute(update(sources).where(*mine).values(**values))
            return bool(done.rowcount)

    def finish(
        self,
        connection: Connection,
        outcome: PollOutcome,
        values: dict[str, Any],
        now: datetime,
        owner: str = "",
    ) -> bool:
        """Write a poll's result in the transaction that stores its items; the lease goes back.

        False, and nothing is written, where the lease is another's by now: it ran out, and what
        another poll found since counts. Who never had one (no ``owner``) writes to free sources.
        """
        driver = Driver(connection)
        statements = check_statements(driver.is_sqlite)
        told = {**values, "polled": outcome.source, "at": now, "owner": owner}
        if "learned" in values:
            told["learned"] = json.dumps(values["learned"])
        if not driver.changed(statements.finish(tuple(values)), told):
            return False
        driver.run(statements.note, poll_row(outcome, now))
        return True

    # -- for status and receipts ------------------------------------------------------------

    def polls_since(self, since: datetime) -> list[Any]:
        """Sums of polls per source since a moment: rows of source, polls, failed, new, seen."""
        query = (
            select(
                polls.c.source,
                func.count().label("polls"),
                func.sum(polls.c.new).label("new"),
                func.max(polls.c.seen).label("seen"),
            )
            .where(polls.c.at >= since)
            .group_by(polls.c.source)
        )
        with self.database.read() as connection:
            return list(connection.execute(query))

    def poll_sums(self, since: datetime) -> dict[str, int]:
        """What all polls since a moment came to: how many, requests, unmodified, new …"""
        columns = ("requests", "not_modified", "seen", "new", "updated", "failed")
        sums = [func.coalesce(func.sum(polls.c[name]), 0).label(name) for name in columns]
        query = select(func.count().label("made"), *sums).where(polls.c.at >= since)
        with self.database.read() as connection:
            row = connection.execute(query).one()
        return {name: int(value) for name, value in row._mapping.items()}

    def subscribed(self, source_id: str) -> int:
        """How many subscriptions name the source."""
        with self.database.read() as connection:
            rows = connection.execute(select(subscriptions.c.sources)).all()
        return sum(source_id in row.sources for row in rows)

    # -- inside -----------------------------------------------------------------------------

    def _check_owner(self, connection: Connection, source_id: str, name: str) -> None:
        columns = [sources.c[one] for one in ("declared_by", "status", "undeclared")]
        row = connection.execute(select(*columns).where(sources.c.id == source_id)).first()
        if row is None or row.declared_by == name or row.undeclared or row.status == "removed":
            return
        taken = f'[[sources]] id "{source_id}" exists already,'
        if row.declared_by:
            raise ConfigError(
                f'{taken} by installation "{row.declared_by}".',
                remedy="Give it another id, or take it out of that installation's file.",
            )
        raise ConfigError(
            f"{taken} in the database alone.",
            remedy=f"Give it another id, or run: clusterwatch sources remove {source_id}",
        )

    def _upsert(self, connection: Connection, source: Source, now: datetime) -> None:
        values: dict[str, Any] = {key: getattr(source, key) for key in DECLARED}
        values |= {
            "every_seconds": int(source.every.total_seconds()) if source.every else None,
            "tags": list(source.tags),
            "only_links": list(source.only_links),
            "skip_links": list(source.skip_links),
            "senders": list(source.senders),
            "declared_by": source.declared_by,
            "undeclared": False,
        }
        before = connection.execute(select(sources).where(sources.c.id == source.id)).first()
        if before is None:
            connection.execute(
                sources.insert().values(
                    id=source.id, added_at=now, learned={}, baseline=False, **values
                )
            )
            return
        if source.declared_by and before.status == "removed":
            values["status"] = "active"
        if any(getattr(before, key) != values[key] for key in ("only_links", "skip_links")):
            values["notice"] = ""  # it may have been about them
        if source.every is not None and before.every_seconds != values["every_seconds"]:
            values |= _in_step(before, source.every)
        if any(getattr(before, key) != getattr(source, key) for key in _READ_BY):
            # Another page: what was learned of the old one says nothing about it.
            values |= _FORGOTTEN
        connection.execute(update(sources).where(sources.c.id == source.id).values(**values))


def _in_step(before: Any, every: timedelta) -> dict[str, Any]:
    """When a source's turn is that got another interval: counted from its last poll. One that
    fails keeps the pause that its failures brought."""
    values: dict[str, Any] = {"interval_seconds": int(every.total_seconds())}
    if before.last_polled is not None and not before.failures:
        values["next_due"] = before.last_polled + every
    return values


def watched() -> Any:
    """Sources that are polled: neither paused nor disabled nor undeclared."""
    return and_(
        sources.c.status == "active", sources.c.undeclared.is_(False), sources.c.enabled.is_(True)
    )


def free(now: datetime) -> Any:
    """Sources that no poll has under a lease."""
    return or_(sources.c.lease_owner == "", sources.c.lease_until < now)


def _unknown(source_id: str, ids: list[str]) -> SourceError:
    from difflib import get_close_matches

    inside = [one for one in ids if len(source_id) > 2 and source_id in one]
    near = [*inside, *get_close_matches(source_id, set(ids) - set(inside), n=3, cutoff=0.6)][:3]
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return SourceError(
        f'No source has the id "{source_id}".{hint}',
        source=source_id,
        remedy="All of them: clusterwatch sources list",
    )
