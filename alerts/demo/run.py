"""The whole main job on replayed sites: crawl, group, classify, deliver, and once more.

Everything goes through the parts that the ordinary commands use; only the sites, the Slack and
the mail server are doubles on loopback, and the configuration file names them.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alerts.demo.mail_sink import MailSink
from alerts.demo.saved import demo_root
from alerts.demo.sites import ReplaySites
from alerts.demo.slack_double import SlackDouble
from alerts.wiring import AlertParts, open_alerts
from crawler.config import DEFAULT_FILE, load
from crawler.fetch.run import Crawl
from crawler.model.item import Item
from crawler.model.source import PollOutcome
from crawler.storage.database import utc_now
from crawler.storage.items import Filter

TOPICS = ("ai", "3d-printing", "korea-cooperation")
READER = "reader@example.org"
SUBSCRIPTIONS = {
    "slack": "slack:#cluster-news",
    "email": f"email:{READER}",
    "file": "file:digests/",
}


@dataclass
class DemoSummary:
    """What happened."""

    crawls: list[list[PollOutcome]] = field(default_factory=list)
    items: int = 0
    stories: int = 0
    per_topic: dict[str, int] = field(default_factory=dict)
    twins: list[list[str]] = field(default_factory=list)  # titles of stories told twice or more
    slack_posts: int = 0
    mails: int = 0
    digests: list[str] = field(default_factory=list)  # HTML files, oldest first
    published: str = ""  # title of the item that appeared between two crawls
    found_again: list[Item] = field(default_factory=list)
    alerted: dict[str, int] = field(default_factory=dict)  # new messages about it, per channel
    undelivered: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether everything came out as it must."""
        counts = [sum(one.new for one in crawl) for crawl in self.crawls]
        return (
            len(counts) == 3
            and counts[0] > 0
            and counts[1:] == [0, 1]
            and [item.title for item in self.found_again] == [self.published]
            and not self.undelivered
            and not any(one.status == "failed" for crawl in self.crawls for one in crawl)
            and set(self.alerted.values()) == {1}
        )


class Demo:
    """One run in ``folder``, which must be empty or a former run's."""

    def __init__(
        self,
        folder: Path,
        say: Callable[[str], None],
        *,
        polled: Callable[[str, int, int], None] = lambda name, done, total: None,
    ) -> None:
        self._folder = folder
        self._say = say
        self._polled = polled
        self.summary = DemoSummary()

    async def run(self) -> DemoSummary:
        """Run it all; under a minute on two cores."""
        begun = time.monotonic()
        with MailSink() as mail:
            async with ReplaySites(demo_root()) as sites, SlackDouble() as slack:
                config = await asyncio.to_thread(self._set_up, sites, slack, mail)
                settings = load(config, environment={})
                with open_alerts(settings, sync=True) as parts:
                    await self._job(parts, sites, slack, mail)
        self.summary.seconds = time.monotonic() - begun
        return self.summary

    # -- the steps --------------------------------------------------------------------------

    async def _job(
        self, parts: AlertParts, sites: ReplaySites, slack: SlackDouble, mail: MailSink
    ) -> None:
        async with parts.crawler.crawl() as crawl:
            self._say(f"{len(sites)} sites are replayed on loopback.")
            await self._crawl(parts, crawl, "First crawl")
            await self._deliver(parts)
            self._count(slack, mail)
            await self._crawl(parts, crawl, "Second crawl")
            sites.publish(utc_now())
            self.summary.published = sites.publication_title
            self._say(f"One more item appears on {sites[sites.publication_site].name}.")
            outcomes = await self._crawl(parts, crawl, "Third crawl")
            self.summary.found_again = [item for one in outcomes for item in one.items]
            await asyncio.to_thread(self._look, parts)
            posts, mails = len(slack.posts), len(mail.messages)
            files = len(self._digests())
            await self._deliver(parts)
            self._count(slack, mail)
            self.summary.alerted = {
                "slack": len(slack.posts) - posts,
                "email": len(mail.messages) - mails,
                "file": len(self._digests()) - files,
            }

    async def _crawl(self, parts: AlertParts, crawl: Crawl, name: str) -> list[PollOutcome]:
        rows = parts.crawler.sources.all()
        done = 0

        async def poll(row: Any) -> PollOutcome:
            nonlocal done
            outcome = await crawl.poll(row)
            done += 1
            self._polled(row.source.name, done, len(rows))
            return outcome

        outcomes = list(await asyncio.gather(*(poll(row) for row in rows)))
        self.summary.crawls.append(outcomes)
        new = sum(one.new for one in outcomes)
        asked = sum(one.requests for one in outcomes)
        unchanged = sum(one.not_modified for one in outcomes)
        found = "1 new item" if new == 1 else f"{new} new items"
        self._say(f"{name}: {found}; {asked} pages asked for, {unchanged} not modified.")
        for one in outcomes:
            if one.error:
                self._say(f"  {one.source}: {one.error}")
        return outcomes

    async def _deliver(self, parts: AlertParts) -> None:
        for name in SUBSCRIPTIONS:
            await asyncio.to_thread(parts.dispatcher.close_window, name, utc_now(), extra=True)
        report = await asyncio.to_thread(parts.outbox.deliver_due)
        for sent in report.failed:
            self.summary.undelivered.append(f"{sent.subscription}: {sent.error or sent.outcome}")

    def _look(self, parts: AlertParts) -> None:
        items = parts.crawler.items.find(Filter())
        stories: dict[str, list[Item]] = {}
        for item in items:
            stories.setdefault(item.story or item.id, []).append(item)
        summary = self.summary
        summary.items, summary.stories = len(items), len(stories)
        summary.twins = [
            [f"{one.title} ({one.language})" for one in some]
            for some in stories.values()
            if len(some) > 1
        ]
        summary.per_topic = {
            topic: sum(any(match.topic == topic for match in item.topics) for item in items)
            for topic in TOPICS
        }

    def _count(self, slack: SlackDouble, mail: MailSink) -> None:
        self.summary.slack_posts = len(slack.posts)
        self.summary.mails = len(mail.messages)
        self.summary.digests = [str(path) for path in self._digests()]
        for number, message in enumerate(mail.messages, 1):
            (self._folder / f"mail-{number}.eml").write_bytes(message.data)
        for number, post in enumerate(slack.posts, 1):
            payload = {"channel": post.channel, "text": post.text, "blocks": list(post.blocks)}
            (self._folder / f"slack-{number}.json").write_text(
                json.dumps(payload, ensure_ascii=False, indent=1), "utf-8"
            )

    def _digests(self) -> list[Path]:
        folder = self._folder / "digests"
        return sorted(folder.glob("*.html"), key=lambda path: path.stat().st_mtime_ns)

    # -- the installation -----------------------------------------------------------------------

    def _set_up(self, sites: ReplaySites, slack: SlackDouble, mail: MailSink) -> Path:
        self._clear()
        config = self._folder / DEFAULT_FILE
        config.write_text(_configuration(sites, slack, mail), "utf-8")
        env = self._folder / "clusterwatch.env"
        handle = os.open(env, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(f"SLACK_BOT_TOKEN={slack.token}\n")
            out.write(f"CLUSTERWATCH_SECRET={secrets.token_hex(32)}\n")
        return config

    def _clear(self) -> None:
        """Start anew: only what a former run wrote is removed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for pattern in ("clusterwatch.*", "mail-*.eml", "slack-*.json", "digests/*.html"):
            for file in self._folder.glob(pattern):
                file.unlink()


def _configuration(sites: ReplaySites, slack: SlackDouble, mail: MailSink) -> str:
    """The demo's configuration: first_run and max_age let old items through, and the addresses
    are of loopback; nothing else about it is special."""
    lines = [
        "# The demo's configuration: an ordinary one whose sites are replayed on loopback.",
        "[clusterwatch]",
        'name = "demo"',
        "[crawl]",
        'first_run = "all"                  # the replayed news are years old',
        'max_age = "100y"',
        'allow_networks = ["127.0.0.0/8"]',
        "[slack]",
        f"base_url = {_quoted(slack.base_url)}",
        "[email]",
        f"smtp = {_quoted(mail.url)}",
        'sender = "Clusterwatch <news@example.org>"',
    ]
    for site in sites:
        lines += ["[[sources]]", f"id = {_quoted(site.id)}", f"name = {_quoted(site.name)}",
                  f"url = {_quoted(site.start_url)}"]  # fmt: skip
    for name, to in SUBSCRIPTIONS.items():
        lines += ["[[subscriptions]]", f"id = {_quoted(name)}", f"to = {_quoted(to)}",
                  f"topics = {json.dumps(TOPICS)}", 'since = "1d"']  # fmt: skip
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
