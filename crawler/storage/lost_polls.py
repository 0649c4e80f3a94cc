"""Polls that ended with their process: their leases end at once, and they are counted, so that
a source which kills or hangs what polls it is found out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update

from crawler.storage.database import Database
from crawler.storage.tables import sources

QUARANTINED = "lost"  # the kind of error of a source that is polled no more


@dataclass(frozen=True, slots=True)
class LostPoll:
    """A source whose poll ended in the middle, so many times in a row."""

    source: str
    losses: int


class LostPolls:
    """Leases of sources that nobody holds any more."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def free(
        self,
        now: datetime,
        gone: Callable[[str], bool],
        own: Callable[[str], bool] = lambda owner: False,
    ) -> list[LostPoll]:
        """End the leases that ran out, and those of processes that are surely gone.

        Each loss is counted once, whoever looks first. Who looks is not gone: its ``own`` ran out
        because the machine slept, and what is read under them counts while nobody else claims them.
        """
        held = sources.c.lease_owner != ""
        with self.database.read() as connection:
            owners = connection.scalars(select(sources.c.lease_owner).where(held).distinct()).all()
            others = [owner for owner in owners if not own(owner)]
            ran_out = and_(sources.c.lease_owner.in_(others), sources.c.lease_until < now)
            late = connection.scalar(select(sources.c.id).where(ran_out).limit(1))
        dead = [owner for owner in others if gone(owner)]
        if not dead and late is None:
            return []
        over = or_(sources.c.lease_owner.in_(dead), ran_out)
        values = {"lease_owner": "", "lease_until": None, "losses": sources.c.losses + 1}
        return self._change(and_(held, over), values)

    def note(self, source_id: str) -> list[LostPoll]:
        """Count a poll that had no end although its process goes on."""
        values = {"losses": sources.c.losses + 1}
        return self._change(sources.c.id == source_id, values)

    def quarantine(self, ids: Collection[str], losses: int, error: str) -> list[LostPoll]:
        """Pause those that lost ``losses`` polls in a row or more; which they are."""
        if not ids:
            return []
        which = and_(
            sources.c.id.in_(list(ids)), sources.c.losses >= losses, sources.c.status == "active"
        )
        remedy = "See what it holds: clusterwatch detect URL; then: clusterwatch sources resume ID"
        values = {
            "status": "paused", "error_kind": QUARANTINED, "error": error, "remedy": remedy,
        }  # fmt: skip
        return self._change(which, values)

    def _change(self, which: Any, values: dict[str, Any]) -> list[LostPoll]:
        changed = update(sources).where(which).values(**values)
        with self.database.write() as connection:
            rows = connection.execute(changed.returning(sources.c.id, sources.c.losses))
            return [LostPoll(row.id, row.losses) for row in rows]
