"""(f) What an archive's size costs: an insertion, a search, a page, a digest's selection.

    python bench/archive.py [--sizes 10000 1000000]

CPU milliseconds (median) on SQLite at each size, in one process that keeps filling one archive;
``ratio`` compares the last size with the first. Filling is not counted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

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

PAGE = 30  # stories of a page
_TIMES, _WARM = 25, 3


class Archive:
    """The installation and what is timed on it."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.now = now
        self.database = Database(f"sqlite:///{folder}/archive.db")
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


def cpu_ms(work: Callable[[], object]) -> float:
    """The median of several runs in CPU milliseconds of this process."""
    spent: list[float] = []
    for number in range(_TIMES):
        before = time.process_time()
        work()
        if number >= _WARM:
            spent.append(1000 * (time.process_time() - before))
        if sum(spent) > 20_000:
            break
    return statistics.median(spent or [1000 * (time.process_time() - before)])


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    chosen = options.parse_args()
    print(versions())
    with tempfile.TemporaryDirectory(prefix="cw-archive-") as folder:
        archive = Archive(Path(folder), utc_now())
        costs: dict[str, list[float]] = {name: [] for name in archive.timings()}
        filled = 0
        for size in chosen.sizes:
            begun = time.perf_counter()
            fill(archive.database, filled, size, archive.now, 2 * max(chosen.sizes))
            took, filled = time.perf_counter() - begun, size
            megabytes = (Path(folder) / "archive.db").stat().st_size // 2**20
            print(f"{size:,} items, {megabytes:,} MB: filled in {took:.0f} s", flush=True)
            for name, work in archive.timings().items():
                costs[name].append(cpu_ms(work))
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
