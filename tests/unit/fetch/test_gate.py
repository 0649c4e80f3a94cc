"""The host gate, on a clock of its own."""

from __future__ import annotations

import asyncio

import pytest

from crawler.errors import FetchError
from crawler.fetch import gate as gate_module
from crawler.fetch.gate import (
    MAX_DELAY_SECONDS,
    REQUESTS_AT_ONCE,
    HostGate,
    host_of,
    origin_of,
)


class Clock:
    """Seconds that pass only by sleeping and working."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sleeps: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


def a_gate(clock: Clock, delay: float = 1.0, at_once: int = REQUESTS_AT_ONCE) -> HostGate:
    return HostGate(delay, at_once=at_once, clock=clock, sleep=clock.sleep)


async def request(gate: HostGate, clock: Clock, host: str, seconds: float = 0.5) -> list[float]:
    async with gate.turn(host):
        started = clock.now
        clock.now += seconds
        return [started, clock.now]


async def test_the_pause_counts_from_the_end_to_the_next_start() -> None:
    clock = Clock()
    gate = a_gate(clock)
    first = await request(gate, clock, "a", seconds=5)
    second = await request(gate, clock, "a")
    assert second[0] - first[1] == pytest.approx(1.0)


async def test_other_hosts_do_not_wait() -> None:
    clock = Clock()
    gate = a_gate(clock)
    await request(gate, clock, "a")
    await request(gate, clock, "b")
    assert clock.sleeps == []


async def test_a_host_that_rested_long_enough_is_asked_at_once() -> None:
    clock = Clock()
    gate = a_gate(clock)
    await request(gate, clock, "a")
    clock.now += 3
    await request(gate, clock, "a")
    assert clock.sleeps == []


async def test_one_request_at_a_time_and_in_order() -> None:
    clock = Clock()
    gate = a_gate(clock)
    under_way, most, order = 0, 0, []

    async def one(number: int) -> None:
        nonlocal under_way, most
        async with gate.turn("a"):
            under_way += 1
            most = max(most, under_way)
            order.append(number)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(one(number) for number in range(8)))
    assert (most, order) == (1, list(range(8)))


async def test_an_error_within_a_turn_counts_as_a_request() -> None:
    clock = Clock()
    gate = a_gate(clock)
    with pytest.raises(ValueError, match="odd"):
        async with gate.turn("a"):
            raise ValueError("odd")
    await request(gate, clock, "a")
    assert clock.sleeps == [pytest.approx(1.0)]


async def test_crawl_delay_lengthens_the_pause_up_to_its_bound() -> None:
    clock = Clock()
    gate = a_gate(clock)
    gate.slow_down("a", 7)
    gate.slow_down("b", 10_000)
    gate.slow_down("c", 0.1)
    for host in ("a", "b", "c"):
        await request(gate, clock, host)
        await request(gate, clock, host)
    assert clock.sleeps == [pytest.approx(7), pytest.approx(MAX_DELAY_SECONDS), pytest.approx(1)]


async def test_a_crawl_delay_that_is_taken_back_ends() -> None:
    clock = Clock()
    gate = a_gate(clock)
    gate.slow_down("a", 30)
    gate.slow_down("a", 0)
    await request(gate, clock, "a")
    await request(gate, clock, "a")
    assert clock.sleeps == [pytest.approx(1)]


async def test_a_waiting_host_takes_no_place_of_another() -> None:
    clock = Clock()
    resting, woken = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        resting.set()
        await woken.wait()

    gate = HostGate(1.0, at_once=1, clock=clock, sleep=sleep)
    await request(gate, clock, "slow")
    waiting = asyncio.create_task(request(gate, clock, "slow"))
    await resting.wait()
    await asyncio.wait_for(request(gate, clock, "quick"), 1)
    woken.set()
    await waiting


async def test_never_more_requests_than_allowed() -> None:
    gate = a_gate(Clock(), at_once=3)
    under_way, most = 0, 0

    async def one(host: str) -> None:
        nonlocal under_way, most
        async with gate.turn(host):
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(one(f"h{number}") for number in range(12)))
    assert most == 3


async def test_a_cancelled_wait_leaves_the_host_free() -> None:
    clock = Clock()
    forever, resting = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        resting.set()
        await forever.wait()

    gate = HostGate(1.0, clock=clock, sleep=sleep)
    await request(gate, clock, "a")
    waiting = asyncio.create_task(request(gate, clock, "a"))
    await resting.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    clock.now += 2
    await asyncio.wait_for(request(gate, clock, "a"), 1)


async def test_closing_ends_who_waits_and_who_comes() -> None:
    clock = Clock()
    forever, resting = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        resting.set()
        await forever.wait()

    gate = HostGate(60.0, clock=clock, sleep=sleep)
    await request(gate, clock, "a")
    waiting = [asyncio.create_task(request(gate, clock, "a")) for _ in range(3)]
    await resting.wait()
    gate.close()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [getattr(error, "kind", None) for error in ended] == ["stopped"] * 3
    with pytest.raises(FetchError, match="stopped"):
        await request(gate, clock, "b")


async def test_closing_cancels_what_is_under_way() -> None:
    gate = a_gate(Clock())
    started, ended = asyncio.Event(), asyncio.Event()

    async def download() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    running = asyncio.create_task(gate.unless_closed(download()))
    await started.wait()
    gate.close()
    with pytest.raises(FetchError, match="stopped"):
        await running
    assert ended.is_set()


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "KEPT_HOSTS", 10)
    clock = Clock()
    gate = a_gate(clock)
    for number in range(200):
        await request(gate, clock, f"h{number}", seconds=MAX_DELAY_SECONDS)
    assert len(gate._hosts) <= 12


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://Example.org/a", "example.org"),
        ("https://example.org./b", "example.org"),
        ("https://example.org:443/", "example.org"),
        ("http://example.org:8080/", "example.org:8080"),
        ("http://[::1]:81/", "::1:81"),
    ],
)
def test_a_host_is_its_name_whatever_the_scheme(url: str, host: str) -> None:
    assert host_of(url) == host


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("http://a.example/x") == "http://a.example:80"
    assert origin_of("https://a.example./x?y") == "https://a.example:443"
    assert origin_of("https://[2001:db8::1]:8443/") == "https://[2001:db8::1]:8443"


async def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "LOOK_SECONDS", 0.01)
    gate = a_gate(Clock())
    ended = asyncio.Event()

    async def download() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(TimeoutError):
        await gate.unless_closed(download(), 0.02)
    assert ended.is_set()
    current = asyncio.current_task()
    assert current is not None
    assert not current.cancelling()
