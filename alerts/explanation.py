"""What happened to one address or item, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crawler.model.item import Item
from crawler.model.topic import Match

Place = tuple[str, str, str]  # stage, reason, remedy


@dataclass(frozen=True)
class Explanation:
    """What happened to one address or item. ``stage`` names the first stage that stopped it,
    "delivered" or "pending" where none did."""

    stage: str
    reason: str
    remedy: str = ""
    item: Item | None = None
    topics: tuple[Match, ...] = ()
    story: dict[str, Any] | None = None
    lines: tuple[str, ...] = field(default=())  # what was missing for the asked topic
    url: str = ""  # the item's address, or the one that was asked for
