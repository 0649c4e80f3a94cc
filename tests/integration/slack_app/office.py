"""An installation with Slack beside it: signed requests go in, answers arrive at the double."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from httpx2 import Response
from slack_sdk.signature import SignatureVerifier
from starlette.testclient import TestClient

from alerts.demo.slack_double import TOKEN, SlackDouble
from alerts.demo.slack_workspace import SlackWhisper
from alerts.digests.menu import Subject
from alerts.web.app import create_app
from alerts.wiring import open_alerts
from crawler.config import load
from crawler.model.item import Item
from crawler.model.judgement import Judgement
from crawler.model.subscription import Subscription
from crawler.storage.feedback import FeedbackStore
from tests.integration.web.conftest import ENVIRONMENT, NOW, Web
from tests.integration.web.stock import KOREA, put

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NEWS, DIRECT = "C0NEWS0001", "D0READER01"
ADA, BEN = "U0ADA00001", "U0BEN00001"
TOPIC = "korea-cooperation"

CONFIGURATION = """
[clusterwatch]
name = "test"
timezone = "Europe/Berlin"
public_url = "https://news.example.org"
operator = "email:ops@example.org"

[email]
smtp = "smtp://127.0.0.1:9"
sender = "Clusterwatch <news@example.org>"

[slack]
base_url = "{base_url}"
timeout = "5s"

[crawl]
{crawl}
delay_per_host = "0s"

[[sources]]
id = "alpha"
name = "Cluster Alpha"
url = "https://alpha.example/news"

[[subscriptions]]
id = "team"
to = "slack:{to}"
topics = ["{topic}"]
since = "3d"
"""


@dataclass
class Office:
    """The installation, its web side and the double of Slack."""

    web: Web
    slack: SlackDouble
    item: Item
    numbers: Iterator[int] = field(default_factory=count)

    # -- what people do -------------------------------------------------------------------------

    def click(
        self, what: str, *, user: str = ADA, channel: str = NEWS, subject: Subject | None = None,
        **changes: Any,
    ) -> Response:  # fmt: skip
        """Use a menu or a button of the story."""
        return self.post("interactions", click(self, what, user, channel, subject) | changes)

    def say(self, text: str, *, user: str = ADA, channel: str = NEWS) -> Response:
        """``/clusterwatch text``."""
        form = {
            "command": "/clusterwatch", "text": text, "user_id": user, "channel_id": channel,
            "response_url": self.slack.response_url(channel, user),
            "trigger_id": f"trigger-{next(self.numbers)}",
        }  # fmt: skip
        return self.send("commands", urlencode(form).encode())

    def post(self, door: str, payload: dict[str, Any]) -> Response:
        """A payload as Slack wraps it for this address."""
        raw = json.dumps(payload)
        body = raw if door == "events" else urlencode({"payload": raw})
        return self.send(door, body.encode())

    def send(self, door: str, body: bytes, **headers: str) -> Response:
        """A body, signed now unless ``headers`` say otherwise."""
        given = signed(body, int(self.web.now.timestamp())) | headers
        return self.web.client.post(f"/slack/{door}", content=body, headers=given)

    def wait(self, **amount: float) -> None:
        """Turn the clock."""
        self.web.now += timedelta(**amount)

    # -- what came of it ------------------------------------------------------------------------

    @property
    def whispers(self) -> tuple[SlackWhisper, ...]:
        return self.slack.whispers

    @property
    def last(self) -> SlackWhisper:
        return self.slack.whispers[-1]

    @property
    def judgements(self) -> list[Judgement]:
        return FeedbackStore(self.web.parts.crawler.database).of(TOPIC)

    @property
    def team(self) -> Subscription:
        return self.web.parts.subscription_store.get("team").subscription


def click(
    office: Office, what: str, user: str = ADA, channel: str = NEWS, subject: Subject | None = None
) -> dict[str, Any]:
    """What Slack sends for a click in the menu of the story."""
    about = subject or Subject("team", office.item.id, TOPIC)
    action = {
        "type": "overflow", "action_id": "clusterwatch_story", "block_id": about.block_id,
        "selected_option": {"text": {"type": "plain_text", "text": what}, "value": what},
    }  # fmt: skip
    return {
        "type": "block_actions", "user": {"id": user, "name": "ada"}, "channel": {"id": channel},
        "container": {"channel_id": channel, "message_ts": "1.1"}, "actions": [action],
        "trigger_id": f"trigger-{next(office.numbers)}",
        "response_url": office.slack.response_url(channel, user),
    }  # fmt: skip


def signed(body: bytes, moment: int, secret: str = SECRET) -> dict[str, str]:
    """Slack's two headers."""
    signature = SignatureVerifier(secret).generate_signature(timestamp=str(moment), body=body)
    assert signature is not None
    return {
        "X-Slack-Request-Timestamp": str(moment),
        "X-Slack-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }


@contextmanager
def running(slack: SlackDouble) -> Iterator[SlackDouble]:
    """The double in a thread of its own: the application's answers block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(slack.__aenter__(), loop).result(10)
    try:
        yield slack
    finally:
        leaving = slack.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(leaving, loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def configured(folder: Path, slack: SlackDouble, crawl: str = "", **environment: str) -> Any:
    """Settings of an installation that knows the double; its team reads about Korea."""
    file = folder / "clusterwatch.toml"
    file.write_text(
        CONFIGURATION.format(base_url=slack.base_url, to=NEWS, topic=TOPIC, crawl=crawl), "utf-8"
    )
    secrets = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET}
    return load(file, environment={**ENVIRONMENT, **secrets, **environment})


@contextmanager
def opened(
    folder: Path, slack: SlackDouble, crawl: str = "", **environment: str
) -> Iterator[Office]:
    """An installation with one story about Korea, and its web side."""
    with open_alerts(configured(folder, slack, crawl, **environment), sync=True) as parts:
        web = Web(parts, None, NOW)  # type: ignore[arg-type]
        app = create_app(parts, clock=lambda: web.now)
        web.client = TestClient(app, base_url="https://news.example.org")
        title = "Sachsen und Südkorea <bauen> ihre Kooperation & Forschung aus"
        item = put(web, 1, title, KOREA, language="de")
        assert any(match.topic == TOPIC for match in item.topics)
        yield Office(web, slack, item)
