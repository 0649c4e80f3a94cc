"""Readings are stored one after the other, in a thread of their own.

The database takes one at a time, and the interpreter too: several threads would only wait, keep
the pool's threads from the ticks, and each would hold memory of its own (glibc gives threads that
allocate side by side an arena each).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from crawler.errors import FetchError
from crawler.fetch.host_leases import STOPPED
from crawler.ingest import Ingest
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome


class OneByOne:
    """One per crawl."""

    def __init__(self, ingest: Ingest, clock: Callable[[], datetime], owner: str) -> None:
        """``owner``: of the leases that sources are read under."""
        self._ingest = ingest
        self._owner = owner
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._closed = False

    async def store(
        self, reading: Reading, *, dry_run: bool = False, wanted: Callable[[], bool] = lambda: True
    ) -> PollOutcome:
        """What ``Ingest.store`` came to; raises what it raises.

        ``wanted`` is asked when its turn has come, in the thread. Raises FetchError of kind
        STOPPED where it said no, or ``close`` was called before: nothing is stored.
        """

        def work() -> PollOutcome:
            if self._closed or not wanted():
                raise FetchError("Stopped.", kind=STOPPED)
            now = self._clock()
            return self._ingest.store(reading, now, dry_run=dry_run, owner=self._owner)

        if self._closed:
            raise FetchError("Stopped.", kind=STOPPED)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Wait for the one under way; those that wait are not stored."""
        self._closed = True
        self._thread.shutdown()
