"""What a large installation's rows cost: the real tables on PostgreSQL, filled step by step.

Run ``python bench/scale.py --sources 1000 1000000 --items 10000 10000000``. Printed is, for each
size, what a worker's tick, a claim, a host's lease, a digest's selection, an item's insertion
through the real ingest and the housekeeping take (the quickest of several), and how large the
tables are. Rows are invented by the database itself; a hundredth of the sources is due.
``--shared-buffers 128MB 2GB`` compares what an insertion costs at the last size with so much
memory of PostgreSQL's own.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import text

from bench.bulk import bulk
from crawler.config import load
from crawler.ingest import Ingest
from crawler.model.item import Article, Published, RawItem
from crawler.model.reading import Entry, Reading
from crawler.model.subscription import Subscription
from crawler.owners import surely_gone
from crawler.storage import queue_schema, tables, tables_recipients, tables_stories
from crawler.storage.candidates import CandidateStore
from crawler.storage.database import Database, utc_now
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.erasure import ErasureStore
from crawler.storage.host_leases import HostLeaseStore
from crawler.storage.lost_polls import LostPolls
from crawler.storage.sources import SourceStore
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import shipped_topics
from tests.conftest import PostgresServer

TIMES = 9
WARM, INSERTED = 300, 300  # items, before PostgreSQL's memory is compared and while it is
SUBSCRIPTION = Subscription(id="one", to="slack:#news", topics=("ai",), schedule="daily 08:00")
# Numbers from :low to :high. Bands and anchors by the handful as an item has them, search's grams
# for a tenth of the items.
FILL_SOURCES = """
INSERT INTO sources (id, name, url, tags, enabled, only_links, skip_links, senders, added_at,
  undeclared, learned, baseline, watch_kind, watch_url, next_due, last_polled, last_ok)
SELECT 's' || n, 'Source ' || n, 'https://h' || n % 400000 || '.example/feed' || n, '["t"]', true,
  '[]', '[]', '[]', now(), false, '{}', true, 'feed',
  'https://h' || n % 400000 || '.example/feed' || n,
  now() + (n % 100 - 1) * interval '36 seconds',
  now() + (n % 100 - 101) * interval '36 seconds', now()
FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n"""
FILL_POLLS = """
INSERT INTO polls (source, at, status, requests, not_modified, seen, new, updated, failed)
SELECT 's' || n, now() - n % 86400 * interval '1 second', 'unchanged', 1, 1, 20, 0, 0, 0
FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n"""
FILL_ITEMS = (
    """INSERT INTO stories (id, created_at)
SELECT 's' || substr(md5(n::text), 1, 16), now() - n * interval '30 seconds'
FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n""",
    """
INSERT INTO items (id, source, url, canonical_url, title, summary, text, language, published_at,
  published_whole_day, first_seen, content_hash, title_hash, text_pending, told_at,
  story)
SELECT substr(md5(n::text), 1, 16), 's' || n % CAST(:sources AS int), 'https://h.example/' || n,
  'https://h.example/' || n, 'Title ' || md5(n || 't'), 'Summary ' || md5(n || 's'),
  repeat(md5(n || 'x') || ' ', 40), 'en', at, false, at, md5(n || 'c'), md5(n || 't'), false, at,
  's' || substr(md5(n::text), 1, 16)
FROM (SELECT n, now() - n * interval '30 seconds' AS at
  FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n) x""",
    """INSERT INTO addresses (url_key, item, url)
SELECT md5(n || 'u'), substr(md5(n::text), 1, 16), 'https://h.example/' || n
FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n""",
    """INSERT INTO sightings (source, item, url, first_seen, last_seen)
SELECT 's' || n % CAST(:sources AS int), substr(md5(n::text), 1, 16), 'https://h.example/' || n,
  now(), now() FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n""",
    """INSERT INTO matches (item, topic, score, evidence, matched_at)
SELECT substr(md5(n::text), 1, 16), 'ai', 0.9, '[]', now()
FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n WHERE n % 10 = 0""",
    """INSERT INTO item_bands (value, item)
SELECT ('x' || substr(md5(n || 'b' || b), 1, 15))::bit(60)::bigint, substr(md5(n::text), 1, 16)
FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n, generate_series(1, 8) b""",
    """INSERT INTO item_anchors (anchor, day, item)
SELECT 'a' || (n * 7 + a * 131) % 200000, 739000 - n / 2880, substr(md5(n::text), 1, 16)
FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n,
  generate_series(1, 5) a""",
    """INSERT INTO delivered_items (subscription, item, delivery, "to", how, at)
SELECT 'p' || n % 1000, substr(md5(n::text), 1, 16), 'd' || n / 20, 'slack:#x', 'shown', now()
FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n""",
    """INSERT INTO search_docs (item, grams)
SELECT substr(md5(n::text), 1, 16), array(SELECT substr(md5(n || 'g' || g), 1, 3)
  FROM generate_series(1, 40) g) FROM generate_series(CAST(:low AS int), CAST(:high AS int)) n
WHERE n % 10 = 0""",
)
FILLED = (
    tables.sources, tables.polls, tables_stories.stories, tables.items, tables.addresses,
    tables.sightings, tables.matches, tables_stories.item_bands, tables_stories.item_anchors,
    tables_recipients.delivered_items, tables_stories.search_docs,
)  # fmt: skip


class Bench:
    """The tables and what is timed on them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.database = Database(url)
        self.database.ensure()
        queue_schema.bring_up(self.database)
        file = folder / "clusterwatch.toml"
        file.write_text('[crawl]\ncontact = "mailto:ops@example.org"\n', "utf-8")
        topics = shipped_topics()
        self.ingest = Ingest(self.database, load(file), topics, TopicMatcher(topics))
        self.numbers = count()

    def fill(self, statements: tuple[str, ...], low: int, high: int, **values: int) -> None:
        """Rows numbered ``low`` to ``high`` (left out)."""
        for statement in statements:
            with self.database.write() as connection:
                connection.execute(text(statement), {"low": low, "high": high - 1, **values})

    def timings(self) -> dict[str, Callable[[], object]]:
        """Name → what is timed."""
        database, now = self.database, utc_now()
        store, hosts = SourceStore(database), HostLeaseStore(database)
        candidates, lost = CandidateStore(database), LostPolls(database)
        return {
            "tick: 1,000 due sources": lambda: store.due(now),
            "tick: what dead workers held": lambda: lost.free(now, surely_gone),
            "tick: sources to poll before a digest": lambda: store.resting(
                now - timedelta(minutes=30), now + timedelta(minutes=25)
            ),
            "all sources (status, metrics, receipts)": store.all,
            "claim and release a source": lambda: self._claim(store),
            "take and end a host's lease": lambda: self._lease(hosts),
            "selection: a day's news of a topic": lambda: candidates.pending(
                SUBSCRIPTION, now - timedelta(days=1)
            ),
            "insert one item (ingest)": self._insert,
            "retention: nothing to forget": lambda: (
                ErasureStore(database).forget_texts(now - timedelta(days=730)),
                DeliveryStore(database).forget_payloads(now - timedelta(days=90)),
            ),
            "metrics: polls of 24 hours": lambda: store.poll_sums(now - timedelta(days=1)),
        }

    def insert_many(self, number: int) -> None:
        """So many items, one after the other."""
        for _ in range(number):
            self._insert()

    def megabytes(self) -> int:
        """Of the whole database."""
        with self.database.read() as connection:
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
        return int(size or 0) // 2**20

    def _claim(self, store: SourceStore) -> None:
        source = f"s{next(self.numbers) % 1000}"
        store.claim(source, "bench", utc_now(), timedelta(minutes=10))
        store.release(source, "bench")

    def _lease(self, hosts: HostLeaseStore) -> None:
        host = f"h{next(self.numbers)}.example"
        hosts.take(host, "bench#1", 60, 1)
        hosts.end(host, "bench#1", 0)

    def _insert(self) -> None:
        number = next(self.numbers)
        url = f"https://h1.example/new/{number}"
        title = f"Cluster {number} trains a neural network for forecasts of wind in region {number}"
        body = f"{title}. " + "The members agreed on a joint programme for the coming year. " * 12
        moment = Published(utc_now() - timedelta(hours=1))
        listed = RawItem(url, title, moment, "A teaser.")
        entry = Entry(listed, Article(url, title=title, text=body, published=moment), (url,))
        address = "https://h1.example/feed1"
        reading = Reading("s1", "feed", address, listed=(listed,), entries=(entry,))
        assert self.ingest.store(reading, utc_now()).new == 1


def milliseconds(work: Callable[[], object], times: int = TIMES) -> float:
    """The quickest of several runs, which a busy machine disturbs least; the first warms up."""
    taken: list[float] = []
    while len(taken) < 2 or (len(taken) < times and sum(taken) < 10):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return 1000 * min(taken[1:])


def main() -> None:
    """Print a table: a row for each thing timed, a column for each size."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--sources", type=int, nargs="+", default=[1000, 100_000, 1_000_000])
    arguments.add_argument("--items", type=int, nargs="+", default=[10_000, 100_000, 500_000])
    arguments.add_argument("--shared-buffers", nargs="*", default=[], metavar="SIZE")
    wanted = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cw-bench-"))
    server = PostgresServer(folder)
    server.start()
    try:
        bench = Bench(server.create_database(), folder)
        sources = items = 0
        for more_sources, more_items in zip(wanted.sources, wanted.items, strict=True):
            begun = time.perf_counter()
            with bulk(bench.database, FILLED):
                bench.fill((FILL_SOURCES, FILL_POLLS), sources, more_sources)
                bench.fill(FILL_ITEMS, items, more_items, sources=more_sources)
            sources, items = more_sources, more_items
            took = time.perf_counter() - begun
            print(f"\n{sources:,} sources, {items:,} items: filled in {took:.0f} s")
            for name, work in bench.timings().items():
                print(f"{name:<40} {milliseconds(work):10.1f} ms", flush=True)
            print(f"{'database':<40} {bench.megabytes():10,} MB", flush=True)
        for memory in wanted.shared_buffers:
            bench.database.engine.dispose()
            server.stop()
            server.resume(f"shared_buffers={memory}")
            bench.insert_many(WARM)
            spent = -server.cpu_ns()
            bench.insert_many(INSERTED)
            spent += server.cpu_ns()
            print(f"the server's CPU for an insertion, {memory}: {spent / INSERTED / 1e6:.1f} ms")
        bench.database.close()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
