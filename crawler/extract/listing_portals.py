"""Front pages that spread their headlines over several lists: when a page is one, and which
lists belong to it.

Stories of a portal stand in side columns too, and in tabs and sliders that scripts show.
Furniture stands there as well; what tells stories is that their addresses have the form of
those in the middle of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from crawler.extract.listing_document import Document
from crawler.extract.listing_score import (
    THRESHOLD,
    Group,
    below,
    folder_of,
    is_slug,
    sentence_like,
    telling_keys,
)
from crawler.extract.listing_signs import share
from crawler.extract.listing_sisters import called_otherwise
from crawler.extract.listing_words import names_popular
from crawler.extract.listing_zones import ASIDE, FOOTER, HEADER, HIDDEN, NAV

_FURNITURE = NAV | FOOTER | HEADER
_SIDE = ASIDE | HIDDEN
_SHARE = 0.5  # of the best list's score
_MANY_TIMES = 3  # a front page's headlines are more than its one list's
NAMED = 0.6  # context of a group that stands beside a dated list of a home page
_BY_NAMES = -0.7  # context; a heading weighs more
_HEADLINES = 0.4  # of ``sentence_like``, on average
_SLUGS = 0.7  # share of a side list's addresses that name an item
_HOMES = frozenset(("", "index.html", "index.php", "index.htm", "de", "en", "fr", "da", "home"))
_DIGITS = re.compile(r"\d+")
_DATED = re.compile(r"/.{0,80}?(?=/(?:19|20)\d\d/\d{1,2}(?:/|$))")  # the sections before a day
_NUMBERED = re.compile(r"\d{3,}")
_SUFFIX = re.compile(r"\.[a-z]{3,5}$")


def is_home(document: Document) -> bool:
    """Whether a page is the front page of its site."""
    return urlsplit(document.url).path.strip("/").lower() in _HOMES


def is_portal(document: Document, best: Group, eligible: Sequence[Group]) -> bool:
    """Whether the page spreads its headlines over several lists instead of keeping one."""
    others = [g for g in eligible[1:] if not g.keys <= best.keys]
    if best.dated > 0.5 and len(best.entries) > 3:
        return is_home(document) and best.context < NAMED and _outnumbered(best, others)
    if is_home(document):
        return True
    if 2 * _below(document, best) > len(best.entries):  # a section that lists its own pages …
        parts = [g for g in others if 2 * _below(document, g) > len(g.entries)]
        return _outnumbered(best, parts)  # … in one list, unless it is a front page of its own
    return sum(len(g.entries) for g in others) > len(best.entries)


def _outnumbered(best: Group, others: Sequence[Group]) -> bool:
    """Whether other lists hold most of the page's headlines, in headings that are links."""
    headed = [
        group
        for group in others
        if portal_part(best, group)
        and 2 * sum(e.title_from == "heading" for e in group.entries) > len(group.entries)
    ]
    return sum(len(group.entries) for group in headed) >= _MANY_TIMES * len(best.entries)


def _below(document: Document, group: Group) -> int:
    return sum(below(document, entry) for entry in group.entries)


def portal_part(best: Group, group: Group) -> bool:
    """Whether a group in the middle of a portal page holds headlines as the best one does."""
    return not group.zone & _SIDE and _holds_news(best, group)


def _holds_news(best: Group, group: Group) -> bool:
    if len(group.entries) == 1 and group.entries[0].title_from != "heading":
        return False
    return (
        group.score >= max(THRESHOLD, _SHARE * best.score)
        and (group.context >= 0 or _is_misnamed(best, group))
        and not group.zone & _FURNITURE
        and (not called_otherwise(group) or _has_form(group, _dated_forms(best)))
    )


def _is_misnamed(best: Group, group: Group) -> bool:
    """Whether only class names say that a list is another ("video-box"): its addresses have the
    form of the stories."""
    by_names_alone = group.context > _BY_NAMES
    return by_names_alone and _has_form(group, _forms([best]))


def side_parts(chosen: Sequence[Group], groups: Sequence[Group]) -> Iterator[Group]:
    """The groups in side columns and hidden tabs whose addresses have the form of the stories
    ``chosen`` in the middle; lists of what is read most only repeat them."""
    told = _forms(chosen)
    for group in groups:
        if (
            group.zone & _SIDE
            and _holds_news(chosen[0], group)
            and _has_form(group, told)
            and share(group.entries, is_slug) >= _SLUGS
            and not names_popular(group.heading)
        ):
            yield group


def _forms(groups: Sequence[Group]) -> frozenset[str]:
    """The forms that addresses of groups have."""
    keys = [key for group in groups for key in telling_keys(group.entries)]
    return frozenset(form for key in keys if (form := _form_of(key)))


def _dated_forms(best: Group) -> frozenset[str]:
    """The forms of addresses in folders of days: reports of a portal are told there too."""
    keys = [key for key in telling_keys(best.entries) if _DATED.search(folder_of(key))]
    return frozenset(_form_of(key) for key in keys)


def _has_form(group: Group, told: frozenset[str]) -> bool:
    """Whether most addresses of a group have one of the forms."""
    keys = telling_keys(group.entries)
    return 2 * sum(_form_of(key) in told for key in keys) > len(keys)


def _form_of(key: str) -> str:
    """What an address shares with its like, numbers made equal: the folder, and of the last part
    a number and a suffix; "" where that says no more than the host.

    In /politics/2026/11/story and /sport/2026/11/story the days tell the form.
    """
    folder = _DIGITS.sub("0", _DATED.sub("/", folder_of(key), count=1))
    if "?" in folder:
        return folder
    last = key.rpartition("/")[2]
    suffix = _SUFFIX.search(last)
    shape = ("0" if _NUMBERED.search(last) else "") + (suffix[0] if suffix else "")
    return f"{folder}/{shape}" if shape or folder.partition("/")[2] else ""


def is_list_of_its_own(best: Group, group: Group) -> bool:
    """Whether links among the records of other lists are headlines rather than the records'
    authors, files and tags: a story's card may hold further stories."""
    wordy = sum(sentence_like(entry.title) for entry in group.entries) / len(group.entries)
    own_words = share(group.entries, lambda e: e.title_from in ("heading", "link", "block"))
    return wordy >= _HEADLINES and own_words > _SLUGS and _has_form(group, _forms([best]))
