"""SIGKILL at the end of every transaction of a crawl, an upgrade, a backup: a new process goes on.

Judged by the rows: they are what they are when nothing was killed, and agree with each other.
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from alerts.restoring import installation_of
from crawler.failpoints import BACKUP, TRANSACTION
from crawler.storage.database import Database
from crawler.storage.invariants import breaches
from tests.integration.ingest.conftest import NOW
from tests.integration.kills.conftest import Worker
from tests.integration.storage.released import unpacked

_WHAT_COUNTS = (
    "SELECT url, title, text, change, first_seen FROM items",
    "SELECT items.url, matches.topic, matches.score FROM matches JOIN items ON items.id = item",
    "SELECT group_concat(url) FROM (SELECT story, url FROM items ORDER BY url) GROUP BY story",
    "SELECT source, url, first_seen FROM sightings",
    "SELECT items.url, sketch, length FROM fingerprints JOIN items ON items.id = item",
)  # not what counts attempts: another attempt was made


class Trials:
    """One action, killed in every place in turn, each time on a fresh copy of a folder."""

    def __init__(self, worker: Worker, start: Path, folder: Path, what: str) -> None:
        self._worker, self._start, self._folder, self._what = worker, start, folder, what
        self._made = 0

    def copy(self) -> Path:
        self._made += 1
        folder = self._folder / f"trial{self._made}"
        shutil.copytree(self._start, folder)
        return folder

    def run(self, folder: Path, failpoint: str = "") -> int:
        return self._worker.act(self._what, folder, failpoint)

    def undisturbed(self) -> Path:
        folder = self.copy()
        assert self.run(folder) == 0
        return folder

    def killed(self) -> Iterator[tuple[str, Path]]:
        """(where, the folder as the killed process left it)."""
        log = self._folder / "points"
        assert self.run(self.copy(), f"log:{log}") == 0
        passed = Counter(log.read_text().split())
        for point in (*TRANSACTION, *BACKUP):
            for time in range(1, passed[point] + 1):
                folder = self.copy()
                where = f"{point}:kill:{time}"
                assert self.run(folder, where) == -signal.SIGKILL
                yield where, folder
        assert self._made >= 3


@pytest.fixture
def start(sqlite_schema: Path, tmp_path: Path) -> Path:
    """An installation with an empty database."""
    folder = tmp_path / "start"
    folder.mkdir()
    shutil.copy(sqlite_schema, folder / "clusterwatch.db")
    return folder


@pytest.fixture
def crawled(start: Path, worker: Worker) -> Path:
    assert worker.act("crawl", start) == 0
    return start


def state(folder: Path) -> list[list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(folder / "clusterwatch.db")) as rows:
        return [sorted(rows.execute(query), key=repr) for query in _WHAT_COUNTS]


def is_sound(folder: Path) -> bool:
    database = Database(f"sqlite:///{folder}/clusterwatch.db")
    try:
        return breaches(database, NOW) == []
    finally:
        database.close()


@pytest.mark.parametrize("what", ["crawl", "reclassify"])
def test_a_killed_crawl_and_a_killed_round_of_topics_go_on(
    worker: Worker, start: Path, tmp_path: Path, what: str
) -> None:
    if what == "reclassify":
        assert worker.act("crawl", start) == 0
    trials = Trials(worker, start, tmp_path, what)
    wanted = state(trials.undisturbed())
    assert all(wanted)
    for where, folder in trials.killed():
        assert is_sound(folder), where
        assert trials.run(folder) == 0
        assert state(folder) == wanted, where
        assert is_sound(folder), where


def test_a_killed_upgrade_goes_on(worker: Worker, tmp_path: Path) -> None:
    start = tmp_path / "released"
    start.mkdir()
    unpacked("0001", start)
    trials = Trials(worker, start, tmp_path, "upgrade")
    wanted = state(trials.undisturbed())
    for where, folder in trials.killed():
        assert trials.run(folder) == 0, where
        assert state(folder) == wanted, where
        assert is_sound(folder), where  # nothing is missing in the index


def test_a_killed_backup_is_none(worker: Worker, crawled: Path, tmp_path: Path) -> None:
    trials = Trials(worker, crawled, tmp_path, "backup")
    for where, folder in trials.killed():
        assert not (folder / "backup.db").exists(), where
        assert trials.run(folder) == 0
        carried = installation_of(folder / "backup.db")
        assert carried is not None, where
        assert carried.configuration
        assert state_of_backup(folder) == state(folder)


def test_a_killed_restore_leaves_the_old_or_the_new(
    worker: Worker, crawled: Path, tmp_path: Path
) -> None:
    assert worker.act("backup", crawled) == 0
    new = state(crawled)
    assert worker.act("reclassify", crawled) == 0
    old = state(crawled)
    assert old != new
    trials = Trials(worker, crawled, tmp_path, "bring_back")
    for where, folder in trials.killed():
        assert state(folder) in (old, new), where
        assert trials.run(folder) == 0
        assert state(folder) == new, where


def state_of_backup(folder: Path) -> list[list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(folder / "backup.db")) as rows:
        return [sorted(rows.execute(query), key=repr) for query in _WHAT_COUNTS]
