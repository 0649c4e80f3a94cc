"""An installation with real workers: a PostgreSQL database, feeds on many loopback hosts, Slack's
double; workers are processes that may be killed. Judged by the servers' and Slack's own logs.

For the tests and for ``bench/workers.py``.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select, text

from alerts.demo.slack_double import TOKEN, SlackDouble
from alerts.demo.slack_workspace import SlackChannel
from crawler.model.source import Source
from crawler.storage import queue_schema
from crawler.storage.database import Database, utc_now
from crawler.storage.sources import SourceStore
from crawler.storage.tables import items, polls
from crawler.storage.tables_recipients import delivered_items, deliveries
from tests.integration.fetch import pages
from tests.integration.fetch.server import Server

ROOT = Path(__file__).resolve().parents[3]
RSS = "application/rss+xml"
SLACK = (SlackChannel("C0NEWS0001", "news"), SlackChannel("C0OPS00001", "ops"))
_SYLLABLES = tuple(
    "bar dol fen gri hal kor lin mar nov os pra quen rud sel tam ul vor wen zet bru".split()  # noqa: SIM905
)
T = TypeVar("T")

FILE = """
[clusterwatch]
name = "yard"
database = "{database}"
timezone = "UTC"
operator = "slack:#ops"

[crawl]
contact = "mailto:ops@example.org"
first_run = "all"
max_age = "100y"
allow_networks = ["127.0.0.0/8"]
delay_per_host = "0s"
timeout = "60s"

[slack]
base_url = "{slack}"
"""
WORKER = ("worker", "-v", "--metrics", "127.0.0.1:0")
SUBSCRIPTION = """
[[subscriptions]]
id = "all-{number}"
to = "slack:#news"
topics = ["*"]
sources = ["tag:group{number}"]
schedule = "immediate"
max_stories = 200
"""


# Moments at which a worker can be caught: whose lease it holds, or what its transaction is at.
_LEASED = "SELECT 'worker:' || split_part(lease_owner, ':', 2) FROM {} WHERE lease_owner <> ''"
_WITHIN = """SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'worker:%'
AND state <> 'idle' AND query ~* '^\\s*(insert into|update) "?({})'"""
MOMENTS = {
    "fetch": _LEASED.format("sources"),
    "ingest": _WITHIN.format("items|addresses|stories|story_links|item_bands|search_docs"),
    "dispatch": _WITHIN.format("subscriptions|delivered_items|deliveries"),
    "deliver": _LEASED.format("deliveries"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the logs and the tables say of a run."""

    items: int  # stored
    lost_items: int
    doubled_items: int
    delivered: int  # items marked as delivered
    lost_deliveries: int  # items that no message brought, messages that never arrived
    doubled_deliveries: int  # messages that stand in Slack twice, items told twice
    polls: int
    requests: int
    at_once: int  # requests to a host that overlapped
    too_early: int  # requests that came before the pause was over
    shortest_pause: float  # seconds, at any host

    @property
    def faults(self) -> int:
        return (
            self.lost_items + self.doubled_items + self.lost_deliveries + self.doubled_deliveries
            + self.at_once + self.too_early
        )  # fmt: skip


@dataclass
class Yard:
    """``hosts`` servers with ``sources`` feeds between them, told to ``groups`` subscriptions."""

    folder: Path
    database_url: str
    hosts: int = 10
    sources: int = 40
    groups: int = 4
    delay: float = 0.02
    articles: bool = True  # False: robots.txt bars them, which costs no reading
    seed: int = 1
    entries: dict[int, list[pages.News]] = field(default_factory=lambda: defaultdict(list))
    servers: list[Server] = field(default_factory=list)
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.slack = SlackDouble(channels=SLACK)
        self.database = Database(self.database_url)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Yard:
        self._thread.start()
        self._run(self.slack.__aenter__())
        for number in range(self.hosts):
            server = self._run(Server(f"127.0.2.{number + 1}").start())
            barred = "" if self.articles else "Disallow: /news/\n"
            robots = f"User-agent: *\nCrawl-delay: {self.delay}\n{barred}"
            server.put("/robots.txt", robots.encode(), "text/plain")
            self.servers.append(server)
        self._install()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
        for server in self.servers:
            self._run(server.__aexit__())
        self._run(self.slack.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()
        self.database.close()

    # -- workers --------------------------------------------------------------------------------

    def start(self, count: int = 1) -> None:
        """Start workers; their words go to a file each."""
        for _ in range(count):
            log = self.folder / f"worker{len(self.workers)}.log"
            with log.open("w") as words:
                self.workers.append(self._command(*WORKER, err=words))

    def command(self, *arguments: str) -> str:
        """Run a command to its end; its result."""
        process = self._command(*arguments, out=subprocess.PIPE, err=subprocess.PIPE)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out

    def kill(self, worker: subprocess.Popen[str]) -> None:
        """End a worker as a power cut does."""
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(60)

    def caught(self, moment: str, seconds: float) -> subprocess.Popen[str] | None:
        """A worker that is in the middle of one of MOMENTS; None where none was for so long."""
        end = time.monotonic() + seconds
        known = {f"worker:{one.pid}": one for one in self.alive()}
        while time.monotonic() < end:
            with self.database.read() as connection:
                found = connection.scalars(text(MOMENTS[moment])).all()
            for name in found:
                if name in known:
                    return known[name]
            time.sleep(0.002)
        return None

    def cut(self) -> int:
        """End the workers' connections to the database, each with a chance of one half."""
        ended = text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'worker:%' AND random() < 0.5"
        )
        with self.database.read() as connection:
            return len(connection.scalars(ended).all())

    def stop(self) -> list[int]:
        """Ask every worker to end; their exit codes."""
        alive = self.alive()
        for worker in alive:
            worker.terminate()
        return [worker.wait(60) for worker in alive]

    def wait_for(self, condition: Callable[[], bool], seconds: float = 300) -> None:
        """Until something has happened; fails with the workers' last words."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.words()[-4000:]
            time.sleep(0.25)

    def alive(self) -> list[subprocess.Popen[str]]:
        return [worker for worker in self.workers if worker.poll() is None]

    def words(self) -> str:
        """What all workers said."""
        return "".join(log.read_text() for log in sorted(self.folder.glob("worker*.log")))

    def figures(self, worker: subprocess.Popen[str]) -> str:
        """What a worker tells Prometheus."""
        log = self.folder / f"worker{self.workers.index(worker)}.log"
        [address] = re.findall(r"metrics\.started.*?(127\.0\.0\.1:\d+)", log.read_text())
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=60) as answer:
            return str(answer.read().decode())

    def publish_nothing(self) -> int:
        """Every source is due again; how many polls there are once all were made."""
        with self.database.write() as connection:
            connection.execute(text("UPDATE sources SET next_due = NULL"))
        return self.polls() + self.sources

    def idle(self) -> bool:
        """Whether no source is being polled."""
        with self.database.read() as connection:
            held = text("SELECT count(*) FROM sources WHERE lease_owner <> ''")
            return bool(connection.scalar(held) == 0)

    def hints(self) -> int:
        """How many hints were ever put."""
        with self.database.read() as connection:
            number = connection.scalar(text("SELECT last_value FROM procrastinate_jobs_id_seq"))
        return int(number or 0)

    def polls(self) -> int:
        """How many polls came to an end."""
        with self.database.read() as connection:
            return int(connection.scalar(text("SELECT count(*) FROM polls")) or 0)

    # -- news -----------------------------------------------------------------------------------

    def publish(self, share: float = 1.0) -> None:
        """One news item more on every feed (or a share of them), and every source is due."""
        for number in range(self.sources):
            if share == 1.0 or self.chance.random() < share:
                self._run(self._published(number))
        with self.database.write() as connection:
            connection.execute(text("UPDATE sources SET next_due = NULL"))

    def told(self) -> bool:
        """Whether every published item is delivered and nothing waits."""
        wanted = sum(map(len, self.entries.values()))
        with self.database.read() as connection:
            told = connection.scalar(text("SELECT count(*) FROM delivered_items"))
            waiting = connection.scalar(
                text("SELECT count(*) FROM deliveries WHERE state <> 'sent'")
            )
        return bool(told == wanted and waiting == 0)

    async def _published(self, number: int) -> None:
        server = self.servers[number % self.hosts]
        title = " ".join(self._name() for _ in range(5))
        path = f"/news/{number}/{len(self.entries[number])}"
        day = datetime(2026, 11, 1, 8, 0, tzinfo=UTC) + timedelta(minutes=number)
        words = " ".join(self._name() for _ in range(60)) + "."
        news = pages.News(server.url(path), title, day, summary=words[:200])
        self.entries[number].insert(0, news)
        server.put(path, pages.article(title, words))
        server.put(f"/feed{number}", pages.feed(self.entries[number]), RSS)

    def _name(self) -> str:
        return "".join(self.chance.choice(_SYLLABLES) for _ in range(3)).capitalize()

    # -- judging --------------------------------------------------------------------------------

    def verdict(self) -> Verdict:
        """Whether anything was lost, doubled or impolite."""
        wanted = Counter(news.title for group in self.entries.values() for news in group)
        with self.database.read() as connection:
            stored = Counter(connection.scalars(select(items.c.title)))
            told = connection.scalars(select(delivered_items.c.item)).all()
            sent = Counter(connection.scalars(select(deliveries.c.id)))
            polled = connection.scalar(select(text("count(*)")).select_from(polls))
        posts = [post for post in self.slack.posts if post.channel == "C0NEWS0001"]
        arrived = Counter(_delivery_of(post.metadata) for post in posts)
        text_of_all = "\n".join(json.dumps([post.text, post.blocks]) for post in posts)
        mentions = Counter({title: text_of_all.count(f"|{title}>") for title in wanted})
        overlaps, early, shortest = self._manners()
        return Verdict(
            items=stored.total(),
            lost_items=(wanted - stored).total(),
            doubled_items=(stored - wanted).total(),
            delivered=len(told),
            lost_deliveries=(sent - arrived).total() + sum(not mentions[one] for one in wanted),
            doubled_deliveries=(arrived - sent).total()
            + sum(max(mentions[one] - 1, 0) for one in wanted),
            polls=int(polled or 0),
            requests=sum(len(server.seen) for server in self.servers),
            at_once=overlaps,
            too_early=early,
            shortest_pause=shortest,
        )

    def _manners(self) -> tuple[int, int, float]:
        gaps = []
        for server in self.servers:
            seen = sorted(server.seen, key=lambda one: one.started)
            gaps += [later.started - earlier.ended for earlier, later in pairwise(seen)]
        # The server's clock stops a moment after ours: allow it a millisecond.
        early = sum(0 <= gap < self.delay - 0.001 for gap in gaps)
        return sum(gap < 0 for gap in gaps), early, min(gaps, default=0.0)

    # -- inside ---------------------------------------------------------------------------------

    def _install(self) -> None:
        self.database.ensure()
        queue_schema.bring_up(self.database)
        store = SourceStore(self.database)
        for number in range(self.sources):
            url = self.servers[number % self.hosts].url(f"/feed{number}")
            tags = (f"group{number % self.groups}",)
            source = Source(id=f"s{number}", name=f"s{number}", url=url, kind="feed", tags=tags)
            store.add(source, utc_now())
        parts = [SUBSCRIPTION.format(number=number) for number in range(self.groups)]
        file = FILE.format(database=self.database_url, slack=self.slack.base_url)
        (self.folder / "clusterwatch.toml").write_text(file + "".join(parts), "utf-8")
        self.command("db", "sync")

    def _command(
        self, *arguments: str, out: Any = subprocess.DEVNULL, err: Any
    ) -> subprocess.Popen[str]:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        environment |= {"SLACK_BOT_TOKEN": TOKEN, "NO_COLOR": "1"}
        # The database knows a process by its number.
        named = 'PGAPPNAME="worker:$$" exec "$@"'
        return subprocess.Popen(
            ["/bin/sh", "-c", named, "sh", sys.executable, "-m", "crawler", *arguments],
            cwd=self.folder, env=environment, stdout=out, stderr=err, text=True,
        )  # fmt: skip

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


def _delivery_of(metadata: dict[str, Any]) -> str:
    return str(metadata["event_payload"]["delivery_id"])
