"""Hints: jobs of Procrastinate's that name rows and say "look at these now".

The rows alone say what is to be done. A hint may be lost (the next tick puts it again) or come
twice (whoever takes it looks at the rows first); one that waits already is not put again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from procrastinate import App, JobContext
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

_TAKEN = """
SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = ANY(%(engines)s)
"""

Poll = Callable[[Sequence[str], datetime], Awaitable[None]]
Chore = Callable[[str], Awaitable[None]]


class Hints:
    """The queue as one worker uses it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._engines: set[int] = set()  # of this process, as the queue numbers them
        self._under_way: set[int] = set()  # hints that a task of this process is at
        self._astray: set[int] = set()  # taken by this process and no task's, as last looked

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
        """Drop the hints that dead workers had taken, and those this one lost; how many. The rows
        know what to do."""
        from procrastinate.exceptions import ConnectorException
        from procrastinate.jobs import Status

        manager, dropped = self._app.job_manager, 0
        stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
        ids = {job.id for job in stalled if job.id is not None} | await self._gone_astray()
        for one in ids:
            with suppress(ConnectorException):  # another worker dropped it first
                await manager.finish_job_by_id_async(one, Status.FAILED, delete_job=True)
                dropped += 1
        return dropped

    async def _gone_astray(self) -> set[int]:
        """Hints that this process took, by the queue, and that none of its tasks is at, for two
        looks: the database was away as one was taken or its end written. Nobody else drops them
        while this process lives, and their host or chore would wait as long."""
        rows = await self._app.connector.execute_query_all_async(
            _TAKEN, engines=list(self._engines)
        )
        before, self._astray = self._astray, {row["id"] for row in rows} - self._under_way
        return before & self._astray

    @contextmanager
    def at(self, job: Job) -> Iterator[None]:
        """While a task of this process is at a hint."""
        assert job.id is not None
        assert job.worker_id is not None
        self._engines.add(job.worker_id)
        self._under_way.add(job.id)
        try:
            yield
        finally:
            self._under_way.discard(job.id)

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

    hints = Hints(app)

    @app.task(name="poll", pass_context=True)
    async def poll_task(context: JobContext, /, sources: list[str], since: str, **_: Any) -> None:
        with hints.at(context.job):
            await poll(sources, datetime.fromisoformat(since))

    @app.task(name="chore", pass_context=True)
    async def chore_task(context: JobContext, /, name: str) -> None:
        with hints.at(context.job):
            await chore(name)

    async with app.open_async():
        yield hints


def _job(queue: str, task: str, name: str, values: dict[str, Any], lock: str | None = None) -> Job:
    from procrastinate.jobs import Job

    return Job(queue=queue, task_name=task, lock=lock, queueing_lock=name, task_kwargs=values)
