"""How a page that lists news is read: its items in page order, with no hand-written rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from typing import Any

from crawler.counts import counted
from crawler.errors import ExtractError
from crawler.extract import charset
from crawler.extract.dates import not_ahead
from crawler.extract.listing_asked import group_like, records_by_selector
from crawler.extract.listing_choice import ReadRecords, choose, completed, led_by
from crawler.extract.listing_document import Document
from crawler.extract.listing_empty import or_empty
from crawler.extract.listing_fields import Entry, When
from crawler.extract.listing_groups import Lists, PageLists
from crawler.extract.listing_learned import (
    Known,
    adoptable,
    by_known,
    fault,
    follows,
    learn,
    learn_scripted,
    matching,
    repeats,
    turned_over,
)
from crawler.extract.listing_lines import with_lines
from crawler.extract.listing_links import allowed, none_allowed
from crawler.extract.listing_reading import (
    NO_HINTS,
    ListingCandidate,
    ListingHints,
    ListingReading,
)
from crawler.extract.listing_score import THRESHOLD, Group
from crawler.extract.listing_scripts import may_hold_list, script_items
from crawler.extract.listing_selector import selectors_of
from crawler.extract.listing_unscripted import unscripted
from crawler.extract.listing_why import described, is_bare
from crawler.extract.listing_zones import zoned_document
from crawler.model.item import RawItem

__all__ = [
    "NO_HINTS",
    "ListingCandidate",
    "ListingHints",
    "ListingReading",
    "read_listing",
    "read_listing_document",
]

MAX_ITEMS = 500
MAX_CANDIDATES = 9


def read_listing(
    body: bytes,
    url: str,
    *,
    content_type: str = "",
    zone: tzinfo = UTC,
    now: datetime | None = None,
    hints: ListingHints = NO_HINTS,
) -> ListingReading:
    """Find the news items on a page.

    Raises ExtractError for markup that would cost unbounded time.
    """
    text = charset.decode(body, content_type)
    document = zoned_document(text, url)
    return read_listing_document(document, text, zone=zone, now=now, hints=hints)


def read_listing_document(
    document: Document,
    text: str = "",
    *,
    zone: tzinfo = UTC,
    now: datetime | None = None,
    hints: ListingHints = NO_HINTS,
) -> ListingReading:
    """``read_listing`` of a page parsed already, its zones marked.

    ``text`` is its markup: where no list is to be seen, its scripts may hold one, or what it shows
    without them. Menus stand there as well, so a list has to have dates or headings.
    """
    reading = _read(document, text, zone, now, hints)
    fresh = replace(hints, learned={}, known=frozenset(), furniture=hints.shared)
    anew = partial(_read, document, text, zone, now, fresh)
    reading = or_empty(with_lines(document), reading, hints, anew)
    shown = "" if reading.items or reading.empty else unscripted(text)
    if shown:
        other = _read(zoned_document(shown, document.url), shown, zone, now, hints)
        if other.items and (hints.names_list or not other.bare):
            return other
    return reading


def _read(
    document: Document, text: str, zone: tzinfo, now: datetime | None, hints: ListingHints
) -> ListingReading:
    """What shows as a list, else what the scripts hold."""
    lined = document if hints.selector else with_lines(document)
    as_it_stands, document = lined is document, lined
    seen = _seen(document, zone, now, hints)
    if hints.selector:
        return seen
    if seen.items and not hints.learned.get("script"):
        return _with_selector(document, seen, zone, now, hints) if as_it_stands else seen
    found = replace(seen, items=())
    if may_hold_list(document, text):
        found = _scripted(document, text, found, zone, now, hints)
    if not (hints.learned.get("script") or hints.learned.get("paths")):
        return found
    return _same_list(seen, found, hints, now and now.date())


def _with_selector(
    document: Document,
    seen: ListingReading,
    zone: tzinfo,
    now: datetime | None,
    hints: ListingHints,
) -> ListingReading:
    """A chosen list with the CSS selector that finds it again, where one does; while the learned
    pattern holds, with the one found before."""
    before = hints.learned.get("selector")
    if before and not seen.relearned:
        return replace(seen, learned=seen.learned | {"selector": before})
    if not (before or hints.like or hints.pick is not None):
        return seen
    wanted = [(item.url, item.title, item.published) for item in seen.items]
    for selector in selectors_of(seen.learned):
        try:
            found = _seen(document, zone, now, replace(hints, selector=selector)).items
        except ExtractError:  # an odd name of an element, which is no CSS
            continue
        if [(item.url, item.title, item.published) for item in found] == wanted:
            return replace(seen, learned=seen.learned | {"selector": selector})
    return seen


def _same_list(
    seen: ListingReading, scripted: ListingReading, hints: ListingHints, today: date | None
) -> ListingReading:
    """Of what shows and what the scripts hold, the list that was learned; else broken."""
    known = Known.of(hints.known, hints.learned)
    in_scripts = bool(hints.learned.get("script"))
    if in_scripts and follows(scripted.items, hints.learned, known, today):
        return scripted
    for other in (seen, scripted):
        if other.items and repeats(other.items, known):
            return replace(other, broken="", barred=False, relearned=True)
    if not in_scripts:
        return seen
    broken = "the list that stood in the page's scripts is gone"
    kept = dict(hints.learned)
    return replace(seen, items=(), learned=kept, why=broken, broken=broken, barred=False)


def _seen(
    document: Document, zone: tzinfo, now: datetime | None, hints: ListingHints
) -> ListingReading:
    lists = PageLists(document, hints, When(zone, document.language, now))
    today = now and now.date()
    if hints.pick is not None and not (hints.selector or hints.like):
        groups, found = lists.whole.groups, _picked(document, lists.whole, hints)
    else:
        groups = lists.allowed.groups
        found = _found(document, lists.allowed, hints, today)
    if found.broken and hints.is_filtered:
        found = _narrowed(document, lists.whole, hints, today) or found
    numbered = groups if hints.learned or hints.selector else lists.whole.groups
    items = tuple(_item(entry, now) for entry in found.entries[:MAX_ITEMS])
    return ListingReading(
        items=items,
        title=document.title,
        language=document.language,
        confidence=_confidence(groups, hints) if items else 0.0,
        learned=_with_furniture(found.learned, hints.shared),
        candidates=tuple(_candidate(g, n, now) for n, g in enumerate(numbered[:MAX_CANDIDATES], 1)),
        why=found.why,
        broken=found.broken,
        relearned=found.relearned,
        barred=found.barred,
        bare=is_bare(found.entries),
    )


def _scripted(
    document: Document,
    text: str,
    seen: ListingReading,
    zone: tzinfo,
    now: datetime | None,
    hints: ListingHints,
) -> ListingReading:
    """The list in a page's scripts, where there is one; else what was seen without."""
    found = script_items(text, document.url, zone=zone, now=now)
    items = tuple(i for i in found if allowed(i.url, hints.only_links, hints.skip_links))
    if not items:
        return seen
    label = f"list in a script: {counted(len(items), 'item')}, first “{items[0].title[:60]}”"
    return replace(
        seen,
        items=items[:MAX_ITEMS],
        confidence=0.8,
        learned=learn_scripted(items),
        candidates=(ListingCandidate(label, items, THRESHOLD, pick=1),),
        why=f"{len(items)} entries that only the page's scripts hold",
        broken="",
        barred=False,
        bare=False,
    )


def _with_furniture(learned: dict[str, Any], shared: frozenset[str]) -> dict[str, Any]:
    """What was learned, and what sibling pages share, for later readings."""
    return {**learned, "furniture": sorted(shared)} if shared else learned


@dataclass(frozen=True)
class _Found:
    entries: Sequence[Entry]
    learned: dict[str, Any]
    why: str  # a sentence for people
    broken: str = ""
    relearned: bool = False
    barred: bool = False


def _found(document: Document, lists: Lists, hints: ListingHints, today: date | None) -> _Found:
    """The entries as asked for, as learned, or as the page itself suggests."""
    groups, read = lists.groups, lists.read
    if hints.selector:
        entries = read(records_by_selector(document, lists.links, hints.selector))
        return _Found(entries, {}, f"{len(entries)} blocks of the selector {hints.selector}")
    if hints.like:
        liked = group_like(groups, hints.like)
        if liked is None:
            return _Found((), {}, f"no list of the page holds {' or '.join(hints.like)}")
        return _as_asked(document, lists, liked, hints)
    if hints.learned.get("paths"):
        return _as_learned(document, groups, read, hints, today)
    entries, why = choose(document, groups, read)
    return _Found(entries, learn(document, entries), why)


def _picked(document: Document, lists: Lists, hints: ListingHints) -> _Found:
    """The list of a number; what the page itself suggests where there is none such."""
    if hints.pick is None or not 1 <= hints.pick <= len(lists.groups):
        return _found(document, lists, replace(hints, pick=None), None)
    return _as_asked(document, lists, lists.groups[hints.pick - 1], hints)


def _as_asked(document: Document, lists: Lists, asked: Group, hints: ListingHints) -> _Found:
    led = led_by(document, asked, lists.groups, lists.read, alone=True)
    entries = _allowed_entries(led, hints)
    return _Found(entries, learn(document, entries), f"as asked: {described(entries)}")


def _allowed_entries(entries: Sequence[Entry], hints: ListingHints) -> list[Entry]:
    return [e for e in entries if allowed(e.url, hints.only_links, hints.skip_links)]


def _narrowed(
    document: Document, lists: Lists, hints: ListingHints, today: date | None
) -> _Found | None:
    """A learned list that only has fewer items because the user's patterns allow no others; told
    as the patterns' doing where they allow none of it, wherever and however it stands now."""
    whole = _as_learned(document, lists.groups, lists.read, hints, today)
    if whole.broken:
        return None
    entries = _allowed_entries(whole.entries, hints)
    if entries:
        return replace(whole, entries=entries, learned=learn(document, entries))
    if 2 * Known.of(hints.known, hints.learned).hits(whole.entries) < len(whole.entries):
        return None
    broken = none_allowed([entry.url for entry in whole.entries])
    return _Found((), dict(hints.learned), broken, broken, barred=True)


def _as_learned(
    document: Document,
    groups: Sequence[Group],
    read: ReadRecords,
    hints: ListingHints,
    today: date | None,
) -> _Found:
    """The learned pattern while it holds; else a new one that finds known items; else broken."""
    known = Known.of(hints.known, hints.learned)
    held = matching(document, groups, hints.learned)
    entries = completed(document, held, groups, read) if held else []
    wrong = fault(entries, hints.learned, known)
    if not wrong:
        return _Found(entries, learn(document, entries), "the learned pattern holds")
    moved = by_known(groups, known, hints.learned)
    fresh = led_by(document, moved, groups, read) if moved else []
    if fresh and adoptable(fresh, known, hints.learned):
        hits = known.hits(fresh)
        why = f"{wrong}; learned anew: {hits} of {len(fresh)} items were known"
        return _Found(fresh, learn(document, fresh), why, relearned=True)
    if entries and turned_over(entries, held, hints.learned, today):
        return _Found(entries, learn(document, entries), "the learned pattern holds, all new")
    broken = f"{wrong}, and the known items are not found elsewhere on the page"
    return _Found((), dict(hints.learned), broken, broken)


def _confidence(groups: Sequence[Group], hints: ListingHints) -> float:
    if hints.selector or hints.like or hints.pick is not None:
        return 1.0
    best = max((group.score for group in groups), default=0.0)
    return round(min(1.0, max(0.0, best / 7)), 2)


def _item(entry: Entry, now: datetime | None) -> RawItem:
    return RawItem(
        url=entry.url,
        title=entry.title,
        published=not_ahead(entry.published, now),
        summary=entry.summary,
        image=entry.image,
    )


def _candidate(group: Group, number: int, now: datetime | None) -> ListingCandidate:
    first = group.entries[0].title[:60]
    label = f"{group.heading or 'list'}: {counted(len(group.entries), 'item')}, first “{first}”"
    items = tuple(_item(entry, now) for entry in group.entries)
    return ListingCandidate(label, items, round(group.score, 2), pick=number)
