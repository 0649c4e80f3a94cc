"""Where a subscriber changes, pauses or leaves: signed web links, or a mail without web pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import quote

from alerts.tokens import CONFIRM_LASTS, MANAGE_LASTS, RATE_LASTS, TokenSigner
from crawler.model.subscription import Subscription


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the links of one installation; without ``public_url`` no web links are written."""

    signer: TokenSigner | None
    public_url: str = ""  # without a slash at the end
    sender: str = ""  # "Name <address>": mails with a leave token go there
    operator: str = ""  # shown where nothing else helps
    translate: str = ""  # an address with {url} and {language}
    imprint: str = ""  # of who runs it; shown in mails
    privacy: str = ""
    mailbox: bool = True  # what is mailed to the sender is read
    accent: str = ""  # "#7a1fa2": of the installation's links and buttons
    brand: str = ""  # the name that readers know it by

    @property
    def by_mail(self) -> bool:
        """Whether leaving by mail is offered: where mails are read, or no one-click link is."""
        return self.mailbox or not self.public_url.startswith("https://")

    def leave(self, subscription: Subscription) -> str:
        """The one-click address that never expires, "" without public web pages."""
        if not self.public_url or self.signer is None:
            return ""
        return f"{self.public_url}/leave/{self._leave_token(subscription, self.signer)}"

    def leave_by_mail(self, subscription: Subscription) -> str:
        """A mailto: address whose subject leaves, "" without a sender or where nobody reads it."""
        address = parseaddr(self.sender)[1] if self.by_mail else ""
        if not address or self.signer is None or subscription.channel != "email":
            return ""
        subject = quote(f"leave {self._leave_token(subscription, self.signer)}")
        return f"mailto:{quote(address, safe='@+')}?subject={subject}"

    def manage(self, subscription: Subscription, now: datetime) -> str:
        """Where to change or pause, for some weeks; "" without public web pages."""
        if not self.public_url or self.signer is None:
            return ""
        token = self.signer.sign("manage", subscription.id, now=now, lasts=MANAGE_LASTS)
        return f"{self.public_url}/manage/{token}?lang={subscription.digest_language}"

    def confirm(self, subject: str, now: datetime, language: str = "en") -> str:
        """Where to confirm, for a week, on a page in ``language``; "" without public web pages."""
        if not self.public_url or self.signer is None:
            return ""
        token = self.signer.sign("confirm", subject, now=now, lasts=CONFIRM_LASTS)
        return f"{self.public_url}/confirm/{token}?lang={language}"

    def confirm_by_mail(self, subject: str, now: datetime) -> str:
        """A mailto: address whose subject confirms, "" without a sender, and beside a web page
        where nobody reads it: waiting for an answer to it would be in vain."""
        offered = self.mailbox or not self.public_url
        address = parseaddr(self.sender)[1] if offered else ""
        if not address or self.signer is None:
            return ""
        token = self.signer.sign("confirm", subject, now=now, lasts=CONFIRM_LASTS)
        return f"mailto:{quote(address, safe='@+')}?subject={quote('confirm ' + token)}"

    def rate(self, subscription: Subscription, delivery_id: str, now: datetime) -> str:
        """Where the stories of one digest are judged; "" without public web pages."""
        if not self.public_url or self.signer is None:
            return ""
        subject = f"{delivery_id}\n{subscription.id}"
        return (
            f"{self.public_url}/rate/{self.signer.sign('rate', subject, now=now, lasts=RATE_LASTS)}"
        )

    def notices(self) -> dict[str, str]:
        """Who is responsible and what is kept, for mails to readers, their name and colour."""
        return {
            "imprint": self.imprint,
            "privacy": self.privacy,
            "accent": self.accent,
            "brand": self.brand,
        }

    def of_digest(
        self, subscription: Subscription, now: datetime, delivery_id: str = ""
    ) -> Mapping[str, str]:
        """What ``compose`` asks for; only links that exist."""
        personal = subscription.channel == "email"
        judged = delivery_id and subscription.channel in ("email", "file")
        links = {
            "status": f"{self.public_url}/status" if self.public_url else "",
            "archive": f"{self.public_url}/archive" if self.public_url else "",
            # In a channel a personal link would let every reader end it for all.
            "manage": self.manage(subscription, now) if personal else "",
            "leave": self.leave(subscription) if personal else "",
            "mailto": self.leave_by_mail(subscription),
            "rate": self.rate(subscription, delivery_id, now) if judged else "",
            "operator": self.operator,
            "translate": self.translate,
            "imprint": self.imprint if personal else "",
            "privacy": self.privacy if personal else "",
            "accent": self.accent,
        }
        return {name: link for name, link in links.items() if link}

    def _leave_token(self, subscription: Subscription, signer: TokenSigner) -> str:
        # Does not depend on the time: the signature is the same in every mail.
        epoch = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
        return signer.sign("leave", subscription.id, now=epoch, lasts=None)
