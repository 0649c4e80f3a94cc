"""How often sources bring news, as the polls of this process have left it in memory.

Only polls of a source change its rhythm: what is kept holds as long as its last poll was ours.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection

from crawler.sources.polling import Rhythm, rhythm_of
from crawler.storage.source_history import first_seen_times

MOST_RHYTHMS = 50_000  # sources


class Rhythms:
    """One per process; several threads may ask at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[datetime | None, Rhythm]] = OrderedDict()

    def of(self, connection: Connection, source_id: str, last_polled: datetime | None) -> Rhythm:
        """A source's rhythm; it is read where the poll of ``last_polled`` was not ours."""
        polled, rhythm = self._kept.get(source_id, (None, None))
        if rhythm is None or polled != last_polled:
            rhythm = rhythm_of(first_seen_times(connection, source_id))
        return rhythm

    def keep(self, source_id: str, polled: datetime, rhythm: Rhythm) -> None:
        """A poll of ours has left it so."""
        with self._lock:
            self._kept[source_id] = (polled, rhythm)
            self._kept.move_to_end(source_id)
            if len(self._kept) > MOST_RHYTHMS:
                self._kept.popitem(last=False)
