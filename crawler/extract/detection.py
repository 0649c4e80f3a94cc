"""What detection found: how one address would be watched, and what else was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crawler.extract.feed_links import FeedLink
from crawler.extract.listing import ListingCandidate
from crawler.model.item import RawItem


@dataclass(frozen=True)
class Detection:
    """How one address would be watched. ``feed_url`` is unverified unless ``kind`` is feed."""

    kind: str  # feed listing sitemap page
    feed_url: str = ""
    feed_candidates: tuple[FeedLink, ...] = ()
    title: str = ""
    language: str = ""  # ISO 639-1
    confidence: float = 0.0  # 0..1
    items: tuple[RawItem, ...] = ()
    learned: dict[str, Any] = field(default_factory=dict)
    candidates: tuple[ListingCandidate, ...] = ()  # what --pick N numbers, from 1
    why: str = ""
    needs_browser: bool = False  # the page fills its list by script
    nested: tuple[str, ...] = ()  # of a sitemap index: the sitemaps it names
