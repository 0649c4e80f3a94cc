"""Many sources at once: their leases taken, how to ask them, and polls that found nothing new.

What one statement does for hundreds of sources costs little more than for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from crawler.model.source import PollOutcome, Validators
from crawler.storage.check_statements import check_statements, poll_row
from crawler.storage.database import Database
from crawler.storage.direct import Driver
from crawler.storage.fetched import validators_key
from crawler.storage.item_rows import parts
from crawler.storage.source_rows import SourceRow, source_row
from crawler.storage.tables import sources


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
        statements = check_statements(self.database.is_sqlite)
        listed = statements.listed(list(dict.fromkeys(ids)))
        leased = {"listed": listed, "owner": owner, "now": now, "until": now + lease}
        with self.database.write_directly() as driver:
            taken = [source_row(cells) for cells in driver.rows(statements.claim, leased)]
            claimed = _with_questions(driver, taken, texts)
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


def leased_to(driver: Driver, ids: Sequence[str], owner: str) -> set[str]:
    """Which sources are this owner's still; they stay so until the transaction ends."""
    statements = check_statements(driver.is_sqlite)
    asked = {"listed": statements.listed(list(ids)), "owner": owner}
    return {one for (one,) in driver.rows(statements.leased, asked)}


def finish_many(
    driver: Driver,
    found: Sequence[tuple[PollOutcome, Mapping[str, Any]]],
    now: datetime,
    owner: str,
) -> None:
    """What ``SourceStore.finish`` does, for many polls that stored no items and hold their
    leases: ``leased_to`` told so in the same transaction."""
    statements = check_statements(driver.is_sqlite)
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for outcome, values in found:
        told = {**values, "polled": outcome.source, "at": now, "owner": owner}
        alike[tuple(values)].append(told)
    for names, rows in alike.items():
        driver.run_many(statements.finish(names), rows)
    driver.run_many(statements.note, [poll_row(outcome, now) for outcome, _ in found])


def keep_many_validators(driver: Driver, kept: Sequence[dict[str, Any]]) -> None:
    """Remember how to ask about many addresses: rows of url_key, url, etag, last_modified,
    body_hash, checked_at."""
    if kept:
        driver.run_many(check_statements(driver.is_sqlite).keep, kept)


def _with_questions(
    driver: Driver, rows: Sequence[SourceRow], texts: datetime
) -> dict[str, Claimed]:
    statements = check_statements(driver.is_sqlite)
    keys = {row.source.id: validators_key(row.source, watched(row)) for row in rows}
    asked = {"listed": statements.listed(list(keys.values()))}
    known = {key: Validators(*told) for key, *told in driver.rows(statements.known, asked)}
    pending = {"listed": statements.listed(list(keys)), "since": texts}
    waits = {source for (source,) in driver.rows(statements.waiting, pending)}
    return {
        row.source.id: Claimed(row, known.get(keys[row.source.id]), row.source.id in waits)
        for row in rows
    }


def watched(row: SourceRow) -> str:
    """The address a source is polled at."""
    return row.state.watch_url or row.source.url
