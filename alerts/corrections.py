"""Corrects posted digests: a story that changed is marked in the message itself, by an edit.

An edit is a delivery of its own and harmless to repeat. It is made from the message as it was
posted and everything that changed since, so one edit never undoes another; while one is under
way, the next waits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.digests.correcting import Change, corrected
from alerts.digests.story import LEAST_CHANGE, item_link
from alerts.digests.words import words_for
from alerts.payloads import Payloads
from crawler.failpoints import reach
from crawler.model.delivery import Delivery
from crawler.model.item import Item
from crawler.model.source import Source
from crawler.storage.corrections import CorrectionStore, Outdated
from crawler.storage.deliveries import OPEN_STATES, DeliveryStore
from crawler.storage.items import ItemStore
from crawler.storage.subscriptions import SubscriptionStore

_KIND = "corrected:"  # how the windows of edits begin
_REST = timedelta(minutes=5)  # what was written late is met then


@dataclass
class Corrections:
    """Compares what was posted with what the items say now."""

    store: CorrectionStore
    items: ItemStore
    deliveries: DeliveryStore
    subscriptions: SubscriptionStore
    payloads: Payloads
    sources: Callable[[], Mapping[str, Source]]
    # Up to which change everything is corrected, and until when that is taken for granted.
    _done: tuple[datetime, datetime] | None = field(default=None, init=False)

    def queue_due(self, now: datetime) -> int:
        """Queue the edits that are due and not made yet; how many."""
        changed = self.store.newest_change()
        if changed is None or self._is_done(changed, now):
            return 0
        outdated = self.store.outdated(now)
        rows = self.subscriptions.some({one.message.subscription for one in outdated})
        languages = {
            row.subscription.id: row.subscription.digest_language for row in rows if row.delivering
        }
        queued = 0
        for one in outdated:
            subscription = one.message.subscription
            if subscription in languages and not self._under_way(subscription):
                queued += self._queue(one, languages[subscription], now)
        if not queued and changed <= now and not self.store.some_wait(now):
            self._done = changed, now + _REST
        return queued

    def _is_done(self, changed: datetime, now: datetime) -> bool:
        if self._done is None:
            return False
        before, until = self._done
        return changed == before and until - _REST <= now < until

    def _queue(self, outdated: Outdated, language: str, now: datetime) -> int:
        sources, queued = self.sources(), 0
        found = self.items.by_ids([item for item, _ in outdated.items])
        changes = [_change(item, sources) for item in found]
        for part in self.store.parts(outdated.message.id):
            body = corrected(json.loads(part.payload), changes, words_for(language))
            if body is not None and self.deliveries.queue(self._edit(part, outdated, body, now)):
                reach("correction.queued")
                queued += 1
        return queued

    def _under_way(self, subscription: str) -> bool:
        waiting = self.deliveries.find(subscription=subscription, states=OPEN_STATES)
        return any(one.window.startswith(_KIND) for one in waiting)

    def _edit(
        self, part: Delivery, outdated: Outdated, body: dict[str, object], now: datetime
    ) -> Delivery:
        """Named by the message and what changed: the same edit is queued once."""
        stamps = [f"{item} {changed.isoformat()}" for item, changed in outdated.items]
        name = hashlib.sha256("\n".join((part.id, *stamps)).encode()).hexdigest()
        window = f"{_KIND}{name[:40]}"
        payload = {**body, "update_of": part.id}
        return Delivery(
            id=self.payloads.delivery_id(part.subscription, window),
            subscription=part.subscription,
            window=window,
            part=0,
            channel=part.channel,
            to=part.to,
            state="pending",
            payload=json.dumps(payload, ensure_ascii=False, sort_keys=True),
            created_at=now,
            next_attempt=now,
        )


def _change(item: Item, sources: Mapping[str, Source]) -> Change:
    """What may be told of it: as far as its source's excerpt reaches."""
    source = sources.get(item.source)
    room = source.excerpt if source else len(item.change)
    return Change(item_link(item), item.change[:room] if room >= LEAST_CHANGE else "")
