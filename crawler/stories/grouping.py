"""Which story a new item belongs to, and which stories it shows to be one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from crawler.model.story import StoryLink
from crawler.stories.duplicates import repeats
from crawler.stories.items import ManualLinks, StoryItem
from crawler.stories.links import Comparison, Evidence, compare
from crawler.stories.rarity import Rarity
from crawler.stories.vetoes import apart_in_time

CLIP = 4.0  # log-odds: one overwhelming link must not outvote many contradictions
SILENT = -1.5  # log-odds below which two tellings merely have little in common
AVERAGE = -1.0  # mean log-odds over the story's items that a join needs
NEAR_MISS = -2.0  # log-odds above which a miss is worth explaining
MANY = 5  # items of a story from which they make their own anchors look common
MOVE = 1.5  # log-odds that draw an undated item out of a story of another time
CLEARLY = 0.5  # and how far they must exceed what holds it there
MAX_LINKS = 8
MAX_PAIRS = 36  # compared before two stories are merged
NOTHING_BY_HAND = ManualLinks()

__all__ = ["GroupingDecision", "ManualLinks", "Rarity", "StoryItem", "decide"]


@dataclass(frozen=True)
class GroupingDecision:
    """What to write for a new item."""

    story: str | None  # the existing story to join; None = a new one
    duplicate_of: str | None  # the item whose text it repeats
    merges: tuple[str, ...]  # further stories that turn out to be ``story``
    links: tuple[StoryLink, ...]  # why it joined, strongest first
    near_misses: tuple[StoryLink, ...]  # what nearly joined, and what spoke against it
    moves: tuple[str, ...] = ()  # undated items that leave a story of another time for this one
    leaves: tuple[str, ...] = ()  # items that no longer belong to ``story``: each gets its own


@dataclass(frozen=True)
class _Candidate:
    """A story seen from the new item."""

    story: str
    members: tuple[StoryItem, ...]
    evidence: tuple[Evidence, ...]  # to each of its items, strongest first
    forced: bool  # joined by hand
    barred: bool  # split by hand
    outdated: bool  # all its dated items are of another time
    first: tuple[datetime, str]  # age of its oldest item: the older story keeps its id

    @property
    def margin(self) -> float:
        return max((e.margin for e in self.evidence if not e.veto), default=-99.0)

    @property
    def joins(self) -> bool:
        """Average linkage over the whole story, with a link that carries it."""
        if self.forced or self.barred:
            return self.forced
        if self.outdated:
            return False
        mean = sum(_clipped(e) for e in self.evidence) / len(self.evidence)
        return self.margin >= 0 and mean >= AVERAGE


def decide(
    new: StoryItem,
    candidates: Sequence[StoryItem],
    rarity: Rarity,
    *,
    manual: ManualLinks = NOTHING_BY_HAND,
) -> GroupingDecision:
    """Groups ``new`` with ``candidates``, which must hold whole stories.

    Average linkage (Sokal and Michener 1958) with vetoes, done online: a joining item can
    merge several stories. The oldest of them gives its id. Pure and deterministic; the
    order of ``candidates`` does not matter.
    """
    comparison = Comparison(new, rarity)
    stories = [_seen(comparison, members, manual) for members in _by_story(new, candidates)]
    joined = sorted((s for s in stories if s.joins), key=lambda s: s.first)
    joined = _mergeable(joined, rarity, manual)
    moved = [e for s in stories if s.outdated for e in _moved(s, rarity)]
    told = [e for s in joined for e in s.evidence if not e.veto and (e.margin >= 0 or s.forced)]
    links = sorted((*told, *moved), key=lambda e: (-e.margin, e.other))
    return GroupingDecision(
        story=joined[0].story if joined else None,
        duplicate_of=_duplicate_of(links),
        merges=tuple(s.story for s in joined[1:]),
        links=tuple(_by_hand(e, manual) for e in links[:MAX_LINKS]),
        near_misses=_near_misses(stories, joined),
        moves=tuple(e.other for e in moved),
        leaves=tuple(key for s in joined for key in _leaving(s, rarity, manual)),
    )


def _by_story(new: StoryItem, candidates: Iterable[StoryItem]) -> list[list[StoryItem]]:
    stories: dict[str, dict[str, StoryItem]] = {}
    for item in candidates:
        if item.id != new.id:
            stories.setdefault(item.story or item.id, {})[item.id] = item
    return [list(members.values()) for _, members in sorted(stories.items())]


def _seen(comparison: Comparison, members: list[StoryItem], manual: ManualLinks) -> _Candidate:
    verdicts = {manual.verdict(comparison.new.id, member.id) for member in members}
    own = 2 if len(members) < MANY else len(members) + 1
    evidence = [comparison.to(member, own) for member in members]
    evidence.sort(key=lambda e: (bool(e.veto), -e.margin, e.other))
    return _Candidate(
        story=members[0].story or members[0].id,
        members=tuple(members),
        evidence=tuple(evidence),
        forced="together" in verdicts,
        barred="apart" in verdicts,
        outdated=_outdated((comparison.new, member) for member in members),
        first=min((m.first_seen, m.story or m.id) for m in members),
    )


def _outdated(pairs: Iterable[tuple[StoryItem, StoryItem]]) -> bool:
    """Whether every pair with two dates is too far apart: undated items do not bridge years."""
    known = [apart for one, other in pairs if (apart := apart_in_time(one, other)) is not None]
    return bool(known) and all(known)


def _moved(story: _Candidate, rarity: Rarity) -> list[Evidence]:
    """Undated items that the new one explains clearly better than the story they stand in."""
    members = {member.id: member for member in story.members}
    moved = []
    for evidence in story.evidence:
        item = members[evidence.other]
        if item.published is not None or evidence.veto or evidence.margin < MOVE or story.barred:
            continue
        comparison = Comparison(item, rarity)
        rest = [comparison.to(m) for m in story.members if m.id != item.id]
        held = max((e.margin for e in rest if not e.veto), default=0.0)
        if evidence.margin > held + CLEARLY:
            moved.append(evidence)
    return moved


def _leaving(story: _Candidate, rarity: Rarity, manual: ManualLinks) -> list[str]:
    """Items that the new one contradicts and that would not have joined had they come last."""
    leaving = []
    against = {e.other: e for e in story.evidence if e.veto}
    for item in story.members if len(story.members) > 1 else ():
        rest = [member for member in story.members if member.id != item.id]
        held = any(manual.verdict(item.id, member.id) == "together" for member in rest)
        if item.id not in against or held:
            continue
        comparison = Comparison(item, rarity)
        ties = [_clipped(comparison.to(member)) for member in rest]
        if sum((*ties, -CLIP)) / (len(ties) + 1) < AVERAGE:
            leaving.append(item.id)
    # The core stays, whatever contradicts it.
    return leaving if 2 * len(leaving) <= len(story.members) else []


def _clipped(evidence: Evidence) -> float:
    return -CLIP if evidence.veto else max(SILENT, min(CLIP, evidence.margin))


def _mergeable(joined: list[_Candidate], rarity: Rarity, manual: ManualLinks) -> list[_Candidate]:
    """The strongest story and those that are one with it, not only with the new item."""
    if len(joined) < 2:
        return joined
    strongest = max(joined, key=lambda s: (s.forced, s.margin, s.story))
    return [s for s in joined if s is strongest or _agree(strongest, s, rarity, manual)]


def _agree(one: _Candidate, other: _Candidate, rarity: Rarity, manual: ManualLinks) -> bool:
    """Average linkage between one story with the new item and the other story.

    That is what the other's items would have met had they come last, so that the order of
    arrival does not matter. What was split by hand stays apart.
    """
    pairs = list(product(one.members, other.members))
    verdicts = {manual.verdict(a.id, b.id) for a, b in pairs}
    if "apart" in verdicts or "together" in verdicts:
        return "apart" not in verdicts
    own = len(one.members) + len(other.members)
    if _outdated(pairs):
        return False
    looked_at = pairs[:MAX_PAIRS]
    clipped = [_clipped(compare(a, b, rarity, own=own)) for a, b in looked_at]
    clipped += [_clipped(e) for e in other.evidence]
    return sum(clipped) / len(clipped) >= AVERAGE


def _duplicate_of(links: list[Evidence]) -> str | None:
    return next((e.other for e in links if repeats(e.relation)), None)


def _by_hand(evidence: Evidence, manual: ManualLinks) -> StoryLink:
    link = evidence.link
    if manual.verdict(evidence.item, evidence.other) != "together":
        return link
    return StoryLink(link.item, link.other, "manual", 1.0, link.anchors)


def _near_misses(stories: list[_Candidate], joined: list[_Candidate]) -> tuple[StoryLink, ...]:
    missed = [
        s.evidence[0] for s in stories if s not in joined and s.evidence[0].margin >= NEAR_MISS
    ]
    missed.sort(key=lambda e: (-e.margin, e.other))
    return tuple(e.link for e in missed[:MAX_LINKS])
