"""Hints: jobs of Procrastinate's that name rows and say "look at these now".

The rows alone say what is to be done. A hint may be lost (the next tick puts it again) or come
twice (whoever takes it looks at the rows first); one that waits already is not put again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from procrastinate import App
    from procrastinate.jobs import Job

POLLS, CHORES = "polls", "chores"  # queues: digests never wait behind polls
MOST_WAITING = 1000  # hints to poll; the others' turn comes with a later tick
A_HOST = 4  # hints at once: its requests follow one another in any case
STALLED_SECONDS = 60.0  # without a heartbeat: the worker is gone, and so is its hint
_CONNECTIONS = 4
_OPEN = """
SELECT queueing_lock AS name, args->>'host' AS host, status::text AS status
FROM procrastinate_jobs WHERE queue_name = %(queue)s AND status IN ('todo', 'doing')
"""

Poll = Callable[[str, datetime], Awaitable[None]]
Chore = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PollHint:
    """A source to be polled, and the host that its requests go to."""

    source: str
    host: str


class Hints:
    """The queue as one worker uses it."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def put_polls(self, wanted: Sequence[PollHint], now: datetime) -> int:
        """Hint at sources to be polled, in this order; returns how many hints were put.

        Left out are those that wait already, those whose host has enough to do, and all beyond
        MOST_WAITING.
        """
        rows = await self._app.connector.execute_query_all_async(_OPEN, queue=POLLS)
        known = {row["name"] for row in rows}
        room = MOST_WAITING - sum(row["status"] == "todo" for row in rows)
        hosts: dict[str, int] = {}
        for row in rows:
            hosts[row["host"]] = hosts.get(row["host"], 0) + 1
        jobs: list[Job] = []
        for hint in wanted:
            name = f"poll:{hint.source}"
            if len(jobs) >= room or name in known or hosts.get(hint.host, 0) >= A_HOST:
                continue
            hosts[hint.host] = hosts.get(hint.host, 0) + 1
            values = {"source": hint.source, "host": hint.host, "since": now.isoformat()}
            jobs.append(_job(POLLS, "poll", name, values))
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
        conninfo=database_url, min_size=1, max_size=_CONNECTIONS, open=False
    ))  # fmt: skip

    @app.task(name="poll")
    async def poll_task(source: str, since: str, **_: Any) -> None:
        await poll(source, datetime.fromisoformat(since))

    @app.task(name="chore")
    async def chore_task(name: str) -> None:
        await chore(name)

    async with app.open_async():
        yield Hints(app)


def _job(queue: str, task: str, name: str, values: dict[str, Any], lock: str | None = None) -> Job:
    from procrastinate.jobs import Job

    return Job(queue=queue, task_name=task, lock=lock, queueing_lock=name, task_kwargs=values)
