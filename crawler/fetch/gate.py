"""The host gate: one request at a time to a host, and a pause between two."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

MAX_DELAY_SECONDS = 60.0
KEPT_HOSTS = 5000


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
    server too sees at least that much between two.
    """

    def __init__(
        self,
        delay_seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._delay = delay_seconds
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it for the length of the block."""
        state = self._hosts.setdefault(host, _Host())
        state.users += 1
        try:
            async with state.lock:
                wait = state.when + max(self._delay, state.delay) - self._clock()
                if wait > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    state.when = self._clock()
        finally:
            state.users -= 1
            self._forget_idle()

    def slow_down(self, host: str, delay_seconds: float) -> None:
        """The host asks for a longer pause (Crawl-delay); bounded by MAX_DELAY_SECONDS."""
        state = self._hosts.setdefault(host, _Host())
        state.delay = min(delay_seconds, MAX_DELAY_SECONDS)

    def _forget_idle(self) -> None:
        if len(self._hosts) <= KEPT_HOSTS:
            return
        edge = self._clock() - max(self._delay, MAX_DELAY_SECONDS)
        idle = [host for host, one in self._hosts.items() if not one.users and one.when < edge]
        for host in idle:
            del self._hosts[host]


def host_of(url: str) -> str:
    """What the gate counts as one host: name and port."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.hostname or ''}:{port}"
