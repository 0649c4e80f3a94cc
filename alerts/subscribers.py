"""A person's data: what we know of an address, and its erasure."""

from __future__ import annotations

from datetime import datetime
from email import message_from_string, policy
from typing import Any

from alerts.tokens import TokenSigner
from crawler.model.delivery import Delivery
from crawler.storage.people import PeopleStore
from crawler.storage.subscriptions import SubscriptionRow


class Subscribers:
    """Answers a person's questions about their data."""

    def __init__(self, people: PeopleStore, signer: TokenSigner | None) -> None:
        self._people = people
        self._signer = signer

    def export(self, address: str) -> dict[str, Any]:
        """Everything stored about an address, JSON-able; empty lists where there is nothing."""
        to, hashes = self._keys(address)
        rows = self._people.subscriptions_of(to, hashes)
        ids = [row.subscription.id for row in rows]
        suppressed = self._people.suppressed(hashes)
        return {
            "address": to.partition(":")[2],
            "subscriptions": [_subscription(row) for row in rows],
            "deliveries": [_delivery(one) for one in self._people.deliveries_of(ids, to)],
            "received": self._people.received(ids, to),
            "incidents": self._people.incidents(to),
            "suppressed": None
            if suppressed is None
            else {"reason": suppressed[0], "since": suppressed[1].isoformat(timespec="seconds")},
        }

    def erase(self, address: str, now: datetime) -> int:
        """Erase an address; the number of its subscriptions. See ``PeopleStore.erase``."""
        to, hashes = self._keys(address)
        return self._people.erase(to, hashes, now)

    def _keys(self, address: str) -> tuple[str, list[str]]:
        plain = address.strip().removeprefix("email:")
        hashes = self._signer.address_hashes(plain) if self._signer else []
        return f"email:{plain}", hashes


def _subscription(row: SubscriptionRow) -> dict[str, Any]:
    one = row.subscription
    return {
        "id": one.id,
        "to": one.to,
        "status": one.status,
        "topics": list(one.topics),
        "sources": list(one.sources),
        "languages": list(one.languages),
        "schedule": one.schedule,
        "timezone": one.timezone,
        "created_at": row.created_at.isoformat(timespec="seconds"),
        "active_since": one.active_since.isoformat(timespec="seconds")
        if one.active_since
        else None,
        "consent": dict(row.consent),
    }


def _delivery(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "window": one.window,
        "state": one.state,
        "created_at": _moment(one.created_at),
        "sent_at": _moment(one.sent_at),
        "subject": _subject(one.payload),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _subject(payload: str) -> str | None:
    message = message_from_string(payload, policy=policy.default)
    return str(message["Subject"]) if message["Subject"] else None
