"""How a process holds hosts: one statement a visit, never a request without a lease."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from crawler.errors import FetchError, StorageError
from crawler.fetch.gate import HostGate
from crawler.fetch.host_leases import MARGIN_SECONDS, SPARE_SECONDS, HostLeases

HOST = "news.example"


class Rows:
    """The table, as one process sees it: who has a host, and which statements were sent."""

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self.wanted = False
        self.pause_left = 0.0
        self.broken = False
        self.asked: list[str] = []
        self._heard = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def until_asked(self, statement: str) -> None:
        async with asyncio.timeout(30):
            while statement not in self.asked:
                self._heard.clear()
                await self._heard.wait()

    def _note(self, statement: str) -> None:
        self.asked.append(statement)
        self._loop.call_soon_threadsafe(self._heard.set)

    def take(
        self, host: str, owner: str, lease_seconds: float, pause_seconds: float
    ) -> float | None:
        self._note(f"take {host}")
        if self.broken:
            raise StorageError("The database did not answer.")
        if self.owners.get(host, owner) != owner or (host in self.owners and self.wanted):
            return None
        self.owners[host] = owner
        return self.pause_left

    def end(self, host: str, owner: str, pause_left_seconds: float) -> None:
        self.wanted = False
        if self.owners.get(host) == owner:
            del self.owners[host]
        self._note(f"end {host} {pause_left_seconds:g}")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self.rows: Rows | None = None  # freed by the first sleep

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        if self.rows is not None:
            self.rows.owners.clear()
        await asyncio.sleep(0)


@pytest.fixture
async def rows() -> Rows:
    return Rows()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def leases(rows: Rows, clock: Clock) -> AsyncIterator[HostLeases]:
    leases = HostLeases(rows, "me", 30.0, clock=clock, sleep=clock.sleep)
    yield leases
    await leases.close()


def gate_over(leases: HostLeases, clock: Clock, delay: float = 1.0) -> HostGate:
    return HostGate(delay, leases=leases, clock=clock, sleep=clock.sleep)


async def test_the_requests_of_a_visit_cost_one_statement(
    leases: HostLeases, rows: Rows, clock: Clock
) -> None:
    gate = gate_over(leases, clock)
    for _ in range(10):
        async with gate.turn(HOST):
            pass
    assert rows.asked == [f"take {HOST}"]
    assert sum(clock.slept) == pytest.approx(9.0)


async def test_the_first_request_waits_for_the_pause_after_anothers(
    leases: HostLeases, rows: Rows, clock: Clock
) -> None:
    rows.pause_left = 7.0
    async with gate_over(leases, clock).turn(HOST):
        assert clock.slept == [7.0]


async def test_a_host_that_is_anothers_is_waited_for(
    leases: HostLeases, rows: Rows, clock: Clock
) -> None:
    rows.owners[HOST] = "another#1"
    clock.rows = rows
    async with gate_over(leases, clock).turn(HOST):
        assert rows.owners[HOST].startswith("me#")
    assert rows.asked == [f"take {HOST}"] * 2


async def test_a_lease_too_short_for_another_request_is_renewed_first(
    leases: HostLeases, rows: Rows, clock: Clock
) -> None:
    gate = gate_over(leases, clock)
    async with gate.turn(HOST):
        clock.now += SPARE_SECONDS - MARGIN_SECONDS
    async with gate.turn(HOST):
        assert rows.asked == [f"take {HOST}"]
        clock.now += 2
    async with gate.turn(HOST):
        assert rows.asked == [f"take {HOST}"] * 2


async def test_what_others_want_is_given_back_at_the_renewal(
    leases: HostLeases, rows: Rows, clock: Clock
) -> None:
    gate = gate_over(leases, clock)
    async with gate.turn(HOST):
        clock.now += SPARE_SECONDS
        rows.wanted = True
    async with gate.turn(HOST):
        pass
    assert rows.asked == [f"take {HOST}", f"take {HOST}", f"end {HOST} 1", f"take {HOST}"]


async def test_an_idle_host_is_given_back(leases: HostLeases, rows: Rows, clock: Clock) -> None:
    async with gate_over(leases, clock, delay=0.0).turn(HOST):
        pass
    await rows.until_asked(f"end {HOST} 0")
    assert rows.owners == {}


async def test_closing_gives_everything_back_with_its_pause(rows: Rows, clock: Clock) -> None:
    leases = HostLeases(rows, "me", 30.0, clock=clock, sleep=clock.sleep)
    async with gate_over(leases, clock, delay=5.0).turn(HOST):
        pass
    await leases.close()
    assert rows.asked == [f"take {HOST}", f"end {HOST} 5"]


async def test_a_database_that_does_not_answer_says_nothing_about_the_site(
    leases: HostLeases, rows: Rows, clock: Clock
) -> None:
    rows.broken = True
    with pytest.raises(FetchError) as stopped:
        async with gate_over(leases, clock).turn(HOST):
            pass
    assert stopped.value.kind == "stopped"


async def test_who_gives_up_waiting_leaves_no_lease_behind(rows: Rows, clock: Clock) -> None:
    leases = HostLeases(rows, "me", 30.0, clock=clock)
    rows.owners[HOST] = "another#1"
    gate = HostGate(1.0, leases=leases, clock=clock)

    async def turn() -> None:
        async with gate.turn(HOST):
            pass

    waiting = asyncio.create_task(turn())
    await rows.until_asked(f"take {HOST}")
    gate.close()
    with pytest.raises(FetchError):
        await waiting
    await leases.close()
    assert rows.asked[-1] == f"end {HOST} 1"
    assert rows.owners == {HOST: "another#1"}
