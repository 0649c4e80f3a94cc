"""The host gate: one request at a time to a host, and a pause between two."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from crawler.errors import FetchError
from crawler.fetch.host_leases import STOPPED, HostLeases

MAX_DELAY_SECONDS = 60.0
KEPT_HOSTS = 5000
REQUESTS_AT_ONCE = 32
_DEFAULT_PORTS = {"http": 80, "https": 443}
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
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._delay = delay_seconds
        self._leases = leases
        self._clock = clock
        self._sleep = sleep
        self._places = asyncio.Semaphore(at_once)
        self._closed = False
        self._under_way: set[asyncio.Future[Any]] = set()
        self._hosts: dict[str, _Host] = {}
        self._most_hosts = KEPT_HOSTS  # more are looked through for idle ones

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it for the length of the block.

        Raises FetchError of kind ``stopped`` once the gate is closed.
        """
        state = self._hosts.setdefault(host, _Host())
        state.users += 1
        try:
            async with state.lock:
                await self._admitted(host, state)
                try:
                    self._check_open()
                    yield
                finally:
                    state.when = self._clock()
                    self._places.release()
        finally:
            state.users -= 1
            if self._leases is not None and not state.users:
                self._leases.idle(host)
            self._forget_idle()

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
        for work in list(self._under_way):
            work.cancel()

    async def unless_closed(self, work: Awaitable[T]) -> T:
        """The result of ``work``, which is cancelled when the gate closes first."""
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        if self._closed:
            task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            asked = asyncio.current_task()
            if self._closed and asked is not None and not asked.cancelling():
                raise _stopped() from None
            raise
        finally:
            self._under_way.discard(task)

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

    def _check_open(self) -> None:
        if self._closed:
            raise _stopped()

    def _forget_idle(self) -> None:
        if len(self._hosts) <= self._most_hosts:
            return
        edge = self._clock() - max(self._delay, MAX_DELAY_SECONDS)
        idle = [host for host, one in self._hosts.items() if not one.users and one.when < edge]
        for host in idle:
            del self._hosts[host]
        # Where most hosts are asked often, looking at each again and again would cost more.
        self._most_hosts = max(KEPT_HOSTS, len(self._hosts) * 5 // 4)


def _stopped() -> FetchError:
    return FetchError("Fetching was stopped.", kind=STOPPED)


@lru_cache(4096)
def host_of(url: str) -> str:
    """What the gate counts as one host: its name, whatever the scheme; other ports apart."""
    parts = urlsplit(url)
    name = (parts.hostname or "").rstrip(".")
    return name if parts.port in (None, 80, 443) else f"{name}:{parts.port}"


@lru_cache(4096)
def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for, and where secrets stay."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    name = (parts.hostname or "").rstrip(".")
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}"
