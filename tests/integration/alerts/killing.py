"""Real processes over Slack's and a mail server's doubles, to be killed and judged.

For the enumerated kills of the tests and the random ones of ``bench/kills.py``.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.demo.mail_sink import MailSink
from alerts.demo.slack_double import SlackDouble
from alerts.demo.slack_workspace import SlackChannel
from crawler.storage.database import Database
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.incidents import IncidentStore
from crawler.storage.item_rows import update_item
from tests.forking import Forking
from tests.integration.alerts.house import MORNING, Clock, House

CHANNELS = (
    SlackChannel("C0NEWS0001", "news"),
    SlackChannel("C0GONE0001", "gone", is_archived=True),
    SlackChannel("C0GONE0002", "gone-too", is_archived=True),  # the operator's
)

EVERYTHING = {("slack", "sent"): 3, ("slack", "dead"): 2, ("email", "sent"): 2}


class Doubles:
    """Slack and a mail server on loopback, for the whole module; each case reads its own part."""

    def __init__(self) -> None:
        self.slack = SlackDouble(channels=CHANNELS, now=lambda: MORNING.timestamp())
        self.mail = MailSink()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Doubles:
        self._thread.start()
        self.mail.__enter__()
        asyncio.run_coroutine_threadsafe(self.slack.__aenter__(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        leaving = self.slack.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(leaving, self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self.mail.__exit__(None, None, None)


class Workers(Forking):
    """The forking process that delivers."""

    def __init__(self) -> None:
        super().__init__("tests.integration.alerts.worker")


@dataclass
class Case:
    """One installation with a digest for Slack (with a thread, corrected later), one by mail, and
    one for a channel that refuses for good, of which the operator is told by mail, Slack
    refusing it."""

    url: str
    doubles: Doubles
    workers: Workers
    clock: Path
    mails_before: int = 0
    now: datetime = MORNING
    expected: dict[tuple[str, str], int] = field(default_factory=lambda: dict(EVERYTHING))

    def __post_init__(self) -> None:
        self.doubles.slack.workspace.posts.clear()  # the same ids stand in every case
        self.mails_before = len(self.doubles.mail.messages)
        self.turn()

    def turn(self, **amount: float) -> None:
        self.now += timedelta(**amount)
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(self.now.isoformat())
        fresh.replace(self.clock)

    def run(self, failpoint: str = "", **more: Any) -> int:
        return self.workers.order(
            {
                "database": self.url,
                "clock": str(self.clock),
                "token": self.doubles.slack.token,
                "slack": self.doubles.slack.base_url,
                "smtp": self.doubles.mail.url,
                "failpoint": failpoint,
                **more,
            }
        )

    def finish(self) -> None:
        """New processes until nothing is left to do, each a little later."""
        for _ in range(4):
            self.turn(seconds=2)
            assert self.run() == 0
            if self.is_idle():
                return

    def is_idle(self) -> bool:
        """Whether nothing waits to be sent or told."""
        database = Database(self.url)
        counts = DeliveryStore(database).counts()
        told = not IncidentStore(database).untold()
        database.close()
        return told and not {"pending", "retry", "sending"} & set(counts)

    @property
    def posted(self) -> Counter[str]:
        posts = self.doubles.slack.posts
        return Counter(post.metadata["event_payload"]["delivery_id"] for post in posts)

    @property
    def mailed(self) -> Counter[tuple[str, str]]:
        mails = self.doubles.mail.messages[self.mails_before :]
        return Counter((m.message["To"], m.message["Message-ID"]) for m in mails)

    def judge(self) -> None:
        """0 lost, 0 doubled; a repeated mail is one of those counted as ambiguous."""
        house = House(Database(self.url))
        rows = house.deliveries.find()
        states = Counter((one.channel, one.state) for one in rows)
        assert states == self.expected
        sent = [one for one in rows if one.channel == "slack" and one.state == "sent"]
        posts = {one.id for one in sent if not one.window.startswith("corrected:")}
        assert self.posted == dict.fromkeys(posts, 1)
        [edited] = [post for post in self.doubles.slack.posts if post.edited]
        assert json.dumps(edited.blocks).count("Corrected since: moved to 3 May") == 1
        mails = self.expected.get(("email", "sent"), 0)
        assert len(self.mailed) == mails, "one digest, one note"
        counted = house.deliveries.outcomes(MORNING - timedelta(days=1)).get("ambiguous", 0)
        assert sum(self.mailed.values()) - mails <= counted <= 2
        house.database.close()


def furnish(database: Database) -> None:
    """Three stories for three subscriptions that are due at 08:00."""
    house = House(database, Clock())
    house.subscribe("team", to="slack:C0NEWS0001", max_stories=1)
    house.subscribe("ada", to="email:ada@example.org")
    house.subscribe("gone", to="slack:C0GONE0001")
    for number in range(3):
        house.publish(str(number))
    with database.write() as connection:  # once the digests are out
        for number in range(3):
            later = MORNING + timedelta(hours=1)
            update_item(connection, str(number), change="moved to 3 May", changed_at=later)
