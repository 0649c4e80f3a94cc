"""Where pages are parsed: what is small and plain at once, the rest in processes of its own.

A process costs over a hundred megabytes and seconds to start, and handing a page over costs about
what reading a feed does. So pages that cannot keep the loop for long are read in it; a worker
starts with the first one that might, and goes when there was none for a while.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.config.selectors import is_plain
from crawler.errors import ClusterwatchError, ExtractError

DEADLINE_SECONDS = 30.0
MEMORY_BYTES = 2 * 1024**3
TASKS_PER_WORKER = 2000
IDLE_SECONDS = 120.0
# What is read in the loop; the costliest such pages take a few tenths of a second.
LIGHT_BYTES = 200_000
LIGHT_TAGS = 5_000
LIGHT_ATTRIBUTES = 15_000
LIGHT_REFERENCES = 20_000  # each costs feedparser as much as a tag
_PDF = b"%PDF"
P = ParamSpec("P")
R = TypeVar("R")


def is_light(body: object) -> bool:
    """Whether reading a page cannot keep the loop for long: its size, tags, attributes and
    character references."""
    return (
        isinstance(body, bytes)
        and len(body) <= LIGHT_BYTES
        and not body.lstrip()[:1024].startswith(_PDF)
        and body.count(b"<") <= LIGHT_TAGS
        and body.count(b"=") <= LIGHT_ATTRIBUTES
        and body.count(b"&") <= LIGHT_REFERENCES
    )


@dataclass
class _Worker:
    """One process, and how many tasks it was given that have not ended."""

    pool: ProcessPool
    tasks: int = 0


class ParsePool:
    """Reads light pages at once and hands all else to spawned workers, started as needed."""

    def __init__(
        self,
        workers: int = 2,
        deadline_seconds: float = DEADLINE_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._most = workers
        self._deadline = deadline_seconds
        self._idle_seconds = idle_seconds
        self._workers: list[_Worker] = []
        self._retirement: asyncio.TimerHandle | None = None

    @property
    def workers(self) -> int:
        """How many processes there are just now."""
        return len(self._workers)

    async def run(self, task: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """``task(*args, **kwargs)``, its first argument being the page. Raises ExtractError when
        it takes longer than the deadline, dies or raises what is none of our errors."""
        try:
            selector = getattr(kwargs.get("hints"), "selector", "")
            if args and is_light(args[0]) and is_plain(selector):
                return task(*args, **kwargs)
            return await self._in_worker(task, args, kwargs)
        except ClusterwatchError:
            raise
        except (TimeoutError, FutureTimeout) as error:
            raise ExtractError(f"Reading took longer than {self._deadline:.0f} s.") from error
        except ProcessExpired as error:
            raise ExtractError("Reading it died, likely for want of memory.") from error
        except Exception as error:  # one odd page must not stop the rest
            raise ExtractError(f"Reading failed: {type(error).__name__}: {error}") from error

    def close(self) -> None:
        """Stop the workers; what still runs is killed."""
        if self._retirement is not None:
            self._retirement.cancel()
        _end(self._workers)
        self._workers = []

    async def _in_worker(
        self, task: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> R:
        worker = self._free_worker()
        worker.tasks += 1
        try:
            future = worker.pool.schedule(task, args=args, kwargs=kwargs, timeout=self._deadline)
            result: R = await asyncio.wrap_future(future)
            return result
        finally:
            worker.tasks -= 1
            self._retire_later()

    def _free_worker(self) -> _Worker:
        """An idle worker, else a new one, else the one with the fewest tasks."""
        idle = [worker for worker in self._workers if not worker.tasks]
        if not idle and len(self._workers) < self._most:
            pool = ProcessPool(
                max_workers=1,
                max_tasks=TASKS_PER_WORKER,
                initializer=_prepare_worker,
                context=multiprocessing.get_context("spawn"),
            )
            self._workers.append(_Worker(pool))
            return self._workers[-1]
        return min(idle or self._workers, key=lambda worker: worker.tasks)

    def _retire_later(self) -> None:
        if self._retirement is not None:
            self._retirement.cancel()
        loop = asyncio.get_running_loop()
        self._retirement = loop.call_later(self._idle_seconds, self._retire)

    def _retire(self) -> None:
        """Workers that nothing was handed to for a while give their memory back."""
        if any(worker.tasks for worker in self._workers):
            return
        idle, self._workers = self._workers, []
        asyncio.get_running_loop().run_in_executor(None, _end, idle)


def _end(workers: list[_Worker]) -> None:
    """Stop processes and wait for it."""
    for worker in workers:
        worker.pool.stop()  # type: ignore[no-untyped-call]
        worker.pool.join(timeout=5)


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
