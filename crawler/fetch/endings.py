"""Work that ends early when something else does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")


class Ended(Exception):
    """The other thing ended first."""


async def unless(work: Awaitable[T], other: asyncio.Future[Any]) -> T:
    """The result of ``work``. Raises Ended, and cancels it, when ``other`` is done first."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task, other}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Ended
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
            if not task.cancelled():
                task.exception()  # looked at, or asyncio complains of it
