"""The event loop of long-lived processes, uvloop where there is one, else asyncio's own, and what
such a process asks of its system."""

from __future__ import annotations

import asyncio
import ctypes
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
FILES = 65_536  # that may be open at once, where the system lets it be so many
_ARENAS = -8  # glibc's M_ARENA_MAX
_YOUNG = 20_000  # objects made, and not freed, between two looks for garbage


def run(main: Coroutine[Any, Any, T]) -> T:
    """``asyncio.run``; polling costs about a sixth less on uvloop (not made for Windows)."""
    _share_memory()
    _allow_files()
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)


def _share_memory() -> None:
    """All threads allocate from one heap: by default glibc gives each that finds another busy one
    of its own, where what one thread has freed is of no use to the others. They take turns at the
    interpreter anyway."""
    try:
        ctypes.CDLL(None).mallopt(_ARENAS, 1)
    except (OSError, TypeError, AttributeError):  # no glibc, then no such heaps
        return


def open_files() -> int:
    """How many files, connections among them, this process may have open; at most ``FILES``."""
    try:
        import resource
    except ImportError:  # not made for Windows
        return 512
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return FILES if soft == resource.RLIM_INFINITY else min(soft, FILES)


def _allow_files() -> None:
    """Most systems let a process open 1,024 files unless it asks for more."""
    try:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (ImportError, OSError, ValueError):
        return


def keep_what_is_built() -> None:
    """Say that what this process has built by now stays until its end.

    Half a million objects, nearly all of them modules: whenever a few thousand polls have left a
    little garbage, a full collection would go through them again (0.15 s of CPU each time). And
    hundreds of polls side by side hold far more than Python's usual 700 objects: looked through so
    often, nearly all are still needed, grow old, and have all that is alive looked through. Most
    are gone before 20,000 are made.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
