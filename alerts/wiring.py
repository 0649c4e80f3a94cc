"""Settings to the parts of delivery, built in one place and handed to the doors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cached_property
from typing import TYPE_CHECKING

from alerts.channels.base import Channel
from alerts.corrections import Corrections
from alerts.dispatch import Dispatcher, Knowledge
from alerts.incidents import Incidents
from alerts.links import Links
from alerts.outbox import Outbox
from alerts.payloads import Payloads
from alerts.receipts import Receipts
from alerts.schedules import parse_schedule
from alerts.silence import Silences
from alerts.source_incidents import NETWORK, SourceIncidents
from alerts.tokens import TokenSigner
from alerts.windows import holds_of
from crawler.config import Settings
from crawler.config.channels import INBOX
from crawler.errors import ConfigError
from crawler.model.delivery import Delivery
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition
from crawler.storage.candidates import CandidateStore
from crawler.storage.channel_ids import ChannelMemory
from crawler.storage.claims import ClaimStore
from crawler.storage.corrections import CorrectionStore
from crawler.storage.database import utc_now
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.incidents import IncidentStore
from crawler.storage.installation import instance_id, link_secret
from crawler.storage.items import ItemStore
from crawler.storage.looks import Looks
from crawler.storage.network import NetworkStore
from crawler.storage.source_history import SourceHistory
from crawler.storage.subscriptions import SubscriptionStore
from crawler.wiring import Parts, open_parts

if TYPE_CHECKING:
    from alerts.channels.dkim_signing import DkimKey
    from alerts.mailbox.folders import MailFolder
    from alerts.mailbox.handling import Handled, MailHandler
    from alerts.subscribers import Subscribers
    from alerts.subscriptions import Subscriptions


@dataclass
class AlertParts:
    """Delivery's parts over the crawler's."""

    crawler: Parts
    is_out_of_step: bool = False  # it was told that the declared topics differ

    @property
    def settings(self) -> Settings:
        return self.crawler.settings

    @cached_property
    def subscription_store(self) -> SubscriptionStore:
        return SubscriptionStore(self.crawler.database)

    @cached_property
    def looks(self) -> Looks:
        return Looks(self.crawler.database)

    @cached_property
    def deliveries(self) -> DeliveryStore:
        return DeliveryStore(self.crawler.database)

    @cached_property
    def candidates(self) -> CandidateStore:
        return CandidateStore(self.crawler.database)

    @cached_property
    def incidents(self) -> Incidents:
        store = IncidentStore(self.crawler.database)
        # An address whose channel is not set up is asked last.
        operators = sorted(
            self.settings.clusterwatch.operators, key=lambda to: not _is_set_up(self.settings, to)
        )
        zone = self.settings.clusterwatch.timezone
        return Incidents(store, self.deliveries, self.payloads.note, operators, zone)

    @cached_property
    def source_incidents(self) -> SourceIncidents:
        database = self.crawler.database
        return SourceIncidents(
            self.crawler.sources, SourceHistory(database), NetworkStore(database), self.incidents
        )

    @cached_property
    def silences(self) -> Silences:
        return Silences(self.crawler.database)

    @cached_property
    def signer(self) -> TokenSigner:
        """Signs with CLUSTERWATCH_SECRET; without one, with a secret the database keeps.

        That one goes on verifying after a secret was set: leave links in old mails never expire.
        """
        kept = link_secret(self.crawler.database)
        secret = self.settings.secrets.secret.get_secret_value()
        return TokenSigner(secret, kept) if secret else TokenSigner(kept)

    @cached_property
    def links(self) -> Links:
        return Links(
            signer=self.signer,
            public_url=self.settings.clusterwatch.public_url.rstrip("/"),
            sender=self.settings.email.sender,
            operator=_shown(self.settings.clusterwatch.operators),
            translate=self.settings.clusterwatch.translate_url,
            imprint=self.settings.web.imprint_url,
            privacy=self.settings.web.privacy_url,
            mailbox=self.mail_folder is not None,
            accent=self.settings.web.accent,
            brand=self.settings.web.name,
        )

    @cached_property
    def payloads(self) -> Payloads:
        instance = instance_id(self.crawler.database)
        sender = self.settings.email.sender
        return Payloads(instance, sender, self.links, interactive=self.interactive)

    @property
    def interactive(self) -> bool:
        """Whether clicks and commands of Slack reach us: by signed requests or Socket Mode."""
        secrets = self.settings.secrets
        signed = secrets.slack_signing_secret.get_secret_value()
        if signed and self.settings.clusterwatch.public_url:
            return True
        return bool(secrets.slack_app_token.get_secret_value())

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """The channels that are set up, by the name before the colon in ``to``."""
        return dict(channels_of(self.settings, self.crawler))

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(
            ClaimStore(self.crawler.database), self.channels, self.incidents, clock=utc_now,
            bounced=self._bounced,
        )  # fmt: skip

    def withdraw_incidents(self, now: datetime) -> None:
        """Forget what is broken on the way to recipients whom nothing is sent to any more."""
        self.incidents.withdraw_gone(self.subscription_store.reached, now)

    def _bounced(self, delivery: Delivery, now: datetime) -> None:
        self.subscriptions.bounced(delivery.subscription, now=now, hard=True, count=1)

    @property
    def dispatcher(self) -> Dispatcher:
        receipts = Receipts(
            self.crawler.sources,
            self.candidates,
            self.silences.among,
            lambda since, now: self.incidents.store.lasting(NETWORK, since, now),
        )
        knowledge = Knowledge(
            sources=self.crawler.sources.names,
            topics=self._topics,
            concept_name=self.crawler.matcher.concept_name,
            receipt=receipts.since,
        )
        return Dispatcher(
            self.subscription_store, self.candidates, self.deliveries, knowledge, self.payloads,
            self.corrections.queue_due, self.looks,
        )  # fmt: skip

    @cached_property
    def corrections(self) -> Corrections:
        return Corrections(
            CorrectionStore(self.crawler.database), ItemStore(self.crawler.database),
            self.deliveries, self.subscription_store, self.payloads, self.crawler.sources.names,
        )  # fmt: skip

    @cached_property
    def subscriptions(self) -> Subscriptions:
        from alerts.subscriptions import Subscriptions

        return Subscriptions(
            self.crawler.database, self.subscription_store, self.deliveries, self.payloads,
            self.signer, self._topics,
        )  # fmt: skip

    @cached_property
    def subscribers(self) -> Subscribers:
        from alerts.subscribers import Subscribers
        from crawler.storage.people import PeopleStore

        return Subscribers(PeopleStore(self.crawler.database), self.signer)

    @cached_property
    def mail_folder(self) -> MailFolder | None:
        """The mailbox that is read, None where none is configured. Raises ConfigError."""
        box = self.settings.mailbox
        if not box.imap and box.folder == INBOX:
            return None
        from alerts.mailbox.folders import EmlFolder, ImapFolder

        if not box.imap:
            return EmlFolder(self.settings.folder / box.folder)
        password = self.settings.secrets.imap_password.get_secret_value()
        return ImapFolder(box.imap, box.user, password, box.folder)

    @cached_property
    def mail_handler(self) -> MailHandler:
        from alerts.mailbox.handling import MailHandler
        from alerts.mailbox.leaving import LeaveLinks
        from crawler.storage.mails import MailStore

        leaving = LeaveLinks(self.subscription_store, self.deliveries, self.payloads, self.signer)
        return MailHandler(
            MailStore(self.crawler.database), self.subscriptions, self.deliveries,
            self.crawler.sources, self.incidents.announce, leaving.send,
        )  # fmt: skip

    def read_mailbox(self, now: datetime) -> Handled:
        """Handle what came since the last look. Raises TemporaryDeliveryError and StorageError."""
        assert self.mail_folder is not None
        return self.mail_handler.handle_new(self.mail_folder, now)

    def close(self) -> None:
        """Close what channels hold open."""
        for channel in self.__dict__.get("channels", {}).values():
            channel.close()

    def _topics(self) -> Mapping[str, TopicDefinition]:
        return {topic.id: topic for topic in self.crawler.topics}


@contextmanager
def open_alerts(settings: Settings, *, sync: bool = False) -> Iterator[AlertParts]:
    """Delivery's parts; ``sync`` brings the file's declarations into the database.

    Raises ConfigError and StorageError.
    """
    with open_parts(settings, sync=sync) as crawler:
        parts = AlertParts(crawler)
        try:
            if sync:
                sync_subscriptions(parts, utc_now())
            yield parts
        finally:
            parts.close()


def sync_subscriptions(parts: AlertParts, now: datetime) -> None:
    """The file's subscriptions into the database. Raises ConfigError."""
    settings = parts.settings
    for one in settings.subscriptions:
        _check_times(settings, one)
    if settings.path is not None:
        parts.subscriptions.sync(settings.subscriptions, settings.clusterwatch.name, now)


def _shown(operators: Sequence[str]) -> str:
    """The operator's address that readers see: the first for mail, else the first."""
    mails = [to for to in operators if to.startswith("email:")]
    return next(iter((*mails, *operators)), "").partition(":")[2]


def _is_set_up(settings: Settings, to: str) -> bool:
    secrets = settings.secrets
    match to.partition(":")[0]:
        case "email":
            return bool(settings.email.smtp)
        case "slack":
            tokens = (secrets.slack_bot_token, secrets.slack_webhook_url)
            return any(token.get_secret_value() for token in tokens)
    return True


def _check_times(settings: Settings, subscription: Subscription) -> None:
    try:
        parse_schedule(subscription.schedule)
        holds_of(subscription)
    except ConfigError as error:
        where = f'{settings.label}: [[subscriptions]] "{subscription.id}"'
        raise ConfigError(f"{where}: {error.message}", remedy=error.remedy) from error


def channels_of(settings: Settings, crawler: Parts) -> Iterator[tuple[str, Channel]]:
    from alerts.channels.apprise import AppriseChannel
    from alerts.channels.file import FileChannel
    from alerts.channels.webhook import WebhookChannel

    yield "file", FileChannel(settings.folder)
    yield "webhook", WebhookChannel(settings.secrets.webhook_secret.get_secret_value())
    addresses = settings.secrets.apprise.items()
    yield "apprise", AppriseChannel({name: url.get_secret_value() for name, url in addresses})
    slack = _slack(settings, crawler)
    if slack is not None:
        yield "slack", slack
    if settings.email.smtp:
        yield "email", _smtp(settings)


def _smtp(settings: Settings) -> Channel:
    from alerts.channels.smtp import SmtpChannel

    return SmtpChannel(
        settings.email.smtp,
        user=settings.email.user,
        password=settings.secrets.smtp_password.get_secret_value(),
        timeout_seconds=settings.email.timeout.total_seconds(),
        dkim=dkim_key(settings),
        sender=parseaddr(settings.email.sender)[1],
    )


def dkim_key(settings: Settings) -> DkimKey | None:
    """The key that signs mails, None where none is configured. Raises ConfigError."""
    email = settings.email
    if not email.dkim_key_file:
        return None
    from alerts.channels.dkim_signing import read_key

    return read_key(settings.folder / email.dkim_key_file, email.dkim_selector, email.sender)


def _slack(settings: Settings, crawler: Parts) -> Channel | None:
    token = settings.secrets.slack_bot_token.get_secret_value()
    webhook = settings.secrets.slack_webhook_url.get_secret_value()
    timeout = int(settings.slack.timeout.total_seconds())
    if token:
        from alerts.channels.slack import SlackChannel

        memory = ChannelMemory(crawler.database, utc_now)
        base_url = settings.slack.base_url.rstrip("/") + "/"
        return SlackChannel(token, memory, base_url=base_url, timeout_seconds=timeout)
    if webhook:
        from alerts.channels.slack_webhook import SlackWebhookChannel

        return SlackWebhookChannel(webhook, timeout_seconds=timeout)
    return None
