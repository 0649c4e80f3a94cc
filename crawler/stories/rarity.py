"""How much a shared anchor says: the rarer in the archive, the more."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol

from crawler.stories.anchors import Anchor, name_key
from crawler.stories.gazetteer import gazetteer, word_list

PRIOR_ITEMS = 2000  # the prior counts as much as that many items
COUNTED_BELOW = 0.015
COUNTED_KINDS = frozenset(("name", "pair", "sound", "number", "amount", "date", "address", "title"))
COMMON = 0.04  # the share of a word that names nothing, see common.txt
KNOWN = 0.05  # of an institution that many items name, see institutions.txt
NOUN = 0.012  # of a word that is a German noun by its ending and may be any

_NOUN_ENDINGS = ("ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften",
                 "itat", "itaten", "tion", "tionen", "ismus", "nis", "niss", "ment",
                 "ierung", "ling", "linge", "erin", "erinnen")  # fmt: skip

_SHARES = {  # the part of all items that share one such anchor by chance, by judgement
    "name": 0.003,
    "pair": 0.0008,
    "sound": 0.001,
    "number": 0.02,
    "amount": 0.0015,
    "date": 0.008,
    "day": 0.04,
    "year": 0.4,
    "edition": 0.1,
    "address": 0.0008,
    "title": 0.0008,
}


class Rarity(Protocol):
    """How often the archive holds an anchor."""

    @property
    def total(self) -> int:
        """Items in the archive."""
        ...

    def frequency(self, anchor: Anchor) -> int:
        """Items that hold ``anchor``."""
        ...


@dataclass(frozen=True)
class Counts:
    """A Rarity from counts that were read before."""

    total: int = 0
    counts: Mapping[Anchor, int] = field(default_factory=dict)

    def frequency(self, anchor: Anchor) -> int:
        return self.counts.get(anchor, 0)


@lru_cache(maxsize=16_384)
def surprise(anchor: Anchor) -> float:
    """Nats of information in ``anchor`` before any item was seen."""
    return -math.log(prior(anchor))


class Standing(NamedTuple):
    """What is settled about an anchor before any item was seen."""

    spelled: str  # as it is stored
    indexed: bool  # see is_indexed
    counted: bool  # see is_counted
    expected: float  # how many items of the prior's hold it; 0 where it is not counted


@lru_cache(maxsize=16_384)
def standing(anchor: Anchor) -> Standing:
    """Everything that is asked of an anchor several times an item, found out once."""
    indexed = anchor.kind == "place" or (
        anchor.kind in COUNTED_KINDS and prior(anchor) < COUNTED_BELOW
    )
    counted = indexed or anchor.kind == "concept"
    return Standing(str(anchor), indexed, counted, PRIOR_ITEMS * prior(anchor) if counted else 0.0)


def is_counted(anchor: Anchor) -> bool:
    """Whether the archive counts an anchor; days, years and small numbers are not worth it."""
    return standing(anchor).counted


def is_indexed(anchor: Anchor) -> bool:
    """Whether items are found by an anchor: common ones would fill the index and find nothing.

    Places are indexed all, for between Hangul and Latin script they are often everything
    that two tellings share.
    """
    return standing(anchor).indexed


def information(anchor: Anchor, rarity: Rarity, own: int = 0) -> float:
    """Nats of information in ``anchor``; ``own`` items are the story's and do not count.

    Inverse document frequency (Spärck Jones 1972), smoothed by the shipped prior so that the
    first hundred items of an archive are weighed like the last.
    """
    expected = standing(anchor).expected
    if not expected:
        return surprise(anchor)
    seen, items = rarity.frequency(anchor), rarity.total
    if own:
        seen, items = max(0, seen - own), max(0, items - own)
    return -math.log((seen + expected) / (items + PRIOR_ITEMS))


@lru_cache(maxsize=16_384)
def prior(anchor: Anchor) -> float:
    """The share of items that we expect to hold ``anchor`` before having seen any."""
    kind, key = anchor.kind, anchor.key
    if kind in ("place", "concept"):
        return _entry_shares().get((kind, key), 0.02)
    if kind == "number":
        value = float(key)
        if value < 100:
            return 0.04 if value % 10 == 0 else 0.02
        return 0.012 if value % 50 == 0 else 0.003
    if kind == "name" and key in _common_keys():
        return COMMON
    if kind == "name" and key in _known_keys():
        return KNOWN
    if kind == "name" and key.endswith(_NOUN_ENDINGS):
        return NOUN
    if kind == "amount":
        digits = key.rstrip("0").replace(".", "")
        return 0.006 if len(digits) <= 1 else 0.0015
    return _SHARES.get(kind, 0.01)


@lru_cache(maxsize=1)
def _common_keys() -> frozenset[str]:
    """The keys that ``common.txt`` has in any of our languages."""
    return frozenset(name_key(word) for word in word_list("common.txt"))


@lru_cache(maxsize=1)
def _known_keys() -> frozenset[str]:
    """The keys of institutions that many items of this field name."""
    return frozenset(name_key(word) for word in word_list("institutions.txt"))


@lru_cache(maxsize=1)
def _entry_shares() -> dict[tuple[str, str], float]:
    table = gazetteer()
    entries = (*table.exact.values(), *table.beginnings.values(), *table.hangul_entries)
    return {(entry.kind, entry.key): entry.share for entry in entries}
