"""What the operator is told of sources: one incident an outage, opened when it is certain, and one
for our own network instead of one for every source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.incidents import Incidents
from alerts.local_time import day_shown, shown
from crawler.sources.faults import is_certain, remedy_for
from crawler.storage.network import NetworkStore
from crawler.storage.source_history import SourceHistory
from crawler.storage.source_rows import SourceRow
from crawler.storage.sources import SourceStore

NETWORK = "network"
NETWORK_CERTAIN_AFTER = timedelta(minutes=10)  # a router that starts anew is no incident
_KEY = "source:"


@dataclass(frozen=True)
class SourceIncidents:
    """Compares how the sources are doing with what the operator knows."""

    sources: SourceStore
    history: SourceHistory
    network: NetworkStore
    incidents: Incidents

    def update(self, now: datetime) -> None:
        """Open what is certain, close what works again, withdraw what is watched no more."""
        if self._network_is_down(now):
            return
        known = {one.key for one in self.incidents.store.all_open() if one.key.startswith(_KEY)}
        rows = self.sources.failing({key.removeprefix(_KEY) for key in known})
        watched = {key_of(row): row for row in rows if row.state.status == "active"}
        for key, row in watched.items():
            if key in known and not row.state.failures:
                self.incidents.close(key, now)
            elif key not in known and _is_out_of_order(row, now):
                self._open(key, row, now)
        self.incidents.store.withdraw(known - set(watched), now)

    def _network_is_down(self, now: datetime) -> bool:
        since = self.network.down_since()
        if since is None:
            self.incidents.close(NETWORK, now)
            return False
        if now - since >= NETWORK_CERTAIN_AFTER:
            title = f"Our own network has been down since {shown(since, self.incidents.zone)}"
            detail = "None of the watched sites can be reached. They do not count as failing."
            remedy = "Check this machine's connection, its name server and [crawl] proxy."
            self.incidents.open(NETWORK, f"{title}\n{detail}", remedy, since)
        return True

    def _open(self, key: str, row: SourceRow, now: datetime) -> None:
        source, state = row.source, row.state
        since = state.failing_since or now
        item = self.history.newest_item(source.id)
        day = day_shown(since, self.incidents.zone)
        lines = [
            f"{source.name} cannot be read since {day}: {state.error}",
            f"{source.url}, {state.failures} tries.",
            f"Last item: {item.line()}" if item else "No item was ever found.",
        ]
        remedy = state.remedy or remedy_for(state.error_kind, source)
        self.incidents.open(key, "\n".join(lines), remedy, now)


def key_of(row: SourceRow) -> str:
    """The key under which a source's outage is kept."""
    return _KEY + row.source.id


def _is_out_of_order(row: SourceRow, now: datetime) -> bool:
    state = row.state
    if not state.failures or state.failing_since is None:
        return False
    lasting = now - state.failing_since
    return is_certain(state.error_kind, state.failures, lasting, state.interval)
