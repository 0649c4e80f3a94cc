"""The answer to a mail that only says "unsubscribe": the sender gets the link that leaves.

Who wrote such a mail is not proven, so that it changes nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.payloads import Payloads
from alerts.tokens import TokenSigner
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.subscriptions import SubscriptionStore


@dataclass(frozen=True)
class LeaveLinks:
    """Mails to an address, at most once a day for each subscription, how it is left."""

    subscriptions: SubscriptionStore
    deliveries: DeliveryStore
    payloads: Payloads
    signer: TokenSigner

    def send(self, address: str, now: datetime) -> int:
        """How many subscriptions that address has; nothing is mailed where it has none."""
        rows = self.subscriptions.of_address(self.signer.address_hashes(address))
        active = [row.subscription for row in rows if row.delivering]
        links = self.payloads.links
        for one in active:
            message = self.payloads.message(
                "preferences", one.to, subscription=one.id, window=f"leaving:{now:%Y-%m-%d}",
                language=one.digest_language, now=now, title="Your subscription",
                link=links.manage(one, now) or links.leave_by_mail(one),
            )  # fmt: skip
            self.deliveries.queue(message)
        return len(active)
