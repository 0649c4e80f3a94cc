"""Parsing in processes of its own: the loop stays free, and a task that hangs is killed alone."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.errors import ClusterwatchError, ExtractError

DEADLINE_SECONDS = 30.0
MEMORY_BYTES = 2 * 1024**3
TASKS_PER_WORKER = 2000
P = ParamSpec("P")
R = TypeVar("R")


class ParsePool:
    """Spawned workers; made on first use, because many commands parse nothing."""

    def __init__(self, workers: int = 2, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._workers = workers
        self._deadline = deadline_seconds
        self._pool: ProcessPool | None = None

    async def run(self, task: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """``task(*args, **kwargs)`` in a worker. Raises ExtractError when it takes longer than
        the deadline, dies or raises what is none of our errors."""
        future = self._started().schedule(task, args=args, kwargs=kwargs, timeout=self._deadline)
        try:
            result: R = await asyncio.wrap_future(future)
        except (TimeoutError, FutureTimeout) as error:
            raise ExtractError(f"Reading took longer than {self._deadline:.0f} s.") from error
        except ProcessExpired as error:
            raise ExtractError("Reading it died, likely for want of memory.") from error
        except ClusterwatchError:
            raise
        except Exception as error:  # one odd page must not stop the rest
            raise ExtractError(f"Reading failed: {type(error).__name__}: {error}") from error
        return result

    def close(self) -> None:
        """Stop the workers; what still runs is killed."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join(timeout=5)
            self._pool = None

    def _started(self) -> ProcessPool:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=TASKS_PER_WORKER,
                initializer=_prepare_worker,
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool


def _prepare_worker() -> None:
    # An interrupt is the parent's to handle; it stops the workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    except (ImportError, ValueError, OSError):  # systems without such limits
        return


class InlineParsing:
    """The same interface in this process, for tests and single files."""

    async def run(self, task: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return task(*args, **kwargs)

    def close(self) -> None:
        """Nothing to stop."""


Parsing = ParsePool | InlineParsing
