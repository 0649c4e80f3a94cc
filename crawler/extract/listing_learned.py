"""What a listing taught us: the pattern of its records, and whether it still holds.

A pattern is the places of the item links in the page's structure. It is kept while it
yields; when it yields too little or something else, the items known before are searched on
the page, and the list that holds enough of them becomes the new pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha1
from typing import Any

from crawler.extract.listing_document import HEADINGS, Document, Node
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_links import address_key, kind
from crawler.extract.listing_records import Record
from crawler.extract.listing_score import Group, folder_of
from crawler.extract.listing_sections import list_heading
from crawler.extract.listing_words import name_words, plain, weigh, words
from crawler.model.item import RawItem

VERSION = 1
_REMEMBERED = 80  # items whose marks a pattern keeps
_LITTLE = 0.34  # of the usual number of items
_ENOUGH = 0.4  # of a new list's items must be known before it is adopted
_STRANGERS = 0.1  # of a new list's items may be neither known nor like known ones
_FEW = 0.3  # of a list's items may lead to pages of another kind
_HEADING = 60  # characters of a heading that are kept
_MIN_TITLE = 8  # characters; shorter titles recur by chance
GONE = "no item stands where its items stood"


def learn(document: Document, entries: Sequence[Entry]) -> dict[str, Any]:
    """The JSON-able pattern of a reading; {} where it found nothing."""
    if not entries:
        return {}
    lists: dict[str, list[Record]] = {}
    for entry in entries:
        path = path_of(document, entry.record.link.node)
        lists.setdefault(path, []).append(entry.record)
    marks = [mark for entry in entries[:_REMEMBERED] for mark in _marks(entry)]
    days = [entry.published.day.isoformat() for entry in entries if entry.published]
    dated = len(days) / len(entries)
    return {
        "version": VERSION,
        "paths": list(lists),
        "headings": [list_heading(document, records)[:_HEADING] for records in lists.values()],
        "count": len(entries),
        "dated": round(dated, 2),
        "newest": max(days, default=""),
        "folders": list(dict.fromkeys(map(_folder, entries)))[:_REMEMBERED],
        "marks": list(dict.fromkeys(marks)),
    }


def emptied(learned: Mapping[str, Any]) -> dict[str, Any]:
    """What was learned of a list that is empty for a time: its next items will all be new."""
    return {**learned, "emptied": True} if learned else {}


def stood_here(document: Document, node: Node, learned: Mapping[str, Any]) -> bool:
    """Whether a passage stands where a learned list stood: in an element around its items and
    under its heading, or under that heading elsewhere, but in no other form: a search finds
    nothing at first. True where no place was learned."""
    headings = _headings(learned)
    if not headings:
        return True
    around = (node, *document.ancestors(node.index))
    forms = {kind(document, one) for one in around if one.tag == "form"}
    if not any(forms <= set(path.split("<")) for path in headings):
        return False
    under = _heading_above(document, node)
    if under and under in headings.values():
        return True
    while node.parent >= 0 and _is_all_of(document, node, document.nodes[node.parent]):
        node = document.nodes[node.parent]  # a box of the passage alone
    place = path_of(document, node.parent) if node.parent >= 0 else ""
    return any(
        not heading and f"<{path}".endswith(f"<{place}" if place else "")
        for path, heading in headings.items()
    )


def _is_all_of(document: Document, node: Node, parent: Node) -> bool:
    words = parent.first_word, parent.last_word
    return parent.tag != "body" and words == (node.first_word, node.last_word)


def _heading_above(document: Document, node: Node) -> str:
    """The words of the nearest heading before a passage."""
    above = (n for n in reversed(document.nodes[: node.index]) if n.tag in HEADINGS)
    nearest = next((n for n in above if n.last_word > n.first_word), None)
    return document.text(nearest.index)[:_HEADING] if nearest else ""


def path_of(document: Document, index: int) -> str:
    """The shapes of a node and its ancestors, innermost first."""
    nodes = [document.nodes[index], *document.ancestors(index)]
    return "<".join(kind(document, node) for node in nodes if node.tag not in ("html", "body"))


def _marks(entry: Entry) -> tuple[str, ...]:
    title = bare_title(entry.title)
    found = (_mark(entry.key), _mark(title) if len(title) >= _MIN_TITLE else "")
    return tuple(mark for mark in found if mark)


def _mark(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]


def bare_title(title: str) -> str:
    """A title's letters and digits alone, plain."""
    return re.sub(r"\W+", "", plain(title))


@dataclass(frozen=True)
class Known:
    """Marks of the addresses and titles of items seen before."""

    marks: frozenset[str]

    @classmethod
    def of(cls, known: Iterable[str], learned: Mapping[str, Any]) -> Known:
        """From addresses and titles, and from what an earlier pattern remembers."""
        marks = {mark for mark in learned.get("marks", ()) if isinstance(mark, str)}
        for text in known:
            if re.match(r"https?://", text):
                marks.add(_mark(address_key(text)))
            elif len(bare_title(text)) >= _MIN_TITLE:
                marks.add(_mark(bare_title(text)))
        return cls(frozenset(marks))

    def names(self, url: str, title: str) -> bool:
        """Whether an address or a title is known."""
        bare = bare_title(title)
        marks = (_mark(address_key(url)), _mark(bare) if len(bare) >= _MIN_TITLE else "")
        return any(mark in self.marks for mark in marks)

    def holds(self, entry: Entry) -> bool:
        """Whether an entry was seen before, by its address or its title."""
        return any(mark in self.marks for mark in _marks(entry))

    def hits(self, entries: Sequence[Entry]) -> int:
        """How many entries were seen before."""
        return sum(map(self.holds, entries))


def matching(
    document: Document, groups: Sequence[Group], learned: Mapping[str, Any]
) -> list[Group]:
    """The groups at the places the pattern names: of like lists those under the same headings,
    else those that no heading calls something else."""
    headings = _headings(learned)
    found = [(path_of(document, g.entries[0].record.link.node), g) for g in groups]
    found = [(path, group) for path, group in found if path in headings]
    same = [g for path, g in found if g.heading[:_HEADING] == headings[path]]
    if same:
        places = {path for path, g in found if g.heading[:_HEADING] == headings[path]}
        return [*same, *_named_well(g for path, g in found if path not in places)]
    return _named_well(g for _, g in found) or [group for _, group in found]


def _named_well(groups: Iterable[Group]) -> list[Group]:
    return [group for group in groups if weigh(frozenset(words(group.heading))) >= 0]


def _headings(learned: Mapping[str, Any]) -> dict[str, str | None]:
    """The heading that stood above the list at each learned place, None where not noted."""
    paths = [path for path in learned.get("paths", ()) if isinstance(path, str)]
    noted = learned.get("headings")
    if not isinstance(noted, list) or len(noted) != len(paths):
        return dict.fromkeys(paths)
    return dict(zip(paths, noted, strict=True))


def fault(entries: Sequence[Entry], learned: Mapping[str, Any], known: Known) -> str:
    """What is wrong with what the pattern yields now, "" if nothing."""
    usual = _number(learned.get("count"))
    if not entries:
        return GONE
    if learned.get("emptied"):  # whatever stands there now is new
        usual, known = 0.0, Known(frozenset())
    if len(entries) < _LITTLE * usual:
        return f"only {len(entries)} of usually {usual:.0f} items"
    titled = sum(len(entry.title) > 2 for entry in entries)
    if titled < 0.7 * len(entries):
        return "most items have no title"
    dated = sum(entry.published is not None for entry in entries) / len(entries)
    if _number(learned.get("dated")) > 0.7 and dated < 0.3:
        return "the items' dates are gone"
    if known.marks and len(entries) > 1 and not known.hits(entries):
        return "none of the items was seen before"
    others = [entry for entry in entries if not known.holds(entry) and _says_other(entry)]
    if len(others) > _FEW * len(entries) and _folder(others[0]) not in _folders(learned):
        return f"{len(others)} of {len(entries)} items are of another kind"
    return ""


def adoptable(entries: Sequence[Entry], known: Known, learned: Mapping[str, Any]) -> bool:
    """Whether a newly induced list holds enough known items to be the same list.

    One known item proves nothing where there used to be several: a teaser box repeats one.
    The others have to look like the known ones: beside known headlines, menus and boxes name
    pages that are none.
    """
    seen = [entry for entry in entries if known.holds(entry)]
    needed = min(3, max(len(entries), min(2, int(_number(learned.get("count"))))))
    if len(seen) < needed or len(seen) < _ENOUGH * len(entries):
        return False
    folders = {_folder(entry) for entry in seen} | _folders(learned)
    dated = 2 * sum(entry.published is not None for entry in seen) > len(seen)
    strangers = sum(
        not known.holds(entry)
        and _folder(entry) not in folders
        and not (dated and entry.published is not None and not _says_other(entry))
        for entry in entries
    )
    return strangers <= _STRANGERS * len(entries)


def _folder(entry: Entry) -> str:
    """Where an entry's page lies, the same for every year and number."""
    return re.sub(r"\d+", "", folder_of(entry.key))


def _folders(learned: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(one for one in learned.get("folders", ()) if isinstance(one, str))


def _says_other(entry: Entry) -> bool:
    """Whether an entry's address says that it is no news: jobs, events, members …"""
    return weigh(name_words(_folder(entry).replace("-", " "))) < 0


def by_known(groups: Sequence[Group], known: Known, learned: Mapping[str, Any]) -> Group | None:
    """The group that holds most known items, if it holds enough of them."""
    held = [(known.hits(group.entries), group.score, group) for group in groups]
    held = [entry for entry in held if adoptable(entry[2].entries, known, learned)]
    return max(held, key=lambda entry: entry[:2])[2] if held else None


def turned_over(
    entries: Sequence[Entry],
    groups: Sequence[Group],
    learned: Mapping[str, Any],
    today: date | None,
) -> bool:
    """Whether a list without known items is the same list, all new.

    Its items pushed the known ones out: they stand where those stood, their addresses in the
    same folder, every one dated, none before the newest known item and none ahead. Jobs or
    events in the same markup are not.
    """
    newest = learned.get("newest")
    days = [entry.published.day for entry in entries if entry.published]
    return (
        bool(newest)
        and len(entries) >= 0.6 * _number(learned.get("count"))
        and len(days) == len(entries)
        and min(days).isoformat() >= str(newest)
        and (today is None or max(days) <= today + timedelta(days=1))
        and {_folder(entry) for entry in entries} <= _folders(learned)
        and all(group.context >= 0 for group in groups)
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


# -- lists that scripts hold ----------------------------------------------------------------------


def learn_scripted(items: Sequence[RawItem]) -> dict[str, Any]:
    """The JSON-able memory of a list in a page's scripts."""
    days = [item.published.day.isoformat() for item in items if item.published]
    return {
        "version": VERSION,
        "script": True,
        "count": len(items),
        "newest": max(days, default=""),
    }


def follows(
    items: Sequence[RawItem], learned: Mapping[str, Any], known: Known, today: date | None
) -> bool:
    """Whether a list in scripts is the learned one: an item is known, or all are newer."""
    if not known.marks or any(known.names(item.url, item.title) for item in items):
        return bool(items)
    days = [item.published.day for item in items if item.published]
    newest = str(learned.get("newest") or "")
    return (
        bool(newest and days)
        and len(days) == len(items)
        and min(days).isoformat() >= newest
        and (today is None or max(days) <= today + timedelta(days=1))
    )


def repeats(items: Sequence[RawItem], known: Known) -> bool:
    """Whether a list found in another way holds enough known items to be the same list."""
    hits = sum(known.names(item.url, item.title) for item in items)
    return hits >= min(3, len(items)) and hits >= _ENOUGH * len(items)
