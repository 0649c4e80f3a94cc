"""Which entries of a reading are known items at other addresses: reads rows, ``moves`` decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from crawler.comparison import faces
from crawler.identity import guid_hash, same_entry, shared_guids
from crawler.model.item import RawItem
from crawler.model.reading import Reading
from crawler.model.source import SourceState
from crawler.moves import Before, Moves, Shown, moves
from crawler.preparation import Prepared, key_or_none
from crawler.storage import item_rows as rows
from crawler.storage.item_rows import KnownEntry
from crawler.stories.fingerprint import title_hash

LATELY = 150  # items of a source that are looked at when addresses change


def moved(
    connection: Connection,
    reading: Reading,
    prepared: Sequence[Prepared],
    known: Mapping[str, str],
    state: SourceState,
) -> Moves:
    """Which entries at unknown addresses are items known before, and which are merely old.

    ``known``: the item ids behind the addresses of what was read.
    """
    if reading.kind not in ("feed", "listing") or reading.backfill or not state.baseline:
        return Moves()
    read = {one.entry.listed.url: one for one in prepared if not one.entry.item}
    told = {
        url: item
        for url, one in read.items()
        if (item := next((known[key] for key, _ in one.addresses if key in known), ""))
    }
    if len(told) == len(read):
        return Moves()
    told |= _listed_items(connection, reading)
    shown = [_shown(raw, read.get(raw.url), told.get(raw.url, "")) for raw in reading.listed]
    lately = rows.lately_listed(connection, reading.source, LATELY)
    last = max((entry.last_seen for entry in lately), default=None)
    here = set(told.values())
    gone = [entry for entry in lately if entry.item not in here]
    titles = _erased_titles(gone, shown, read)
    before = [
        Before(
            entry.item, titles.get(entry.erased_title, entry.title), entry.text, entry.day,
            entry.last_seen == last, bool(entry.erased_title),
        )
        for entry in gone
    ]  # fmt: skip
    return moves(shown, before, relearned=reading.relearned)


def _listed_items(connection: Connection, reading: Reading) -> dict[str, str]:
    """Address → item id of listed entries that their address or GUID tells."""
    shared = shared_guids(reading.listed)
    keys = {raw.url: key for raw in reading.listed if (key := key_or_none(raw)) is not None}
    known = rows.known_addresses(connection, list(keys.values()))
    unknown = [raw for raw in reading.listed if keys.get(raw.url, "") not in known]
    hashes = [found for raw in unknown if (found := guid_hash(raw, shared))]
    guids = rows.known_guids(connection, reading.source, hashes)
    told = {
        raw.url: known.get(keys.get(raw.url, "")) or same_entry(raw, faces(guids, raw, shared))
        for raw in reading.listed
    }
    return {url: item for url, item in told.items() if item}


def _erased_titles(
    gone: Sequence[KnownEntry], shown: Sequence[Shown], read: Mapping[str, Prepared]
) -> dict[str, str]:
    """Hash of an erased item's title → the title that an entry of the page shows for it."""
    erased = {entry.erased_title for entry in gone if entry.erased_title}
    if not erased:
        return {}
    told = {title_hash(one.title): one.title for one in shown}
    told |= {read[one.url].print.title_hash: one.title for one in shown if one.url in read}
    return {found: title for found, title in told.items() if found in erased}


def _shown(raw: RawItem, read: Prepared | None, item: str) -> Shown:
    published = raw.published or (read.item.published if read else None)
    text = read.item.text if read else ""
    return Shown(raw.url, raw.title or (read.item.title if read else ""), text,
                 published.day if published else None, item)  # fmt: skip
