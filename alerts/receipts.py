"""The receipt of a digest: what was watched since the one before, from the rows of the polls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.model.digest import Receipt
from crawler.model.subscription import Subscription
from crawler.storage.candidates import CandidateStore
from crawler.storage.source_rows import SourceRow
from crawler.storage.sources import SourceStore

Outage = tuple[datetime, datetime | None]  # from, until; None: it lasts


class Receipts:
    """Counts what a subscription's sources did. ``quiet`` names ids of those among them that are
    unusually silent, ``outages`` tells when our own network was down between two moments."""

    def __init__(
        self,
        sources: SourceStore,
        candidates: CandidateStore,
        quiet: Callable[[Sequence[SourceRow], datetime], Collection[str]] = lambda rows, now: (),
        outages: Callable[[datetime, datetime], Sequence[Outage]] = lambda since, now: (),
    ) -> None:
        self._sources = sources
        self._candidates = candidates
        self._quiet = quiet
        self._outages = outages
        self._last: _Looked | None = None

    def since(self, subscription: Subscription, since: datetime, now: datetime) -> Receipt:
        """What happened between ``since`` and ``now``. Asked for many subscriptions at one moment,
        the rows are read once."""
        looked = self._looked(now)
        watched = [row for row in looked.rows if watched_by(row, subscription)]
        ids = {row.source.id for row in watched}
        if since not in looked.polls:
            looked.polls[since] = {row.source: row for row in self._sources.polls_since(since)}
        polls = [row for source, row in looked.polls[since].items() if source in ids]
        return Receipt(
            sources_checked=len(polls),
            new_items=sum(int(row.new or 0) for row in polls),
            failing=tuple(row.source.name for row in watched if row.state.failures > 0),
            quiet=tuple(row.source.name for row in watched if row.source.id in looked.quiet),
            held_back=self._candidates.held_back(ids, since),
            outages=tuple(self._outages(since, now)),
        )

    def _looked(self, now: datetime) -> _Looked:
        if self._last is None or self._last.at != now:
            rows = self._sources.all()
            self._last = _Looked(now, rows, frozenset(self._quiet(rows, now)), {})
        return self._last


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the rows told at one moment."""

    at: datetime
    rows: Sequence[SourceRow]
    quiet: Collection[str]  # ids
    polls: dict[datetime, dict[str, Any]]  # since → source → its polls' sums


def watched_by(row: SourceRow, subscription: Subscription) -> bool:
    """Whether an active source is one of a subscription's."""
    if row.state.status != "active":
        return False
    wanted = subscription.sources
    tags = {f"tag:{tag}" for tag in row.source.tags}
    return not wanted or row.source.id in wanted or bool(tags.intersection(wanted))
