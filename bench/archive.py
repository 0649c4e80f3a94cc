"""(f) What an archive's size costs: an insertion, a search, a page, a digest's selection.

    python bench/archive.py [--sizes 10000 1000000] [--postgresql [--shared-buffers 2GB]]

CPU milliseconds (median) at each size, in one process that keeps filling one archive; on
PostgreSQL, a throw-away cluster, that of the server's processes is counted as well. ``ratio``
compares the last size with the first. Filling is not counted.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import text

from bench.archive_filling import FREQUENT, RARE, READER, fill
from bench.measure import print_rows, versions
from crawler.config import load
from crawler.ingest import Ingest
from crawler.model.item import Article, Published, RawItem
from crawler.model.reading import Entry, Reading
from crawler.model.source import Source
from crawler.model.subscription import Subscription
from crawler.storage.archive import ArchiveStore, Position, Wanted
from crawler.storage.candidates import CandidateStore
from crawler.storage.database import Database, utc_now
from crawler.storage.shared_candidates import Question, SharedCandidates
from crawler.storage.sources import SourceStore
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import shipped_topics
from tests.conftest import PostgresServer

PAGE = 30  # stories of a page
_TIMES, _WARM = 25, 3
_LONG = 10_000  # milliseconds: what takes so long is not repeated to warm up
ServerTime = Callable[[], int]  # nanoseconds of CPU that the database's server has used


class Archive:
    """The installation and what is timed on it."""

    def __init__(self, folder: Path, url: str, now: datetime) -> None:
        self.now = now
        self.database = Database(url)
        self.database.ensure()
        file = folder / "clusterwatch.toml"
        file.write_text('[crawl]\ncontact = "mailto:ops@example.org"\n', "utf-8")
        topics = shipped_topics()
        self.ingest = Ingest(self.database, load(file), topics, TopicMatcher(topics))
        for number in range(300):
            source = Source(f"s{number}", f"Source {number}", f"https://c{number}.example/")
            SourceStore(self.database).add(source, now)
        self.numbers = count()

    def timings(self) -> dict[str, Callable[[], object]]:
        """Name → what is timed."""
        pages, candidates = ArchiveStore(self.database), CandidateStore(self.database)
        year, day = self.now - timedelta(days=365), self.now - timedelta(days=1)
        old = Subscription(READER, "email:a@example.org", topics=(RARE,), active_since=year)
        new = replace(old, id="new", topics=(FREQUENT,), active_since=day)
        middle = Position(day, "0")
        return {
            "insert an item (whole ingest)": self._insert,
            "search page, frequent word": lambda: pages.page(Wanted(query="robotics"), PAGE),
            "search page, two words": lambda: pages.page(Wanted(query="hydrogen Turin"), PAGE),
            "search page, rare number": lambda: pages.page(Wanted(query="777"), PAGE),
            "archive page": lambda: pages.page(Wanted(), PAGE),
            "archive page, a day back": lambda: pages.page(Wanted(), PAGE, middle),
            "archive page of a frequent topic": lambda: pages.page(Wanted(topic=FREQUENT), PAGE),
            "archive page of a rare topic": lambda: pages.page(Wanted(topic=RARE), PAGE),
            "archive page of a source": lambda: pages.page(Wanted(source="s7"), PAGE),
            "selection, a reader for a year": lambda: candidates.pending(old, year, day),
            "selection, a day of a frequent topic": lambda: candidates.pending(new, day, day),
            "selection shared, a year": lambda: SharedCandidates(
                self.database, Question((RARE,), (), None), year, day
            ).of([old], ()),
        }

    def _insert(self) -> None:
        number = next(self.numbers)
        url = f"https://c1.example/new/{number}"
        title = f"Cluster {number} trains a neural network for forecasts of wind in region {number}"
        body = f"{title}. " + "The members agreed on a joint programme for the coming year. " * 12
        moment = Published(self.now - timedelta(hours=1))
        listed = RawItem(url, title, moment, "A teaser.")
        entry = Entry(listed, Article(url, title=title, text=body, published=moment), (url,))
        address = "https://c1.example/feed"
        reading = Reading("s1", "feed", address, listed=(listed,), entries=(entry,))
        assert self.ingest.store(reading, utc_now()).new == 1


def cpu_ms(work: Callable[[], object], server_ns: Callable[[], int]) -> float:
    """The median of several runs in CPU milliseconds of this process and the database's."""
    spent: list[float] = []
    for number in range(_TIMES):
        before = time.process_time_ns() + server_ns()
        work()
        taken = (time.process_time_ns() + server_ns() - before) / 1e6
        if number >= _WARM or taken > _LONG:
            spent.append(taken)
        if sum(spent) > 20_000:
            break
    return statistics.median(spent)


def megabytes(database: Database) -> int:
    """Of the file, or of the whole database on PostgreSQL."""
    if database.path is not None:
        return database.path.stat().st_size // 2**20
    with database.read() as connection:
        size = connection.scalar(text("SELECT pg_database_size(current_database())"))
    return int(size or 0) // 2**20


@contextmanager
def opened(on_postgresql: bool, shared_buffers: str) -> Iterator[tuple[Path, str, ServerTime]]:
    """A folder, the address of an empty database, and how to ask for its server's CPU time."""
    with tempfile.TemporaryDirectory(prefix="cw-archive-") as name:
        folder = Path(name)
        if not on_postgresql:
            yield folder, f"sqlite:///{folder}/archive.db", lambda: 0
            return
        home = Path(tempfile.mkdtemp(prefix="cw-archive-pg-"))
        server = PostgresServer(home)
        server.start(f"shared_buffers={shared_buffers}")
        try:
            yield folder, server.create_database(), server.cpu_ns
        finally:
            server.stop()
            shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    options.add_argument("--postgresql", action="store_true")
    options.add_argument("--shared-buffers", default="128MB", help="as PostgreSQL is installed")
    chosen = options.parse_args()
    print(versions())
    with opened(chosen.postgresql, chosen.shared_buffers) as (folder, url, server_ns):
        archive = Archive(folder, url, utc_now())
        costs: dict[str, list[float]] = {name: [] for name in archive.timings()}
        filled = 0
        for size in chosen.sizes:
            begun = time.perf_counter()
            fill(archive.database, filled, size, archive.now, 2 * max(chosen.sizes))
            took, filled = time.perf_counter() - begun, size
            held = megabytes(archive.database)
            print(f"{size:,} items, {held:,} MB: filled in {took:.0f} s", flush=True)
            for name, work in archive.timings().items():
                costs[name].append(cpu_ms(work, server_ns))
                print(f"  {name:<40} {costs[name][-1]:10.2f} ms", flush=True)
        archive.database.close()
    rows = [
        {"what": name, **{f"ms_{size}": ms for size, ms in zip(chosen.sizes, found, strict=True)},
         "ratio": found[-1] / found[0]}
        for name, found in costs.items()
    ]  # fmt: skip
    print_rows("archive", rows)


if __name__ == "__main__":
    main()
