"""Sources whose polls kill or hang what polls them: polled apart, then quarantined.

A loss may be anybody's fault, of a machine that was switched off or of another source in the same
process. From the third in a row on a source is polled apart; two losses there are proof.
"""

from __future__ import annotations

import logging
from datetime import datetime

from alerts.wiring import AlertParts
from crawler.logs import event
from crawler.owners import is_own, surely_gone
from crawler.storage.lost_polls import LostPoll, LostPolls

APART_AT, QUARANTINE_AT = 3, 5  # losses in a row
_KEY = "quarantine:"
_ERROR = f"Its last {QUARANTINE_AT} polls ended the process that made them, or came to no end."
_log = logging.getLogger(__name__)


class Poison:
    """Notices lost polls, and takes out who loses them again and again."""

    def __init__(self, parts: AlertParts) -> None:
        self._parts = parts
        self._polls = LostPolls(parts.crawler.database)

    def look(self, now: datetime) -> None:
        """Give back what dead processes held; quarantine who lost too many polls in a row."""
        self._weigh(self._polls.free(now, surely_gone, is_own), now)

    def hung(self, source_id: str, now: datetime) -> None:
        """A poll was given up because it came to no end: a loss like the others."""
        self._weigh(self._polls.note(source_id), now)

    def forgive(self, now: datetime) -> None:
        """Close the incidents of sources that somebody let go on, or nobody watches any more."""
        store = self._parts.incidents.store
        known = {one.key for one in store.all_open() if one.key.startswith(_KEY)}
        if not known:
            return
        rows = self._parts.crawler.sources.all()
        kept = {_KEY + row.source.id for row in rows if row.state.status == "paused"}
        store.withdraw(known - kept, now)

    def _weigh(self, lost: list[LostPoll], now: datetime) -> None:
        for one in lost:
            event(_log, logging.WARNING, "poll.lost", source=one.source, losses=one.losses)
        ids = [one.source for one in lost if one.losses >= QUARANTINE_AT]
        for one in self._polls.quarantine(ids, QUARANTINE_AT, _ERROR):
            self._tell(one.source, one.losses, now)

    def _tell(self, source_id: str, losses: int, now: datetime) -> None:
        event(_log, logging.ERROR, "source.quarantined", source=source_id, losses=losses)
        self._parts.incidents.open(
            _KEY + source_id,
            f"{source_id} is quarantined: {losses} polls in a row ended their process, or never",
            f"Put it back with: clusterwatch sources resume {source_id}",
            now,
        )
