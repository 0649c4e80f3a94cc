"""A process that does one thing to an installation's database, to be killed in between.

It imports once and forks a child for every order (a JSON object a line on stdin: ``what``,
``folder``, ``failpoint``); it answers with the child's exit status, negative for a signal.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.backups import back_up
from alerts.restoring import restore
from crawler import failpoints
from crawler.config import Settings, load
from crawler.fetch.leases import LEASE
from crawler.ingest import Ingest
from crawler.model.source import Source, Validators
from crawler.outcomes import Unchanged
from crawler.reclassifying import Reclassification
from crawler.storage import schema
from crawler.storage.checks import CheckStore
from crawler.storage.database import Database
from crawler.storage.sources import SourceStore
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic
from crawler.unchanged import UnchangedPolls
from tests.integration.ingest.conftest import NOW, TOPICS, House, entry

WORDS = "laser welding joins titanium implants for the clinics of the region without seams"
EDIT = "Correction: an earlier version named the wrong clinic."


def entries(source: str, edited: str = "") -> list[Any]:
    """Three items, one of which both sources tell in the same words."""
    shared = f"{WORDS}. The research ministry pays 2.4 million euros. {edited}".strip()
    own = [entry(number, text=f"{source} {number}: {WORDS}", source=source) for number in (1, 2)]
    return [*own, entry("shared", "Laser welding for clinics", shared, source)]


def crawl(folder: Path) -> None:
    """Two sources are read, one of them twice: the second time a text was corrected."""
    database, settings = opened(folder)
    house = House(database, Ingest(database, settings, TOPICS, TopicMatcher(TOPICS)))
    known = {row.source.id for row in house.sources().all()}
    for name in ("one", "two"):
        if name not in known:
            house.sources().add(
                Source(name, name, f"https://{name}.example/feed", kind="feed"), NOW
            )
        house.store(entries(name), name)
    house.later(hours=1)
    house.store(entries("one", EDIT), "one")
    database.close()


def poll(folder: Path, now: datetime = NOW) -> None:
    """What is due is claimed; of three sources one has news, the others are as they were."""
    database, settings = opened(folder)
    ingest = Ingest(database, settings, TOPICS, TopicMatcher(TOPICS))
    due = SourceStore(database).due_ids(now)
    owner = f"tests:{os.getpid()}"
    claimed = CheckStore(database).claim(due, owner, now, LEASE, now)
    mine = {one.row.source.id: one.row for one in claimed if one is not None}
    if mine.pop("one", None):
        House(database, ingest, now, owner).store(entries("one"), "one")
    unchanged = [
        (row, Unchanged(row.source.url, "feed", Validators(etag=row.source.id)))
        for row in mine.values()
    ]
    if unchanged:
        UnchangedPolls(database, settings.crawl, ingest.rhythms, owner).store(unchanged, now)
    database.close()


def poll_later(folder: Path) -> None:
    """The same, when the leases of who polled first have ended."""
    poll(folder, NOW + LEASE + timedelta(minutes=1))


def reclassify(folder: Path) -> None:
    """A topic was changed: the archive follows, item by item."""
    database, _ = opened(folder)
    topic = load_topic({"id": "lasers", "name": "Lasers", "any": ["titanium"]}, origin="tests")
    rounds = Reclassification(database, (topic,), TopicMatcher((topic,)))
    for _ in rounds.run(NOW, batch=1):
        pass


def upgrade(folder: Path) -> None:
    """What an older release left is brought up."""
    database, _ = opened(folder)
    schema.upgrade(database, NOW)


def backup(folder: Path) -> None:
    """Everything is backed up."""
    database, settings = opened(folder)
    back_up(settings, database, folder / "backup.db")


def bring_back(folder: Path) -> None:
    """A backup takes the place of what is there."""
    restore(f"sqlite:///{folder}/clusterwatch.db", folder / "backup.db", NOW)


ACTIONS: dict[str, Callable[[Path], None]] = {
    action.__name__: action
    for action in (crawl, poll, poll_later, reclassify, upgrade, backup, bring_back)
}


def opened(folder: Path) -> tuple[Database, Settings]:
    """The installation that lives in a folder; its rows may be on a server that its file names."""
    file = folder / "clusterwatch.toml"
    if not file.exists():
        file.write_text(
            f'[clusterwatch]\ndatabase = "sqlite:///{folder}/clusterwatch.db"\n'
            '[crawl]\nfirst_run = "all"\n',
            "utf-8",
        )
    settings = load(file, environment={})
    named = settings.clusterwatch.database
    # A copied folder holds a copied file, which still names the first one's database.
    at = f"sqlite:///{folder}/clusterwatch.db" if named.startswith("sqlite") else named
    return Database(at), settings


def child(order: dict[str, str]) -> int:
    """Fork, do as ordered there; its exit status."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    os.environ[failpoints.VARIABLE] = order["failpoint"]
    failpoints.rearm()
    try:
        ACTIONS[order["what"]](Path(order["folder"]))
    except BaseException:
        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def warm_up() -> None:
    """Do once what children would otherwise each do first: load languages, words, migrations."""
    importlib.import_module("alembic.command")
    with tempfile.TemporaryDirectory() as folder:
        database, _ = opened(Path(folder))
        database.ensure()
        database.close()
        crawl(Path(folder))


def main() -> None:
    """Answer orders until stdin ends."""
    warm_up()
    for line in sys.stdin:
        print(child(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
