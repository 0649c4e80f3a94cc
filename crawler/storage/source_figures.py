"""How the watched sources are doing, counted by the database: a large installation has too many to
be read for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select

from crawler.storage.database import Database
from crawler.storage.sources import watched
from crawler.storage.tables import sources


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """Counts of sources that are not removed."""

    ok: int
    failing: int
    new: int  # never polled with success, and not failing
    paused: int  # by hand, or disabled by their declaration
    due: int  # whose turn it is, new ones included
    lag_seconds: float  # since when the longest waiting one is due

    @classmethod
    def of(cls, database: Database, now: datetime) -> SourceFigures:
        """As they are at ``now`` (aware)."""
        active = watched()
        fails, never = sources.c.failures > 0, sources.c.last_ok.is_(None)
        turn = and_(active, sources.c.next_due.is_(None) | (sources.c.next_due <= now))
        oldest = func.min(case((active, sources.c.next_due)), type_=sources.c.next_due.type)
        query = select(
            func.count(),
            func.count(case((active, 1))),
            func.count(case((and_(active, fails), 1))),
            func.count(case((and_(active, never, ~fails), 1))),
            func.count(case((turn, 1))),
            oldest,
        ).where(sources.c.status != "removed", sources.c.undeclared.is_(False))
        with database.read() as connection:
            there, watching, failing, new, due, first = connection.execute(query).one()
        late = (now - first).total_seconds() if first else 0.0
        return cls(
            ok=watching - failing - new, failing=failing, new=new, paused=there - watching,
            due=due, lag_seconds=max(late, 0.0),
        )  # fmt: skip
