"""Which messages did not arrive, and what to do about each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from alerts.incidents import OPERATOR, note_of
from alerts.local_time import shown
from crawler.model.delivery import Delivery
from crawler.storage.deliveries import GIVEN_UP, DeliveryStore
from crawler.storage.subscriptions import SubscriptionStore

WITHIN = timedelta(days=7)
STATES = ("retry", "parked", "dead")
_MOST = 100


def undelivered(
    deliveries: DeliveryStore, subscriptions: SubscriptionStore, now: datetime
) -> list[Delivery]:
    """What was made within a week and did not arrive, newest first, at most 100.

    Not a note to the operator that went out by another way, and not those given up on purpose: by
    the operator, before any attempt, for a recipient who left, or as a test.
    """
    hearing = {row.subscription.id for row in subscriptions.all() if row.delivering}
    notes = deliveries.find(subscription=OPERATOR, states=("sent",))
    told = {note_of(one.window) for one in notes}
    found = [
        one
        for one in deliveries.find(states=STATES, limit=_MOST)
        if one.subscription != OPERATOR or note_of(one.window) not in told
    ]
    return [one for one in found if one.created_at >= now - WITHIN and _is_missed(one, hearing)]


def lost(found: Sequence[Delivery]) -> list[Delivery]:
    """Those of ``undelivered`` that nothing tries again: what every page counts."""
    return [one for one in found if one.state != "retry"]


def remedy(one: Delivery, zone: str = "UTC") -> str:
    """What happens next to a message that did not arrive, in local time, or what to do."""
    if one.state == "retry":
        when = f" at {shown(one.next_attempt, zone)}" if one.next_attempt else ""
        return f"Next try{when}."
    if one.state == "parked":
        return f"It may have arrived: look at {one.to}; it is not repeated."
    if one.subscription == OPERATOR:
        return "Look at [clusterwatch] operator: clusterwatch doctor"
    return f"Then: clusterwatch digest send {one.subscription} --again"


def _is_missed(one: Delivery, hearing: Collection[str]) -> bool:
    if one.window.startswith("test:") or one.error == GIVEN_UP:
        return False
    if one.state != "dead":
        return True
    wanted = one.subscription == OPERATOR or one.subscription in hearing
    return wanted and one.attempts > 0 and bool(one.payload)
