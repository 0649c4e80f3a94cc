"""Hints: jobs of Procrastinate's that name rows and say "look at these now".

The rows alone say what is to be done. A hint may be lost (the next tick puts it again) or come
twice (whoever takes it looks at the rows first); one that waits already is not put again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from procrastinate import App
    from procrastinate.jobs import Job

POLLS, CHORES = "polls", "chores"  # queues: digests never wait behind polls
MOST_WAITING = 1000  # hints to poll; the others' turn comes with a later tick
A_HINT = 20  # sources of one host: its requests follow one another, so one worker has them all
STALLED_SECONDS = 30.0  # without a heartbeat: the worker is gone, and so is its hint
_CONNECTIONS = 4
_OPEN = """
SELECT args->>'host' AS host, status::text AS status
FROM procrastinate_jobs WHERE queue_name = %(queue)s AND status IN ('todo', 'doing')
"""

Poll = Callable[[Sequence[str], datetime], Awaitable[None]]
Chore = Callable[[str], Awaitable[None]]


class Hints:
    """The queue as one worker uses it."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def put_polls(self, wanted: Mapping[str, Sequence[str]], now: datetime) -> int:
        """Hint at hosts and their sources to be polled, in this order; how many hints were put.

        Left out are hosts that a hint waits for or a worker is at, and all beyond MOST_WAITING.
        """
        rows = await self._app.connector.execute_query_all_async(_OPEN, queue=POLLS)
        known = {row["host"] for row in rows}
        room = MOST_WAITING - sum(row["status"] == "todo" for row in rows)
        fresh = [host for host in wanted if host not in known][: max(room, 0)]
        since = now.isoformat()
        jobs = [
            _job(POLLS, "poll", f"poll:{host}",
                 {"host": host, "sources": list(wanted[host][:A_HINT]), "since": since})
            for host in fresh
        ]  # fmt: skip
        return await self._put(jobs)

    async def put_chores(self, names: Sequence[str], *, together: Sequence[str] = ()) -> int:
        """Hint at what is done once for the whole installation; ``together`` names those that
        several workers may do at once."""
        alone = [name for name in names if name not in together]
        jobs = [_job(CHORES, "chore", name, {"name": name}, lock=name) for name in alone]
        jobs += [_job(CHORES, "chore", name, {"name": name}) for name in together]
        return await self._put(jobs)

    async def drop_stalled(self) -> int:
        """Drop the hints that dead workers had taken; how many. The rows know what to do."""
        from procrastinate.exceptions import ConnectorException
        from procrastinate.jobs import Status

        manager, dropped = self._app.job_manager, 0
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            with suppress(ConnectorException):  # another worker dropped it first
                await manager.finish_job(job, Status.FAILED, delete_job=True)
                dropped += 1
        return dropped

    async def work(self, queue: str, at_once: int, stop_seconds: float) -> None:
        """Take hints of a queue until cancelled; then those under way have ``stop_seconds``."""
        await self._app.run_worker_async(
            queues=[queue],
            concurrency=at_once,
            shutdown_graceful_timeout=stop_seconds,
            delete_jobs="always",
            install_signal_handlers=False,
            stalled_worker_timeout=STALLED_SECONDS,
        )

    async def _put(self, jobs: list[Job]) -> int:
        from procrastinate.exceptions import AlreadyEnqueued

        if not jobs:
            return 0
        with suppress(AlreadyEnqueued):
            return len(await self._app.job_manager.batch_defer_jobs_async(jobs))
        put = 0
        for job in jobs:  # another worker put one of them meanwhile
            with suppress(AlreadyEnqueued):
                await self._app.job_manager.defer_job_async(job)
                put += 1
        return put


@asynccontextmanager
async def open_hints(database_url: str, poll: Poll, chore: Chore) -> AsyncIterator[Hints]:
    """The queue over the installation's own database; ``poll`` and ``chore`` do the work."""
    from procrastinate import App, PsycopgConnector

    app = App(connector=PsycopgConnector(
        conninfo=database_url, min_size=1, max_size=_CONNECTIONS
    ))  # fmt: skip

    @app.task(name="poll")
    async def poll_task(sources: list[str], since: str, **_: Any) -> None:
        await poll(sources, datetime.fromisoformat(since))

    @app.task(name="chore")
    async def chore_task(name: str) -> None:
        await chore(name)

    async with app.open_async():
        yield Hints(app)


def _job(queue: str, task: str, name: str, values: dict[str, Any], lock: str | None = None) -> Job:
    from procrastinate.jobs import Job

    return Job(queue=queue, task_name=task, lock=lock, queueing_lock=name, task_kwargs=values)
