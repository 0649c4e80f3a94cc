"""What tells two look-alikes apart: other year, other edition, other member, other page."""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import SequenceMatcher
from functools import lru_cache

from crawler.stories.changes import is_correction, is_update
from crawler.stories.items import StoryItem
from crawler.stories.similarity import Overlap, swaps
from crawler.stories.text import fold

COPY_WINDOW = timedelta(days=45)  # the same words are repeated for weeks
TELLING_WINDOW = timedelta(days=17)  # other words tell the same event for days
SAME_SITE = 0.6  # containment below which two pages of one host are two items
COMPARABLE = 0.25  # containment from which two texts can be laid side by side
EDITED = 0.85  # containment from which a single exchanged word is an editor's
ALIKE = 0.6  # share of letters in the same order from which two names are spellings of one
LONG_SWAP = 8  # words; where more are exchanged, two hosts told it in their own words

_PAGE, _TEMPLATE, _EDITION = "other item of the same site", "same template", "other edition"
_NAME = re.compile(r"(?<!^)\b[^\W\d_a-zà-ÿ][^\W_]{2,}")
_DIGIT = re.compile(r"\d")
_ROUND_UP = re.compile(
    r"(?<!\w)(?:newsletter|nyhedsbrev|nyhetsbrev|nieuwsbrief|rundbrief|infobrief|lettre|infolettre|"
    r"biuletyn|notiziario|boletin|nyt fra|뉴스레터|소식지)"
)


def veto(one: StoryItem, other: StoryItem, shared: Overlap) -> str:
    """Why two items cannot tell the same event; "" where nothing speaks against it."""
    return (
        _other_date(one, other, shared)
        or _other_year(one, other)
        or _other_edition(one, other)
        or _round_up(one, other)
        or ""
    )


def is_of_texts(said: str) -> bool:
    """Whether a veto rests on what two items say, not on when: it holds for copies of them."""
    return said.startswith((_PAGE, _TEMPLATE, _EDITION))


def apart_in_time(one: StoryItem, other: StoryItem) -> bool | None:
    """Whether two dates are too far apart for any telling; None where one is missing."""
    if one.published is None or other.published is None:
        return None
    return abs(one.published - other.published) > COPY_WINDOW


def template_veto(one: StoryItem, other: StoryItem, shared: Overlap) -> str:
    """Why two texts alike are two items of one template; "" where they are one text.

    Copies differ by what was added or left out, siblings of a template by what was put in
    the same place: another name, another number.
    """
    same_site = _same_site(one, other)
    if same_site and _corrects(one, other):
        return ""
    if same_site and shared.containment < SAME_SITE:
        return _PAGE
    if shared.containment < COMPARABLE:
        return ""
    swapped = swaps(one.told, other.told)
    if same_site and swapped:
        return _other_words(*swapped[0])
    for ours, theirs in swapped:
        if max(ours.count(" "), theirs.count(" ")) >= LONG_SWAP:
            continue
        if _DIGIT.search(ours) and _DIGIT.search(theirs):
            return f"{_TEMPLATE}, other number: {ours} / {theirs}"
        if _other_titled(one, other, ours, theirs, shared.containment):
            return f"{_TEMPLATE}, other name: {ours} / {theirs}"
    return ""


def _other_titled(
    one: StoryItem, other: StoryItem, ours: str, theirs: str, containment: float
) -> bool:
    """Whether what stands in one text where the other has something else is what each title
    names: siblings of a series differ by whom they are about.

    Copies spell a name otherwise, so names that are alike part nothing, and in texts that are
    nearly the same only two names on each side do.
    """
    mine = _title_names(one.title).intersection(ours.split())
    yours = _title_names(other.title).intersection(theirs.split())
    if min(len(mine), len(yours)) < (2 if containment >= EDITED else 1):
        return False
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio() < ALIKE


@lru_cache(maxsize=1024)
def _title_names(title: str) -> frozenset[str]:
    """The folded words of a title that are written like names, its first one apart."""
    return frozenset(fold(name) for name in _NAME.findall(title))


def contradiction(one: StoryItem, other: StoryItem, shared: Overlap) -> str:
    """Why an item that was edited no longer tells what its story tells; "" where it may.

    Another date, year or edition, or other words in the same template of one site. A figure
    that was corrected and a text that was rewritten are no reason.
    """
    if against := veto(one, other, shared):
        return against
    if not _same_site(one, other) or shared.containment < SAME_SITE or _corrects(one, other):
        return ""
    swapped = swaps(one.told, other.told)
    named = ((ours, theirs) for ours, theirs in swapped if not _DIGIT.search(ours + theirs))
    return next((_other_words(*pair) for pair in named), "")


def _other_words(ours: str, theirs: str) -> str:
    return f"{_TEMPLATE}, other words: {ours[:60]} / {theirs[:60]}"


def _same_site(one: StoryItem, other: StoryItem) -> bool:
    return one.host.removeprefix("www.") == other.host.removeprefix("www.")


def _corrects(one: StoryItem, other: StoryItem) -> bool:
    """Whether just one of two items of a site says that it replaces the other."""
    ours, theirs = (is_correction(item.title, item.told.paragraphs) for item in (one, other))
    return ours != theirs or is_update(one.title, other.title)


def _other_date(one: StoryItem, other: StoryItem, shared: Overlap) -> str:
    if one.published is None or other.published is None:
        return ""
    gap = abs(one.published - other.published)
    window = COPY_WINDOW if shared.containment >= 0.5 else TELLING_WINDOW
    return f"published {gap.days} days apart" if gap > window else ""


def _other_year(one: StoryItem, other: StoryItem) -> str:
    ours = one.fingerprint.keys("year", in_title=True)
    theirs = other.fingerprint.keys("year", in_title=True)
    if ours and theirs and not ours & theirs:
        return f"other year: {max(ours)} / {max(theirs)}"
    if one.published is None or other.published is None:
        mine, yours = _years(one), _years(other)
        if mine and yours and not mine & yours:
            return f"other year: {max(mine)} / {max(yours)}"
    return ""


def _years(item: StoryItem) -> frozenset[str]:
    named = item.fingerprint.keys("year")
    return named | {str(item.published.year)} if item.published else named


def _other_edition(one: StoryItem, other: StoryItem) -> str:
    ours = one.fingerprint.keys("edition", in_title=True)
    theirs = other.fingerprint.keys("edition", in_title=True)
    if ours and theirs and not ours & theirs:
        return f"{_EDITION}: {min(ours)} / {min(theirs)}"
    return ""


def _round_up(one: StoryItem, other: StoryItem) -> str:
    """A numbered newsletter tells many events; only another copy of it tells the same."""
    return "a newsletter of many news" if _is_round_up(one) != _is_round_up(other) else ""


def _is_round_up(item: StoryItem) -> bool:
    numbered = item.fingerprint.keys("edition", in_title=True)
    return bool(numbered) and _ROUND_UP.search(fold(item.title)) is not None
