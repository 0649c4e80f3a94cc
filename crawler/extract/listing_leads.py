"""The item that leads a list in a box of its own: the sticky post right above it.

Where addresses have no common folder (posts at the root, or in folders of their days),
only the place tells: a dated, linked headline like those of the list, and nothing between.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from crawler.extract.listing_document import Document
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_score import THRESHOLD, Group, folder_of, sentence_like
from crawler.extract.listing_zones import ASIDE, FOOTER, HEADER, HIDDEN, MAIN, NAV

_ELSEWHERE = NAV | FOOTER | HEADER | ASIDE | HIDDEN
_MAX_LEADS = 6  # a slider shows some
_MIN_LIST = 3  # items; a shorter list says too little about its kind
_DATED = 0.8  # share of a list's items that have a date on the page
_BETWEEN = 6  # text pieces between the lead and the list: its last button, a filter
_DIGITS = re.compile(r"\d+")


def leads(document: Document, best: Group, groups: Sequence[Group]) -> list[Group]:
    """Groups of a few items right above the dated list ``best``, in other markup."""
    if best.dated < _DATED or len(best.entries) < _MIN_LIST:
        return []
    form = _usual_form(best.entries)
    first = min(span.start for e in best.entries for span in e.record.spans(document))
    return [
        group
        for group in groups
        if len(group.entries) <= min(_MAX_LEADS, len(best.entries) - 1)
        and not group.keys <= best.keys
        and _like_the_list(best, group)
        and all(_form(entry) == form for entry in group.entries)
        and _right_above(document, group, first)
    ]


def _usual_form(entries: Sequence[Entry]) -> str:
    form, count = Counter(_form(entry) for entry in entries).most_common(1)[0]
    return form if 2 * count > len(entries) else ""


def _form(entry: Entry) -> str:
    """The folder of an address with its numbers made equal: /2025/05/20/ is like /2025/01/31/."""
    return _DIGITS.sub("0", folder_of(entry.key))


def _like_the_list(best: Group, group: Group) -> bool:
    return (
        group.score >= THRESHOLD
        and group.context >= 0
        and not group.zone & _ELSEWHERE
        and group.zone & MAIN == best.zone & MAIN
        and all(_is_headline(entry) for entry in group.entries)
    )


def _is_headline(entry: Entry) -> bool:
    return (
        entry.title_from == "heading"
        and entry.date_from in ("time", "name", "text")
        and sentence_like(entry.title) > 0
    )


def _right_above(document: Document, group: Group, first: int) -> bool:
    """Whether a group ends before the list's first node, with no heading and few words between."""
    end = max(span.stop for e in group.entries for span in e.record.spans(document))
    if end > first:
        return False
    words = document.nodes[first].first_word - document.nodes[end - 1].last_word
    headed = any(end <= node.index < first for node in document.short_headings())
    return words <= _BETWEEN and not headed
