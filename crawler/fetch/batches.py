"""Calls of many coroutines made as one: while one call works, the next ones gather.

A transaction costs about the same for one poll as for a hundred; polls run side by side, so what
they ask the database for is asked together.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from crawler.errors import StorageError

AT_MOST = 400  # calls made as one
PAUSE_SECONDS = 0.05  # for others that are expected soon
V = TypeVar("V")
R = TypeVar("R")


class Batch(Generic[V, R]):
    """``work`` takes the values that were asked for together, in their order, and returns as many
    results. It runs in a thread, one call at a time. Where it raises, each value is tried alone,
    so that one of them does not fail the rest.

    ``more`` says whether others will ask soon: then those who wait do so a moment longer.
    """

    def __init__(
        self,
        work: Callable[[Sequence[V]], Sequence[R]],
        *,
        at_most: int = AT_MOST,
        more: Callable[[], bool] = lambda: False,
    ) -> None:
        self._work = work
        self._at_most = at_most
        self._more = more
        self._waiting: deque[tuple[V, asyncio.Future[R]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def ask(self, value: V) -> R:
        """The result for one value. Raises what ``work`` raises."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((value, future))
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            if len(self._waiting) < self._at_most and self._more():
                await asyncio.sleep(PAUSE_SECONDS)
            asked = [self._waiting.popleft() for _ in range(self._size())]
            try:
                results = await asyncio.to_thread(self._work, [value for value, _ in asked])
                answers = list(zip(asked, results, strict=True))
            except Exception as error:
                await self._settle_apart(asked, error)
                continue
            for (_, future), result in answers:
                if not future.done():
                    future.set_result(result)

    async def _settle_apart(
        self, asked: Sequence[tuple[V, asyncio.Future[R]]], error: Exception
    ) -> None:
        """One of those asked for together failed: the others must not. Who asked decides what
        an error means; a database in trouble would only fail again for each."""
        is_common = len(asked) == 1 or isinstance(error, StorageError)
        for value, future in asked:
            try:
                if is_common:
                    raise error
                (result,) = await asyncio.to_thread(self._work, [value])
            except Exception as own:
                if not future.done():
                    future.set_exception(own)
            else:
                if not future.done():
                    future.set_result(result)

    def _size(self) -> int:
        return min(len(self._waiting), self._at_most)
