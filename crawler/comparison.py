"""Which entries of a page need their articles read: new ones, and those that changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection

from crawler.identity import (
    PASSAGE,
    Known,
    address_of,
    bare_title,
    guid_hash,
    same_entry,
    shared_guids,
)
from crawler.model.item import RawItem
from crawler.model.reading import Reading
from crawler.parameters import Parameters, without
from crawler.preparation import key_or_none, listed_stamp
from crawler.storage import item_rows as rows
from crawler.storage.item_rows import KnownEntry
from crawler.urls import url_key


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which listed entries need their article read."""

    new: tuple[RawItem, ...] = ()
    changed: tuple[RawItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """What a source lists, to be compared with the archive."""

    source: str
    items: Sequence[RawItem]
    full: bool = False  # every known entry counts as changed
    noise: Collection[str] = ()  # parameters of its addresses that say nothing

    @classmethod
    def of(
        cls,
        source: str,
        items: Sequence[RawItem],
        learned: Mapping[str, Any],
        *,
        full: bool = False,
    ) -> Self:
        """``learned``: of the source."""
        return cls(source, items, full, Parameters.of(learned).noise)


def compare(connection: Connection, pages: Sequence[Listed]) -> list[Comparison]:
    """Which entries of each page are new, and which changed since they were stored.

    A statement asks for many pages: that costs little more than asking for one.
    """
    keys = [_keyed(page.items) for page in pages]
    known = _known_items(
        connection, [(one, page.noise) for one, page in zip(keys, pages, strict=True)]
    )
    told = list(zip(pages, keys, known, strict=True))
    guids = [_guids(*one) for one in told]
    under = rows.listed_under(
        connection,
        {
            (page.source, guid)
            for page, one in zip(pages, guids, strict=True)
            for guid in one.values()
        },
    )
    stamps = rows.listed_stamps(
        connection, {(page.source, item) for page, _, items in told for item in items.values()}
    )
    return [
        _compared(page, one, items | _by_guid(page, one, hashes, under), stamps)
        for (page, one, items), hashes in zip(told, guids, strict=True)
    ]


def _compared(
    page: Listed,
    keys: Mapping[str, RawItem],
    known: Mapping[str, str],
    stamps: Mapping[tuple[str, str], str],
) -> Comparison:
    new, changed = [], []
    for key, raw in keys.items():
        stamp = listed_stamp(raw)
        if (item := known.get(key)) is None:
            new.append(raw)
        elif page.full or (stamps.get((page.source, item)) or stamp) != stamp:
            changed.append(raw)
    return Comparison(tuple(new), tuple(changed))


def _guids(page: Listed, keys: Mapping[str, RawItem], known: Mapping[str, str]) -> dict[str, str]:
    """Key → GUID hash of the entries that no address tells."""
    shared = shared_guids(page.items)
    found = {key: guid_hash(raw, shared) for key, raw in keys.items() if key not in known}
    return {key: guid for key, guid in found.items() if guid}


def _by_guid(
    page: Listed,
    keys: Mapping[str, RawItem],
    guids: Mapping[str, str],
    under: Mapping[tuple[str, str], Sequence[tuple[str, str]]],
) -> dict[str, str]:
    """Key → the item that an entry at an unknown address is by GUID and title."""
    found: dict[str, str] = {}
    for key, guid in guids.items():
        faces = [
            Known(item, title, "", "", False) for item, title in under.get((page.source, guid), ())
        ]
        if item := same_entry(keys[key], faces):
            found[key] = item
    return found


def _keyed(listed: Sequence[RawItem]) -> dict[str, RawItem]:
    return {key: raw for raw in listed if (key := key_or_none(raw)) is not None}


def known_items(
    connection: Connection, keys: Mapping[str, RawItem], noise: Collection[str] = ()
) -> dict[str, str]:
    """Key of a listed entry → the item that its address leads to.

    Where the whole address is unknown, the one without the source's ``noise`` decides,
    unless the entry has another title than the item there: then the parameter may after all
    select content, and the entry counts as unknown.
    """
    return _known_items(connection, [(keys, noise)])[0]


def _known_items(
    connection: Connection, asked: Sequence[tuple[Mapping[str, RawItem], Collection[str]]]
) -> list[dict[str, str]]:
    """What ``known_items`` gives, for many pages."""
    known = rows.known_addresses(connection, list({key for keys, _ in asked for key in keys}))
    reduced = [
        {key: reduced_key(raw, noise) for key, raw in keys.items() if noise and key not in known}
        for keys, noise in asked
    ]
    short = {key for one in reduced for key in one.values() if key}
    found = rows.known_addresses(connection, list(short))
    titles = rows.titles(connection, set(found.values()))
    answers: list[dict[str, str]] = []
    for (keys, _), one in zip(asked, reduced, strict=True):
        items = {key: known[key] for key in keys if key in known}
        for key, without_noise in one.items():
            item = found.get(without_noise or "")
            if item and bare_title(titles.get(item, "")) == bare_title(keys[key].title):
                items[key] = item
        answers.append(items)
    return answers


def listed_items(
    connection: Connection, listed: Sequence[RawItem], noise: Collection[str] = ()
) -> set[str]:
    """The items whose address stands on the page."""
    return set(known_items(connection, _keyed(listed), noise).values())


@dataclass(frozen=True, slots=True)
class Again:
    """A listed entry that was not read, because its item is known."""

    raw: RawItem
    item: str
    before: str = ""  # the item's address, where its GUID tells it too


def seen_again(
    connection: Connection, reading: Reading, shared: Collection[str], noise: Collection[str]
) -> list[Again]:
    """The listed entries that were not read."""
    done = {entry.listed.url for entry in reading.entries}
    rest = _keyed([raw for raw in reading.listed if raw.url not in done])
    known = known_items(connection, rest, noise)
    unknown = [raw for key, raw in rest.items() if key not in known]
    hashes = [guid for raw in unknown if (guid := guid_hash(raw, shared))]
    guids = rows.known_guids(connection, reading.source, hashes)
    told = {item for key, item in known.items() if guid_hash(rest[key], shared)}
    places = rows.listed_places(connection, reading.source, told)
    seen: list[Again] = []
    for key, raw in rest.items():
        if item := known.get(key):
            seen.append(Again(raw, item, places.get((item, guid_hash(raw, shared)), "")))
        elif item := same_entry(raw, faces(guids, raw, shared)):
            seen.append(Again(raw, item, guids[guid_hash(raw, shared)][0].url))
    return seen


def sighting(raw: RawItem, item: str, guid: str) -> dict[str, str]:
    """That a listed entry is this item, as ``item_rows.sight_many`` takes it."""
    return {"item": item, "url": raw.url, "guid_hash": guid, "stamp": listed_stamp(raw)}


def reduced_key(raw: RawItem, noise: Collection[str]) -> str | None:
    """The key of an entry's address without ``noise``; None where it holds none."""
    if not noise or raw.guid.startswith(PASSAGE):
        return None
    canonical = address_of(raw.url)
    short = without(canonical, noise)
    return url_key(short) if short != canonical else None


def faces(
    guids: Mapping[str, Sequence[KnownEntry]], raw: RawItem, shared: Collection[str]
) -> list[Known]:
    """What the source listed before under the entry's GUID."""
    return [known_face(entry, ()) for entry in guids.get(guid_hash(raw, shared), ())]


def known_face(entry: KnownEntry, listed_now: Collection[str]) -> Known:
    """A row as the identity step sees it; ``listed_now``: items whose address is on the page."""
    here = entry.item in listed_now
    return Known(entry.item, entry.title, entry.text, entry.content_hash, here, entry.erased_title)
