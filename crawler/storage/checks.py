"""Many sources at once: their leases taken, how to ask them, and polls that found nothing new.

What one statement does for hundreds of sources costs little more than for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, literal, select, update

from crawler.model.source import PollOutcome, Validators
from crawler.storage.database import Database
from crawler.storage.fetched import validators_key
from crawler.storage.item_rows import parts
from crawler.storage.sources import SourceRow, free, poll_row, source_row
from crawler.storage.tables import items, polls, sources, validators


@dataclass(frozen=True, slots=True)
class Claimed:
    """A source under this process's lease, and what asking it takes."""

    row: SourceRow
    known: Validators | None  # of the address it is watched at
    waits: bool  # items of it still wait for their texts


class CheckStore:
    """Reads and writes for many polls at once."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(
        self, ids: Sequence[str], owner: str, now: datetime, lease: timedelta, texts: datetime
    ) -> list[Claimed | None]:
        """Lease sources for a poll each, in the order of ``ids``; None where another poll has
        the source. ``texts``: items first seen since then may still get theirs."""
        claimed: dict[str, Claimed] = {}
        with self.database.write() as connection:
            for part in parts(dict.fromkeys(ids)):
                rows = _leased(connection, part, owner, now, lease)
                claimed |= _with_questions(connection, rows, texts)
        return [claimed.pop(one, None) for one in ids]

    def renew(self, ids: Sequence[str], owner: str, until: datetime) -> None:
        """Hold leases for longer, where they are still this owner's."""
        with self.database.write() as connection:
            for part in parts(ids):
                mine = (sources.c.id.in_(part), sources.c.lease_owner == owner)
                connection.execute(update(sources).where(*mine).values(lease_until=until))

    def release(self, ids: Sequence[str], owner: str) -> list[bool]:
        """Give leases back without a result; whether each is free of this owner now."""
        with self.database.write() as connection:
            for part in parts(ids):
                mine = (sources.c.id.in_(part), sources.c.lease_owner == owner)
                values = {"lease_owner": "", "lease_until": None}
                connection.execute(update(sources).where(*mine).values(**values))
        return [True] * len(ids)


def finish_many(
    connection: Connection, found: Sequence[tuple[PollOutcome, Mapping[str, Any]]], now: datetime
) -> None:
    """What ``SourceStore.finish`` does, for many polls that stored no items."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for outcome, values in found:
        alike[tuple(values)].append({**values, "polled": outcome.source})
    freed = {"last_polled": now, "lease_owner": "", "lease_until": None, "losses": 0}
    for names, rows in alike.items():
        this = update(sources).where(sources.c.id == bindparam("polled"))
        columns: dict[str, Any] = {name: bindparam(name) for name in names}
        connection.execute(this.values(**freed, **columns), rows)
    _note_polls(connection, [outcome for outcome, _ in found], now)


def _note_polls(connection: Connection, outcomes: Sequence[PollOutcome], now: datetime) -> None:
    """Their rows in the history of polls: those that came out alike by one statement."""
    alike: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for one in outcomes:
        row = poll_row(one, now)
        alike[tuple(row.values())[1:]].append(one.source)
    names = list(poll_row(PollOutcome("", ""), now))
    for told, ids in alike.items():
        values = [
            literal(value, polls.c[name].type) for name, value in zip(names[1:], told, strict=True)
        ]
        for part in parts(ids):
            chosen = select(sources.c.id, *values).where(sources.c.id.in_(part))
            connection.execute(polls.insert().from_select(names, chosen))


def keep_many_validators(
    database: Database, connection: Connection, kept: Sequence[dict[str, Any]]
) -> None:
    """Remember how to ask about many addresses: rows of url_key, url, etag, last_modified,
    body_hash, checked_at."""
    if not kept:
        return
    statement = database.insert(validators)
    new = {name: statement.excluded[name] for name in kept[0] if name != "url_key"}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["url_key"], set_=new), list(kept)
    )


def _leased(
    connection: Connection, ids: Sequence[str], owner: str, now: datetime, lease: timedelta
) -> list[SourceRow]:
    losses = sources.c.losses + case((sources.c.lease_owner != "", 1), else_=0)
    taken = (
        update(sources)
        .where(sources.c.id.in_(ids), free(now))
        .values(lease_owner=owner, lease_until=now + lease, losses=losses)
        .returning(*sources.c)
    )
    return [source_row(row) for row in connection.execute(taken)]


def _with_questions(
    connection: Connection, rows: Sequence[SourceRow], texts: datetime
) -> dict[str, Claimed]:
    keys = {row.source.id: validators_key(row.source, watched(row)) for row in rows}
    asked = select(validators).where(validators.c.url_key.in_(list(keys.values())))
    known = {
        one.url_key: Validators(one.etag, one.last_modified, one.body_hash)
        for one in connection.execute(asked)
    }
    pending = select(items.c.source).where(
        items.c.source.in_(list(keys)), items.c.text_pending, items.c.first_seen >= texts
    )
    waits = set(connection.scalars(pending.distinct()))
    return {
        row.source.id: Claimed(row, known.get(keys[row.source.id]), row.source.id in waits)
        for row in rows
    }


def watched(row: SourceRow) -> str:
    """The address a source is polled at."""
    return row.state.watch_url or row.source.url
