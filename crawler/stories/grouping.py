"""Which story a new item belongs to, and which stories it shows to be one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from crawler.model.story import StoryLink
from crawler.stories.anchors import Anchor
from crawler.stories.clusters import Linkage, clusters, linkage
from crawler.stories.duplicates import repeats
from crawler.stories.items import ManualLinks, StoryItem
from crawler.stories.links import FAINT, Comparison, Evidence
from crawler.stories.rarity import Rarity
from crawler.stories.weights import Weigher

MAX_LINKS = 8
MAX_CLUSTERED = 36  # items that are clustered anew when one joins; further ones stay as they are
NOTHING_BY_HAND = ManualLinks()

__all__ = [
    "Grouping",
    "GroupingDecision",
    "Leaving",
    "ManualLinks",
    "Rarity",
    "StoryItem",
    "contradicted",
    "decide",
]


@dataclass(frozen=True)
class Leaving:
    """Items that no longer belong where they stood: they go to ``story``, None = one of theirs."""

    items: tuple[str, ...]
    story: str | None = None


@dataclass(frozen=True)
class GroupingDecision:
    """What to write for a new item."""

    story: str | None  # the existing story to join; None = a new one
    duplicate_of: str | None  # the item whose text it repeats
    merges: tuple[str, ...]  # further stories that turn out to be ``story``
    links: tuple[StoryLink, ...]  # why it joined, strongest first
    near_misses: tuple[StoryLink, ...]  # what nearly joined, and what spoke against it
    moves: tuple[str, ...] = ()  # items of other stories that belong to the new item's
    leaves: tuple[Leaving, ...] = ()  # items of its story that do not


def decide(
    new: StoryItem,
    candidates: Sequence[StoryItem],
    rarity: Rarity,
    *,
    manual: ManualLinks = NOTHING_BY_HAND,
) -> GroupingDecision:
    """Groups ``new`` with ``candidates``, which must hold whole stories, in one step."""
    return Grouping(new, candidates, rarity, manual=manual).decide(rarity=rarity)


def contradicted(
    edited: StoryItem,
    tellings: Sequence[StoryItem],
    rarity: Rarity,
    *,
    manual: ManualLinks = NOTHING_BY_HAND,
) -> tuple[StoryLink, ...]:
    """What speaks against the other tellings of its story since an item was edited; () where
    it stays: nothing contradicts it, or the others outweigh what does."""
    comparison = Comparison(edited, rarity, edited=True)
    found = [comparison.to(one, len(tellings) + 1) for one in tellings]
    pairs = zip(tellings, found, strict=True)
    every = (linkage(edited, one, evidence, manual) for one, evidence in pairs)
    against = [evidence for evidence in found if evidence.veto]
    if not against or reduce(Linkage.with_all, every).strength is not None:
        return ()
    return tuple(evidence.link for evidence in against[:MAX_LINKS])


class Grouping:
    """One new item among its candidates.

    First it is linked to whole stories (average linkage, see ``clusters``). Where that is
    not clear, the stories it reaches and those that nearly joined them before are clustered
    anew as one set, so that the outcome does not depend on who came last. Pure and
    deterministic; the order of ``candidates`` does not matter.
    """

    def __init__(
        self,
        new: StoryItem,
        candidates: Iterable[StoryItem],
        rarity: Rarity,
        *,
        manual: ManualLinks = NOTHING_BY_HAND,
    ) -> None:
        self.new = new
        self._manual = manual
        comparison = Comparison(new, rarity)
        self._stories = {
            members[0].story or members[0].id: _Seen(comparison, members, manual)
            for members in _by_story(new, candidates)
        }

    @cached_property
    def reached(self) -> tuple[str, ...]:
        """The stories with an item that the new one is linked to, the strongest first."""
        found = [(s.linkage.best, key) for key, s in self._stories.items() if s.linkage.touches]
        return tuple(key for _, key in sorted((-best, key) for best, key in found))

    @property
    def items(self) -> list[str]:
        """Ids of the items in the stories that are reached."""
        return [key for story in self.reached for key in self._members(story)]

    @property
    def is_clear(self) -> bool:
        """Whether it joins one story, and nothing there speaks against it."""
        (only, *more) = (self._stories[key] for key in self.reached)
        agree = all(not e.veto and e.margin >= 0 for e in only.evidence)
        return not more and agree and only.linkage.strength is not None

    def anchors(self, around: Sequence[StoryItem]) -> set[Anchor]:
        """The anchors whose rarity clustering needs."""
        hood = [*around, self.new, *(m for s in self.reached for m in self._stories[s].members)]
        return {anchor for item in hood for anchor in item.fingerprint.anchors}

    def decide(
        self,
        around: Sequence[StoryItem] = (),
        rarity: Rarity | None = None,
        *,
        manual: ManualLinks | None = None,
    ) -> GroupingDecision:
        """What to write. ``around``: whole stories that nearly joined the reached ones before;
        ``rarity``: of the anchors of all of them, needed where it is not clear; ``manual``: what
        was decided by hand among all of them, None = what is known of the candidates."""
        if not self.reached:
            return self._written(frozenset((self.new.id,)), [], frozenset(), ())
        if rarity is None or (self.is_clear and not around):
            stood = frozenset(self._members(self.reached[0]))
            return self._written(stood | {self.new.id}, self.reached[:1], stood, ())
        hood = self._hood(around)
        known = self._manual if manual is None else manual
        return self._settled(hood, _clustered(self.new, hood, rarity, known))

    # -- inside -------------------------------------------------------------------------------

    def _members(self, story: str) -> list[str]:
        return [member.id for member in self._stories[story].members]

    def _hood(self, around: Sequence[StoryItem]) -> dict[str, list[StoryItem]]:
        """Story → its items, for the stories that are clustered anew."""
        told = {key: list(self._stories[key].members) for key in self.reached}
        for members in _by_story(self.new, around):
            told.setdefault(members[0].story or members[0].id, members)
        hood: dict[str, list[StoryItem]] = {}
        room = MAX_CLUSTERED
        for key, members in told.items():
            if not hood or len(members) <= room:
                hood[key] = members[:MAX_CLUSTERED]
                room -= len(members)
        return hood

    def _settled(
        self, hood: dict[str, list[StoryItem]], found: Sequence[frozenset[str]]
    ) -> GroupingDecision:
        """The clusters as changes to the stories that exist; only what touches the new item's
        cluster is changed. A story stays where most of its items are."""
        mine = next(cluster for cluster in found if self.new.id in cluster)
        homes = {key: _home(members, found) for key, members in hood.items()}
        joined = sorted(
            (k for k, home in homes.items() if home == mine), key=lambda k: _age(hood[k])
        )
        stood = frozenset(member.id for key in joined for member in hood[key])
        leaves = []
        for cluster in found:
            leaving = tuple(sorted((stood & cluster) - mine))
            if leaving:
                there = [k for k, home in homes.items() if home == cluster]
                into = min(there, key=lambda k: _age(hood[k]), default=None)
                leaves.append(Leaving(leaving, into))
        return self._written(mine, joined, stood, tuple(leaves))

    def _written(
        self,
        cluster: frozenset[str],
        joined: Sequence[str],
        stood: frozenset[str],
        leaves: tuple[Leaving, ...],
    ) -> GroupingDecision:
        stories = list(self._stories.values())
        evidence = [e for s in stories for e in s.evidence if e.other in cluster]
        told = [e for e in evidence if not e.veto and (e.margin >= 0 or self._by_hand(e))]
        told.sort(key=lambda e: (-e.margin, e.other))
        return GroupingDecision(
            story=joined[0] if joined else None,
            duplicate_of=next((e.other for e in told if repeats(e.relation)), None),
            merges=tuple(joined[1:]),
            links=tuple(self._link(e) for e in told[:MAX_LINKS]),
            near_misses=_near_misses(stories, cluster),
            moves=tuple(sorted(cluster - stood - {self.new.id})),
            leaves=leaves,
        )

    def _by_hand(self, evidence: Evidence) -> bool:
        return self._manual.verdict(evidence.item, evidence.other) == "together"

    def _link(self, evidence: Evidence) -> StoryLink:
        link = evidence.link
        if not self._by_hand(evidence):
            return link
        return StoryLink(link.item, link.other, "manual", 1.0, link.anchors)


class _Seen:
    """A story seen from the new item. One with which it shares next to nothing is not looked
    at any further, unless something was decided by hand."""

    def __init__(
        self, comparison: Comparison, members: list[StoryItem], manual: ManualLinks
    ) -> None:
        self.members = members
        self.linkage, self.evidence = Linkage(), list[Evidence]()
        weighed = [comparison.weigh(member, len(members)) for member in members]
        if all(one.margin < FAINT for one in weighed) and manual == NOTHING_BY_HAND:
            return
        found = [comparison.judged(one) for one in weighed]
        pairs = zip(members, found, strict=True)
        every = (linkage(comparison.new, member, e, manual) for member, e in pairs)
        self.linkage = reduce(Linkage.with_all, every)
        found.sort(key=lambda e: (bool(e.veto), -e.margin, e.other))
        self.evidence = found


def _by_story(new: StoryItem, candidates: Iterable[StoryItem]) -> list[list[StoryItem]]:
    stories: dict[str, dict[str, StoryItem]] = {}
    for item in candidates:
        if item.id != new.id:
            stories.setdefault(item.story or item.id, {})[item.id] = item
    return [[members[key] for key in sorted(members)] for _, members in sorted(stories.items())]


def _clustered(
    new: StoryItem, hood: dict[str, list[StoryItem]], rarity: Rarity, manual: ManualLinks
) -> list[frozenset[str]]:
    """The hood clustered with the new item; its own mentions make no anchor common."""
    items = [new, *(member for members in hood.values() for member in members)]
    weigher = Weigher(rarity)
    comparisons = {item.id: Comparison(item, rarity, weigher=weigher) for item in items}
    return clusters(items, lambda one, other: comparisons[one.id].to(other, len(items) - 1), manual)


def _home(members: Sequence[StoryItem], found: Collection[frozenset[str]]) -> frozenset[str]:
    """The cluster in which most of a story's items are, or else its oldest one."""
    ids = {member.id for member in members}
    oldest = min(members, key=lambda member: (member.first_seen, member.id)).id
    return max(found, key=lambda cluster: (len(cluster & ids), oldest in cluster))


def _age(members: Sequence[StoryItem]) -> tuple[object, str]:
    """The older story keeps its id."""
    return min((member.first_seen, member.story or member.id) for member in members)


def _near_misses(stories: Iterable[_Seen], cluster: frozenset[str]) -> tuple[StoryLink, ...]:
    missed = [
        s.evidence[0]
        for s in stories
        if s.evidence
        and s.evidence[0].margin >= FAINT
        and not any(m.id in cluster for m in s.members)
    ]
    missed.sort(key=lambda e: (-e.margin, e.other))
    return tuple(e.link for e in missed[:MAX_LINKS])
