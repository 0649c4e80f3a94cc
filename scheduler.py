"""The clock: which job runs when, in the one asyncio loop that crawls and delivers.

``python scheduler.py`` is the same as ``clusterwatch run``. APScheduler only ticks; what is due
is decided by rows, so a restart forgets nothing and missed work is caught up once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from uvicorn import Server

from alerts import chores
from alerts.ticks import Job, Ticks
from alerts.wiring import AlertParts, open_alerts, sync_subscriptions
from crawler import metrics
from crawler.config import Settings, load
from crawler.errors import ClusterwatchError, ConfigError, StorageError
from crawler.fetch.loop import keep_what_is_built
from crawler.fetch.loop import run as run_loop
from crawler.fetch.run import Crawl
from crawler.logs import event, polling
from crawler.sources.catalogue import seed_sources
from crawler.storage import heartbeats, queue_schema, schema
from crawler.storage.checks import Claimed
from crawler.storage.database import Database, check_owner, utc_now
from crawler.wiring import sync_declarations

logger = logging.getLogger(__name__)

POLL_SECONDS = 15
CLAIMED_AT_ONCE = 400  # sources; the first ones are asked while the next ones are claimed
DISPATCH_SECONDS = 15
OUTBOX_SECONDS = 5
OUTAGES_SECONDS = 60
RETENTION_SECONDS = 3600
MAILBOX_SECONDS = 300
TOPICS_SECONDS = 20
STOP_SECONDS = 25.0
LEFT_LYING = timedelta(minutes=5)  # due for so long, although there are workers
Served = tuple[Server, asyncio.Task[None]] | None


class Daemon:
    """Ticks over rows until it is told to stop."""

    def __init__(
        self, settings: Settings, parts: AlertParts, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.settings = settings
        self.parts = parts
        self.stopping = asyncio.Event()
        self._clock = clock
        self._crawl: Crawl | None = None
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._ticks = Ticks(clock)

    async def run(self) -> None:
        """Until SIGTERM or SIGINT; SIGHUP reads the configuration anew."""
        self._listen_to_signals()
        async with self.parts.crawler.crawl() as crawl:
            self._crawl = crawl
            web = self._serve_web()
            slack = self._listen_to_slack(crawl)
            keep_what_is_built()
            self._ticks.start(self._jobs())
            event(logger, logging.INFO, "daemon.started", name=self.settings.clusterwatch.name)
            await self.stopping.wait()
            if slack is not None:
                slack.cancel()  # it says goodbye while the rest is drained
            if web is not None:
                web[0].should_exit = True  # so do the pages
            await self._drain()
            await _stopped(web)
        event(logger, logging.INFO, "daemon.stopped")

    def reload(self) -> None:
        """Read the configuration file anew; a wrong one is reported and the old one stays."""
        self._ticks.watch(asyncio.get_running_loop().create_task(asyncio.to_thread(self._reload)))

    # -- ticks ----------------------------------------------------------------------------------

    async def poll_due(self) -> None:
        """Start the polls whose turn it is; each runs on its own, one a source."""
        assert self._crawl is not None
        due = await asyncio.to_thread(self._to_be_polled, self._clock())
        ids = [one for one in due if one not in self._polls]
        for start in range(0, len(ids), CLAIMED_AT_ONCE):
            if self.stopping.is_set():
                return
            for claimed in await self._crawl.claim(ids[start : start + CLAIMED_AT_ONCE]):
                task = asyncio.get_running_loop().create_task(self._poll(claimed))
                self._polls[claimed.row.source.id] = task

    async def dispatch_due(self) -> None:
        """Close the windows that are due and queue what they deliver."""
        await asyncio.to_thread(chores.close_windows, self.parts, self._clock())

    async def deliver_due(self) -> None:
        """Send what is ready."""
        await asyncio.to_thread(self.parts.outbox.deliver_due)

    async def read_mailbox(self) -> None:
        """Handle what came in by mail; a server that is away is told once, as an incident."""
        await asyncio.to_thread(chores.read_mailbox, self.parts, self._clock())

    async def follow_topics(self) -> None:
        """Take over topics that another process changed; decide stored items by them anew."""
        await asyncio.to_thread(self._follow_topics, self._clock())

    async def note_outages(self) -> None:
        """Tell the operator once of a source that is out of order, and once that it works again."""
        await asyncio.to_thread(self.parts.source_incidents.update, self._clock())

    async def forget_old(self) -> None:
        """Drop texts and payloads that are older than ``[retention]`` says."""
        await asyncio.to_thread(chores.forget_old, self.parts, self._clock())

    async def beat(self) -> None:
        """Say that somebody looks after this database; pages that are served alone ask."""
        await asyncio.to_thread(heartbeats.beat, self.parts.crawler.database, self._clock())

    # -- inside ---------------------------------------------------------------------------------

    def _serve_web(self) -> Served:
        """The web side in this loop; a port that is taken leaves watching and sending as it is."""
        from alerts.web.app import create_app
        from alerts.web.serving import check_free, server_of

        listen = self.settings.web.listen
        try:
            check_free(listen)
        except ConfigError as error:
            event(logger, logging.ERROR, "web.not_started", reason=error.line())
            return None
        app = create_app(self.parts, clock=self._clock, crawl=self._crawl)
        server = server_of(app, listen)
        event(logger, logging.INFO, "web.started", listen=listen)
        return server, asyncio.get_running_loop().create_task(server.serve())

    def _listen_to_slack(self, crawl: Crawl) -> asyncio.Task[None] | None:
        """Socket Mode, where SLACK_APP_TOKEN is set: clicks and commands without a public page."""
        if not self.settings.secrets.slack_app_token.get_secret_value():
            return None
        from alerts.slack_app.app import SlackApp
        from alerts.web.slack import by_crawl
        from alerts.web.slack_socket import SlackSocket

        app = SlackApp(self.parts, self._clock, detect=by_crawl(crawl))
        task = asyncio.get_running_loop().create_task(SlackSocket(self.settings, app).run())
        self._ticks.watch(task)
        return task

    def _to_be_polled(self, now: datetime) -> list[str]:
        """Beside workers only what they have left lying: a daemon would claim all at once."""
        queue = queue_schema.figures(self.parts.crawler.database)
        if queue is not None and queue.workers:
            return self.parts.crawler.sources.due_ids(now - LEFT_LYING)
        return chores.to_be_polled(self.parts, now)

    def _follow_topics(self, now: datetime) -> None:
        chores.follow_topics(self.parts)
        chores.reclassify(self.parts, now, self.stopping.is_set)

    async def _poll(self, claimed: Claimed) -> None:
        assert self._crawl is not None
        source_id = claimed.row.source.id
        try:
            with polling(source_id):
                outcome = await self._crawl.poll_claimed(claimed)
                metrics.add("polls", outcome.status)
                event(
                    logger, logging.INFO, "source.polled", source=source_id,
                    status=outcome.status, seen=outcome.seen, new=outcome.new,
                )  # fmt: skip
        finally:
            self._polls.pop(source_id, None)

    def _jobs(self) -> tuple[tuple[str, Job, int], ...]:
        return (
            ("heartbeat", self.beat, heartbeats.EVERY_SECONDS),
            ("poll", self.poll_due, POLL_SECONDS),
            ("dispatch", self.dispatch_due, DISPATCH_SECONDS),
            ("deliver", self.deliver_due, OUTBOX_SECONDS),
            ("outages", self.note_outages, OUTAGES_SECONDS),
            ("retention", self.forget_old, RETENTION_SECONDS),
            ("mailbox", self.read_mailbox, MAILBOX_SECONDS),
            ("topics", self.follow_topics, TOPICS_SECONDS),
        )

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self.reload)

    def _reload(self) -> None:
        try:
            settings = load(self.settings.path, default_sources=seed_sources())
            crawler = self.parts.crawler
            crawler.settings = settings
            crawler.forget_topics()
            sync_declarations(crawler, self._clock())
            sync_subscriptions(self.parts, self._clock())
            event(logger, logging.INFO, "configuration.read")
        except ClusterwatchError as error:
            event(logger, logging.ERROR, "configuration.refused", reason=error.line())

    async def _drain(self) -> None:
        """No new work; what is under way ends or is handed back by its lease."""
        self._ticks.stop()
        self.parts.outbox.stop()
        waiting = [*self._ticks.running, *self._polls.values()]
        if waiting:
            await asyncio.wait(waiting, timeout=STOP_SECONDS)
        for task in self._polls.values():
            task.cancel()


async def _stopped(web: Served) -> None:
    """The web side's last answers go out, then it ends."""
    if web is not None:
        await web[1]


@contextlib.contextmanager
def only_daemon(settings: Settings) -> Iterator[None]:
    """One daemon a SQLite file. Raises StorageError for the second."""
    url = settings.clusterwatch.database
    if not url.startswith("sqlite"):
        yield
        return
    import fcntl

    # The file itself is what two names of one database share.
    path = Path(os.path.realpath(url.removeprefix("sqlite:///")) + ".daemon")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StorageError(
                "Another clusterwatch run works on this database.",
                remedy="Stop it first.",
            ) from error
        yield
    finally:
        os.close(handle)


def run(settings: Settings) -> None:
    """The daemon, until it is told to stop; it brings an older SQLite file to this schema first.

    Raises ConfigError and StorageError, also for an older PostgreSQL database, which others use.
    """
    with only_daemon(settings):
        bring_up(settings)
        with open_alerts(settings, sync=True) as parts:
            run_loop(Daemon(settings, parts).run())


def bring_up(settings: Settings) -> None:
    """Upgrade the SQLite file this daemon alone works on, after a copy."""
    database = Database(settings.clusterwatch.database)
    try:
        if database.path is None:
            return
        check_owner(database.path)
        if kept := schema.upgrade(database, utc_now()):
            event(logger, logging.INFO, "database.upgraded", schema=schema.HEAD, copy=kept.name)
    finally:
        database.close()


if __name__ == "__main__":
    from crawler.__main__ import application
    from crawler.cli.app import run as run_command

    sys.exit(run_command(application(), ["run", *sys.argv[1:]]))
