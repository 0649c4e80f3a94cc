"""The tables of ``clusterwatch.toml``: every key with its type, default and meaning."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, model_validator

from crawler.config.channels import EmailSettings, MailboxSettings, SlackSettings
from crawler.config.values import (
    Identity,
    LinkPattern,
    Listening,
    Network,
    Seconds,
    Selector,
    Server,
    Table,
    WebAddress,
    Zone,
    operators,
)
from crawler.config.values import first_run as check_first_run
from crawler.config.values import operator as check_operator
from crawler.config.values import recipient as check_recipient
from crawler.model.source import Source
from crawler.model.subscription import Subscription


class InstallationSettings(Table):
    """``[clusterwatch]``: this installation."""

    name: Identity = Field(
        "main", description="Name of this installation; declarations belong to it."
    )
    database: str = Field(
        "sqlite:///clusterwatch.db", description="SQLite file or postgresql://… address."
    )
    timezone: Zone = Field("Europe/Berlin", description="Zone of dates that name none.")
    public_url: WebAddress | Literal[""] = Field(
        "", description="Where subscribers reach the web pages; unset: no web links are written."
    )
    translate_url: str = Field(
        "",
        pattern=r"^(https?://[^\s<>\"]*\{url\}[^\s<>\"]*)?$",
        max_length=500,
        description="A translation service's address with {url} and {language}; unset: no link.",
    )
    operator: Annotated[str, AfterValidator(check_operator)] = Field(
        "",
        description='Who hears of incidents: "email:…" or "slack:…", never readers; after a comma, '
        "who hears where that way is broken.",
    )

    @property
    def operators(self) -> tuple[str, ...]:
        """The operator's addresses, in the order they are tried."""
        return operators(self.operator)


class CrawlSettings(Table):
    """``[crawl]``: how pages are fetched."""

    contact: str = Field(
        "", max_length=200, description="Goes into the User-Agent: mailto: or web address."
    )
    every: Seconds = Field(
        timedelta(hours=1), description="How often a source is polled by default."
    )
    min_every: Seconds = Field(
        timedelta(minutes=15), description="The learned interval's lower bound."
    )
    max_every: Seconds = Field(
        timedelta(hours=24), description="The learned interval's upper bound."
    )
    concurrent_requests: int = Field(
        32, ge=1, le=1000, description="Requests under way at once, over all hosts."
    )
    delay_per_host: Seconds = Field(
        timedelta(seconds=1), description="Pause between two requests to one host."
    )
    obey_robots: bool = Field(True, description="Whether robots.txt is obeyed.")
    obey_tdm: bool = Field(
        True, description="Whether texts of pages that reserve text and data mining stay unread."
    )
    max_page_bytes: int = Field(
        5_000_000,
        ge=10_000,
        le=200_000_000,
        description="Largest page read, decompressed, in bytes.",
    )
    timeout: Seconds = Field(timedelta(seconds=30), description="Time for one whole response.")
    allow_networks: tuple[Network, ...] = Field(
        (), description='Private networks that may be fetched from, e.g. ["10.1.0.0/16"].'
    )
    first_run: Annotated[str, AfterValidator(check_first_run)] = Field(
        "7d", description='A new source alerts only about items this recent ("all", "none").'
    )
    max_age: Seconds = Field(
        timedelta(days=30), description="First seen when older: archived, never alerted."
    )
    proxy: Server = Field(
        "",
        pattern=r"^(https?://[^ /@]+/?)?$",
        description="HTTP proxy, http://host:port; HTTPS_PROXY is honoured too, with a login.",
    )

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.min_every > self.max_every:
            raise ValueError("min_every must not be longer than max_every")
        return self


class SourceTable(Table):
    """``[[sources]]``: one watched page or feed."""

    id: Identity = Field(description="Short name, unique.")
    name: str = Field("", max_length=200, description="Name that readers see; default: the id.")
    url: WebAddress = Field(description="Address of the news page or feed.")
    kind: Literal["auto", "feed", "listing", "sitemap", "page", "newsletter"] = Field(
        "auto", description="How it is watched; auto: found out."
    )
    every: Seconds | None = Field(
        None, description="How often it is polled; default: [crawl] every."
    )
    language: str = Field(
        "", pattern="^([a-z]{2})?$", description="Language of its items; default: detected."
    )
    render: Literal["", "browser"] = Field(
        "", description='"browser" for pages that are empty without JavaScript.'
    )
    tags: tuple[str, ...] = Field((), description='Tags for subscriptions ("tag:rivals").')
    enabled: bool = Field(True, description="Whether it is polled.")
    only_links: tuple[LinkPattern, ...] = Field(
        (),
        max_length=200,
        description='Path patterns ("/news/*"): only such links are items. One with "?" or "=" may '
        'also match path and query, one with "://" the whole address.',
    )
    skip_links: tuple[LinkPattern, ...] = Field(
        (),
        max_length=200,
        description="Path patterns, as in `only_links`: such links are no items.",
    )
    selector: Selector = Field(
        "", max_length=500, description="CSS selector of the item blocks, the last resort."
    )
    excerpt: int = Field(
        160, ge=0, le=1000, description="Characters shown of its texts; 0: title and link."
    )
    headers_file: str = Field("", description="File with extra request headers, one a line.")
    senders: tuple[str, ...] = Field(
        (),
        description="Of a newsletter: who sends it (address, @domain or List-Id); "
        "default: the url's domain.",
    )

    def source(self, declared_by: str) -> Source:
        """The declaration as the noun the rest of the house uses."""
        values = self.model_dump()
        return Source(**(values | {"name": self.name or self.id, "declared_by": declared_by}))


class WebSettings(Table):
    """``[web]``: the pages subscribers see. CLUSTERWATCH_SECRET, CLUSTERWATCH_ADMIN_TOKEN."""

    listen: Listening = Field(
        "127.0.0.1:8080", pattern=r"^\S+:\d{1,5}$", description="Address and port."
    )
    archive: Literal["subscribers", "public"] = Field(
        "subscribers", description="Who may read the archive."
    )
    name: str = Field("", max_length=100, description="Name shown on pages and in first mails.")
    logo: str = Field("", description="Image file shown on pages.")
    accent: str = Field(
        "", pattern="^(#[0-9a-fA-F]{6})?$", description='Accent colour, e.g. "#0a5c8a".'
    )
    imprint_url: WebAddress | Literal[""] = Field(
        "", description="Imprint linked from pages and mails."
    )
    privacy_url: WebAddress | Literal[""] = Field(
        "", description="Privacy notice linked from pages and mails."
    )
    trusted_proxies: tuple[Network, ...] = Field(
        (), description="Only they may set forwarded headers."
    )
    secret_file: str = Field("", description="File that holds CLUSTERWATCH_SECRET.")
    admin_token_file: str = Field("", description="File that holds CLUSTERWATCH_ADMIN_TOKEN.")


class RetentionSettings(Table):
    """``[retention]``: how long texts and payloads are kept."""

    # At least a day: what goes cannot be brought back, and "0d" is more likely meant as "for ever".
    texts: Seconds = Field(timedelta(days=730), ge=timedelta(days=1), description="Texts of items.")
    deliveries: Seconds = Field(
        timedelta(days=90), ge=timedelta(days=1), description="Payloads of deliveries."
    )


class SubscriptionTable(Table):
    """``[[subscriptions]]``: who hears about what, where and when."""

    id: Identity = Field(description="Short name, unique.")
    to: Annotated[str, AfterValidator(check_recipient)] = Field(
        description='"slack:#channel", "slack:C…", "slack:U…", "email:a@b.org", "file:folder/", '
        '"webhook:https://…" or "apprise:NAME".'
    )
    topics: tuple[str, ...] = Field(
        ("*",), min_length=1, description='Topic ids; ["*"]: every item.'
    )
    sources: tuple[str, ...] = Field((), description='Source ids or "tag:…"; []: all.')
    schedule: str = Field(
        "daily 08:00",
        max_length=100,
        description='"daily 08:00", "weekdays 08:00", "weekly mon 08:00", "hourly", '
        '"immediate" or a cron line.',
    )
    timezone: Zone | Literal[""] = Field(
        "", description="Zone of the schedule; default: [clusterwatch] timezone."
    )
    languages: tuple[str, ...] = Field((), description="Languages of the items; []: all.")
    digest_language: Literal["en", "de", "da"] = Field(
        "en", description="Language of the digest's own words."
    )
    quiet_hours: str = Field(
        "", pattern=r"^(\d\d:\d\d-\d\d:\d\d)?$", description='"20:00-07:00": held, then sent.'
    )
    holidays: str | tuple[str, ...] = Field(
        "", description='Region ("DE-SN") or dates: held, then one catch-up.'
    )
    when_empty: Literal["silent", "line"] = Field(
        "silent", description="What is sent when nothing is new."
    )
    since: str = Field(
        "", pattern=r"^(\d+[smhdwy])?$", description='"3d": look back when it becomes active.'
    )
    max_stories: int = Field(25, ge=1, le=500, description="The rest is rolled up.")

    def subscription(self, declared_by: str, zone: str) -> Subscription:
        """The declaration as the noun the rest of the house uses."""
        values = self.model_dump()
        held = (self.holidays,) if isinstance(self.holidays, str) else self.holidays
        return Subscription(
            **(
                values
                | {
                    "holidays": tuple(day for day in held if day),
                    "timezone": self.timezone or zone,
                    "declared_by": declared_by,
                }
            )
        )


class File(Table):
    """The whole file."""

    clusterwatch: InstallationSettings = InstallationSettings()
    crawl: CrawlSettings = CrawlSettings()
    sources: tuple[SourceTable, ...] = ()
    topics: tuple[dict[str, Any], ...] = ()
    slack: SlackSettings = SlackSettings()
    email: EmailSettings = EmailSettings()
    mailbox: MailboxSettings = MailboxSettings()
    web: WebSettings = WebSettings()
    retention: RetentionSettings = RetentionSettings()
    subscriptions: tuple[SubscriptionTable, ...] = ()


class Secrets(Table):
    """What never stands in the file; every value hides itself when printed."""

    slack_bot_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_webhook_url: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")
    apprise: dict[str, SecretStr] = Field(default_factory=dict)  # addresses by name
    smtp_password: SecretStr = SecretStr("")
    imap_password: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    admin_token: SecretStr = SecretStr("")


class Settings(Table):
    """One installation's settings, complete and checked."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True, extra="forbid")

    path: Path | None = Field(None, description="The file read; None: the shipped defaults.")
    folder: Path = Field(description="Folder that relative paths count from.")
    clusterwatch: InstallationSettings
    crawl: CrawlSettings
    sources: tuple[Source, ...]
    topics: tuple[dict[str, Any], ...]
    slack: SlackSettings
    email: EmailSettings
    mailbox: MailboxSettings
    web: WebSettings
    retention: RetentionSettings
    subscriptions: tuple[Subscription, ...]
    secrets: Secrets

    @property
    def zone(self) -> ZoneInfo:
        """The installation's time zone."""
        return ZoneInfo(self.clusterwatch.timezone)

    @property
    def label(self) -> str:
        """How errors name where a declaration stands."""
        return self.path.name if self.path else "the shipped defaults"
