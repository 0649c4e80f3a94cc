"""What grouping costs: 10,000 items from scratch, and items added to archives of two sizes.

    python bench/stories.py [--scratch 10000] [--items 100000] [--added 200] [--no-sqlite]
        [--no-postgresql]

CPU milliseconds an item, on invented news. The archives are filled by bulk inserts (see
``story_archive``), or, with ``--stored``, item by item; on SQLite and on a throw-away PostgreSQL.
``server_ms``: CPU of the PostgreSQL process that answers. ``grown_mb``: what this process grew by
while the items were added.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Connection, func, select, text

from bench.invented_news import invented
from bench.story_archive import Filler
from crawler.model.item import Item, Published
from crawler.storage.database import Database
from crawler.storage.item_rows import insert_item
from crawler.storage.stories import StoryStore
from crawler.stories.evaluate import group
from crawler.stories.fingerprint import fingerprint
from crawler.stories.items import StoryItem

SMALL = 10_000  # the archive that a larger one is compared with
MODELS = 3000  # invented items whose anchors and lengths the filling repeats


def from_scratch(number: int) -> dict[str, object]:
    """Fingerprints and groups ``number`` items in memory; CPU milliseconds an item."""
    list(invented(200, seed=2))  # lists read, caches warm as in a long-lived process
    told = _set_aside(invented(number))
    start, spent = time.process_time(), [0.0]
    stories, _ = group(_fingerprinted(told, spent))
    total = time.process_time() - start
    return {
        "items": number,
        "fingerprint_ms": round(1000 * spent[0] / number, 3),
        "group_ms": round(1000 * (total - spent[0]) / number, 3),
        "total_ms": round(1000 * total / number, 3),
        "stories": len(stories),
    }


def _set_aside(items: Iterable[StoryItem]) -> list[StoryItem]:
    """What the measurement itself holds is no work for the collector of garbage while it runs."""
    told = list(items)
    gc.collect()
    gc.freeze()
    return told


def _fingerprinted(items: Iterable[StoryItem], spent: list[float]) -> Iterator[StoryItem]:
    """Each fingerprinted before it is grouped, as ingest does; the CPU seconds go to ``spent``."""
    for one in items:
        start = time.process_time()
        found = fingerprint(one.title, one.text, language=one.language, url=one.url)
        spent[0] += time.process_time() - start
        yield replace(one, fingerprint=found)


def added_to(database: Database, sizes: Sequence[int], added: int) -> list[dict[str, object]]:
    """What each of ``added`` items costs at every size of the archive."""
    database.ensure()
    models = list(invented(MODELS, seed=3))
    new = invented((added + 20) * len(sizes), seed=4)
    filler = Filler(models)
    results: list[dict[str, object]] = []
    for size in sizes:
        filler.fill(database, size)
        if not database.is_sqlite:
            with database.autocommit() as connection:  # as autovacuum does after many inserts
                connection.execute(text("VACUUM ANALYZE"))
        sample = [filler.moved(next(new), size) for _ in range(added + 20)]
        _add(database, sample[:20])  # statements are compiled once in a process
        before = _resident_mb()
        cpu, wall, server = _add(database, sample[20:])
        results.append(
            {
                "archive": size,
                "cpu_ms": round(statistics.fmean(cpu), 2),
                "cpu_ms_median": round(statistics.median(cpu), 2),
                "wall_ms": round(statistics.fmean(wall), 2),
                "wall_ms_median": round(statistics.median(wall), 2),
                "server_ms": round(1000 * server / added, 2),
                "grown_mb": round(_resident_mb() - before, 1),
            }
        )
    return results


def stored(database: Database, number: int) -> dict[str, object]:
    """Fingerprints and groups ``number`` items in an empty archive, each read again as any other
    process would; CPU milliseconds an item, storing the item itself apart."""
    database.ensure()
    list(invented(200, seed=2))  # as in ``from_scratch``
    told = _set_aside(invented(number))
    spent = [0.0]
    cpu, wall, _ = _add(database, _fingerprinted(told, spent))
    return {
        "items": number,
        "fingerprint_ms": round(1000 * spent[0] / number, 3),
        "group_ms": round(statistics.fmean(cpu), 3),
        "wall_ms": round(statistics.fmean(wall), 3),
    }


def _add(database: Database, items: Iterable[StoryItem]) -> tuple[list[float], list[float], float]:
    """CPU and wall milliseconds of each ``StoryStore.group``, and the CPU seconds of the server
    for all; twenty items a transaction, as a poll stores them."""
    store, cpu, wall, server = StoryStore(database), list[float](), list[float](), 0.0
    coming = iter(items)
    while some := list(islice(coming, 20)):
        with database.write() as connection:
            server -= _server_seconds(connection)
            for one in some:
                item = _inserted(connection, one)
                before, began = time.process_time(), time.perf_counter()
                store.group(connection, item, one.fingerprint, one.first_seen)
                cpu.append(1000 * (time.process_time() - before))
                wall.append(1000 * (time.perf_counter() - began))
            server += _server_seconds(connection)
    return cpu, wall, server


def _server_seconds(connection: Connection) -> float:
    """CPU that the PostgreSQL process behind a connection has used; 0 on SQLite."""
    if connection.dialect.name == "sqlite":
        return 0.0
    process = connection.scalar(select(func.pg_backend_pid()))
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb() -> float:
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _inserted(connection: Connection, one: StoryItem) -> Item:
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
def _databases(sqlite: bool, postgresql: bool) -> Iterator[dict[str, Database]]:
    with tempfile.TemporaryDirectory(prefix="cw-bench-") as folder:
        found = {"sqlite": Database(f"sqlite:///{folder}/bench.db")} if sqlite else {}
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
    parser.add_argument("--stored", type=int, default=0, help="items stored one by one on SQLite")
    parser.add_argument("--no-sqlite", action="store_true")
    parser.add_argument("--no-postgresql", action="store_true")
    options = parser.parse_args()
    result: dict[str, object] = {}
    if options.scratch:
        result["from_scratch"] = from_scratch(options.scratch)
    if options.stored:
        with _databases(sqlite=True, postgresql=False) as databases:
            result["stored"] = stored(databases["sqlite"], options.stored)
    if options.items:
        with _databases(not options.no_sqlite, not options.no_postgresql) as databases:
            sizes = sorted({min(SMALL, options.items), options.items})
            for name, database in databases.items():
                result[name] = added_to(database, sizes, options.added)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
