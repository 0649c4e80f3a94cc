"""The daemon listens by Socket Mode where an app token is set, and stops in time."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from alerts.demo.slack_double import APP_TOKEN, SlackDouble
from scheduler import Daemon
from tests.integration.slack_app.office import opened
from tests.integration.slack_app.test_socket import LIMIT, envelope, whispered


async def test_a_click_reaches_the_daemon_and_it_stops_in_time(tmp_path: Path) -> None:
    async with SlackDouble() as slack:
        with opened(tmp_path, slack, SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN=APP_TOKEN) as office:
            parts = office.web.parts
            parts.crawler.sources.set_status("alpha", "paused")  # nothing is fetched
            daemon = Daemon(parts.settings, parts)
            running = asyncio.create_task(daemon.run())
            await asyncio.wait_for(slack.sockets.connected(), LIMIT)
            await slack.sockets.push(envelope(office, "e1", "useful"))
            await whispered(slack, 1)
            os.kill(os.getpid(), signal.SIGTERM)
            async with asyncio.timeout(LIMIT):
                await running
            assert [one.judgement for one in office.judgements] == ["relevant"]
