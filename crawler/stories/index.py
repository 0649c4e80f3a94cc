"""How candidates are found: by equal bands and rare shared anchors, a few look-ups each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from crawler.stories.anchors import Anchor
from crawler.stories.items import StoryItem
from crawler.stories.rarity import Counts, Rarity, information, standing
from crawler.stories.vetoes import COPY_WINDOW, TELLING_WINDOW

LOOKED_UP = 24  # rare anchors per look-up
COMMON_LOOKED_UP = 8  # and common ones, near the item's day alone
MAX_POSTINGS = 64  # items that an anchor or band is followed to
MAX_CANDIDATES = 6  # items that are compared, the rest of their stories apart
MAX_TELLINGS = 8  # further items of one story that are compared, its newest
MIN_VOTES = 6  # nats of rare anchors below which a comparison is not worth its cost
MIN_VOTES_ACROSS = 3  # the same for an item in Hangul, whose names are hardly recognised
BAND_VOTES = 4  # nats that a shared band or sentence is worth
MAX_AROUND = 8  # near misses of a story that are looked at again when an item joins it
FAR = 1  # candidates outside the window that are kept, to explain near misses
NO_DAY = 0  # of an item without a date
LAST_DAY = 10_000_000  # after every date there can be


class StoryIndex(Protocol):
    """Finds what a new item may belong to."""

    def candidates(self, item: StoryItem, limit: int = MAX_CANDIDATES) -> Sequence[StoryItem]:
        """At most ``limit`` likely items and the rest of their stories."""
        ...

    def around(self, ids: Collection[str]) -> Sequence[StoryItem]:
        """The whole stories that nearly joined these items' before, without a veto."""
        ...

    def rarity(self, anchors: Iterable[Anchor]) -> Rarity:
        """How often the archive holds these anchors."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked up for one item: anchors with their whole nats, rarest first."""

    rare: tuple[tuple[Anchor, int], ...]  # followed to all of their few items
    common: tuple[tuple[Anchor, int], ...]  # followed between ``first_day`` and ``last_day``
    first_day: int
    last_day: int
    since: int  # items before it and after ``until`` are too old or too young for one story
    until: int


def plan(item: StoryItem, rarity: Rarity) -> Plan:
    """The look-ups for ``item``; their number and their yield are bounded."""
    frequency = rarity.frequency
    known = [
        (a, n) for a in item.fingerprint.anchors if standing(a).indexed and (n := frequency(a))
    ]
    weighed = sorted([(-information(a, rarity), a, n) for a, n in known])
    rare = [(a, max(1, round(-nats))) for nats, a, n in weighed if n <= MAX_POSTINGS]
    common = [(a, max(1, round(-nats))) for nats, a, n in weighed if n > MAX_POSTINGS]
    day = day_of(item)
    if day == NO_DAY:  # common anchors lead nowhere, and nothing is too far away
        return Plan(tuple(rare[:LOOKED_UP]), (), NO_DAY, NO_DAY, NO_DAY, LAST_DAY)
    near, far = TELLING_WINDOW.days, COPY_WINDOW.days
    return Plan(
        tuple(rare[:LOOKED_UP]),
        tuple(common[:COMMON_LOOKED_UP]),
        day - near,
        day + near,
        day - far,
        day + far,
    )


def day_of(item: StoryItem) -> int:
    """The ordinal of the day of publication in UTC; 0 where there is none."""
    return item.published.toordinal() if item.published else NO_DAY


def least_votes(item: StoryItem) -> int:
    """The votes that a candidate for ``item`` needs."""
    return MIN_VOTES_ACROSS if item.language == "ko" else MIN_VOTES


def best(leading: Iterable[str], is_far: Callable[[str], bool], limit: int) -> list[str]:
    """The first of the ``leading`` item ids inside the window, and the first one outside it."""
    near: list[str] = []
    far: list[str] = []
    for key in leading:
        (far if is_far(key) else near).append(key)
        if len(near) >= limit:
            break
    return near[:limit] + far[:FAR]


def leading(votes: Mapping[str, int], least: int) -> list[str]:
    """The item ids with at least so many votes, those with most first."""
    enough = [(-number, key) for key, number in votes.items() if number >= least]
    return [key for _, key in sorted(enough)]


class MemoryIndex:
    """A StoryIndex that lives in memory: for evaluation and tests."""

    def __init__(self) -> None:
        self._items: dict[str, StoryItem] = {}
        self._bands: dict[int, tuple[str, ...]] = {}  # the newest, MAX_POSTINGS each
        self._anchors: defaultdict[Anchor, list[str]] = defaultdict(list)
        self._counts: dict[Anchor, int] = {}
        self._near: dict[Anchor, defaultdict[int, list[str]]] = {}  # of common anchors, by day
        self._last_day = NO_DAY  # of all items
        self._stories: defaultdict[str, list[str]] = defaultdict(list)
        self._missed: defaultdict[str, list[str]] = defaultdict(list)

    def candidates(
        self, item: StoryItem, limit: int = MAX_CANDIDATES, *, rarity: Counts | None = None
    ) -> list[StoryItem]:
        """See StoryIndex; ``rarity`` of the item's anchors where it has been read before."""
        planned = plan(item, rarity or self.rarity(item.fingerprint.anchors))
        found = leading(self._votes(item, planned), least_votes(item))

        def is_far(key: str) -> bool:
            day = day_of(self._items[key])
            return day != NO_DAY and not planned.since <= day <= planned.until

        chosen = best(found, is_far, limit)
        return [self._items[key] for key in self._whole_stories(chosen)]

    def rarity(self, anchors: Iterable[Anchor]) -> Counts:
        """See StoryIndex; it goes on counting, so ask anew for every item."""
        return Counts(len(self._items), self._counts)

    def around(self, ids: Collection[str]) -> list[StoryItem]:
        """See StoryIndex."""
        found = dict.fromkeys(other for key in ids for other in self._missed[key])
        stories = {self._items[key].story for key in ids}
        away = [key for key in found if self._items[key].story not in stories]
        return [self._items[key] for key in self._whole_stories(away[:MAX_AROUND])]

    def missed(self, item: str, other: str) -> None:
        """Two items nearly were one story."""
        self._missed[item].append(other)
        self._missed[other].append(item)

    def add(self, item: StoryItem) -> None:
        """Indexes ``item``, which carries its story."""
        self._items[item.id] = item
        for band in set(item.fingerprint.bands):
            self._bands[band] = (*self._bands.get(band, ())[1 - MAX_POSTINGS :], item.id)
        day = day_of(item)
        self._last_day = max(self._last_day, day)
        counts = self._counts
        for anchor in item.fingerprint.anchor_set:
            counts[anchor] = counts.get(anchor, 0) + 1
            if standing(anchor).indexed:
                self._anchors[anchor].append(item.id)
                if anchor in self._near:
                    self._near[anchor][day].append(item.id)
        self._stories[item.story or item.id].append(item.id)

    def merge(self, story: str, into: str) -> None:
        """Moves every item of ``story`` to the story ``into``."""
        for key in self._stories.pop(story, []):
            self._items[key] = replace(self._items[key], story=into)
            self._stories[into].append(key)

    def move(self, item_id: str, into: str) -> None:
        """Takes one item out of its story into another."""
        item = self._items[item_id]
        self._stories[item.story or item.id].remove(item_id)
        self._items[item_id] = replace(item, story=into)
        self._stories[into].append(item_id)

    def stories(self) -> dict[str, list[str]]:
        """Story id → ids of its items, in their order of arrival."""
        return {story: list(items) for story, items in self._stories.items() if items}

    def _votes(self, item: StoryItem, planned: Plan) -> dict[str, int]:
        """Item id → votes; without some of those that can never be enough."""
        votes: defaultdict[str, int] = defaultdict(int)
        for band in item.fingerprint.bands:
            for found in self._bands.get(band, ()):
                votes[found] += BAND_VOTES
        least = least_votes(item)
        left = sum(weight for _, weight in (*planned.rare, *planned.common))
        for anchor, weight in planned.rare:
            _vote(votes, self._anchors[anchor], weight, new=left >= least)
            left -= weight
        for anchor, weight in planned.common:
            _vote(votes, self._newest(anchor, planned), weight, new=left >= least)
            left -= weight
        votes.pop(item.id, None)
        return votes

    def _newest(self, anchor: Anchor, planned: Plan) -> list[str]:
        found: list[str] = []
        by_day = self._near.get(anchor)
        if by_day is None:
            by_day = self._near[anchor] = defaultdict(list)
            for key in self._anchors[anchor]:
                by_day[day_of(self._items[key])].append(key)
        for day in range(min(planned.last_day, self._last_day), planned.first_day - 1, -1):
            found += by_day.get(day, ())
            if len(found) >= MAX_POSTINGS:
                break
        return found[:MAX_POSTINGS]

    def _whole_stories(self, found: list[str]) -> list[str]:
        every: dict[str, None] = {}
        for key in found:
            item = self._items[key]
            every.update(dict.fromkeys(self._stories[item.story or item.id][-MAX_TELLINGS:]))
            every[key] = None
        return list(every)


def _vote(votes: dict[str, int], found: Collection[str], weight: int, *, new: bool) -> None:
    """``new``: items without a vote may still get enough of them."""
    if new:
        for key in found:
            votes[key] += weight
    else:
        for key in votes.keys() & found:
            votes[key] += weight
