"""What detection found: how one address would be watched, and what else was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crawler.extract.feed_links import FeedLink
from crawler.extract.listing import ListingCandidate
from crawler.extract.listing_words import news_words
from crawler.model.item import RawItem

_MIN_DATED = 2  # links; a single date stands in many a page's foot
_MIN_LINKS = 3  # of a block whose heading says news


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
    sitemap_url: str = ""  # of a sitemap that stands for the page; "" = the address itself
    site: str = ""  # what the page declares its site to be called
    page_title: str = ""  # of the page, where ``title`` is that of its feed
    empty: str = ""  # of a list without items: the page's own words that it has no news at present

    @property
    def may_hide_list(self) -> bool:
        """Whether a page that gave no item has blocks of links with dates, or named like news:
        without what all pages of the site show, a list may remain."""
        return self.kind == "page" and any(map(_hints_at_news, self.candidates))


def _hints_at_news(candidate: ListingCandidate) -> bool:
    dated = sum(item.published is not None for item in candidate.items)
    heading = candidate.label.partition(": ")[0]  # the rest is size and first title
    return dated >= _MIN_DATED or (len(candidate.items) >= _MIN_LINKS and news_words(heading) > 0)
