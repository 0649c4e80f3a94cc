"""What a digest is composed of, beside its stories: looked up once for many at one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from alerts.digests.compose import compose
from alerts.schedules import Window
from alerts.selection import pending_since
from alerts.windows import look_back
from crawler.model.digest import Digest, Receipt, Selection
from crawler.model.source import Source
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition
from crawler.storage.subscriptions import SubscriptionRow


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What composing looks up: read anew for every digest, or once a round."""

    sources: Callable[[], Mapping[str, Source]]
    topics: Callable[[], Mapping[str, TopicDefinition]]
    concept_name: Callable[[str, str], str]
    receipt: Callable[[Subscription, datetime, datetime], Receipt]  # since, now

    def remembered(self) -> Knowledge:
        """The same, each thing looked up once. A receipt rests on the sources a subscription
        names and on when the message before ended."""
        receipts: dict[tuple[tuple[str, ...], datetime, datetime], Receipt] = {}

        def receipt(subscription: Subscription, since: datetime, now: datetime) -> Receipt:
            key = subscription.sources, since, now
            if key not in receipts:
                receipts[key] = self.receipt(subscription, since, now)
            return receipts[key]

        return Knowledge(cache(self.sources), cache(self.topics), self.concept_name, receipt)


def composed(
    row: SubscriptionRow,
    selection: Selection,
    window: Window,
    knowledge: Knowledge,
    links: Mapping[str, str],
    now: datetime,
) -> Digest:
    """The digest of one window."""
    since = covered_since(row, selection, now)
    return compose(
        selection,
        row.subscription,
        receipt=knowledge.receipt(row.subscription, since, now),
        topics=knowledge.topics(),
        sources=knowledge.sources(),
        concept_name=knowledge.concept_name,
        now=now,
        window=window.id,
        links=links,
    )


def covered_since(row: SubscriptionRow, selection: Selection, now: datetime) -> datetime:
    """From when on the receipt counts: from where the message before ended, or where the first
    one begins; a story that was left from before it reaches back further."""
    subscription = row.subscription
    begin = row.last_closed_at or pending_since(subscription, look_back(subscription)) or now
    return min([begin, *(story.lead.first_seen for story in selection.stories)])
