"""What is asked of a listing page, and what its reading gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crawler.model.item import RawItem


@dataclass(frozen=True)
class ListingHints:
    """What the user or an earlier poll knows about the page."""

    only_links: tuple[str, ...] = ()  # path patterns (fnmatch); items must match one
    skip_links: tuple[str, ...] = ()
    selector: str = ""  # CSS selector of the item blocks, the last resort
    like: tuple[str, ...] = ()  # addresses that must be among the items
    pick: int | None = None  # 1 = the first of the candidates
    learned: Mapping[str, Any] = field(default_factory=dict)  # as an earlier reading gave it
    known: frozenset[str] = frozenset()  # addresses and titles of known items
    furniture: frozenset[str] = frozenset()  # as ``listing_siblings.shared_links`` gives it

    @property
    def shared(self) -> frozenset[str]:
        """What sibling pages share, as told or as learned earlier."""
        learned = self.learned.get("furniture")
        kept = learned if isinstance(learned, list) else []
        return self.furniture | {mark for mark in kept if isinstance(mark, str)}

    @property
    def is_filtered(self) -> bool:
        """Whether patterns of addresses tell which links may be items."""
        return bool(self.only_links or self.skip_links)

    @property
    def names_list(self) -> bool:
        """Whether the list was chosen by the user, or found by an earlier poll."""
        chosen = self.selector or self.like or self.pick is not None
        return bool(chosen or self.learned.get("paths"))

    @property
    def unfiltered(self) -> ListingHints:
        """The same without patterns of addresses."""
        return replace(self, only_links=(), skip_links=())


@dataclass(frozen=True)
class ListingCandidate:
    """One list seen on the page."""

    label: str  # its heading and size, for people
    items: tuple[RawItem, ...]
    score: float
    kind: str = "listing"  # or "feed"
    url: str = ""  # of a feed
    pick: int = 0  # ListingHints.pick that chooses this list of the page


@dataclass(frozen=True)
class ListingReading:
    """The news of a page. ``items`` is empty where it lists none."""

    items: tuple[RawItem, ...]
    title: str
    language: str  # ISO 639-1, "" where the page does not say
    confidence: float  # 0..1
    learned: dict[str, Any]  # JSON-able pattern to store with the source
    candidates: tuple[ListingCandidate, ...]
    why: str  # a sentence for people
    broken: str = ""  # why the learned pattern no longer holds and nothing replaced it
    relearned: bool = False  # the learned pattern no longer held, another one replaced it
    barred: bool = False  # broken only in that the user's patterns leave out all its items
    empty: str = ""  # the page's own words that it has no news at present
    bare: bool = False  # most items are links with neither date nor heading


NO_HINTS = ListingHints()
