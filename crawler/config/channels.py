"""The tables of ``clusterwatch.toml`` for the ways in and out: Slack, mail, the mailbox."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from crawler.config.values import Seconds, Server, Table

INBOX = "INBOX"  # the folder of an IMAP server that every mailbox has


class SlackSettings(Table):
    """``[slack]``: SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_APP_TOKEN or SLACK_WEBHOOK_URL."""

    base_url: Server = Field(
        "https://slack.com/api/",
        pattern="^https?://[^ ]+$",
        description="Address of Slack's Web API.",
    )
    bot_token_file: str = Field("", description="File that holds SLACK_BOT_TOKEN.")
    signing_secret_file: str = Field("", description="File that holds SLACK_SIGNING_SECRET.")
    app_token_file: str = Field("", description="File that holds SLACK_APP_TOKEN.")
    webhook_url_file: str = Field("", description="File that holds SLACK_WEBHOOK_URL.")
    timeout: Seconds = Field(timedelta(seconds=20), description="Time for one call.")


class EmailSettings(Table):
    """``[email]``: the mail server that takes our digests. CLUSTERWATCH_SMTP_PASSWORD."""

    smtp: Server = Field(
        "", pattern="^(smtps?://[^ /@]+/?)?$", description="smtp://host:port or smtps://host:port."
    )
    user: str = Field("", description="Login; unset: none.")
    sender: str = Field(
        "", max_length=320, description='From line, e.g. "Clusterwatch <news@example.org>".'
    )
    password_file: str = Field("", description="File that holds CLUSTERWATCH_SMTP_PASSWORD.")
    dkim_selector: str = Field(
        "", pattern=r"^([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*)?$", description="Name of the DKIM key."
    )
    dkim_key_file: str = Field(
        "", description="PEM file with the private RSA key that signs mails (extra: dkim)."
    )
    timeout: Seconds = Field(
        timedelta(seconds=30), description="Time for one step of the conversation."
    )


class MailboxSettings(Table):
    """``[mailbox]``: newsletters, bounces, unsubscribe mails. CLUSTERWATCH_IMAP_PASSWORD."""

    imap: Server = Field("", pattern="^(imaps?://[^ /@]+/?)?$", description="imaps://host.")
    user: str = Field("", description="Login.")
    folder: str = Field(
        INBOX,
        min_length=1,
        description="Folder that is read: on the IMAP server; without imap, of .eml files.",
    )
    password_file: str = Field("", description="File that holds CLUSTERWATCH_IMAP_PASSWORD.")
