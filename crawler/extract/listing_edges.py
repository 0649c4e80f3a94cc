"""Links in front of dated items and behind them that are none: a menu, a footer, other months.

On pages without class names, a row of links above or below the news has the markup of the news:
each link stands in the body itself. What tells them apart is that they stand at the list's ends,
say a few words and have no date, where the links between them are dated headlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from crawler.extract.listing_fields import Entry
from crawler.extract.listing_score import sentence_like
from crawler.extract.listing_words import is_more

_LABEL = 0.2  # of ``sentence_like``: three words
_MIN_DATED = 3  # items between the ends
_DATED = 0.8  # share of them with a date
_HEADLINES = 0.5  # share of them that are no labels


def split_edges(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries in page order as one list, or the dated ones apart from the labels at both their
    ends and from links among them that say nothing."""
    first = sum(1 for _ in takewhile(_is_label, entries))
    last = len(entries) - sum(1 for _ in takewhile(_is_label, reversed(entries[first:])))
    inside = [entry for entry in entries[first:last] if entry.title or _is_dated(entry)]
    if len(inside) == len(entries) or not _are_dated_headlines(inside):
        return [list(entries)]
    held = {id(entry) for entry in inside}
    return [inside, [entry for entry in entries if id(entry) not in held]]


def _is_label(entry: Entry) -> bool:
    if _is_dated(entry):
        return False
    said = entry.record.link.text
    if not said or is_more(said):  # then only what stands around it could be its title
        said = entry.title
    return sentence_like(said) <= _LABEL


def _is_dated(entry: Entry) -> bool:
    return bool(entry.published or entry.date_text)


def _are_dated_headlines(entries: Sequence[Entry]) -> bool:
    dated = sum(map(_is_dated, entries))
    headlines = sum(sentence_like(entry.title) > _LABEL for entry in entries)
    return (
        len(entries) >= _MIN_DATED
        and dated >= _DATED * len(entries)
        and headlines >= _HEADLINES * len(entries)
    )
