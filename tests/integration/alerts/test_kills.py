"""SIGKILL at every step of a delivery, enumerated: nothing is lost, nothing is doubled.

The doubles' logs judge, after a new process has finished the work. A mail may come twice where
its fate could not be known: then under the same Message-ID, and counted as ambiguous.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.failpoints import POINTS
from crawler.storage.database import Database
from tests.integration.alerts.house import MORNING, House
from tests.integration.alerts.killing import Case, Doubles, Workers, furnish
from tests.integration.emptying import empty


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
    return Counter(point for point in log.read_text().split() if point in POINTS)


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
