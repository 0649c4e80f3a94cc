"""The host gate: one request at a time to a host, and a pause between two."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from crawler.errors import FetchError
from crawler.fetch.host_leases import STOPPED, HostLeases
from crawler.fetch.places import place_of

MAX_DELAY_SECONDS = 60.0
KEPT_HOSTS = 5000
REQUESTS_AT_ONCE = 32
LOOK_SECONDS = 0.5  # between two looks for requests that take too long
T = TypeVar("T")


class _Host:
    __slots__ = ("delay", "lock", "users", "when")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.when = float("-inf")  # end of the last request
        self.delay = 0.0  # what the host itself asks for
        self.users = 0


class HostGate:
    """One per process, in front of every request, robots.txt and redirects included.

    The pause counts from the end of one request to the start of the next, so that the
    server too sees at least that much between two. Waiting for a slow host takes none of
    the ``at_once`` places of requests that are under way. With ``leases`` all of it holds
    across the processes of an installation.
    """

    def __init__(
        self,
        delay_seconds: float,
        *,
        at_once: int = REQUESTS_AT_ONCE,
        leases: HostLeases | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    ) -> None:
        self._delay = delay_seconds
        self._leases = leases
        self._clock = clock
        self._sleep = sleep
        self._places = asyncio.Semaphore(at_once)
        self._closed = False
        self._under_way: dict[asyncio.Task[Any], float] = {}  # and when each must have ended
        self._late: set[asyncio.Task[Any]] = set()
        self._watch: asyncio.TimerHandle | None = None
        self._hosts: dict[str, _Host] = {}
        self._most_hosts = KEPT_HOSTS  # more are looked through for idle ones

    def turn(self, host: str) -> Turn:
        """Wait for this host's turn and hold it for the length of an ``async with`` block.

        Entering it raises FetchError of kind ``stopped`` once the gate is closed.
        """
        return Turn(self, host, self._hosts.setdefault(host, _Host()))

    def slow_down(self, host: str, delay_seconds: float) -> None:
        """What the host asks for (Crawl-delay; 0: nothing), bounded by MAX_DELAY_SECONDS."""
        if delay_seconds > 0 or host in self._hosts:
            state = self._hosts.setdefault(host, _Host())
            state.delay = min(delay_seconds, MAX_DELAY_SECONDS)

    async def end_leases(self) -> None:
        """Give back what other processes may wait for, once nothing is under way."""
        if self._leases is not None:
            await self._leases.close()

    def close(self) -> None:
        """Let nobody through any more; who waits or is under way ends with ``stopped``."""
        self._closed = True
        if self._watch is not None:
            self._watch.cancel()
        for task in self._under_way:
            task.cancel()

    async def unless_closed(self, work: Coroutine[Any, Any, T], seconds: float = float("inf")) -> T:
        """The result of ``work``, which is cancelled when the gate closes first. Raises
        TimeoutError where it takes longer than ``seconds``, to the second."""
        if self._closed:
            work.close()
            raise _stopped()
        # No task and no timer of its own: they would cost as much as what most requests do.
        task = asyncio.current_task()
        assert task is not None
        asked = task.cancelling()
        self._under_way[task] = time.monotonic() + seconds
        if self._watch is None:
            self._watch_on()
        try:
            return await work
        except asyncio.CancelledError:
            if self._ended(task, asked):
                raise _stopped() from None
            if task in self._late and task.uncancel() <= asked:
                raise TimeoutError from None
            raise
        finally:
            del self._under_way[task]
            self._late.discard(task)

    def _watch_on(self) -> None:
        """End what takes too long; look again in a moment, while anything is under way."""
        now = time.monotonic()
        for task, end in self._under_way.items():
            if end <= now and task not in self._late:
                self._late.add(task)
                task.cancel()
        loop = asyncio.get_running_loop()
        self._watch = loop.call_later(LOOK_SECONDS, self._watch_on) if self._under_way else None

    async def _admitted(self, host: str, state: _Host) -> None:
        """Wait for the host's lease, its pause and one of the places, which is then taken."""
        while True:
            pause, left = max(self._delay, state.delay), 0.0
            if self._leases is not None:
                left = await self.unless_closed(self._leases.hold(host, pause))
            wait = max(left, state.when + pause - self._clock())
            if wait > 0:
                await self.unless_closed(self._sleep(wait))
            await self._places.acquire()
            if self._leases is None or self._leases.lasts(host):
                return
            self._places.release()  # waiting for it took longer than the lease

    def _ended(self, task: asyncio.Task[Any], asked: int) -> bool:
        """Whether it was closing that cancelled a task, and nobody else wants it to end."""
        return self._closed and task.uncancel() <= asked

    def _leave(self, host: str, state: _Host) -> None:
        state.users -= 1
        if self._leases is not None and not state.users:
            self._leases.idle(host)
        if len(self._hosts) > self._most_hosts:
            self._forget_idle()

    def _forget_idle(self) -> None:
        edge = self._clock() - max(self._delay, MAX_DELAY_SECONDS)
        idle = [host for host, one in self._hosts.items() if not one.users and one.when < edge]
        for host in idle:
            del self._hosts[host]
        # Where most hosts are asked often, looking at each again and again would cost more.
        self._most_hosts = max(KEPT_HOSTS, len(self._hosts) * 5 // 4)


class Turn:
    """One request's turn at one host. (A class: a generator's context costs three times it.)"""

    __slots__ = ("_gate", "_host", "_state")

    def __init__(self, gate: HostGate, host: str, state: _Host) -> None:
        self._gate, self._host, self._state = gate, host, state

    async def __aenter__(self) -> None:
        gate, state = self._gate, self._state
        state.users += 1
        try:
            await state.lock.acquire()
            try:
                await gate._admitted(self._host, state)
            except BaseException:
                state.lock.release()
                raise
        except BaseException:
            gate._leave(self._host, state)
            raise
        if gate._closed:
            self._end()
            raise _stopped()

    async def __aexit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        gate, state = self._gate, self._state
        state.when = gate._clock()
        gate._places.release()
        state.lock.release()
        gate._leave(self._host, state)


def _stopped() -> FetchError:
    return FetchError("Fetching was stopped.", kind=STOPPED)


def host_of(url: str) -> str:
    """What the gate counts as one host: its name, whatever the scheme; other ports apart."""
    return place_of(url).host


def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for, and where secrets stay."""
    return place_of(url).origin
