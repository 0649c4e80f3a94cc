"""Which entries of a page need their articles read: new ones, and those that changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crawler.identity import Known, guid_hash, same_entry, shared_guids
from crawler.model.item import RawItem
from crawler.preparation import key_or_none, listed_stamp
from crawler.storage import item_rows as rows
from crawler.storage.item_rows import KnownEntry


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which listed entries need their article read."""

    new: tuple[RawItem, ...] = ()
    changed: tuple[RawItem, ...] = ()


def compare(
    connection: Connection, source: str, listed: Sequence[RawItem], *, full: bool = False
) -> Comparison:
    """Which of the listed entries are new, and which changed since they were stored (``full``:
    every known one counts as changed)."""
    shared = shared_guids(listed)
    keys = {key: raw for raw in listed if (key := key_or_none(raw)) is not None}
    known = rows.known_addresses(connection, list(keys))
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


def faces(
    guids: Mapping[str, Sequence[KnownEntry]], raw: RawItem, shared: Collection[str]
) -> list[Known]:
    """What the source listed before under the entry's GUID."""
    return [known_face(entry, ()) for entry in guids.get(guid_hash(raw, shared), ())]


def known_face(entry: KnownEntry, listed_now: Collection[str]) -> Known:
    """A row as the identity step sees it; ``listed_now``: items whose address is on the page."""
    return Known(entry.item, entry.title, entry.text, entry.content_hash, entry.item in listed_now)
