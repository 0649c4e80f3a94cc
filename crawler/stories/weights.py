"""What shared anchors say, in log-odds: each by its rarity, none of them twice."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from crawler.stories.anchors import Anchor
from crawler.stories.rarity import Rarity, information

# Log-odds per nat of shared information, by kind. Fitted by ridge logistic regression on
# labelled pairs of tellings and on pairs of other news about the same topics and days, then
# rounded.
WEIGHTS = {
    "place": 0.46,
    "concept": 0.07,
    "name": 0.21,
    "pair": 0.21,
    "sound": 0.21,
    "title": 0.21,
    "address": 0.21,
    "number": 0.35,
    "amount": 0.35,
    "date": 0.2,
    "day": 0.2,
}
FURTHER_PLACE = 0.6  # what each further place says of the one before: regions hold their towns
PLACES_ACROSS = 0.26  # of a place where one text is in Hangul: each counts, they are all there is
CONCEPTS = 1.4  # most that shared concepts may say
CONCEPTS_ACROSS = 2.0  # the same where one text is in Hangul and names are hardly recognised
UNSPECIFIC = -1.0  # no name and no figure is shared: the same field, not the same event
SPECIFIC = 0.8  # log-odds of names and figures from which a pair is specific enough
SHOWN = 12  # anchors kept for the explanation

_PARTS = re.compile(r"[ -]")
_VAGUE = frozenset(("place", "concept", "day"))
_SPELLED = frozenset(("name", "pair", "title"))


@dataclass(frozen=True, slots=True)
class Shared:
    """What the shared anchors of two items say."""

    weighed: tuple[tuple[Anchor, float], ...] = ()  # each with its log-odds
    score: float = 0.0  # log-odds of all

    def shown(self) -> tuple[str, ...]:
        """The strongest anchors, as they are explained."""
        strongest = sorted(self.weighed, key=lambda pair: (-pair[1], pair[0]))
        return tuple(str(anchor) for anchor, _ in strongest[:SHOWN])


class Weigher:
    """Weighs the anchors of one item against many others: each is looked up once."""

    def __init__(self, anchors: Collection[Anchor], rarity: Rarity) -> None:
        known = {anchor for anchor in anchors if anchor.kind in WEIGHTS}
        self._anchors = sorted(known, key=_longest_first)
        self._rarity = rarity
        self._weights: dict[int, list[tuple[Anchor, float, frozenset[str]]]] = {}

    def shared(self, others: Collection[Anchor], own: int, *, across: bool = False) -> Shared:
        """What the anchors say that stand in ``others`` too.

        ``own`` items are the story's and do not make its anchors common; ``across``: one
        text is in Hangul, the other is not.
        """
        seen: set[str] = set()
        weighed: list[tuple[Anchor, float]] = []
        for anchor, weight, parts in self._weighed(own):
            if anchor not in others:
                continue
            if parts:
                weight *= len(parts - seen) / len(parts)
                seen |= parts
            if weight > 0:
                weighed.append((anchor, weight))
        return Shared(tuple(weighed), _score(weighed, across))

    def _weighed(self, own: int) -> list[tuple[Anchor, float, frozenset[str]]]:
        if own not in self._weights:
            self._weights[own] = [
                (
                    anchor,
                    WEIGHTS[anchor.kind] * information(anchor, self._rarity, own),
                    _parts(anchor.key) if anchor.kind in _SPELLED else frozenset(),
                )
                for anchor in self._anchors
            ]
        return self._weights[own]


def _score(weighed: Collection[tuple[Anchor, float]], across: bool) -> float:
    """All together; of concepts at most so much, for long texts share many of them.

    Places and concepts alone, which a whole field shares, cost something.
    """
    every = sum(weight for anchor, weight in weighed if anchor.kind != "place")
    every += _places([weight for anchor, weight in weighed if anchor.kind == "place"], across)
    concepts = sum(weight for anchor, weight in weighed if anchor.kind == "concept")
    if across:
        return every - max(0.0, concepts - CONCEPTS_ACROSS)
    specific = sum(weight for anchor, weight in weighed if anchor.kind not in _VAGUE)
    vagueness = UNSPECIFIC * max(0.0, 1.0 - specific / SPECIFIC)
    return every - max(0.0, concepts - CONCEPTS) + vagueness


def _places(weights: Collection[float], across: bool) -> float:
    if across:
        return sum(weights) * PLACES_ACROSS / WEIGHTS["place"]
    strongest = sorted(weights, reverse=True)
    return sum(weight * FURTHER_PLACE**rank for rank, weight in enumerate(strongest))


@lru_cache(maxsize=65536)
def _parts(key: str) -> frozenset[str]:
    return frozenset(_PARTS.split(key))


@lru_cache(maxsize=65536)
def _longest_first(anchor: Anchor) -> tuple[int, Anchor]:
    """``ernst-abbe-hochschule`` before its parts, so that they count once."""
    return -len(_parts(anchor.key)), anchor
