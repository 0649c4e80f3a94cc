"""One message per interval and destination."""

from __future__ import annotations

import threading

from alerts.channels.pacing import Pace


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def test_the_second_turn_waits_for_the_interval() -> None:
    clock = Clock()
    pace = Pace(1.0, clock=clock.read, sleep=clock.sleep)
    pace.wait("C1")
    clock.now += 0.25
    pace.wait("C1")
    assert clock.slept == [0.75]


def test_destinations_do_not_wait_for_each_other() -> None:
    clock = Clock()
    pace = Pace(1.0, clock=clock.read, sleep=clock.sleep)
    pace.wait("C1")
    pace.wait("C2")
    assert clock.slept == []


def test_a_destination_left_alone_has_no_debt() -> None:
    clock = Clock()
    pace = Pace(1.0, clock=clock.read, sleep=clock.sleep)
    pace.wait("C1")
    clock.now += 60
    pace.wait("C1")
    assert clock.slept == []


def test_threads_get_turns_of_their_own() -> None:
    slept: list[float] = []
    pace = Pace(1.0, clock=lambda: 0.0, sleep=slept.append)
    threads = [threading.Thread(target=pace.wait, args=("C1",)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slept) == [1.0, 2.0, 3.0, 4.0]
