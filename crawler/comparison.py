"""Which entries of a page need their articles read: new ones, and those that changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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
from crawler.parameters import without
from crawler.preparation import key_or_none, listed_stamp
from crawler.storage import item_rows as rows
from crawler.storage.item_rows import KnownEntry
from crawler.urls import url_key


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which listed entries need their article read."""

    new: tuple[RawItem, ...] = ()
    changed: tuple[RawItem, ...] = ()


def compare(
    connection: Connection,
    source: str,
    listed: Sequence[RawItem],
    *,
    full: bool = False,
    noise: Collection[str] = (),
) -> Comparison:
    """Which of the listed entries are new, and which changed since they were stored (``full``:
    every known one counts as changed); ``noise`` names parameters that say nothing there."""
    shared = shared_guids(listed)
    keys = {key: raw for raw in listed if (key := key_or_none(raw)) is not None}
    known = known_items(connection, keys, noise)
    hashes = [found for raw in listed if (found := guid_hash(raw, shared))]
    guids = rows.known_guids(connection, source, hashes)
    stamps = rows.listed_stamps(connection, source, list(known.values()))
    new, changed = [], []
    for key, raw in keys.items():
        item = known.get(key) or same_entry(raw, faces(guids, raw, shared))
        if item is None:
            new.append(raw)
        elif full or (stamps.get(item) or listed_stamp(raw)) != listed_stamp(raw):
            changed.append(raw)
    return Comparison(tuple(new), tuple(changed))


def known_items(
    connection: Connection, keys: Mapping[str, RawItem], noise: Collection[str] = ()
) -> dict[str, str]:
    """Key of a listed entry → the item that its address leads to.

    Where the whole address is unknown, the one without the source's ``noise`` decides,
    unless the entry has another title than the item there: then the parameter may after all
    select content, and the entry counts as unknown.
    """
    known = rows.known_addresses(connection, list(keys))
    reduced = {key: reduced_key(keys[key], noise) for key in keys if key not in known}
    found = rows.known_addresses(connection, [key for key in reduced.values() if key])
    titles = rows.titles(connection, set(found.values()))
    for key, short in reduced.items():
        item = found.get(short or "")
        if item and bare_title(titles.get(item, "")) == bare_title(keys[key].title):
            known[key] = item
    return known


def listed_items(
    connection: Connection, listed: Sequence[RawItem], noise: Collection[str] = ()
) -> set[str]:
    """The items whose address stands on the page."""
    keys = {key: raw for raw in listed if (key := key_or_none(raw)) is not None}
    return set(known_items(connection, keys, noise).values())


def seen_again(
    connection: Connection, reading: Reading, shared: Collection[str], noise: Collection[str]
) -> list[tuple[RawItem, str]]:
    """The listed entries that were not read, because their items (second) are known."""
    done = {entry.listed.url for entry in reading.entries}
    rest = {
        key: raw
        for raw in reading.listed
        if raw.url not in done and (key := key_or_none(raw)) is not None
    }
    known = known_items(connection, rest, noise)
    hashes = [key for raw in rest.values() if (key := guid_hash(raw, shared))]
    guids = rows.known_guids(connection, reading.source, hashes)
    seen: list[tuple[RawItem, str]] = []
    for key, raw in rest.items():
        item = known.get(key) or same_entry(raw, faces(guids, raw, shared))
        if item is not None:
            seen.append((raw, item))
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
    return Known(entry.item, entry.title, entry.text, entry.content_hash, entry.item in listed_now)
