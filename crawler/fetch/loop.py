"""The event loop of long-lived processes: uvloop where there is one, else asyncio's own."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """``asyncio.run``; polling costs about a sixth less on uvloop (not made for Windows)."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)


def keep_what_is_built() -> None:
    """Say that what this process has built by now stays until its end.

    Half a million objects, nearly all of them modules: whenever a few thousand polls have left a
    little garbage, a full collection would go through them again (0.15 s of CPU each time).
    """
    gc.collect()
    gc.freeze()
