"""What shared anchors say, in log-odds: each by its rarity, none of them twice."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

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
FURTHER_NAME = 0.7  # what each further name says of the one before: each German noun counts as one
FURTHER_PLACE = 0.6  # what each further place says of the one before: regions hold their towns
PLACES_ACROSS = 0.26  # of a place where one text is in Hangul: each counts, they are all there is
CONCEPTS = 1.4  # most that shared concepts may say
CONCEPTS_ACROSS = 2.0  # the same where one text is in Hangul and names are hardly recognised
UNSPECIFIC = -1.0  # no name and no figure is shared: the same field, not the same event
UNSPECIFIC_ACROSS = -0.4  # the same where one text is in Hangul: names are hardly recognised
SPECIFIC = 0.8  # log-odds of names and figures from which a pair is specific enough
SHOWN = 12  # anchors kept for the explanation

_PARTS = re.compile(r"[ -]")
_SPELLED = frozenset(("name", "pair", "title"))


class Shared(NamedTuple):
    """What the shared anchors of two items say."""

    weighed: tuple[tuple[Anchor, float], ...] = ()  # each with its log-odds
    score: float = 0.0  # log-odds of all

    def shown(self) -> tuple[str, ...]:
        """The strongest anchors, as they are explained."""
        strongest = sorted(self.weighed, key=lambda pair: (-pair[1], pair[0]))
        return tuple(str(anchor) for anchor, _ in strongest[:SHOWN])


class Weigher:
    """Weighs anchors that two items share; each is looked up once."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._known: dict[int, _Weights] = {}  # items of the story → weights

    def shared(self, common: Collection[Anchor], own: int, *, across: bool = False) -> Shared:
        """What the ``common`` anchors of two items say.

        ``own`` items are the story's and do not make its anchors common; ``across``: one
        text is in Hangul, the other is not.
        """
        weighed: list[tuple[Anchor, float]] = []
        spelled: list[tuple[Anchor, float]] = []
        known = self._known_for(own)
        for anchor in sorted(common):
            if (weight := known[anchor]) > 0:
                (spelled if anchor.kind in _SPELLED else weighed).append((anchor, weight))
        if len(spelled) > 1:
            spelled = _each_part_once(spelled)
        weighed += spelled
        return Shared(tuple(weighed), _score(weighed, across))

    def most(self, common: Collection[Anchor], own: int) -> float:
        """What ``shared`` would score at most."""
        return sum(map(self._known_for(own).__getitem__, common))

    def _known_for(self, own: int) -> _Weights:
        known = self._known.get(own)
        if known is None:
            known = self._known[own] = _Weights(self._rarity, own)
        return known


class _Weights(dict[Anchor, float]):
    """Anchor → its log-odds, never below 0; each is found out once."""

    def __init__(self, rarity: Rarity, own: int) -> None:
        super().__init__()
        self._rarity, self._own = rarity, own

    def __missing__(self, anchor: Anchor) -> float:
        weight = WEIGHTS.get(anchor.kind, 0.0)
        if weight:
            weight = max(0.0, weight * information(anchor, self._rarity, self._own))
        self[anchor] = weight
        return weight


def _score(weighed: Collection[tuple[Anchor, float]], across: bool) -> float:
    """All together; of concepts at most so much, for long texts share many of them.

    Places and concepts alone, which a whole field shares, cost something.
    """
    concepts = days = specific = 0.0
    places: list[float] = []
    names: list[float] = []
    for anchor, weight in weighed:
        kind = anchor.kind
        if kind == "concept":
            concepts += weight
        elif kind == "place":
            places.append(weight)
        elif kind == "name":
            names.append(weight)
        elif kind == "day":
            days += weight
        else:
            specific += weight
    specific += _falling(names, FURTHER_NAME)
    most = CONCEPTS_ACROSS if across else CONCEPTS
    every = min(concepts, most) + days + specific + _places(places, across)
    cost = UNSPECIFIC_ACROSS if across else UNSPECIFIC
    return every + cost * max(0.0, 1.0 - specific / SPECIFIC)


def _each_part_once(spelled: Collection[tuple[Anchor, float]]) -> list[tuple[Anchor, float]]:
    """Names without what a longer one has told: ``anna`` says nothing beside ``anna kern``."""
    seen: set[str] = set()
    kept = []
    for anchor, weight in sorted(spelled, key=lambda one: _longest_first(one[0])):
        parts = _parts(anchor.key)
        if new := parts - seen:
            kept.append((anchor, weight * len(new) / len(parts)))
            seen |= new
    return kept


def _places(weights: Collection[float], across: bool) -> float:
    if across:
        return sum(weights) * PLACES_ACROSS / WEIGHTS["place"]
    return _falling(weights, FURTHER_PLACE)


def _falling(weights: Collection[float], further: float) -> float:
    """The strongest weight whole, each after it the ``further`` less."""
    strongest = sorted(weights, reverse=True)
    return sum(weight * further**rank for rank, weight in enumerate(strongest))


@lru_cache(maxsize=16_384)
def _parts(key: str) -> frozenset[str]:
    return frozenset(_PARTS.split(key))


@lru_cache(maxsize=16_384)
def _longest_first(anchor: Anchor) -> tuple[int, Anchor]:
    """``ernst-abbe-hochschule`` before its parts, so that they count once."""
    return -len(_parts(anchor.key)), anchor
