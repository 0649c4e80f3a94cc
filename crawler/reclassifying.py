"""Deciding the archive anew when a topic changed: in batches, resumable, without alerts.

A round is named by the versions of all topics. Each item carries the mark of the round that
decided it, so that a round goes on where it was interrupted. What an old item matches only by
a changed definition is quiet: it stands in the archive and makes nothing pending, unless that
was asked for. A topic that is new needs no silence: subscriptions count from when they name it.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.model.item import Item
from crawler.model.topic import TopicDefinition
from crawler.storage.classification import ClassificationStore, Decided, Standing, key_of
from crawler.storage.database import Database
from crawler.topics.matching import TopicMatcher

BATCH = 200  # items of one transaction


@dataclass(frozen=True, slots=True)
class Progress:
    """What one batch came to."""

    items: int  # decided anew
    gained: int  # matches that were not there before …
    lost: int  # … and that are gone
    left: int  # items that still wait


class Reclassification:
    """One set of topics and the archive that has to follow it."""

    def __init__(
        self, database: Database, topics: Sequence[TopicDefinition], matcher: TopicMatcher
    ) -> None:
        self.store = ClassificationStore(database)
        self._matcher = matcher
        self._versions = {topic.id: topic.version for topic in topics}
        self._key = key_of(self._versions)

    @property
    def is_due(self) -> bool:
        """Whether the topics are others than those of the last completed round."""
        standing = self.store.standing()
        return standing.key != self._key or standing.versions != self._versions

    def run(
        self, now: datetime, *, alert: Collection[str] = (), batch: int = BATCH
    ) -> Generator[Progress, None, None]:
        """Decide batch after batch until nothing is left; stop at any time and go on later.

        ``alert``: topics whose new matches may alert although the items are old.
        """
        standing = self.store.begin(self._key, alert, now)
        left = self.store.left(self._key)
        while found := self.store.stale(self._key, batch):
            decided = [self._decide(item, standing) for item in found]
            self.store.save(decided, self._key, self._versions, now)
            left = max(0, left - len(found))
            yield Progress(len(found), *_changes(decided), left)
        self.store.finish(self._key, self._versions)

    def _decide(self, item: Item, standing: Standing) -> Decided:
        found = self._matcher.match(item.title, item.text, item.language)
        had = {match.topic for match in item.topics}
        gained = {match.topic for match in found} - had
        quiet = {topic for topic in gained if self._is_quiet(topic, item, standing)}
        return Decided(item, found, quiet)

    def _is_quiet(self, topic: str, item: Item, standing: Standing) -> bool:
        if topic in standing.loud:
            return False
        is_new_topic = standing.versions is not None and topic not in standing.versions
        is_new_item = standing.since is not None and item.first_seen >= standing.since
        return not (is_new_topic or is_new_item)


def _changes(decided: Sequence[Decided]) -> tuple[int, int]:
    gained = lost = 0
    for one in decided:
        had = {match.topic for match in one.item.topics}
        has = {match.topic for match in one.matches}
        gained += len(has - had)
        lost += len(had - has)
    return gained, lost
