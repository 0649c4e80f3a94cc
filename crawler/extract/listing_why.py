"""Why a list was taken for news, or none was, in words for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crawler.extract.listing_fields import Entry
from crawler.extract.listing_score import UNNAMED, Group

_MOST = 0.5
_SHOWN_LEVELS = 5  # of a learned place
_HEADED = frozenset(("heading", "caption", "above"))
_TRAITS: tuple[tuple[str, Callable[[Entry], bool]], ...] = (
    ("date", lambda entry: entry.published is not None),
    ("heading", lambda entry: entry.title_from in _HEADED),
    ("teaser", lambda entry: bool(entry.summary)),
    ("image", lambda entry: bool(entry.image)),
)
# What costs a list most points, by the names of ``Group.reasons``.
_FAULTS = {
    "nav": "in the navigation",
    "footer": "in the footer",
    "header": "in the page's header",
    "aside": "in a side column",
    "hidden": "hidden",
    "untitled": "without titles",
    "own title": "under the title of the page itself",
    "borrowed": "under the titles of other links",
    "repeated": "with the same titles again and again",
    "section": "leading to tags, categories or authors",
    "foreign": "leading to other sites",
    "names": "named like another kind of list",
    "other": "named like another kind of list",
    "page": "on a page whose address names another kind of list",
    "jobs": "with titles of jobs",
    "replies": "of replies in a forum",
    "forum": "of a forum's threads",
    "files": "of a folder's files",
    "wiki": "of a wiki's table",
    "in full": "of links in articles that the page tells in full",
    "in text": "in the sentences of a text",
    "comments": "of readers' comments",
    "prices": "of goods with a price",
    "in a menu": "that only repeats a menu",
    "boxes": "whose records are lists themselves",
    "boxes beside": "beside the text of an article",
    "labels": "whose titles are a word or two",
    "numbers": "whose links are bare numbers",
    "ahead": "with dates ahead, as events have them",
    UNNAMED: "with neither dates nor a name that says news",
}


def described(entries: Sequence[Entry]) -> str:
    """How many entries there are and what most of them have: "10 entries with date and teaser"."""
    held = [name for name, test in _TRAITS if sum(map(test, entries)) > _MOST * len(entries)]
    one = len(entries) == 1
    if not held:
        return f"{len(entries)} bare {'link' if one else 'links'}"
    return f"{len(entries)} {'entry' if one else 'entries'} with {_listed(held)}"


def is_bare(entries: Sequence[Entry]) -> bool:
    """Whether most entries have neither a date nor a heading, as in a menu."""
    marked = sum(1 for e in entries if e.published is not None or e.title_from in _HEADED)
    return marked <= _MOST * len(entries)


def declined(groups: Sequence[Group]) -> str:
    """Why no list of a page is news; ``groups`` come best first."""
    if not groups:
        return "no list of news; no links that could be items"
    name, points = min(groups[0].reasons, key=lambda reason: reason[1])
    fault = _FAULTS.get(name) if points < 0 else None
    nearest = described(groups[0].entries)
    return f"no list of news; nearest to one: {nearest}, {fault or 'too little like news'}"


def pattern_of(learned: Mapping[str, Any]) -> tuple[str, ...]:
    """What a listing's reading learned, a place of its item links each: "main > ul.news > li > a
    below “News”"; () where nothing was learned of a list."""
    if learned.get("script"):
        return ("a list in a script of the page",)
    paths = [path for path in learned.get("paths", ()) if isinstance(path, str)]
    headings = learned.get("headings")
    below = headings if isinstance(headings, list) and len(headings) == len(paths) else paths
    return tuple(
        _place(path) + (f" below “{heading}”" if heading and heading != path else "")
        for path, heading in zip(paths, below, strict=True)
    )


def _place(path: str) -> str:
    nearest = path.split("<")[:_SHOWN_LEVELS]
    return " > ".join(reversed(nearest))


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
