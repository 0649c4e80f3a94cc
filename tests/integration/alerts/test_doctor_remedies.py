"""Every broken set-up of docs/doctor.md: it is found, and following its remedy mends it."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.demo.mail_sink import MailSink
from alerts.demo.slack_double import SlackDouble
from alerts.demo.slack_workspace import SlackChannel
from alerts.doctor import Finding, examine
from crawler.config import load
from crawler.errors import ConfigError
from crawler.storage.database import Database
from crawler.storage.schema import HEAD
from tests.e2e.loops import loop_thread
from tests.fixtures.imap_double import ImapDouble

PAGE = Path(__file__).parents[3] / "docs/doctor.md"
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
SOURCE = '[[sources]]\nid = "a"\nurl = "https://www.example.org/news"\n'
FILES = '[[subscriptions]]\nid = "s"\nto = "file:d/"\n'
READER = '[[subscriptions]]\nid = "s"\nto = "email:a@b.org"\n'
SCOPES = ("chat:write", "channels:read", "channels:history")
CHANNELS = (
    SlackChannel("C0NEWS0001", "cluster-news"),
    SlackChannel("C0AWAY0001", "elsewhere", is_member=False),
    SlackChannel("C0OLD00001", "old", is_archived=True),
)


@dataclass
class Setup:
    """One installation: its file, its secrets, and what else was done to it."""

    text: str
    secrets: dict[str, str] = field(default_factory=dict)
    now: datetime = NOW
    act: Callable[[Path], object] = lambda folder: None


@dataclass
class World:
    """The doubles an installation talks to."""

    slack: SlackDouble
    strict: MailSink  # wants a login, and lets one address send
    open: MailSink
    imap: ImapDouble

    def channel(self, name: str, token: str = "", scopes: tuple[str, ...] = SCOPES) -> Setup:
        def act(_: Path) -> None:
            self.slack.scopes = scopes

        text = f'{SOURCE}[slack]\nbase_url = "{self.slack.base_url}"\n'
        text += f'[[subscriptions]]\nid = "s"\nto = "slack:#{name}"\n'
        return Setup(text, {"SLACK_BOT_TOKEN": token or self.slack.token}, act=act)

    def mail(self, sender: str, password: str = "right", smtp: str = "") -> Setup:
        text = f'{SOURCE}{READER}[email]\nsmtp = "{smtp or self.strict.url}"\nuser = "u"\n'
        text += f'sender = "News <{sender}>"\n'
        return Setup(text, {"CLUSTERWATCH_SMTP_PASSWORD": password})


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    slack = SlackDouble(channels=CHANNELS)
    strict, free = MailSink(user="u", password="right"), MailSink()
    with loop_thread() as run, strict, free, ImapDouble() as imap:
        run(slack.__aenter__())
        strict.refuse_sender("stranger@b.org")
        try:
            yield World(slack, strict, free, imap)
        finally:
            run(slack.__aexit__(None, None, None))


def versioned(version: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        database = Database(f"sqlite:///{folder / 'clusterwatch.db'}")
        database.ensure()
        database.close()
        with closing(sqlite3.connect(folder / "clusterwatch.db")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))

    return act


def mode(bits: int) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        (folder / "clusterwatch.env").write_text("CLUSTERWATCH_SECRET=" + "s" * 32, "utf-8")
        (folder / "clusterwatch.env").chmod(bits)

    return act


def readable(bits: int) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        versioned(HEAD)(folder)
        (folder / "clusterwatch.db").chmod(bits)

    return act


def failing(error: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "clusterwatch.db")) as connection, connection:
            connection.execute(
                "UPDATE sources SET failures = ?, error = ?", (3 if error else 0, error)
            )

    return act


def key(folder: Path) -> None:
    subprocess.run(
        ["openssl", "genrsa", "-out", folder / "dkim.pem", "2048"], check=True, capture_output=True
    )


DKIM = SOURCE + '[email]\nsender = "C <c@b.org>"\ndkim_selector = "n"\ndkim_key_file = "dkim.pem"\n'
OPERATOR = '[clusterwatch]\noperator = "{}"\n'
Pair = tuple[Setup, Setup]


def cases(world: World) -> dict[str, Pair]:
    """Row of the page → the broken set-up, and the one that its remedy leads to."""
    fine = Setup(SOURCE + FILES)
    news = world.channel("cluster-news")
    hook = SOURCE + '[[subscriptions]]\nid = "s"\nto = "webhook:https://b.org/x"\n'
    box = f'{SOURCE}[mailbox]\nimap = "{world.imap.url}"\nuser = "u"\n'
    seen = {"CLUSTERWATCH_IMAP_PASSWORD": "secret"}
    sinks = f'{SOURCE}{READER}[email]\nsmtp = "{world.open.url}"\nsender = "N <n@b.org>"\n'
    return {
        "the database's folder cannot be used": (
            Setup(
                SOURCE + '[clusterwatch]\ndatabase = "sqlite:///place/c.db"\n',
                act=lambda folder: (folder / "place").write_text("a file", "utf-8"),
            ),
            fine,
        ),
        "the database is of an older version": (
            Setup(SOURCE, act=versioned("0000")), Setup(SOURCE, act=versioned(HEAD)),
        ),
        "the database is of a newer version": (
            Setup(SOURCE, act=versioned("9999")), Setup(SOURCE, act=versioned(HEAD)),
        ),
        "the clock is wrong": (Setup(SOURCE, now=datetime(1970, 1, 2, tzinfo=UTC)), fine),
        "others can read the secrets": (
            Setup(SOURCE, act=mode(0o644)), Setup(SOURCE, act=mode(0o600)),
        ),
        "everybody can read the database": (
            Setup(SOURCE, act=readable(0o644)), Setup(SOURCE, act=readable(0o640)),
        ),
        "nothing is watched": (Setup(FILES), fine),
        "a source fails": (
            Setup(SOURCE + FILES, act=failing("The page is gone.")),
            Setup(SOURCE + FILES, act=failing("")),
        ),
        "sites cannot tell whom to write to": (
            fine, Setup(SOURCE + '[crawl]\ncontact = "mailto:ops@example.org"\n'),
        ),
        "robots.txt is not obeyed": (
            Setup(SOURCE + "[crawl]\nobey_robots = false\n"),
            Setup(SOURCE + "[crawl]\nobey_robots = true\n"),
        ),
        "nobody hears about anything": (Setup(SOURCE), fine),
        "Slack's token is missing": (Setup(news.text), news),
        "Slack's token is not valid": (world.channel("cluster-news", "xoxb-old"), news),
        "the Slack app lacks a scope": (
            world.channel("cluster-news", scopes=("chat:write",)), news,
        ),
        "the bot is not in the channel": (world.channel("elsewhere"), news),
        "the channel is archived": (world.channel("old"), news),
        "the channel does not exist": (world.channel("cluster-newz"), news),
        "no mail server is set": (Setup(SOURCE + READER), world.mail("news@b.org")),
        "the mail server cannot be reached": (
            world.mail("news@b.org", smtp="smtp://127.0.0.1:9"), world.mail("news@b.org"),
        ),
        "the mail server refuses the login": (
            world.mail("news@b.org", "wrong"), world.mail("news@b.org"),
        ),
        "the mail server refuses the sender": (
            world.mail("stranger@b.org"), world.mail("news@b.org"),
        ),
        "mails carry no web links": (
            Setup(sinks),
            Setup('[clusterwatch]\npublic_url = "https://news.example.org"\n' + sinks),
        ),
        "the web pages are not reached by https": (
            Setup('[clusterwatch]\npublic_url = "http://news.example.org"\n' + sinks),
            Setup('[clusterwatch]\npublic_url = "https://news.example.org"\n' + sinks),
        ),
        "leave links are signed with a stored secret": (
            Setup(sinks), Setup(sinks, {"CLUSTERWATCH_SECRET": "s" * 32}),
        ),
        "nobody reads bounces": (Setup(SOURCE + READER), Setup(box + READER, seen)),
        "the mailbox cannot be opened": (
            Setup(SOURCE + '[mailbox]\nimap = "imap://127.0.0.1:9"\nuser = "u"\n'),
            Setup(box, seen),
        ),
        "the DKIM key cannot be read": (Setup(DKIM), Setup(DKIM, act=key)),
        "the webhook has no secret": (
            Setup(hook), Setup(hook, {"CLUSTERWATCH_WEBHOOK_SECRET": "whsec_" + "QUJD" * 8}),
        ),
        "the webhook's secret is too weak": (
            Setup(hook, {"CLUSTERWATCH_WEBHOOK_SECRET": "not base64!"}),
            Setup(hook, {"CLUSTERWATCH_WEBHOOK_SECRET": "whsec_" + "QUJD" * 8}),
        ),
        "nobody is told of incidents": (
            fine, Setup(OPERATOR.format("email:a@b.org, slack:#ops") + SOURCE),
        ),
        "the operator has one way only": (
            Setup(OPERATOR.format("email:a@b.org") + SOURCE),
            Setup(OPERATOR.format("email:a@b.org, slack:#ops") + SOURCE),
        ),
    }  # fmt: skip


def rows() -> dict[str, tuple[str, str]]:
    """Set-up → (check, remedy), as the page lists them."""
    found = re.findall(r"^\| (.+?) \| (\S+) \| (.+?) \|$", PAGE.read_text("utf-8"), re.M)
    return {name: (check, remedy) for name, check, remedy in found if check not in ("check", "---")}


def examined(folder: Path, setup: Setup) -> list[Finding]:
    folder.mkdir()
    (folder / "clusterwatch.toml").write_text(setup.text, "utf-8")
    settings = load(folder / "clusterwatch.toml", environment=setup.secrets)
    if setup.act.__qualname__.startswith("failing"):  # there is something that can fail
        examine(settings, NOW)
    setup.act(folder)
    return examine(settings, setup.now)


# The browser has tests of its own, which hide it; a misspelt key is refused by every command.
ELSEWHERE = {"a source needs a browser", "a key of the file is misspelt"}


@pytest.mark.parametrize("name", sorted(set(rows()) - ELSEWHERE))
def test_what_is_broken_is_found_and_its_remedy_mends_it(
    name: str, world: World, tmp_path: Path
) -> None:
    broken, mended = cases(world)[name]
    check, _ = rows()[name]
    [said] = [one for one in examined(tmp_path / "broken", broken) if one.check == check
              and not one.ok]  # fmt: skip
    assert said.remedy or "." in said.message
    assert [one for one in examined(tmp_path / "mended", mended) if one.check == check
            and not one.ok] == []  # fmt: skip


def test_a_misspelt_key_is_named_with_the_nearest_allowed_one(tmp_path: Path) -> None:
    (tmp_path / "clusterwatch.toml").write_text('[clusterwatch]\ntimezon = "UTC"\n', "utf-8")
    with pytest.raises(ConfigError, match="timezon") as refused:
        load(tmp_path / "clusterwatch.toml", environment={})
    assert "timezone" in refused.value.line()


def test_the_page_lists_twenty_and_more(world: World) -> None:
    assert set(rows()) == set(cases(world)) | ELSEWHERE
    assert len(rows()) >= 20
