"""What a topic's definition would have brought from the archive, beside what it brings now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from alerts.web.site import Site
from crawler.model.item import Item
from crawler.model.topic import TopicDefinition
from crawler.storage.items import Filter
from crawler.topics.matching import TopicMatcher

REPLAY = timedelta(days=90)
MOST = 15  # titles that a page shows of it
_MOST_REPLAYED = 2_000  # items, the newest
_AS_IT_IS = "as it is"  # beside the draft, under what no topic can be called


@dataclass(frozen=True, slots=True)
class Brought:
    """What a definition would have brought within ``REPLAY``."""

    looked: int
    cut: bool  # only the newest were looked at
    matched: int
    gained: Sequence[Item]
    lost: Sequence[Item]


def brought_by(site: Site, topic: TopicDefinition, now: TopicDefinition | None = None) -> Brought:
    """Decides the items of the last 90 days by ``topic``, and by ``now``, the definition that
    decides with everything added to it (None for a new topic); stores nothing.

    What was stored of a match tells of the definition of its day, which may be another by now.
    """
    since = site.clock() - REPLAY
    items = site.parts.crawler.items.find(Filter(since=since, limit=_MOST_REPLAYED))
    had, has = _decided(items, topic, now)
    return Brought(
        looked=len(items),
        cut=len(items) == _MOST_REPLAYED,
        matched=len(has),
        gained=[one for one in items if one.id in has - had],
        lost=[one for one in items if one.id in had - has],
    )


def _decided(
    items: Sequence[Item], topic: TopicDefinition, now: TopicDefinition | None
) -> tuple[set[str], set[str]]:
    """Ids of the items that match now, and of those that would; one pass over the texts."""
    compared = [topic]
    if now is not None:
        compared.append(replace(now, id=_AS_IT_IS))
    matcher = TopicMatcher(compared)
    had: set[str] = set()
    has: set[str] = set()
    for item in items:
        for match in matcher.match(item.title, item.text, item.language):
            (had if match.topic == _AS_IT_IS else has).add(item.id)
    return had, has
