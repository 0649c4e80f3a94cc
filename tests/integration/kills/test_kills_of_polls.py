"""SIGKILL between claim, poll and batch write: another process polls again what was lost.

Judged by the rows, on both databases: nothing is lost, nothing is there twice.
"""

from __future__ import annotations

import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from crawler.failpoints import TRANSACTION
from crawler.fetch.leases import LEASE
from crawler.model.source import Source
from crawler.storage.database import Database
from crawler.storage.invariants import breaches
from crawler.storage.sources import SourceStore
from tests.integration.emptying import empty
from tests.integration.ingest.conftest import NOW
from tests.integration.kills.conftest import Worker

SOURCES = ("one", "two", "three")
LATER = LEASE + timedelta(minutes=1)
# The ends of three transactions: the claim, what is new of one, the batch of what is not; and which
# sources' polls a kill there loses.
LOST = {
    "write.before:kill:1": set(SOURCES),
    "write.committed:kill:1": set(SOURCES),
    "write.before:kill:2": set(SOURCES),
    "write.committed:kill:2": {"two", "three"},
    "write.before:kill:3": {"two", "three"},
    "write.committed:kill:3": set(),
}
_WHAT_COUNTS = (
    "SELECT url, title, text FROM items",
    "SELECT source, url FROM sightings",
    "SELECT items.url, topic FROM matches JOIN items ON items.id = item",
    "SELECT source, new, not_modified, status FROM polls",  # one a source: none is made twice
    "SELECT url, etag FROM validators",
    "SELECT id, lease_owner FROM sources",
)


class Installation:
    """Three sources that are due, polled by processes of their own."""

    def __init__(self, worker: Worker, database: Database, folder: Path) -> None:
        self._worker, self._folder, self.database = worker, folder, database
        url = database.engine.url.set(drivername=database.engine.dialect.name)
        told = url.render_as_string(hide_password=False)
        file = folder / "clusterwatch.toml"
        file.write_text(f'[clusterwatch]\ndatabase = "{told}"\n[crawl]\nfirst_run = "all"\n')

    def renew(self) -> None:
        empty(self.database)
        for name in SOURCES:
            source = Source(name, name, f"https://{name}.example/feed", kind="feed")
            SourceStore(self.database).add(source, NOW)

    def run(self, what: str, failpoint: str = "") -> int:
        return self._worker.act(what, self._folder, failpoint)

    def state(self) -> list[list[tuple[Any, ...]]]:
        with self.database.read() as connection:
            found = [connection.execute(text(query)).all() for query in _WHAT_COUNTS]
        return [sorted(map(tuple, rows), key=repr) for rows in found]

    def due(self, after: timedelta) -> set[str]:
        return set(SourceStore(self.database).due_ids(NOW + after))

    def points(self) -> list[str]:
        """Where an undisturbed poll can be killed."""
        log = self._folder / "points"
        assert self.run("poll", f"log:{log}") == 0
        passed = Counter(log.read_text().split())
        return [f"{point}:kill:{n}" for point in TRANSACTION for n in range(1, passed[point] + 1)]


def test_what_a_killed_process_had_claimed_is_polled_again(
    worker: Worker, quick_database: Database, tmp_path: Path
) -> None:
    house = Installation(worker, quick_database, tmp_path)
    house.renew()
    assert sorted(house.points()) == sorted(LOST)
    wanted = house.state()
    assert [len(rows) for rows in wanted] == [3, 3, 3, 3, 2, 3]
    for where, lost in LOST.items():
        house.renew()
        assert house.run("poll", where) == -signal.SIGKILL
        assert breaches(house.database, NOW) == [], where
        unclaimed = lost if where == "write.before:kill:1" else set()
        assert house.due(timedelta(minutes=1)) == unclaimed, where  # the rest is leased or done
        assert house.due(LATER) == lost, where
        assert house.run("poll_later") == 0
        assert house.state() == wanted, where
        assert breaches(house.database, NOW) == [], where
