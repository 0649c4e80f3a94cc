"""A host's lease across processes, as the host gate holds it: taken at a visit's first request,
kept while requests follow, given back when the host's pause has passed without one."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

from crawler.errors import FetchError, StorageError
from crawler.logs import event

SPARE_SECONDS = 30.0  # a lease outlives pause and time-out of one request by this much
MARGIN_SECONDS = 5.0  # of it for a loop that is late
LINGER_SECONDS = 0.5
FIRST_TRY_SECONDS, LAST_TRY_SECONDS = 0.05, 1.0  # between two looks at a host that is another's
STAND_BACK_SECONDS = 1.5  # after a lease that others want: longer than they look away
STOPPED = "stopped"  # the kind of error that says nothing about the site
_log = logging.getLogger(__name__)
T = TypeVar("T")


class LeaseRows(Protocol):
    """What ``crawler.storage.host_leases.HostLeaseStore`` does."""

    def take(
        self, host: str, owner: str, lease_seconds: float, pause_seconds: float
    ) -> float | None: ...

    def end(self, host: str, owner: str, pause_left_seconds: float) -> None: ...


@dataclass(slots=True)
class _Held:
    owner: str  # of this one lease: what is given back late is never a newer one's
    until: float  # by the local clock, counted from before the statement was sent
    pause: float  # seconds between two requests
    ending: asyncio.TimerHandle | None = None


class HostLeases:
    """The leases of one process. ``request_seconds`` is the longest that a request may take."""

    def __init__(
        self,
        rows: LeaseRows,
        owner: str,
        request_seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rows = rows
        self._owner = owner
        self._request = request_seconds
        self._clock = clock
        self._sleep = sleep
        self._held: dict[str, _Held] = {}
        self._numbers = itertools.count(1)
        self._endings: set[asyncio.Task[None]] = set()
        # One thread and so one connection: its statements never wait behind a parse or a store.
        self._thread = ThreadPoolExecutor(1, "host-leases")

    async def hold(self, host: str, pause_seconds: float) -> float:
        """Hold the host's lease for as long as one request may take from now on.

        Returns the seconds that its pause still lasts. Raises FetchError of kind ``stopped``
        where the database does not answer: that says nothing about the site.
        """
        held = self._held.get(host)
        if held is not None:
            _keep(held)
            held.pause = max(held.pause, pause_seconds)  # its robots.txt was read meanwhile
        if self.lasts(host):
            return 0.0
        owner = held.owner if held else f"{self._owner}#{next(self._numbers)}"
        try:
            return await self._taken(host, owner, pause_seconds, renewal=held is not None)
        except asyncio.CancelledError:  # the statement may have been sent
            self._held[host] = _Held(owner, self._clock(), pause_seconds)
            self._end_soon(host, pause_seconds)
            raise

    def lasts(self, host: str) -> bool:
        """Whether the lease is held for as long as one request may take from now on."""
        held = self._held.get(host)
        return held is not None and held.until - self._clock() >= self._request + MARGIN_SECONDS

    def idle(self, host: str) -> None:
        """Nobody here wants the host at the moment. Within its pause nobody else could use it
        either, so it is kept as long as that, and for what a visit does between two requests."""
        held = self._held.get(host)
        if held is None:
            return
        _keep(held)
        loop = asyncio.get_running_loop()
        held.ending = loop.call_later(max(held.pause, LINGER_SECONDS), self._end_soon, host, 0.0)

    async def close(self) -> None:
        """Give everything back, each with its whole pause: a request may just have ended."""
        for host, held in list(self._held.items()):
            self._end_soon(host, held.pause)
        while self._endings:
            await asyncio.wait(self._endings)
        self._thread.shutdown(wait=False)

    # -- inside -----------------------------------------------------------------------------

    async def _taken(self, host: str, owner: str, pause: float, *, renewal: bool) -> float:
        looks_away = FIRST_TRY_SECONDS
        while True:
            asked = self._clock()
            lease = pause + self._request + SPARE_SECONDS
            wait = await self._ask(self._rows.take, host, owner, lease, pause)
            if wait is not None:
                self._held[host] = _Held(owner, asked + lease, pause)
                return max(wait, 0.0)
            if renewal:  # others want it: theirs first
                self._held.pop(host, None)
                await self._ask(self._rows.end, host, owner, pause)
                renewal, looks_away = False, STAND_BACK_SECONDS
            await self._sleep(looks_away)
            looks_away = min(2 * looks_away, LAST_TRY_SECONDS)

    async def _ask(self, statement: Callable[..., T], *values: object) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, statement, *values)
        except StorageError as error:
            raise FetchError(error.message, kind=STOPPED, remedy=error.remedy) from error

    def _end_soon(self, host: str, pause_left: float) -> None:
        held = self._held.pop(host, None)
        if held is not None:
            _keep(held)
            ending = asyncio.ensure_future(self._end(host, held.owner, pause_left))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def _end(self, host: str, owner: str, pause_left: float) -> None:
        try:
            await self._ask(self._rows.end, host, owner, pause_left)
        except FetchError as error:  # it runs out by itself
            event(_log, logging.WARNING, "host_lease.not_ended", host=host, reason=error.message)


def _keep(held: _Held) -> None:
    if held.ending is not None:
        held.ending.cancel()
        held.ending = None
