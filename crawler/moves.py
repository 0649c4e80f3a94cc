"""What a redesign hides: items known before at other addresses, and older ones seen late (pure).

One entry proves little: series repeat their titles. When most entries at unknown addresses have
the titles of items that stood on the page last, the site has moved its pages; then titles speak.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

_WORD = re.compile(r"\w+")
MIN_TITLE = 8  # letters and digits; shorter titles recur by chance
MIN_MOVED = 3  # known titles at other addresses that make a move
SIMILAR_TITLE = 0.6  # share of common words
SIMILAR_TEXT = 0.8
MIN_TAIL = 5  # undated entries behind all known ones that a longer page shows at once
TAIL_SHARE = 0.4  # of the known ones


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as the page lists it now."""

    url: str
    title: str = ""
    text: str = ""
    day: date | None = None
    item: str = ""  # its id, where address or GUID tell it


@dataclass(frozen=True, slots=True)
class Before:
    """An item that the source listed before and whose address is not on the page now."""

    item: str
    title: str
    text: str = ""
    day: date | None = None
    last: bool = False  # it stood on the page when that was read last
    erased: bool = False  # its words were erased; ``title`` is that of the entry with its hash


@dataclass(frozen=True, slots=True)
class Moves:
    """What became of entries at unknown addresses."""

    same: Mapping[str, str] = field(default_factory=dict)  # address → id of the item it is
    old: frozenset[str] = frozenset()  # addresses of entries that are new to us alone


def moves(shown: Sequence[Shown], before: Sequence[Before], *, relearned: bool = False) -> Moves:
    """Judge the entries of a page in its order; ``relearned``: its list was found anew.

    An item that is older than what was known of the source when its list was last read, and
    appears with a redesign or behind all known ones, is no news.
    """
    fresh = [one for one in shown if not one.item]
    same = _pairs(fresh, before)
    last = sum(one.last for one in before)
    found = set(same.values())
    again = sum(one.last and one.item in found for one in before)
    moved = again >= MIN_MOVED and 2 * again >= min(last, len(fresh))
    if not moved and not relearned:
        same = _erased_again(same, fresh, before)
    days = {one.item: one.day for one in before}
    known = [
        Shown(one.url, day=one.day or days.get(same.get(one.url, "")))
        for one in shown
        if one.item or one.url in same
    ]
    rest = [one for one in fresh if one.url not in same]
    return Moves(same, _old(shown, known, rest, anew=moved or relearned))


def _pairs(fresh: Sequence[Shown], before: Sequence[Before]) -> dict[str, str]:
    """Each entry with the one item that has its title, else with one much like it."""
    titles = Counter(bare(one.title) for one in fresh)
    by_title: dict[str, list[Before]] = {}
    for item in before:
        by_title.setdefault(bare(item.title), []).append(item)
    found: dict[str, str] = {}
    for one in fresh:
        title = bare(one.title)
        held = by_title.get(title, [])
        if (
            len(title) >= MIN_TITLE
            and titles[title] == len(held) == 1
            and _days_agree(one, held[0])
        ):
            found[one.url] = held[0].item
    taken = set(found.values())
    for one in fresh:
        alike = [item for item in before if item.item not in taken and _alike(one, item)]
        if one.url not in found and len(alike) == 1:
            found[one.url] = alike[0].item
            taken.add(alike[0].item)
    return found


def _erased_again(
    same: Mapping[str, str], fresh: Sequence[Shown], before: Sequence[Before]
) -> dict[str, str]:
    """The pairs in which an erased item comes back: there the title's day is proof enough, for
    no text is left to compare, and its words must not return."""
    erased = {item.item for item in before if item.erased and item.day}
    dated = {one.url for one in fresh if one.day}
    return {url: item for url, item in same.items() if item in erased and url in dated}


def _old(
    shown: Sequence[Shown], known: Sequence[Shown], rest: Sequence[Shown], *, anew: bool
) -> frozenset[str]:
    """Entries that were there before we looked, by their dates, else by their place."""
    places = {one.url: place for place, one in enumerate(shown)}
    held = [places[one.url] for one in known]
    days = [one.day for one in known if one.day]
    if not held:
        return frozenset()
    tail = [one for one in rest if places[one.url] > max(held)]
    if anew:
        dated = {one.url for one in rest if one.day and days and one.day < max(days)}
        undated = {
            one.url for one in rest if not (one.day and days) and places[one.url] > min(held)
        }
        return frozenset(dated | undated)
    if len(held) < MIN_MOVED:
        return frozenset()
    dated = {one.url for one in tail if one.day and days and one.day <= min(days)}
    undated = {one.url for one in tail if not (one.day and days)}
    many = len(undated) >= MIN_TAIL and len(undated) >= TAIL_SHARE * len(held)
    return frozenset(dated | undated if many else dated)


def _alike(one: Shown, item: Before) -> bool:
    """Whether an edited title still names the same item: its text or its day says so too."""
    if _share(one.title, item.title) < SIMILAR_TITLE or not _days_agree(one, item):
        return False
    same_day = one.day is not None and one.day == item.day
    return same_day or (bool(one.text) and _share(one.text, item.text) >= SIMILAR_TEXT)


def _days_agree(one: Shown, item: Before) -> bool:
    return one.day is None or item.day is None or abs((one.day - item.day).days) <= 1


def _share(ours: str, theirs: str) -> float:
    """Common words of all words of two texts (Jaccard)."""
    first, second = set(_WORD.findall(ours.lower())), set(_WORD.findall(theirs.lower()))
    return len(first & second) / max(1, len(first | second))


def bare(title: str) -> str:
    """A title's letters and digits alone."""
    return "".join(_WORD.findall(title.lower()))
