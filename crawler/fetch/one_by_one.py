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
from functools import partial

from crawler.ingest import Ingest
from crawler.model.reading import Reading
from crawler.model.source import PollOutcome


class OneByOne:
    """One per crawl."""

    def __init__(self, ingest: Ingest, clock: Callable[[], datetime]) -> None:
        self._ingest = ingest
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def store(self, reading: Reading, *, dry_run: bool = False) -> PollOutcome:
        """What ``Ingest.store`` came to; raises what it raises."""
        work = partial(self._ingest.store, reading, self._clock(), dry_run=dry_run)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Wait for the one under way; those that wait are not stored."""
        self._thread.shutdown(cancel_futures=True)
