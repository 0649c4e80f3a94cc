"""Entering subscriptions by hand: the same checks for the command line and the web."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from alerts.wiring import AlertParts
    from crawler.model.subscription import Subscription
    from crawler.storage.subscriptions import SubscriptionRow

_SLACK_ID = re.compile(r"[CGDU][A-Z0-9]{8,}", re.ASCII)


def checked(parts: AlertParts, values: dict[str, Any]) -> Subscription:
    """The values as a declaration, checked as the file's are. Raises UsageError."""
    from pydantic import ValidationError

    from crawler.config.reading import explained
    from crawler.config.tables import SubscriptionTable
    from crawler.wiring import check_names

    ready = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in values.items()
        if value not in (None, "", [])
    }
    try:
        table = SubscriptionTable.model_validate(ready)
    except ValidationError as error:
        raise UsageError(explained(error, SubscriptionTable)) from error
    subscription = table.subscription("", parts.settings.clusterwatch.timezone)
    check_names(parts.crawler, "The subscription's", subscription)
    return subscription


def asked(
    parts: AlertParts, subscription: Subscription, *, now: datetime, origin: str
) -> SubscriptionRow:
    """Ask the recipient by mail, also one that left. Raises UsageError for one without."""
    if subscription.channel != "email":
        raise UsageError("Only who is reached by mail can be asked to confirm.")
    return parts.subscriptions.ask(subscription, now=now, origin=origin).row


def has_left(parts: AlertParts, subscription: Subscription) -> bool:
    """Whether the recipient left before, so that only ``asked`` brings it back."""
    if subscription.channel != "email":
        return False
    hashes = parts.signer.address_hashes(subscription.address)
    return parts.subscription_store.suppressed(hashes)


def recipient(text: str) -> str:
    """A recipient with its channel. Raises UsageError saying which channel it seems to need."""
    channel, colon, _ = text.partition(":")
    if colon and channel.isalpha():
        return text
    if "@" in text[1:]:
        meant = f"email:{text}"
    elif text.startswith("#") or _SLACK_ID.fullmatch(text):
        meant = f"slack:{text}"
    elif "/" in text:
        meant = f"file:{text}"
    else:
        raise UsageError(
            f'The recipient "{text}" names no channel.',
            remedy='Write "slack:#channel", "email:someone@example.org" or "file:folder/".',
        )
    raise UsageError(f'The recipient "{text}" names no channel.', remedy=f'Write "{meant}".')


def new_id(to: str, parts: AlertParts) -> str:
    """A short name from the recipient; of a person nothing but that it is mail."""
    channel, _, address = to.partition(":")
    plain = re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-")[:40]
    base = "mail" if channel == "email" else plain or channel or "subscription"
    taken = {row.subscription.id for row in parts.subscription_store.all(everything=True)}
    names = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
