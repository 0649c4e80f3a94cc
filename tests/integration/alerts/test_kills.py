"""SIGKILL at every step of a delivery, enumerated: nothing is lost, nothing is doubled.

The doubles' logs judge, after a new process has finished the work. A mail may come twice where
its fate could not be known: then under the same Message-ID, and counted as ambiguous.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from alerts.demo.mail_sink import MailSink
from alerts.demo.slack_double import SlackDouble
from alerts.demo.slack_workspace import SlackChannel
from crawler.failpoints import POINTS
from crawler.storage.database import Database
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.incidents import IncidentStore
from crawler.storage.item_rows import update_item
from tests.integration.alerts.house import MORNING, Clock, House, empty

ROOT = Path(__file__).parents[3]
CHANNELS = (
    SlackChannel("C0NEWS0001", "news"),
    SlackChannel("C0GONE0001", "gone", is_archived=True),
    SlackChannel("C0GONE0002", "gone-too", is_archived=True),  # the operator's
)

EVERYTHING = {("slack", "sent"): 3, ("slack", "dead"): 2, ("email", "sent"): 2}


class Doubles:
    """Slack and a mail server on loopback, for the whole module; each case reads its own part."""

    def __init__(self) -> None:
        self.slack = SlackDouble(channels=CHANNELS, now=lambda: MORNING.timestamp())
        self.mail = MailSink()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Doubles:
        self._thread.start()
        self.mail.__enter__()
        asyncio.run_coroutine_threadsafe(self.slack.__aenter__(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        leaving = self.slack.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(leaving, self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self.mail.__exit__(None, None, None)


class Workers:
    """The forking process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.alerts.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip

    def order(self, order: dict[str, Any]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


@dataclass
class Case:
    """One installation with a digest for Slack (with a thread, corrected later), one by mail, and
    one for a channel that refuses for good, of which the operator is told by mail, Slack
    refusing it."""

    url: str
    doubles: Doubles
    workers: Workers
    clock: Path
    mails_before: int = 0
    now: datetime = MORNING
    expected: dict[tuple[str, str], int] = field(default_factory=lambda: dict(EVERYTHING))

    def __post_init__(self) -> None:
        self.doubles.slack.workspace.posts.clear()  # the same ids stand in every case
        self.mails_before = len(self.doubles.mail.messages)
        self.turn()

    def turn(self, **amount: float) -> None:
        self.now += timedelta(**amount)
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(self.now.isoformat())
        fresh.replace(self.clock)

    def run(self, failpoint: str = "", **more: Any) -> int:
        return self.workers.order(
            {
                "database": self.url,
                "clock": str(self.clock),
                "token": self.doubles.slack.token,
                "slack": self.doubles.slack.base_url,
                "smtp": self.doubles.mail.url,
                "failpoint": failpoint,
                **more,
            }
        )

    def finish(self) -> None:
        """New processes until nothing is left to do, each a little later."""
        for _ in range(4):
            self.turn(seconds=2)
            assert self.run() == 0
            if self._idle():
                return

    def _idle(self) -> bool:
        database = Database(self.url)
        counts = DeliveryStore(database).counts()
        told = not IncidentStore(database).untold()
        database.close()
        return told and not {"pending", "retry", "sending"} & set(counts)

    @property
    def posted(self) -> Counter[str]:
        posts = self.doubles.slack.posts
        return Counter(post.metadata["event_payload"]["delivery_id"] for post in posts)

    @property
    def mailed(self) -> Counter[tuple[str, str]]:
        mails = self.doubles.mail.messages[self.mails_before :]
        return Counter((m.message["To"], m.message["Message-ID"]) for m in mails)

    def judge(self) -> None:
        """0 lost, 0 doubled; a repeated mail is one of those counted as ambiguous."""
        house = House(Database(self.url))
        rows = house.deliveries.find()
        states = Counter((one.channel, one.state) for one in rows)
        assert states == self.expected
        sent = [one for one in rows if one.channel == "slack" and one.state == "sent"]
        posts = {one.id for one in sent if not one.window.startswith("corrected:")}
        assert self.posted == dict.fromkeys(posts, 1)
        [edited] = [post for post in self.doubles.slack.posts if post.edited]
        assert json.dumps(edited.blocks).count("Corrected since: moved to 3 May") == 1
        mails = self.expected.get(("email", "sent"), 0)
        assert len(self.mailed) == mails, "one digest, one note"
        counted = house.deliveries.outcomes(MORNING - timedelta(days=1)).get("ambiguous", 0)
        assert sum(self.mailed.values()) - mails <= counted <= 2
        house.database.close()


def furnish(database: Database) -> None:
    """Three stories for three subscriptions that are due at 08:00."""
    house = House(database, Clock())
    house.subscribe("team", to="slack:C0NEWS0001", max_stories=1)
    house.subscribe("ada", to="email:ada@example.org")
    house.subscribe("gone", to="slack:C0GONE0001")
    for number in range(3):
        house.publish(str(number))
    with database.write() as connection:  # once the digests are out
        for number in range(3):
            later = MORNING + timedelta(hours=1)
            update_item(connection, str(number), change="moved to 3 May", changed_at=later)


@pytest.fixture(scope="module")
def doubles() -> Iterator[Doubles]:
    with Doubles() as doubles:
        yield doubles


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.close()


@pytest.fixture
def furnished(sqlite_schema: Path, tmp_path: Path) -> Path:
    path = tmp_path / "furnished.db"
    shutil.copy(sqlite_schema, path)
    database = Database(f"sqlite:///{path}")
    furnish(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


class Factory:
    """Makes cases on SQLite."""

    def __init__(self, furnished: Path, folder: Path, doubles: Doubles, workers: Workers) -> None:
        self._furnished, self._folder = furnished, folder
        self._doubles, self._workers = doubles, workers
        self._made = 0

    def __call__(self) -> Case:
        self._made += 1
        path = self._folder / f"case{self._made}.db"
        shutil.copy(self._furnished, path)
        clock = self._folder / f"clock{self._made}"
        return Case(f"sqlite:///{path}", self._doubles, self._workers, clock)


@pytest.fixture
def make(furnished: Path, tmp_path: Path, doubles: Doubles, workers: Workers) -> Factory:
    return Factory(furnished, tmp_path, doubles, workers)


def passed(make: Factory, folder: Path) -> Counter[str]:
    """How often each point is passed when nothing goes wrong."""
    case, log = make(), folder / "points"
    assert case.run(f"log:{log}") == 0
    case.judge()
    return Counter(log.read_text().split())


def test_every_point_is_passed_by_an_ordinary_delivery(make: Factory, tmp_path: Path) -> None:
    points = passed(make, tmp_path)
    assert set(points) | {"find.before", "find.after"} == set(POINTS)


def test_a_kill_at_any_step_loses_and_doubles_nothing(make: Factory, tmp_path: Path) -> None:
    points = passed(make, tmp_path)
    for point, times in points.items():
        for time_ in range(1, times + 1):
            case = make()
            assert case.run(f"{point}:kill:{time_}") == -signal.SIGKILL, (point, time_)
            case.finish()
            case.judge()


@pytest.mark.parametrize("first", ["send.before", "send.after", "settle.begin"])
@pytest.mark.parametrize("second", ["find.before", "find.after", "claim.committed"])
def test_a_second_kill_while_looking_up_loses_and_doubles_nothing(
    make: Factory, first: str, second: str
) -> None:
    case = make()
    with Database(case.url).write() as connection:  # only Slack can be looked up
        connection.execute(text("DELETE FROM subscriptions WHERE id <> 'team'"))
    case.expected = {("slack", "sent"): 3}
    assert case.run(f"{first}:kill:1") == -signal.SIGKILL
    case.turn(seconds=2)
    assert case.run(f"{second}:kill:1") == -signal.SIGKILL
    case.finish()
    case.judge()


def test_a_process_stopped_before_its_check_sends_nothing_when_it_wakes(make: Factory) -> None:
    case = make()
    sleeper = case.run("claim.committed:stop", wait=False)
    _until_stopped(sleeper)
    case.turn(minutes=11)
    assert case.run() == 0
    _wake(sleeper)
    assert case.run(join=sleeper) == 0
    case.finish()
    case.judge()


def test_what_remains_is_a_stop_between_check_and_send(make: Factory) -> None:
    """The one case that can double a post; both attempts are kept, the first as ambiguous."""
    case = make()
    sleeper = case.run("send.before:stop", wait=False)
    _until_stopped(sleeper)
    case.turn(minutes=11)
    assert case.run() == 0
    _wake(sleeper)
    assert case.run(join=sleeper) == 0
    assert sum(case.posted.values()) + sum(case.mailed.values()) == 5
    house = House(Database(case.url))
    counted = house.deliveries.outcomes(MORNING - timedelta(days=1))
    assert counted.get("ambiguous", 0) + counted["sent"] >= 5
    house.database.close()


def test_kills_on_postgresql_lose_and_double_nothing(
    postgres_database: Database, doubles: Doubles, workers: Workers, tmp_path: Path
) -> None:
    url = postgres_database.engine.url.render_as_string(hide_password=False)
    for number, point in enumerate(one for one in POINTS if not one.startswith("find.")):
        empty(postgres_database)
        furnish(postgres_database)
        case = Case(url, doubles, workers, tmp_path / f"clock{number}")
        assert case.run(f"{point}:kill:1") == -signal.SIGKILL, point
        case.finish()
        case.judge()


def _until_stopped(process: int) -> None:
    deadline = time.monotonic() + 20
    stat = Path(f"/proc/{process}/stat")
    while stat.read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline, "the process did not reach its failpoint"
        threading.Event().wait(0.01)


def _wake(process: int) -> None:
    os.kill(process, signal.SIGCONT)
