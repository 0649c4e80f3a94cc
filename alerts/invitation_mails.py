"""The two mails of a subscription's beginning: the question, and the welcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.digests.describing import described
from alerts.digests.words import words_for
from alerts.payloads import Payloads
from alerts.tokens import CONFIRM_LASTS
from crawler.errors import ConfigError
from crawler.model.delivery import Delivery
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition


@dataclass(frozen=True)
class InvitationMails:
    """Renders them; ``topics`` knows the names under which they tell of topics."""

    payloads: Payloads
    topics: Callable[[], Mapping[str, TopicDefinition]]

    def promise(self, subscription: Subscription) -> str:
        """What both mails say will come, word for word: what is consented to."""
        words = words_for(subscription.digest_language)
        return words.say("What you will get: {what}", what=self._what(subscription))

    def confirmation(self, subscription: Subscription, nonce: str, now: datetime) -> Delivery:
        """The question; ``nonce`` makes its links worthless once the recipient left.

        Raises ConfigError where it could not be answered.
        """
        links, subject = self.payloads.links, f"{subscription.id}\n{nonce}"
        link = links.confirm(subject, now, subscription.digest_language)
        mailto = links.confirm_by_mail(subject, now)
        if not link and not mailto:
            raise ConfigError(
                "There is no way to confirm a subscription.",
                remedy="Set [clusterwatch] public_url, or [email] sender and [mailbox].",
            )
        last = (now + CONFIRM_LASTS).date()
        return self.payloads.message(
            "confirm", subscription.to, subscription=subscription.id, window=f"confirm:{nonce}",
            language=subscription.digest_language, now=now, title="Please confirm",
            link=link, mailto=mailto, what=self._what(subscription),
            until=words_for(subscription.digest_language).days(last, last),
        )  # fmt: skip

    def welcome(self, subscription: Subscription, nonce: str, now: datetime) -> Delivery:
        """Once for each confirmation: what they get, and how to leave."""
        links = self.payloads.links
        return self.payloads.message(
            "welcome", subscription.to, subscription=subscription.id, window=f"welcome:{nonce}",
            language=subscription.digest_language, now=now, title="Welcome",
            link=links.leave(subscription), mailto=links.leave_by_mail(subscription),
            what=self._what(subscription),
        )  # fmt: skip

    def _what(self, subscription: Subscription) -> str:
        return described(subscription, self.topics())
