"""Finds broken set-ups: each problem with its remedy."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alerts.backups import secret_files
from alerts.channels.base import Channel
from alerts.wiring import AlertParts, channels_of, dkim_key, open_alerts
from crawler.config import Settings
from crawler.errors import ClusterwatchError, ConfigError
from crawler.sources.faults import OUR_NETWORK, nothing_reached
from crawler.storage.database import Database
from crawler.storage.invariants import breaches, mend
from crawler.storage.schema import copied

OLDEST_SENSIBLE_YEAR = 2026  # a clock before this program was written is wrong
SECRET_FILES = ("clusterwatch.env",)


@dataclass(frozen=True)
class Finding:
    """One check: what it looked at, and what is wrong with it, if anything."""

    check: str
    ok: bool
    message: str = ""
    remedy: str = ""
    serious: bool = True  # False: worth knowing, nothing fails


def examine(
    settings: Settings,
    now: datetime,
    *,
    deep: bool = False,
    repair: bool = False,
    absent: str = "",
) -> list[Finding]:
    """Every check of an installation. Never raises errors of ours: they become findings.

    ``deep`` also looks whether the rows of the database agree; ``repair`` mends what does not,
    after a copy of a SQLite database. ``absent`` says that there is no database yet, and that an
    empty one stands for it.
    """
    findings = [*_clock(now), *_secrets(settings), *_logo(settings), *_crawl(settings)]
    wrong = _wrong(settings)
    try:
        # What is declared wrongly hides nothing else: the rest is checked as it was stored.
        with open_alerts(settings, sync=wrong is None) as parts:
            findings.append(Finding("database", not absent, absent, serious=False))
            for check in (_sources, _subscriptions, _operator, _signing, _mailbox, _channels):
                findings += _guarded(check, parts)
            findings += _rows(parts.crawler.database, now, repair) if deep or repair else ()
    except ClusterwatchError as error:
        findings.append(Finding("database", False, error.message, error.remedy))
    return [wrong or Finding("configuration", True, settings.label), *findings]


def _wrong(settings: Settings) -> Finding | None:
    """What the file declares wrongly, such as a subscription to a topic that there is not."""
    try:
        with open_alerts(settings, sync=True):
            return None
    except ConfigError as error:
        return Finding("configuration", False, error.message, error.remedy)
    except ClusterwatchError:
        return None  # no declaration's fault, and told where it is met again


def _guarded(check: Callable[[AlertParts], Iterator[Finding]], parts: AlertParts) -> list[Finding]:
    try:
        return list(check(parts))
    except ClusterwatchError as error:
        return [Finding(check.__name__.strip("_"), False, error.message, error.remedy)]


def _rows(database: Database, now: datetime, repair: bool) -> Iterator[Finding]:
    """Whether the rows keep what they must; what was mended is told, and where the copy is."""
    found = breaches(database, now)
    if repair and any(one.mendable for one in found):
        kept = copied(database, "repair", now)
        mend(database, now)
        left = {one.name for one in breaches(database, now)}
        said = f" Copy before: {kept}" if kept else ""
        for one in found:
            if one.name not in left:
                yield Finding(one.name, True, f"Mended: {one.message}{said}")
        found = [one for one in found if one.name in left]
    for one in found:
        remedy = "clusterwatch doctor --deep --repair" if one.mendable else one.remedy
        yield Finding(one.name, False, one.message, remedy)
    if not found:
        yield Finding("rows", True, "they agree")


def _clock(now: datetime) -> Iterator[Finding]:
    right = now.year >= OLDEST_SENSIBLE_YEAR
    yield Finding(
        "clock", right, "" if right else f"The clock says {now:%Y-%m-%d}.",
        "" if right else "Set the clock, e.g. with timedatectl set-ntp true.",
    )  # fmt: skip


def _secrets(settings: Settings) -> Iterator[Finding]:
    files = [settings.folder / name for name in SECRET_FILES]
    files += [settings.folder / key for key in secret_files(settings) if key]
    readable = [file for file in files if file.exists() and _others_read(file)]
    for file in readable:
        remedy = f"chmod 600 {file}"
        yield Finding("secrets", False, f"{file.name} can be read by other users.", remedy)
    database = _open_database(settings.clusterwatch.database)
    if database is not None:
        yield Finding(
            "secrets", False, f"{database.name} can be read by every user: readers' addresses, "
            "and what links are signed with.", f"chmod o-rwx {database}*",
        )  # fmt: skip
    if not readable and database is None:
        yield Finding("secrets", True)


def _open_database(url: str) -> Path | None:
    """The SQLite file, where everybody on the machine can read it; a group may be meant to."""
    file = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or not file.exists():
        return None
    return file if file.stat().st_mode & stat.S_IROTH else None


def _others_read(file: Path) -> bool:
    return bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _logo(settings: Settings) -> Iterator[Finding]:
    if settings.web.logo and not (settings.folder / settings.web.logo).is_file():
        yield Finding(
            "logo", False, f"[web] logo: there is no file {settings.folder / settings.web.logo}.",
            "Put it there, or name another; a backup does not hold it.", serious=False,
        )  # fmt: skip


def _crawl(settings: Settings) -> Iterator[Finding]:
    if settings.crawl.contact:
        yield Finding("contact", True, settings.crawl.contact)
    else:
        yield Finding(
            "contact", False, "Sites cannot tell whom to write to.",
            'Set [crawl] contact = "mailto:you@example.org".', serious=False,
        )  # fmt: skip
    if not settings.crawl.obey_robots:
        yield Finding(
            "robots", False, "robots.txt is not obeyed.",
            "Set [crawl] obey_robots = true.", serious=False,
        )  # fmt: skip
    else:
        yield Finding("robots", True)


def _sources(parts: AlertParts) -> Iterator[Finding]:
    rows = parts.crawler.sources.all()
    watched = [row for row in rows if row.state.status == "active"]
    failing = [row for row in watched if row.state.failures]
    if not rows:
        yield Finding("sources", False, "Nothing is watched.", "clusterwatch sources add https://…")
    elif not watched:
        said = "Nothing is watched: every source is paused or switched off."
        yield Finding("sources", False, said, "clusterwatch sources resume ID")
    elif not failing:
        yield Finding("sources", True, f"{len(watched)} watched")
    if any(row.source.render for row in rows):
        yield from _browser()
    if failing and nothing_reached([row.state for row in watched]):
        said = f"None could be reached, most likely by our own network: {failing[0].state.error}"
        yield Finding("sources", False, said, OUR_NETWORK)
        return
    for row in failing:
        remedy = row.state.remedy or f"clusterwatch sources check {row.source.id}"
        yield Finding("sources", False, f"{row.source.id}: {row.state.error}", remedy)


def _browser() -> Iterator[Finding]:
    """Whether sources that say render = "browser" can be polled."""
    from crawler.fetch.chromium import find_chromium

    try:
        found = find_chromium()
    except ClusterwatchError as error:
        yield Finding("browser", False, error.message, error.remedy)
        return
    yield Finding("browser", True, found.path)
    if not found.sandbox:
        yield Finding(
            "browser", False, "As root, Chromium runs without its sandbox.",
            "Let Clusterwatch run as a user of its own.", serious=False,
        )  # fmt: skip


def _subscriptions(parts: AlertParts) -> Iterator[Finding]:
    stored = parts.subscription_store.all()
    rows = [row.subscription for row in stored if row.delivering]
    if not stored and parts.settings.subscriptions:
        return  # the file's are not stored yet: what is wrong with it comes first
    if not rows:
        yield Finding(
            "subscriptions", False, "Nobody hears about anything.",
            "clusterwatch subscriptions add …", serious=False,
        )  # fmt: skip
        return
    used = {one.channel for one in rows}
    settings = parts.settings
    if "email" in used and not settings.clusterwatch.public_url:
        yield Finding(
            "public_url", False, "Mails carry no web links: readers leave by mail only.",
            'Set [clusterwatch] public_url = "https://…" where the web pages are reachable.',
            serious=False,
        )  # fmt: skip
    elif "email" in used and not settings.clusterwatch.public_url.startswith("https:"):
        yield Finding(
            "public_url", False,
            "It is not https: mail programs offer no one-click leaving (RFC 8058), the header "
            "carries mailto only.",
            'Put the pages behind TLS and set [clusterwatch] public_url = "https://…".',
            serious=False,
        )  # fmt: skip
    if "email" in used and not settings.secrets.secret.get_secret_value():
        yield Finding(
            "secret", False, "Leave links are signed with a secret that the database keeps.",
            "Set CLUSTERWATCH_SECRET in clusterwatch.env, e.g. to the output of: "
            "openssl rand -hex 32",
            serious=False,
        )  # fmt: skip
    yield Finding("subscriptions", True, f"{len(rows)} active")


def _operator(parts: AlertParts) -> Iterator[Finding]:
    """Whether somebody hears of incidents, also where that somebody's own way is broken."""
    operators = parts.settings.clusterwatch.operators
    if not operators:
        yield Finding(
            "operator", False, "Nobody is told when deliveries fail.",
            'Set [clusterwatch] operator = "email:ops@example.org".', serious=False,
        )  # fmt: skip
    elif len({to.partition(":")[0] for to in operators}) == 1:
        name = operators[0].partition(":")[0]
        yield Finding(
            "operator", False, f"When {name} itself is what is broken, nobody is told.",
            "Name a second way after a comma: "
            f'operator = "{operators[0]}, {"slack:#ops" if name == "email" else "email:…"}".',
            serious=False,
        )  # fmt: skip
    else:
        yield Finding("operator", True, f"{len(operators)} ways")


def _signing(parts: AlertParts) -> Iterator[Finding]:
    """DKIM: the key is tried; what DNS says of it is told how to look at."""
    try:
        key = dkim_key(parts.settings)
    except ClusterwatchError as error:
        yield Finding("dkim", False, error.message, error.remedy)
        return
    if key is not None:
        name = f"{key.selector}._domainkey.{key.domain}"
        yield Finding(
            "dkim", True,
            f"The key signs. Whether DNS publishes its public half: dig +short TXT {name}; "
            "to compare with: openssl rsa -pubout -in "
            f"{parts.settings.email.dkim_key_file}",
        )  # fmt: skip


def _mailbox(parts: AlertParts) -> Iterator[Finding]:
    """Whether what comes back is read: bounces, mails to leave and to confirm."""
    folder = parts.mail_folder
    if folder is not None:
        problems = folder.check()
        for problem in problems:
            yield Finding("mailbox", False, problem)
        if not problems:
            yield Finding("mailbox", True)
    elif "email" in _used(parts):
        yield Finding(
            "mailbox", False, "Nobody reads bounces, nor mails with which readers leave.",
            'Set [mailbox] imap = "imaps://…" or folder = "mails/" (of .eml files), or feed them '
            "to: clusterwatch bounces FILE.",
            serious=False,
        )  # fmt: skip


def _used(parts: AlertParts) -> dict[str, list[str]]:
    """The channels that something goes out by, each with its targets; the operator's too."""
    rows = parts.subscription_store.all()
    used: dict[str, list[str]] = {}
    readers = (row.subscription.to for row in rows if row.delivering)
    for to in (*readers, *parts.settings.clusterwatch.operators):
        name, _, target = to.partition(":")
        used.setdefault(name, []).append(target)
    return used


def _channels(parts: AlertParts) -> Iterator[Finding]:
    used, channels = _used(parts), _without_broken_key(parts)
    remedies = {
        "slack": "Set SLACK_BOT_TOKEN or SLACK_WEBHOOK_URL in clusterwatch.env.",
        "email": "Set [email] smtp and sender.",
    }
    for name, targets in sorted(used.items()):
        channel = channels.get(name)
        if channel is None:
            yield Finding(name, False, f"{name} is not set up.", remedies.get(name, ""))
            continue
        problems = channel.check(targets)
        for problem in problems:
            yield Finding(name, False, problem)
        if not problems:
            yield Finding(name, True)


def _without_broken_key(parts: AlertParts) -> Mapping[str, Channel]:
    """The channels; a DKIM key that cannot be used is told of by itself and hides none."""
    try:
        return parts.channels
    except ClusterwatchError:
        email = parts.settings.email.model_copy(update={"dkim_key_file": ""})
        unsigned = parts.settings.model_copy(update={"email": email})
        return dict(channels_of(unsigned, parts.crawler))
