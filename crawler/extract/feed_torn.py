"""Feeds that break off within their last entry: what of it counts, and that it was so."""

from __future__ import annotations

import re
from typing import NamedTuple

ENTRY = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
ENTRY_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT_END = re.compile(r"</(?:\w{1,20}:)?(?:channel|rss|feed|rdf)\s*>", re.IGNORECASE)
_FEED_END = 4_000  # characters: notes of caches stand behind it
_CLOSED = re.compile(r"</[\w:.-]{1,60}\s*>|<[\w:.-]{1,60}(?:\s[^<>]{0,2000})?/>")
_ADDRESS = re.compile(
    r"</(?:\w{1,20}:)?(?:link|guid|id)\s*>|<(?:\w{1,20}:)?link\s[^<>]{0,2000}/>", re.IGNORECASE
)


class Ending(NamedTuple):
    """A feed as far as it can be taken at its word."""

    text: str
    left_out: int = 0  # entries
    torn: bool = False  # something was cut off: more may have stood behind it


def taken_whole(text: str) -> Ending:
    """A feed without what is half of its last entry, as half an address is another address.

    The entry itself stays where one of its addresses is whole. A feed that ends as it should, or
    has merely forgotten to close its last entry, is left alone.
    """
    if _ends_well(text):
        return Ending(text)
    opened = max((match.start() for match in ENTRY.finditer(text)), default=len(text))
    entry = text[opened:]
    if not entry or ENTRY_END.search(entry) or _ROOT_END.search(entry):
        return Ending(text)
    whole = _closed_part(entry)
    if not _ADDRESS.search(whole):
        return Ending(text[:opened], left_out=1, torn=True)
    return Ending(text[:opened] + whole, torn=bool(entry[len(whole) :].strip()))


def _ends_well(text: str) -> bool:
    """Whether the root is closed near the end and no entry opens after that; most feeds are seen
    through here without a look at the rest."""
    end = text[-_FEED_END:]
    closed = max((match.end() for match in _ROOT_END.finditer(end)), default=0)
    return closed > 0 and not ENTRY.search(end, closed)


def _closed_part(entry: str) -> str:
    """An entry up to the last of its elements that is closed."""
    section = entry.rfind("<![CDATA[")
    if section > entry.rfind("]]>"):
        entry = entry[:section]
    return entry[: max((match.end() for match in _CLOSED.finditer(entry)), default=0)]
