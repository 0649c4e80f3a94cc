"""Stories: items that tell the same event, in one language or several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawler.model.item import Item


@dataclass(frozen=True, slots=True)
class StoryLink:
    """Why an item joined a story: the other item and what they share."""

    item: str
    other: str
    relation: str  # "copy", "edit", "excerpt", "translation", "independent", "manual"
    score: float  # 0..1
    anchors: tuple[str, ...] = ()  # what both tell, rarest first
    veto: str = ""  # for near misses: what spoke against


@dataclass(frozen=True, slots=True)
class Story:
    """A story and its tellings, the leading one first."""

    id: str
    items: tuple[Item, ...]
    first_seen: datetime  # UTC
    links: tuple[StoryLink, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
