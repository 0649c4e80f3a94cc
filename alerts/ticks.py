"""Jobs that look at the rows every so many seconds, in the running loop.

APScheduler only ticks: what is due is decided by rows, so a late tick is as good as one in time,
and any number of processes may tick.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from crawler.errors import ClusterwatchError
from crawler.logs import event

Job = Callable[[], Awaitable[None]]
_log = logging.getLogger(__name__)


class _GoingOn(AsyncIOExecutor):  # type: ignore[misc]
    """Cancels nothing: APScheduler's own would end what runs, with a traceback for each job."""

    def shutdown(self, wait: bool = True) -> None:
        """Whoever drains waits for what runs."""


class Ticks:
    """Runs each job at its rhythm, never twice at once; a job that fails is logged."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._running: set[asyncio.Task[None]] = set()
        self._stopped = False
        self._scheduler = AsyncIOScheduler(timezone="UTC", executors={"default": _GoingOn()})

    def start(self, jobs: Iterable[tuple[str, Job, int]]) -> None:
        """``jobs``: name, job and seconds between two runs; the first run is now."""
        for name, job, seconds in jobs:
            self._scheduler.add_job(
                self._tick,
                IntervalTrigger(seconds=seconds),
                args=(name, job),
                id=name,
                next_run_time=self._clock(),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """No further runs; what runs goes on, and what has not begun does not begin."""
        self._stopped = True
        self._scheduler.shutdown(wait=False)

    def watch(self, task: asyncio.Task[None]) -> None:
        """Count another task as running until it ends."""
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    @property
    def running(self) -> list[asyncio.Task[None]]:
        """What a drain waits for."""
        return list(self._running)

    async def _tick(self, name: str, job: Job) -> None:
        if self._stopped:
            return
        task = asyncio.current_task()
        assert task is not None
        self.watch(task)
        await guarded(name, job)


async def guarded(name: str, job: Job) -> None:
    """Run a job; what goes wrong is logged and met again at the next look at the rows."""
    try:
        await job()
    except ClusterwatchError as error:
        event(_log, logging.ERROR, "tick.failed", job=name, reason=error.line())
    except Exception:
        _log.exception("tick.broken job=%s", name)
