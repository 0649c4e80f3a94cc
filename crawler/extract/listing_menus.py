"""Lists that only repeat a menu: an overview of a section's pages, no news.

Such an overview has a heading and a line of text for each page, as news have; what tells it
apart is that a menu of the same page leads to the very same addresses, and that none has a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.extract.listing_links import Link
from crawler.extract.listing_score import Group, sentence_like

_MIN_LINKS = 4
_LABELS = 0.2  # of ``sentence_like``, on average
_DISTINCT = 0.8  # share of a menu's texts; "Read more" stands under every item
_REPEATED = 0.8  # share of a list's addresses that the menu has too
_POINTS = -2.5


@dataclass(frozen=True, slots=True)
class Menu:
    """Links at one place of the page, each a word or two."""

    keys: frozenset[str]
    nodes: frozenset[int]


def find_menus(likes: Iterable[Sequence[Link]]) -> list[Menu]:
    """The kinds of links that are menus."""
    return [
        Menu(frozenset(link.key for link in like), frozenset(link.node for link in like))
        for like in likes
        if _is_menu([link.text for link in like])
    ]


def _is_menu(texts: Sequence[str]) -> bool:
    if len(texts) < _MIN_LINKS or len(set(filter(None, texts))) < _DISTINCT * len(texts):
        return False
    return sum(map(sentence_like, texts)) <= _LABELS * len(texts)


def without_menus(groups: Iterable[Group], menus: Sequence[Menu]) -> list[Group]:
    """The groups, with less for those that repeat a menu elsewhere on the page."""
    return [
        _lowered(group) if any(_repeats(group, menu) for menu in menus) else group
        for group in groups
    ]


def _repeats(group: Group, menu: Menu) -> bool:
    if len(group.keys) < _MIN_LINKS or any(entry.published for entry in group.entries):
        return False
    if any(entry.record.link.node in menu.nodes for entry in group.entries):
        return False
    return len(menu.keys & group.keys) >= _REPEATED * len(group.keys)


def _lowered(group: Group) -> Group:
    reasons = (*group.reasons, ("in a menu", _POINTS))
    return replace(group, reasons=reasons, score=group.score + _POINTS)
