"""How a handful of items falls into stories: the same whatever the order they came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from crawler.stories.items import ManualLinks, StoryItem
from crawler.stories.links import Evidence
from crawler.stories.vetoes import apart_in_time, is_of_texts

_Pair = tuple[str, str]  # ids, the smaller first

CLIP = 4.0  # log-odds: one overwhelming link must not outvote many contradictions
SILENT = -1.5  # log-odds below which two tellings merely have little in common
AVERAGE = -0.7  # mean log-odds over all pairs that a join needs
_BY_HAND = 1000.0  # above every mean


def clipped(evidence: Evidence) -> float:
    """What one pair counts in a mean."""
    return -CLIP if evidence.veto else max(SILENT, min(CLIP, evidence.margin))


class Linkage(NamedTuple):
    """What all pairs between two groups of items say together."""

    total: float = 0.0
    pairs: int = 0
    best: float = -99.0  # of the pairs without a veto
    dated: int = 0  # pairs of which both dates are known
    outdated: int = 0  # and those of them that are too far apart for one event
    together: bool = False  # by hand
    apart: bool = False

    def with_all(self, other: Linkage) -> Linkage:
        """Both together."""
        return Linkage(
            self.total + other.total,
            self.pairs + other.pairs,
            max(self.best, other.best),
            self.dated + other.dated,
            self.outdated + other.outdated,
            self.together or other.together,
            self.apart or other.apart,
        )

    @property
    def touches(self) -> bool:
        """Whether some pair speaks for one story, whatever the others say."""
        return not self.apart and (self.together or self.best >= 0)

    @property
    def strength(self) -> float | None:
        """The mean by which two groups are one story; None where they are two.

        Undated items do not bridge years; what was decided by hand outranks everything.
        """
        if self.apart:
            return None
        if self.together:
            return _BY_HAND
        if self.dated and self.dated == self.outdated:
            return None
        mean = self.total / max(1, self.pairs)
        return mean if self.best >= 0 and mean >= AVERAGE else None


def linkage(one: StoryItem, other: StoryItem, found: Evidence, manual: ManualLinks) -> Linkage:
    """What one pair says."""
    far = apart_in_time(one, other)
    verdict = manual.verdict(one.id, other.id)
    return Linkage(
        total=clipped(found),
        pairs=1,
        best=-99.0 if found.veto else found.margin,
        dated=far is not None,
        outdated=bool(far),
        together=verdict == "together",
        apart=verdict == "apart",
    )


def clusters(
    items: Sequence[StoryItem],
    weigh: Callable[[StoryItem, StoryItem], Evidence],
    manual: ManualLinks,
) -> list[frozenset[str]]:
    """The stories among ``items``, by their ids.

    Average linkage (Sokal and Michener 1958) with vetoes: the two groups whose pairs agree
    best are merged until none agree. A function of the set alone, ties go by id.
    """
    ordered = sorted(items, key=lambda item: item.id)
    groups = {item.id: frozenset((item.id,)) for item in ordered}
    pairs = {(one.id, other.id): (one, other) for one, other in combinations(ordered, 2)}
    found = _with_copies({key: weigh(*pair) for key, pair in pairs.items()}, manual)
    between = {key: linkage(*pair, found[key], manual) for key, pair in pairs.items()}
    while closest := _closest(between):
        kept, gone = closest
        groups[kept] |= groups.pop(gone)
        between = _merged(between, kept, gone)
    return sorted(groups.values(), key=min)


def _with_copies(found: Mapping[_Pair, Evidence], manual: ManualLinks) -> dict[_Pair, Evidence]:
    """The evidence of all pairs, where what parts an item from a text parts it from the copies
    of that text as well, wherever they stand; save those that it copies itself, and what was
    decided by hand otherwise."""
    copies: defaultdict[str, set[str]] = defaultdict(set)
    for (one, other), evidence in found.items():
        is_copy = evidence.relation == "copy" and not evidence.veto and evidence.margin >= 0
        if is_copy and manual.verdict(one, other) != "apart":
            copies[one].add(other)
            copies[other].add(one)
    told = dict(found)
    for (one, other), evidence in found.items():
        if not is_of_texts(evidence.veto) or manual.verdict(one, other) == "together":
            continue
        for item, text in ((one, other), (other, one)):
            for copy in copies[text] - copies[item] - {item}:
                pair = (item, copy) if item < copy else (copy, item)
                told[pair] = found[pair]._replace(veto=found[pair].veto or evidence.veto)
    return told


def _closest(between: dict[tuple[str, str], Linkage]) -> tuple[str, str] | None:
    """The two groups that agree best. Among equals those with most pairs, then those that
    the others contradict alike: an item between two editions must not bridge them."""
    strengths = {pair: s for pair, one in between.items() if (s := one.strength) is not None}
    if not strengths:
        return None
    most = max(strengths.values())
    equal = [pair for pair, strength in strengths.items() if strength == most]
    if len(equal) == 1:
        return equal[0]
    against = _contradicted(between)
    return min(
        equal,
        key=lambda pair: (
            -between[pair].pairs,
            len(against.get(pair[0], set()) ^ against.get(pair[1], set())),
            pair,
        ),
    )


def _contradicted(between: dict[tuple[str, str], Linkage]) -> dict[str, set[str]]:
    """Group → the groups that it can never be one with."""
    against: dict[str, set[str]] = {}
    for (one, other), found in between.items():
        if found.strength is None and found.best < 0:
            against.setdefault(one, set()).add(other)
            against.setdefault(other, set()).add(one)
    return against


def _merged(
    between: dict[tuple[str, str], Linkage], kept: str, gone: str
) -> dict[tuple[str, str], Linkage]:
    """The linkages after ``gone`` became a part of ``kept``."""
    result: dict[tuple[str, str], Linkage] = {}
    for (one, other), found in between.items():
        one, other = (kept if key == gone else key for key in (one, other))
        if one == other:
            continue
        pair = (one, other) if one < other else (other, one)
        result[pair] = result[pair].with_all(found) if pair in result else found
    return result
