"""What a topic's definition would have brought from the archive, beside what it brings now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from alerts.web.site import Site
from crawler.model.item import Item
from crawler.model.topic import TopicDefinition
from crawler.storage.items import Filter
from crawler.topics.trial import replayed

REPLAY = timedelta(days=90)
MOST = 15  # titles that a page shows of it
_MOST_REPLAYED = 2_000  # items, the newest


@dataclass(frozen=True, slots=True)
class Brought:
    """What a definition would have brought within ``REPLAY``."""

    looked: int
    cut: bool  # only the newest were looked at
    matched: int
    gained: Sequence[Item]
    lost: Sequence[Item]


def brought_by(site: Site, topic: TopicDefinition) -> Brought:
    """Decides the items of the last 90 days by ``topic``; stores nothing."""
    since = site.clock() - REPLAY
    items = site.parts.crawler.items.find(Filter(since=since, limit=_MOST_REPLAYED))
    done = replayed(topic, items)
    return Brought(
        looked=len(items),
        cut=len(items) == _MOST_REPLAYED,
        matched=len(done.matched),
        gained=[one for one in items if one.id in done.gained],
        lost=[one for one in items if one.id in done.lost],
    )
