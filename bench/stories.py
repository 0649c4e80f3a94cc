"""What grouping costs: 10,000 items from scratch, and items added to archives of two sizes.

    python bench/stories.py [--scratch 10000] [--items 100000] [--added 200] [--no-postgresql]

CPU milliseconds an item, on invented news. The archives are filled by bulk inserts with the
anchors, bands and stories of the same kind of news; on SQLite and on a throw-away PostgreSQL,
whose own processes' CPU is in the wall time alone.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.invented_news import invented
from crawler.model.item import Item, Published
from crawler.storage import tables
from crawler.storage.database import Database
from crawler.storage.item_rows import insert_item
from crawler.storage.stories import StoryStore
from crawler.storage.story_index import ALL_ITEMS
from crawler.stories.anchors import Anchor
from crawler.stories.evaluate import group
from crawler.stories.fingerprint import fingerprint
from crawler.stories.index import day_of
from crawler.stories.items import StoryItem
from crawler.stories.rarity import is_counted, is_indexed

SMALL = 10_000  # the archive that a larger one is compared with
MODELS = 3000  # invented items whose anchors and lengths the filling repeats
CHUNK = 5000
RENAMED = ("name", "pair", "amount", "address", "title")  # drawn anew for every filled item


def from_scratch(number: int) -> dict[str, object]:
    """Fingerprints and groups ``number`` items in memory; CPU milliseconds an item."""
    list(invented(200, seed=2))  # lists read, caches warm as in a long-lived process
    told = list(invented(number))
    start = time.process_time()
    for one in told:
        fingerprint(one.title, one.text, language=one.language, url=one.url)
    fingerprinted = time.process_time()
    stories, _ = group(told)
    end = time.process_time()
    return {
        "items": number,
        "fingerprint_ms": round(1000 * (fingerprinted - start) / number, 3),
        "group_ms": round(1000 * (end - fingerprinted) / number, 3),
        "total_ms": round(1000 * (end - start) / number, 3),
        "stories": len(stories),
    }


def added_to(database: Database, sizes: Sequence[int], added: int) -> list[dict[str, object]]:
    """What each of ``added`` items costs at every size of the archive."""
    database.ensure()
    models = list(invented(MODELS, seed=3))
    new = invented((added + 20) * len(sizes), seed=4)
    filler = Filler(models)
    results: list[dict[str, object]] = []
    for size in sizes:
        filler.fill(database, size)
        sample = [filler.moved(next(new), size) for _ in range(added + 20)]
        _add(database, sample[:20])  # statements are compiled once in a process
        cpu, wall = _add(database, sample[20:])
        results.append(
            {
                "archive": size,
                "cpu_ms": round(statistics.fmean(cpu), 2),
                "cpu_ms_median": round(statistics.median(cpu), 2),
                "wall_ms": round(statistics.fmean(wall), 2),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    return results


class Filler:
    """Fills an archive quickly: the models' rows again, under new names and in new bands."""

    def __init__(self, models: Sequence[StoryItem]) -> None:
        self._rng = random.Random(5)
        self._models = models
        self._stored = 0
        self._counts: Counter[str] = Counter()
        self._last = models[-1].first_seen

    def moved(self, item: StoryItem, number: int) -> StoryItem:
        """An item to add: it comes after everything that is stored."""
        moment = self._last + timedelta(minutes=self._rng.randrange(60 * 24))
        key = f"x{number}-{item.id[-12:]}"
        values: dict[str, Any] = {"id": key, "url": f"{item.url}-{number}"}
        values |= {"published": moment, "first_seen": moment}
        return StoryItem(**{**vars(item), **values})

    def fill(self, database: Database, size: int) -> None:
        """Store items until there are ``size``."""
        while self._stored < size:
            number = min(CHUNK, size - self._stored)
            rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
            for n in range(self._stored, self._stored + number):
                self._rows(n, rows)
            with database.write() as connection:
                for name in _TABLES:
                    connection.execute(tables.metadata.tables[name].insert(), rows[name])
            self._stored += number
        self._write_counts(database)

    def _rows(self, n: int, rows: dict[str, list[dict[str, Any]]]) -> None:
        one = self._models[self._rng.randrange(len(self._models))]
        key, moment = f"{n:016d}", self._models[0].first_seen + timedelta(minutes=26 * n)
        self._last = moment
        anchors = list(dict.fromkeys(self._renamed(a) for a in one.fingerprint.anchors))
        day = day_of(StoryItem(**{**vars(one), "published": moment}))
        rows["stories"].append({"id": f"s{key}", "created_at": moment})
        rows["items"].append(_item_row(one, key, moment))
        told = [list(map(str, anchors))]
        print_ = one.fingerprint
        rows["fingerprints"].append(
            {"item": key, "sketch": print_.sketch, "length": print_.length,
             "anchors": [[], *told], "left_out": []}
        )  # fmt: skip
        bits = (self._rng.getrandbits(63) for _ in set(print_.bands))
        rows["item_bands"] += [{"value": value, "item": key} for value in bits]
        rows["item_anchors"] += [
            {"anchor": str(a), "day": day, "item": key} for a in anchors if is_indexed(a)
        ]
        self._counts.update(str(a) for a in anchors if is_counted(a))
        self._counts[ALL_ITEMS] += 1

    def _renamed(self, anchor: Anchor) -> Anchor:
        """Names are many and most are rare: their ranks are about Zipf's."""
        if anchor.kind not in RENAMED or self._rng.random() < 0.2:
            return anchor
        rank = int(2_000_000 ** self._rng.random())
        return Anchor(anchor.kind, f"{rank}" if anchor.kind == "amount" else f"n{rank}")

    def _write_counts(self, database: Database) -> None:
        rows = [{"anchor": key, "items": n} for key, n in sorted(self._counts.items())]
        with database.write() as connection:
            connection.execute(tables.anchor_counts.delete())
            connection.execute(tables.anchor_counts.insert(), rows)


_TABLES = ("stories", "items", "fingerprints", "item_bands", "item_anchors")


def _item_row(one: StoryItem, key: str, moment: Any) -> dict[str, Any]:
    return {
        "id": key, "source": one.source, "url": f"{one.url}/{key}", "title": one.title,
        "canonical_url": f"{one.url}/{key}", "summary": "", "text": one.text,
        "language": one.language, "published_at": moment, "published": moment.isoformat(),
        "published_whole_day": False, "first_seen": moment, "text_pending": False,
        "content_hash": key, "title_hash": key, "story": f"s{key}",
    }  # fmt: skip


def _add(database: Database, items: Sequence[StoryItem]) -> tuple[list[float], list[float]]:
    """CPU and wall milliseconds of each ``StoryStore.group``; twenty items a transaction, as a
    poll stores them."""
    store, cpu, wall = StoryStore(database), [], []
    for start in range(0, len(items), 20):
        with database.write() as connection:
            for one in items[start : start + 20]:
                item = _inserted(connection, one)
                before, began = time.process_time(), time.perf_counter()
                store.group(connection, item, one.fingerprint, one.first_seen)
                cpu.append(1000 * (time.process_time() - before))
                wall.append(1000 * (time.perf_counter() - began))
    return cpu, wall


def _inserted(connection: Any, one: StoryItem) -> Item:
    published = Published(one.published) if one.published else None
    item = Item(
        one.id, one.source, one.url, one.url, one.title, "", published, one.first_seen,
        one.language, one.text,
    )  # fmt: skip
    found = one.fingerprint
    insert_item(
        connection,
        item,
        content_hash=found.content_hash,
        title_hash=found.title_hash,
        text_pending=False,
    )
    return item


@contextmanager
def _databases(postgresql: bool) -> Iterator[dict[str, Database]]:
    with tempfile.TemporaryDirectory(prefix="cw-bench-") as folder:
        found = {"sqlite": Database(f"sqlite:///{folder}/bench.db")}
        if postgresql:
            from tests.conftest import PostgresServer

            home = Path(tempfile.mkdtemp(prefix="cw-bench-pg-"))
            server = PostgresServer(home)
            server.start()
            found["postgresql"] = Database(server.create_database())
        try:
            yield found
        finally:
            for database in found.values():
                database.close()
            if postgresql:
                server.stop()
                shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    """Runs the measurements and prints one JSON document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scratch", type=int, default=10_000, help="0: leave it out")
    parser.add_argument("--items", type=int, default=100_000, help="the larger archive; 0: none")
    parser.add_argument("--added", type=int, default=200)
    parser.add_argument("--no-postgresql", action="store_true")
    options = parser.parse_args()
    result: dict[str, object] = {}
    if options.scratch:
        result["from_scratch"] = from_scratch(options.scratch)
    if options.items:
        with _databases(not options.no_postgresql) as databases:
            sizes = sorted({min(SMALL, options.items), options.items})
            for name, database in databases.items():
                result[name] = added_to(database, sizes, options.added)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
