"""What a backup carries besides the rows: the configuration, and the names of the secrets.

Secrets themselves are never in it: it names what has to be carried over by hand.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.config import DEFAULT_FILE, Settings
from crawler.errors import UsageError
from crawler.storage.database import Database

_MOST_CHARACTERS = 10_000_000  # of a configuration file
# Only backups have this table.
_TABLE = "CREATE TABLE clusterwatch_backup (configuration TEXT, secrets TEXT NOT NULL)"
_THERE = "SELECT count(*) FROM sqlite_master WHERE name = 'clusterwatch_backup'"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a backup says about the installation it was made of."""

    configuration: str | None  # the text of its file; None: it ran on the shipped defaults
    secrets: tuple[str, ...]  # names of variables and files, without their values


def back_up(settings: Settings, database: Database, file: Path) -> Carried:
    """Write the database and its configuration to a new file while everything runs.

    Raises UsageError where the file exists, StorageError for PostgreSQL and a missing folder.
    """
    if file.exists():
        raise UsageError(f"{file} exists already.", remedy="Choose another name.")
    text = settings.path.read_text("utf-8") if settings.path else None
    carried = Carried(text, secret_names(settings))

    def carry(copy: sqlite3.Connection) -> None:
        copy.execute(_TABLE)
        values = (carried.configuration, json.dumps(carried.secrets))
        copy.execute("INSERT INTO clusterwatch_backup VALUES (?, ?)", values)

    database.backup_to(file, carry)
    return carried


def carried_by(backup: sqlite3.Connection) -> Carried | None:
    """What the opened backup carries; None for a plain copy of a database."""
    if not backup.execute(_THERE).fetchone()[0]:
        return None
    row = backup.execute("SELECT configuration, secrets FROM clusterwatch_backup").fetchone()
    if row is None:
        return None
    text = None if row[0] is None else str(row[0])[:_MOST_CHARACTERS]
    return Carried(text, tuple(str(name) for name in json.loads(row[1])))


def drop_carried(copy: sqlite3.Connection) -> None:
    """Make the copy of a backup a plain database."""
    copy.execute("DROP TABLE IF EXISTS clusterwatch_backup")
    copy.commit()


def configuration_back(carried: Carried, settings: Settings) -> Path | None:
    """Write the configuration of a backup, beside a file that says something else.

    Returns the file written, None where nothing was to be written.
    """
    if carried.configuration is None:
        return None
    target = settings.path or settings.folder / DEFAULT_FILE
    if target.exists():
        if target.read_text("utf-8", errors="replace") == carried.configuration:
            return None
        target = target.with_name(f"{target.name}.from-backup")
    target.write_text(carried.configuration, "utf-8")
    return target


def secret_names(settings: Settings) -> tuple[str, ...]:
    """What an installation needs besides its backup: variables and files that hold secrets."""
    named = [name for name, secret in _variables(settings) if secret]
    return (*named, *(key for key in secret_files(settings) if key))


def missing_secrets(carried: Carried, settings: Settings) -> tuple[str, ...]:
    """Those of a backup's secrets that are not here, and files of the configuration that are not:
    its secrets and its logo, which no backup holds."""
    here = {name for name, secret in _variables(settings) if secret}
    wanted = (*secret_files(settings), settings.web.logo)
    absent = [name for name in wanted if name and not (settings.folder / name).is_file()]
    told = [
        name
        for name in carried.secrets
        if name not in here and not (settings.folder / name).is_file()
    ]
    return tuple(dict.fromkeys((*told, *absent)))


def secret_files(settings: Settings) -> Sequence[str]:
    """The files that the configuration names for secrets; relative to its folder."""
    return (
        settings.slack.bot_token_file, settings.slack.signing_secret_file,
        settings.slack.app_token_file, settings.slack.webhook_url_file,
        settings.email.password_file, settings.mailbox.password_file,
        settings.web.secret_file, settings.web.admin_token_file, settings.email.dkim_key_file,
        *(source.headers_file for source in settings.sources),
    )  # fmt: skip


def _variables(settings: Settings) -> list[tuple[str, bool]]:
    """(name, whether it comes from the environment or clusterwatch.env)."""
    held, slack = settings.secrets, settings.slack
    plain = (
        ("SLACK_BOT_TOKEN", held.slack_bot_token, slack.bot_token_file),
        ("SLACK_SIGNING_SECRET", held.slack_signing_secret, slack.signing_secret_file),
        ("SLACK_APP_TOKEN", held.slack_app_token, slack.app_token_file),
        ("SLACK_WEBHOOK_URL", held.slack_webhook_url, slack.webhook_url_file),
        ("CLUSTERWATCH_WEBHOOK_SECRET", held.webhook_secret, ""),
        ("CLUSTERWATCH_SMTP_PASSWORD", held.smtp_password, settings.email.password_file),
        ("CLUSTERWATCH_IMAP_PASSWORD", held.imap_password, settings.mailbox.password_file),
        ("CLUSTERWATCH_SECRET", held.secret, settings.web.secret_file),
        ("CLUSTERWATCH_ADMIN_TOKEN", held.admin_token, settings.web.admin_token_file),
    )
    named = [(name, bool(one.get_secret_value()) and not file) for name, one, file in plain]
    return [*named, *((f"CLUSTERWATCH_APPRISE_{name}", True) for name in held.apprise)]
