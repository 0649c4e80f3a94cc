"""A digest, a note or a test line as deliveries: rendered for its channel, named, frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from alerts.digests.document import digest_document
from alerts.digests.email import render_email, render_html, render_text
from alerts.digests.messages import render_message
from alerts.digests.shared_mail import Reader, SharedMail
from alerts.digests.slack import EVENT_TYPE, render_slack
from alerts.digests.words import words_for
from alerts.incidents import OPERATOR
from alerts.links import Links
from crawler.errors import ConfigError
from crawler.model.delivery import Delivery
from crawler.model.digest import Digest
from crawler.model.subscription import Subscription


class Payloads:
    """Renders what goes out. ``instance`` tells installations apart in delivery ids."""

    def __init__(
        self, instance: str, sender: str, links: Links, *, interactive: bool = False
    ) -> None:
        """``interactive``: somebody answers what readers click in Slack."""
        self.instance = instance
        self.interactive = interactive
        self.sender = sender
        self.links = links

    def digest(
        self, digest: Digest, subscription: Subscription, now: datetime
    ) -> tuple[Delivery, ...]:
        """The deliveries of one window: part 0, then thread parts. ConfigError without a way."""
        first = self.delivery_id(subscription.id, digest.window)
        payloads = self._rendered(digest, subscription, first)
        return self.frozen(payloads, subscription, digest.window, now)

    def frozen(
        self, payloads: Sequence[str], subscription: Subscription, window: str, now: datetime
    ) -> tuple[Delivery, ...]:
        """Rendered messages of one window as its deliveries."""
        first = self.delivery_id(subscription.id, window)
        return tuple(
            Delivery(
                id=first if part == 0 else f"{first}-{part}",
                subscription=subscription.id,
                window=window,
                part=part,
                channel=subscription.channel,
                to=subscription.to,
                state="pending",
                payload=payload,
                created_at=now,
                next_attempt=now,
                thread_of=first if part else "",
            )
            for part, payload in enumerate(payloads)
        )

    def shared_mail(
        self, digest: Callable[[Mapping[str, str]], Digest], sample: Reader
    ) -> SharedMail | None:
        """The mail of many readers, of whom ``sample`` is one; ``digest`` composes it with the
        personal links it is given. None where each is written by itself."""
        return SharedMail.of(digest, sample, self._sender(), self.links.public_url)

    def message(
        self,
        name: str,
        to: str,
        *,
        subscription: str,
        window: str,
        language: str,
        now: datetime,
        slack_text: str = "",
        **words: object,
    ) -> Delivery:
        """One of our own messages (confirm, welcome, operator, test) as a delivery."""
        channel, _, address = to.partition(":")
        identity = self.delivery_id(subscription, window)
        if channel == "email":
            notices = {} if name in ("operator", "test") else self.links.notices()
            raw = render_message(
                name, language, address, self._sender(), now=now, delivery_id=identity,
                **notices, **words,
            )  # fmt: skip
            payload = raw.decode("ascii")
        elif channel == "slack":
            payload = _json(slack_message(address, slack_text or str(words["title"]), identity))
        elif channel in ("webhook", "apprise"):
            said = {"title": str(words.get("title", "")), "body": slack_text}
            payload = _json({"id": identity, "type": name, **said})
        else:
            payload = slack_text or str(words.get("title", ""))
        return Delivery(
            id=identity,
            subscription=subscription,
            window=window,
            part=0,
            channel=channel,
            to=to,
            state="pending",
            payload=payload,
            created_at=now,
            next_attempt=now,
        )

    def note(
        self, to: str, window: str, title: str, lines: Sequence[str], remedy: str, now: datetime
    ) -> Delivery:
        """A note to the operator."""
        text = "\n".join(line for line in (title, *lines, remedy) if line)
        return self.message(
            "operator", to, subscription=OPERATOR, window=window, language="en", now=now,
            slack_text=text, title=title, lines=tuple(lines), remedy=remedy,
        )  # fmt: skip

    def test(self, subscription: Subscription, now: datetime) -> Delivery:
        """One line, marked as a test, the way the subscription's digest goes."""
        said = words_for(subscription.digest_language).say("Test line from Clusterwatch")
        return self.message(
            "test", subscription.to, subscription=subscription.id,
            window=f"test:{now.isoformat()}", language=subscription.digest_language, now=now,
            slack_text=f"{said}: {subscription.id}", title=said,
        )  # fmt: skip

    def delivery_id(self, subscription: str, window: str) -> str:
        """The identity of a message: the same for the same subscription and window."""
        seed = f"{self.instance}\n{subscription}\n{window}"
        return hashlib.sha256(seed.encode()).hexdigest()[:32]

    def _rendered(self, digest: Digest, subscription: Subscription, first: str) -> list[str]:
        match subscription.channel:
            case "slack":
                parts = render_slack(
                    digest,
                    channel=subscription.address,
                    delivery_id=first,
                    interactive=self.interactive,
                )
                return [_json(part) for part in parts]
            case "email":
                raw = render_email(
                    digest,
                    sender=self._sender(),
                    recipient=subscription.address,
                    delivery_id=first,
                    list_id=subscription.id,
                    unsubscribe_url=self.links.leave(subscription),
                    unsubscribe_mailto=self.links.leave_by_mail(subscription),
                    public_url=self.links.public_url,
                )
                return [raw.decode("ascii")]
            case "file":
                return [render_html(digest)]
            case "webhook":
                return [_json(digest_document(digest, first))]
            case "apprise":
                return [_json({"title": digest.title, "body": render_text(digest)})]
        raise ConfigError(
            f'Subscription "{subscription.id}": there is no channel "{subscription.channel}".',
            remedy='Allowed: "slack:…", "email:…", "file:…", "webhook:…", "apprise:…".',
        )

    def _sender(self) -> str:
        if not self.sender:
            raise ConfigError(
                "Mail needs a sender.", remedy='Set [email] sender = "Name <news@example.org>".'
            )
        return self.sender


def slack_message(channel: str, text: str, delivery_id: str) -> dict[str, object]:
    """A plain message for ``chat.postMessage``."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {
        "channel": channel,
        "text": escaped[:3900] or "Clusterwatch",
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": delivery_id}},
    }


def _json(payload: object) -> str:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True)
