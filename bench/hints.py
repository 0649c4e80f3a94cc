"""What the queue's engine costs by itself: empty jobs through Procrastinate on PostgreSQL.

Run ``python bench/hints.py --jobs 3000``. The queue's tables are made as ``db upgrade`` makes
them; the server is a throw-away one without fsync, as in the tests.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts.workers.hints import POLLS, Hints, open_hints
from crawler.storage import queue_schema
from crawler.storage.database import Database, utc_now
from tests.conftest import PostgresServer

BATCH = 500


async def measured(url: str, jobs: int, at_once: int) -> str:
    """A line of figures for so many hints, ``at_once`` of them under way."""
    done, ended = 0, asyncio.Event()

    async def poll(_sources: object, _since: datetime) -> None:
        nonlocal done
        done += 1
        if done == jobs:
            ended.set()

    async def chore(_name: str) -> None: ...

    async with open_hints(url, poll, chore) as hints:
        begun = time.perf_counter()
        await put(hints, jobs)
        between, cpu = time.perf_counter(), time.process_time()
        working = asyncio.create_task(hints.work(POLLS, at_once, 5))
        await ended.wait()
        over, used = time.perf_counter(), time.process_time() - cpu
        working.cancel()
        await asyncio.wait({working})
    return (
        f"at once {at_once}: put {jobs / (between - begun):.0f} a second, done "
        f"{jobs / (over - between):.0f} a second, {1000 * used / jobs:.2f} ms CPU each"
    )


async def put(hints: Hints, jobs: int) -> None:
    """Waiting hints for so many hosts, whatever MOST_WAITING says."""
    import alerts.workers.hints as module

    module.MOST_WAITING = jobs
    for low in range(0, jobs, BATCH):
        await hints.put_polls({f"h{n}": [f"s{n}"] for n in range(low, low + BATCH)}, utc_now())


def main() -> None:
    """Print what was measured."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--jobs", type=int, default=3000)
    wanted = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cw-bench-"))
    server = PostgresServer(folder)
    server.start()
    try:
        url = server.create_database()
        database = Database(url)
        database.ensure()
        queue_schema.bring_up(database)
        database.close()
        for at_once in (1, 10):
            print(asyncio.run(measured(url, wanted.jobs, at_once)))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
