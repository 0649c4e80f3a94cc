"""A test line: tried once, its result told, nothing queued, and no incident made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from alerts.outbox import refusal_of
from alerts.wiring import AlertParts
from crawler.errors import DeliveryError, SubscriptionError
from crawler.model.delivery import Delivery
from crawler.model.subscription import Subscription


def send_test(parts: AlertParts, subscription: Subscription, now: datetime) -> Delivery:
    """The marked line as it was sent, or "dead" with the reason; a sent one is kept as history.

    Raises SubscriptionError while sending is held.
    """
    if parts.deliveries.held():
        raise SubscriptionError(
            "Sending is held: no test goes out either.",
            remedy="Look, then let it go on: clusterwatch digest release --dry-run",
        )
    message = parts.payloads.test(subscription, now)
    channel = parts.channels.get(message.channel)
    try:
        if channel is None:
            raise refusal_of(message)
        sent_as = channel.send(message)
    except DeliveryError as error:
        return replace(message, state="dead", error=error.line(), attempts=1)
    finally:
        if channel is not None:
            channel.close()
    done = replace(
        message, state="sent", external_id=sent_as, sent_at=now, attempts=1, next_attempt=None
    )
    parts.deliveries.queue(done)
    return done
