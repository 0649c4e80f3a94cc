"""The second replay played through the commands, and what each step came to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from alerts.demo.mail_sink import MailSink
from alerts.demo.slack_double import SlackDouble
from crawler.model.item import Item
from crawler.storage.database import Database
from crawler.storage.items import Filter, ItemStore
from tests.e2e.second_replay import Hit, SecondReplay, Written, news, serving
from tests.e2e.shell import Result, Shell

SITES = ("bund", "karten", "gazette", "bloecke", "klynge", "twin")
UNREADABLE = "aktuelles/reinraum-kurs-herbst"  # robots.txt forbids its page
SEEDS = {
    "bund": "Internationaler Innovationsworkshop mit Live-OP, 3D-Druck und KI",
    "karten": "Sachsen und Südkorea bauen Kooperation für die Medizintechnik weiter aus",
    "gazette": "MedTech Partnership Workshop - for the establishment of interregional "
    "collaborations",
    "bloecke": "INNOLOG – IKT meets Gesundheitswirtschaft in Jena",
    "klynge": "Stærkt nationalt partnerskab styrker dansk sundhedsinnovation",
    "twin": "Strong national partnership strengthens Danish healthcare innovation",
}
SHOWN = ("bund", "karten", "klynge")
AI_NEWS = (
    "Kunstig intelligens finder revner i vindmøllevinger",
    "Maskinlæring og kunstig intelligens gennemser hver nat 900 billeder af vindmøllevinger i "
    "Østerild. Modellen er trænet med optagelser fra fem havvindmølleparker.\n\n"
    "Teknikerne får en liste om morgenen og kører kun ud til de vinger, der trænger.",
)
PLAIN_NEWS = (
    "Netzwerk verleiht zwölf Lastenräder an Handwerksbetriebe",
    "Zwölf Lastenräder stehen ab sofort für Handwerksbetriebe in {place} bereit. Die Ausleihe "
    "ist im ersten Monat kostenlos.\n\nWer ein Rad behalten möchte, bekommt den Preis der Miete "
    "angerechnet.",
)


@dataclass
class Played:
    """What happened, step by step."""

    truth: dict[str, list[Written]]
    archive: dict[str, list[Item]]
    crawls: list[dict[str, Any]] = field(default_factory=list)
    hits: list[list[Hit]] = field(default_factory=list)  # of each crawl
    listed: list[dict[str, Any]] = field(default_factory=list)
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)  # the seeds, by site
    sends: list[Result] = field(default_factory=list)
    messages: dict[str, list[str]] = field(default_factory=dict)  # after the baseline

    def found(self, site: str, item: Written) -> Item:
        """The archive's item for a written one; fails where it is missing or doubled."""
        same = [one for one in self.archive[site] if item_path(site, one.url) == item.path]
        assert len(same) == 1, f"{item.path}: {len(same)} items"
        return same[0]


def item_path(site: str, url: str) -> str:
    parts = urlsplit(url)
    if site == "klynge":
        return parse_qs(parts.query).get("NewsId", [url])[0]
    return parts.path.strip("/").removeprefix("en/")


def configuration(replay: SecondReplay, sites: tuple[str, ...], extra: str = "") -> str:
    lines = [
        '[clusterwatch]\nname = "replay"',
        '[crawl]\nfirst_run = "all"\nmax_age = "100y"\nallow_networks = ["127.0.0.0/8"]',
        'delay_per_host = "0s"',
    ]
    lines += [f'[[sources]]\nid = "{one}"\nurl = "{replay.sites[one].url}"' for one in sites]
    return "\n".join([*lines, extra, ""])


@contextmanager
def _slack(replay: SecondReplay) -> Iterator[SlackDouble]:
    slack = SlackDouble()
    replay.run(slack.__aenter__())
    try:
        yield slack
    finally:
        replay.run(slack.__aexit__(None, None, None))


def _channels(slack: SlackDouble, mail: MailSink) -> str:
    parts = [
        f'[slack]\nbase_url = "{slack.base_url}"',
        f'[email]\nsmtp = "{mail.url}"\nsender = "Clusterwatch <news@example.org>"',
    ]
    ways = {"s": "slack:#cluster-news", "m": "email:reader@example.org", "f": "file:digests/"}
    for name, to in ways.items():
        parts.append(
            f'[[subscriptions]]\nid = "{name}"\nto = "{to}"\nsince = "1d"\n'
            'topics = ["ai", "3d-printing", "korea-cooperation"]'
        )
    return "\n".join(parts)


def _crawl(shell: Shell, replay: SecondReplay, played: Played) -> None:
    before = len(replay.log)
    done = shell.run("crawl", "--json")
    assert done.code == 0, done.err
    played.crawls.append(done.json())
    played.hits.append([one for one in replay.log[before:] if one.path != "/robots.txt"])


def _read_archive(shell: Shell, played: Played) -> None:
    database = Database(f"sqlite:///{shell.folder / 'clusterwatch.db'}")
    for item in ItemStore(database).find(Filter()):
        played.archive.setdefault(item.source, []).append(item)
    database.close()
    played.listed = shell.run("items", "list", "--json").json()
    for site in SHOWN:
        for one in played.listed:
            if (one["source"], one["title"]) == (site, SEEDS[site]):
                played.shown[site] = shell.run("items", "show", one["id"], "--json").json()


def _publish_everywhere_else(replay: SecondReplay, today: datetime) -> None:
    paths = {
        "bund": "DE/Aktuelles/Erfolge/2026/lastenraeder.html",
        "karten": "aktuelles/lastenraeder",
        "gazette": f"{today:%Y/%m}/cargo-bikes-for-crafts",
        "bloecke": f"{today:%Y/%m/%d}/lastenraeder",
        "twin": f"updates/{today:%Y}/{today:%B}".lower() + "/cargo-bikes-for-crafts",
    }
    for site, path in paths.items():
        title, words = PLAIN_NEWS
        replay.publish(site, news(path, title, words.format(place=site.title()), today))


def play(shell: Shell) -> Played:
    """The whole job, once: three crawls, two digests over three channels."""
    today = datetime.now(UTC)
    with serving() as replay, _slack(replay) as slack, MailSink() as mail:
        (shell.folder / "clusterwatch.env").write_text(
            f"SLACK_BOT_TOKEN={slack.token}\nCLUSTERWATCH_SECRET={'5' * 64}\n", "utf-8"
        )
        (shell.folder / "clusterwatch.env").chmod(0o600)
        shell.write(configuration(replay, SITES, _channels(slack, mail)))
        result = Played({name: list(site.items) for name, site in replay.sites.items()}, {})
        _crawl(shell, replay, result)
        _read_archive(shell, result)
        result.sends.append(shell.run("digest", "send", "--now", "--json"))
        _crawl(shell, replay, result)
        posts, mails = len(slack.posts), len(mail.messages)
        files = set(shell.folder.glob("digests/*.html"))
        replay.publish("klynge", news("803", *AI_NEWS, today))
        _publish_everywhere_else(replay, today)
        _crawl(shell, replay, result)
        result.sends.append(shell.run("digest", "send", "--now", "--json"))
        written = set(shell.folder.glob("digests/*.html")) - files
        result.messages = {
            "slack": [json.dumps(one.blocks, ensure_ascii=False) for one in slack.posts[posts:]],
            "email": [
                one.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
                for one in mail.messages[mails:]
            ],
            "file": [one.read_text("utf-8") for one in written],
        }
    return result
