"""How many messages a destination takes: one per interval, whoever sends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Keeps ``interval_seconds`` between two turns at one destination, across threads."""

    def __init__(
        self,
        interval_seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = interval_seconds
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, destination: str) -> None:
        """Wait until it is the caller's turn; turns are given in the order of asking."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._free_at.get(destination, now))
            self._free_at[destination] = turn + self._interval
        if turn > now:
            self._sleep(turn - now)
