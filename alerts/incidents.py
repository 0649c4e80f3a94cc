"""What the operator is told of deliveries: once when something breaks, once when it works again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from crawler.errors import ClusterwatchError, DeliveryError
from crawler.failpoints import reach
from crawler.logs import event
from crawler.model.delivery import Delivery
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.incidents import Incident, IncidentStore

OPERATOR = "operator"  # the subscription under which notes to the operator are queued
# Broken for a whole channel, not for one recipient.
_OF_THE_CHANNEL = frozenset(
    {
        "account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed",
        "not_allowed_token_type", "missing_scope", "no_permission", "no_service",
        "no_active_hooks", "smtp_no_login", "unencrypted_login", "no_look_up",
    }
)  # fmt: skip
_log = logging.getLogger(__name__)

# Renders one note: (window, key, title, lines, remedy, now) -> the delivery to queue, or None
# where no operator is configured.
Note = Callable[[str, str, str, tuple[str, ...], str, datetime], Delivery | None]


class Incidents:
    """Opens, closes and tells incidents of delivery."""

    def __init__(self, store: IncidentStore, deliveries: DeliveryStore, note: Note) -> None:
        self.store = store
        self._deliveries = deliveries
        self._note = note

    def failed_for_good(
        self, delivery: Delivery, state: str, error: DeliveryError, now: datetime
    ) -> None:
        """A delivery is dead or parked. A note to the operator that fails is only logged."""
        if delivery.subscription == OPERATOR:
            event(_log, logging.ERROR, "operator.unreachable", reason=error.reason)
            return
        whole = error.reason in _OF_THE_CHANNEL or error.reason.startswith("smtp_login")
        key = delivery.channel if whole else delivery.to
        lines = [
            f"{_what(delivery, state)}: {error.message}",
            f"Delivery {delivery.id}, window {delivery.window}.",
            error.remedy,
        ]
        text = "\n".join(" ".join(line.split()) for line in lines)
        if self.store.open(key, text, now):
            reach("incident.opened")

    def works_again(self, delivery: Delivery, now: datetime) -> None:
        """A delivery arrived: what was broken on its way is over."""
        self.store.close([delivery.channel, delivery.to], now)

    def open(self, key: str, title: str, remedy: str, now: datetime) -> None:
        """Any other incident, e.g. of a source."""
        self.store.open(key, f"{title}\n{remedy}", now)

    def close(self, key: str, now: datetime) -> None:
        """It is over."""
        self.store.close([key], now)

    def tell(self, now: datetime) -> int:
        """Queue the notes that are due; the outbox sends them. Returns how many."""
        told = 0
        for incident in self.store.untold():
            try:
                told += self._queue(incident, now)
            except ClusterwatchError as error:
                event(_log, logging.ERROR, "operator.unreachable", reason=error.message)
        return told

    def _queue(self, incident: Incident, now: datetime) -> bool:
        over = incident.closed_at is not None
        title, *lines = incident.text.split("\n")
        remedy = lines.pop() if lines and not over else ""
        heading = f"Works again: {title}" if over else title
        window = f"incident:{incident.id}:{'closed' if over else 'open'}"
        note = self._note(window, incident.key, heading, tuple(lines), remedy, now)
        if note is not None:
            # Unique by window: a crash between these two steps queues no second note.
            self._deliveries.queue(note)
            reach("incident.queued")
        self.store.told(incident)
        reach("incident.told")
        return note is not None


def _what(delivery: Delivery, state: str) -> str:
    if state == "parked":
        return f"It cannot be told whether the digest for “{delivery.subscription}” arrived"
    return f"The digest for “{delivery.subscription}” could not be delivered"
