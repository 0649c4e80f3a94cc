"""Links to nothing but another house's home page: items where their siblings lead deeper.

Logos of partners and members' names lead there as well. So such a link counts only at a place of
the structure where most links lead deeper, and as an item only with a day and a headline.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.listing_fields import Entry
from crawler.extract.listing_links import Link, leads_home
from crawler.extract.listing_score import sentence_like

_MIN_DEEPER = 2  # siblings
_HEADLINE = 0.35  # of ``sentence_like``: four words
_IN_RECORD = ("time", "name", "text")  # where a date of its own stands


def without_house_lists(links: Sequence[Link]) -> list[Link]:
    """A group of links without those to home pages where not most of it leads deeper."""
    deeper = [link for link in links if not leads_home(link.url)]
    if len(deeper) >= _MIN_DEEPER and 2 * len(deeper) > len(links):
        return list(links)
    return deeper


def without_houses(entries: Sequence[Entry]) -> list[Entry]:
    """Entries without those that name a house by its home page and tell no news of it."""
    return [entry for entry in entries if not leads_home(entry.url) or _is_told(entry)]


def _is_told(entry: Entry) -> bool:
    return entry.date_from in _IN_RECORD and sentence_like(entry.title) >= _HEADLINE
