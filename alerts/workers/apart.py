"""A source that may kill what polls it is polled in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import resource
import sys
from contextlib import suppress
from pathlib import Path

from alerts.workers.watchdog import watch
from crawler.config import Settings
from crawler.logs import event
from crawler.wiring import open_parts

APART_SECONDS = 900.0  # then it hangs
_STOP_SECONDS = 10.0
_MEMORY_BYTES = 2 * 1024**3
_log = logging.getLogger(__name__)


async def polled_apart(source_id: str, config: Path | None) -> bool:
    """Poll a source in a process of its own; whether that process came to a good end.

    Cancelled, it ends that process, which hands the source back.
    """
    command = [sys.executable, "-m", "crawler", "worker", "--only", source_id]
    command += ["--config", str(config)] if config is not None else []
    process = await asyncio.create_subprocess_exec(*command)
    try:
        async with asyncio.timeout(APART_SECONDS):
            return await process.wait() == 0
    except TimeoutError:
        event(_log, logging.WARNING, "source.hung", source=source_id, seconds=int(APART_SECONDS))
        return False
    finally:
        await _ended(process)


def poll_alone(settings: Settings, source_id: str) -> None:
    """This process polls one source and nothing else. Raises SourceError for an unknown one."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    asyncio.run(_poll_alone(settings, source_id))


async def _poll_alone(settings: Settings, source_id: str) -> None:
    watching = asyncio.create_task(watch())
    with open_parts(settings) as parts:
        row = parts.sources.get(source_id)
        async with parts.crawl() as crawl:
            outcome = await crawl.poll(row)
    watching.cancel()
    event(
        _log, logging.INFO, "source.polled", source=source_id, status=outcome.status,
        seen=outcome.seen, new=outcome.new, apart=True,
    )  # fmt: skip


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    with suppress(TimeoutError):
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    if process.returncode is None:
        process.kill()
        await process.wait()
