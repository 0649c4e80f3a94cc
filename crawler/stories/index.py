"""How candidates are found: by equal bands and rare shared anchors, a few look-ups each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from crawler.stories.anchors import Anchor
from crawler.stories.items import StoryItem
from crawler.stories.rarity import Counts, Rarity, information
from crawler.stories.vetoes import COPY_WINDOW

LOOKED_UP = 24  # rare anchors per look-up
MAX_POSTINGS = 64  # an anchor held by more items is followed to its newest ones alone
MAX_CANDIDATES = 16  # items that are compared, the rest of their stories apart
MAX_TELLINGS = 24  # items of one story that are compared
BAND_VOTES = 4  # nats that a shared band or sentence is worth
FAR = 2  # candidates outside the window that are kept, to explain near misses
INDEXED_KINDS = frozenset(
    ("name", "pair", "sound", "number", "amount", "date", "address", "title", "place")
)


class StoryIndex(Protocol):
    """Finds what a new item may belong to."""

    def candidates(self, item: StoryItem, limit: int = MAX_CANDIDATES) -> Sequence[StoryItem]:
        """At most ``limit`` likely items and the rest of their stories."""
        ...

    def rarity(self, anchors: Iterable[Anchor]) -> Rarity:
        """How often the archive holds these anchors."""
        ...


class MemoryIndex:
    """A StoryIndex that lives in memory: for evaluation and tests."""

    def __init__(self) -> None:
        self._items: dict[str, StoryItem] = {}
        self._bands: defaultdict[int, list[str]] = defaultdict(list)
        self._anchors: defaultdict[Anchor, list[str]] = defaultdict(list)
        self._stories: defaultdict[str, list[str]] = defaultdict(list)

    def candidates(self, item: StoryItem, limit: int = MAX_CANDIDATES) -> list[StoryItem]:
        """See StoryIndex."""
        votes: Counter[str] = Counter()
        for band in item.fingerprint.bands:
            for found in self._bands.get(band, ())[-MAX_POSTINGS:]:
                votes[found] += BAND_VOTES
        for anchor, weight in rare_anchors(item, self.rarity(item.fingerprint.anchors)):
            for found in self._anchors.get(anchor, ())[-MAX_POSTINGS:]:
                votes[found] += weight
        votes.pop(item.id, None)
        dates = {key: self._items[key].published for key in votes}
        chosen = best(votes, dates, item.published, limit)
        return [self._items[key] for key in self._whole_stories(chosen)]

    def rarity(self, anchors: Iterable[Anchor]) -> Counts:
        """See StoryIndex."""
        counts = {anchor: len(self._anchors.get(anchor, ())) for anchor in anchors}
        return Counts(len(self._items), counts)

    def add(self, item: StoryItem) -> None:
        """Indexes ``item``, which carries its story."""
        self._items[item.id] = item
        for band in set(item.fingerprint.bands):
            self._bands[band].append(item.id)
        for anchor in set(item.fingerprint.anchors):
            self._anchors[anchor].append(item.id)
        self._stories[item.story or item.id].append(item.id)

    def merge(self, story: str, into: str) -> None:
        """Moves every item of ``story`` to the story ``into``."""
        for key in self._stories.pop(story, []):
            self._items[key] = replace(self._items[key], story=into)
            self._stories[into].append(key)

    def stories(self) -> dict[str, list[str]]:
        """Story id → ids of its items, in their order of arrival."""
        return {story: list(items) for story, items in self._stories.items()}

    def _whole_stories(self, found: list[str]) -> list[str]:
        every: dict[str, None] = {}
        for key in found:
            item = self._items[key]
            every[key] = None
            every.update(dict.fromkeys(self._stories[item.story or item.id][-MAX_TELLINGS:]))
        return list(every)


def rare_anchors(item: StoryItem, rarity: Rarity) -> list[tuple[Anchor, int]]:
    """The anchors worth a look-up, rarest first, with their whole nats as weight."""
    known = [a for a in item.fingerprint.anchors if a.kind in INDEXED_KINDS]
    weighed = [(a, information(a, rarity)) for a in known if rarity.frequency(a)]
    weighed.sort(key=lambda pair: (-pair[1], str(pair[0])))
    return [(a, max(1, round(weight))) for a, weight in weighed[:LOOKED_UP]]


def best(
    votes: Mapping[str, int],
    dates: Mapping[str, datetime | None],
    published: datetime | None,
    limit: int,
) -> list[str]:
    """The item ids with most votes near ``published``, and the best two outside the window."""
    near: list[str] = []
    far: list[str] = []
    for key in sorted(votes, key=lambda key: (-votes[key], key)):
        date = dates.get(key)
        outside = date and published and abs(date - published) > COPY_WINDOW
        (far if outside else near).append(key)
        if len(near) >= limit:
            break
    return near[:limit] + far[:FAR]
