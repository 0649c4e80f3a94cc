"""Which process may send requests to a host, as rows: one statement each, by PostgreSQL's clock.

Whoever takes over a lease that ran out waits as if the dead owner's last request had ended at
its very end; an owner that ends its lease says how much of the pause is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, text

from crawler.errors import StorageError
from crawler.storage.database import Database

# The row remembers that somebody was refused: its owner then lets others have their turn.
_TAKE = text("""
UPDATE host_leases SET
  owner = :owner, until = now() + :lease * interval '1 second', pause_seconds = :pause,
  wanted_at = NULL, free_at = CASE WHEN owner IN ('', :owner) THEN free_at
    ELSE greatest(free_at, until + greatest(pause_seconds, :pause) * interval '1 second') END
WHERE host = :host AND (owner = '' OR until < now() OR (owner = :owner
  AND (wanted_at IS NULL OR wanted_at < now() - interval '5 seconds')))
RETURNING extract(epoch FROM free_at - clock_timestamp()),
  set_config('synchronous_commit', 'off', true)
""")
_BEGIN = text("""
INSERT INTO host_leases (host, owner, until, free_at, pause_seconds)
VALUES (:host, :owner, now() + :lease * interval '1 second', now(), :pause)
ON CONFLICT (host) DO UPDATE SET wanted_at = now()
RETURNING xmax = 0, set_config('synchronous_commit', 'off', true)
""")
_END = text("""
UPDATE host_leases SET owner = '', wanted_at = NULL,
  free_at = greatest(free_at, now() + :pause_left * interval '1 second')
WHERE host = :host AND owner = :owner RETURNING set_config('synchronous_commit', 'off', true)
""")
_FREE = text("""
UPDATE host_leases SET owner = '', free_at = greatest(free_at, now() + pause_seconds
  * interval '1 second') WHERE split_part(owner, '#', 1) = :owner
""")
_OWNERS = text("SELECT DISTINCT split_part(owner, '#', 1) FROM host_leases WHERE owner <> ''")
_FORGET = text("DELETE FROM host_leases WHERE until < :before AND owner = ''")


class HostLeaseStore:
    """Leases of hosts. An owner is a process's name, ``#`` and a number of its own.

    Nothing of it has to survive a crash of the server, so no commit waits for the disk.
    Raises StorageError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def take(
        self, host: str, owner: str, lease_seconds: float, pause_seconds: float
    ) -> float | None:
        """Take or renew a host's lease; None while it is another's, or wanted by another.

        Returns the seconds until the first request may start; at most 0: at once.
        """
        values = {"host": host[-300:], "owner": owner, "lease": lease_seconds}
        values |= {"pause": pause_seconds}
        with self._statement() as connection:
            row = connection.execute(_TAKE, values).first()
            if row is not None:
                return float(row[0])
            begun = connection.execute(_BEGIN, values).one()
            return 0.0 if begun[0] else None

    def end(self, host: str, owner: str, pause_left_seconds: float) -> None:
        """Give a lease back; the next request may start when the pause is over."""
        values = {"host": host[-300:], "owner": owner, "pause_left": pause_left_seconds}
        with self._statement() as connection:
            connection.execute(_END, values)

    def free(self, gone: Callable[[str], bool]) -> int:
        """End the leases of processes that are surely gone; how many processes."""
        with self._statement() as connection:
            owners = [owner for owner in connection.scalars(_OWNERS) if gone(owner)]
            for owner in owners:
                connection.execute(_FREE, {"owner": owner})
        return len(owners)

    def forget(self, before: datetime) -> None:
        """Drop hosts that nobody asked since a moment."""
        with self._statement() as connection:
            connection.execute(_FORGET, {"before": before})

    @contextmanager
    def _statement(self) -> Iterator[Connection]:
        """Each statement is a transaction of its own, sent in one round trip."""
        if self.database.is_sqlite:
            raise StorageError("Hosts are leased on PostgreSQL only.")
        with self.database.autocommit() as connection:
            yield connection
