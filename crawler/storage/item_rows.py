"""Item rows inside the transaction that stores a poll: look-ups, inserts, sightings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from crawler.model.item import Item, Published
from crawler.model.topic import Match
from crawler.storage.database import Database
from crawler.storage.direct import Driver
from crawler.storage.item_statements import (
    ListedBefore,
    item_statements,
)
from crawler.storage.tables import addresses, items, matches

_INGEST_LOCK = 0x636C7573  # our number among PostgreSQL's advisory locks
ERASED = "erased"  # held back, without any words, and never updated
_Key = TypeVar("_Key", str, int)
_Pair = tuple[str, str]
BATCH = 400  # parameters of one IN (…), well under SQLite's limit


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An item that a source listed before, as the identity step sees it."""

    item: str
    url: str
    title: str
    text: str
    content_hash: str
    last_seen: datetime
    day: date | None = None  # of publication
    erased_title: str = ""  # hash of the title it had, where its words were erased


def one_at_a_time(database: Database, connection: Connection) -> None:
    """Readings are stored one after the other, so that two sources that list the same item at
    the same moment store it once. SQLite's write transactions are alone anyway."""
    if not database.is_sqlite:
        connection.execute(select(func.pg_advisory_xact_lock(_INGEST_LOCK)))


def known_addresses(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """Address key → item id, for the keys that are known."""
    driver = Driver(connection)
    ask = item_statements(driver.is_sqlite)
    rows = driver.rows(ask.addresses, {"keys": ask.listed(keys)}) if keys else ()
    return {row[0]: row[1] for row in rows}


def addresses_of(connection: Connection, item_id: str) -> list[str]:
    """Every address that leads to an item, as it was linked."""
    query = select(addresses.c.url).where(addresses.c.item == item_id)
    return list(connection.scalars(query.order_by(addresses.c.url_key).limit(50)))


def keys_of(connection: Connection, item_id: str) -> set[str]:
    """The keys of every address that leads to an item."""
    return set(connection.scalars(select(addresses.c.url_key).where(addresses.c.item == item_id)))


def waits_for_text(connection: Connection, item_id: str) -> bool:
    """Whether an item is stored from its listing alone."""
    query = select(items.c.text_pending).where(items.c.id == item_id)
    return bool(connection.scalar(query))


def titles(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Item id → its title."""
    driver = Driver(connection)
    ask = item_statements(driver.is_sqlite)
    rows = driver.rows(ask.titles, {"keys": ask.listed(ids)}) if ids else ()
    return {row[0]: row[1] for row in rows}


def known_guids(
    connection: Connection, source: str, guid_hashes: Sequence[str]
) -> dict[str, list[KnownEntry]]:
    """GUID hash → what that source listed under it before."""
    found: dict[str, list[KnownEntry]] = {}
    if not guid_hashes:
        return found
    driver = Driver(connection)
    ask = item_statements(driver.is_sqlite)
    asked = {"source": source, "hashes": ask.listed(guid_hashes)}
    for row in driver.rows(ask.under_guids, asked):
        before = ListedBefore(*row)
        found.setdefault(before.guid_hash, []).append(_entry(before))
    return found


def listed_under(
    connection: Connection, asked: Collection[_Pair]
) -> dict[_Pair, list[tuple[str, str]]]:
    """(source, GUID hash) → the items (id, title) that the source listed under it before."""
    found: dict[_Pair, list[tuple[str, str]]] = {}
    if not asked:
        return found
    driver = Driver(connection)
    ask = item_statements(driver.is_sqlite)
    sources, hashes = (ask.listed(sorted(set(told))) for told in zip(*asked, strict=True))
    named = {"sources": sources, "hashes": hashes}
    for source, guid, item, title in driver.rows(ask.listed_under, named):
        found.setdefault((source, guid), []).append((item, title))
    return found


def listed_stamps(connection: Connection, asked: Collection[_Pair]) -> dict[_Pair, str]:
    """(source, item id) → the stamp under which the source listed the item last."""
    driver = Driver(connection)
    ask = item_statements(driver.is_sqlite)
    listed = ask.listed({item for _, item in asked})
    rows = driver.rows(ask.stamps, {"keys": listed}) if asked else ()
    return {(source, item): stamp for item, source, stamp in rows}


def listed_places(
    connection: Connection, source: str, ids: Collection[str]
) -> dict[tuple[str, str], str]:
    """(item id, GUID hash under which the source listed it last) → the item's address; those
    without a GUID aside."""
    driver = Driver(connection)
    ask = item_statements(driver.is_sqlite)
    asked = {"source": source, "keys": ask.listed(ids)}
    rows = driver.rows(ask.places, asked) if ids else ()
    return {(item, guid): url for item, guid, url in rows if guid}


def get_in(connection: Connection, item_id: str) -> Item:
    """An item inside a transaction."""
    return item_of(connection.execute(select(items).where(items.c.id == item_id)).one(), ())


def same_content(
    connection: Connection, source: str, content_hash: str, title_hash: str
) -> list[KnownEntry]:
    """What that source listed before with the same text or the same title."""
    driver = Driver(connection)
    ask = item_statements(driver.is_sqlite)
    asked = {"source": source, **ask.hashed(title_hash, content_hash)}
    return [_entry(ListedBefore(*row)) for row in driver.rows(ask.alike, asked)]


def lately_listed(connection: Connection, source: str, limit: int) -> list[KnownEntry]:
    """What that source listed, the latest first; backfilled items aside."""
    driver = Driver(connection)
    ask = item_statements(driver.is_sqlite)
    found = driver.rows(ask.lately, {"source": source, "most": limit})
    return [_entry(ListedBefore(*row)) for row in found]


def insert_item(connection: Connection, item: Item, **columns: Any) -> None:
    """Store a new item; ``columns`` are those that the noun does not carry."""
    driver = Driver(connection)
    ask = item_statements(driver.is_sqlite)
    driver.run(ask.add_item, {**ask.blank, **_values(item), **columns})


def await_text(connection: Connection, item_id: str) -> None:
    """Note that an item's text is still to come, unless it was erased."""
    this = and_(items.c.id == item_id, items.c.held_back != ERASED)
    connection.execute(update(items).where(this).values(text_pending=True))


def update_item(connection: Connection, item_id: str, **columns: Any) -> None:
    """Change columns of an item."""
    if "published_at" in columns:
        columns["told_at"] = _told(columns["published_at"])
    connection.execute(update(items).where(items.c.id == item_id).values(**columns))


def move_item(connection: Connection, source: str, item_id: str, url: str, canonical: str) -> None:
    """An item that this source listed first stands at another address now."""
    this = and_(items.c.id == item_id, items.c.source == source, items.c.held_back != ERASED)
    connection.execute(update(items).where(this).values(url=url, canonical_url=canonical))


def add_addresses(connection: Connection, found: Mapping[str, tuple[str, str]]) -> None:
    """Addresses, key → (item id, address), lead to items; those that lead somewhere stay."""
    if not found:
        return
    listed = ({"url_key": key, "item": item, "url": url} for key, (item, url) in found.items())
    driver = Driver(connection)
    driver.run_many(item_statements(driver.is_sqlite).lead, listed)


def sight_many(
    connection: Connection, source: str, listed: Sequence[Mapping[str, str]], now: datetime
) -> None:
    """A source listed these: rows of item, url, guid_hash and stamp, one statement for all."""
    if not listed:
        return
    driver = Driver(connection)
    seen = {"source": source, "first_seen": now, "last_seen": now}
    driver.run_many(item_statements(driver.is_sqlite).sight, ({**seen, **one} for one in listed))


def save_matches(
    connection: Connection,
    item_id: str,
    found: Sequence[Match],
    versions: Mapping[str, str],
    now: datetime,
    quiet: Collection[str] = (),
) -> None:
    """Replace an item's topic matches; what was quiet stays so, and ``quiet`` topics become so."""
    silent = select(matches.c.topic).where(matches.c.item == item_id, matches.c.quiet.is_(True))
    still = {*quiet, *connection.scalars(silent)}
    connection.execute(delete(matches).where(matches.c.item == item_id))
    if found:
        connection.execute(matches.insert(), match_rows(item_id, found, versions, now, still))


def match_rows(
    item_id: str,
    found: Sequence[Match],
    versions: Mapping[str, str],
    now: datetime,
    quiet: Collection[str] = (),
) -> list[dict[str, Any]]:
    """An item's topic matches as rows."""
    return [
        {
            "item": item_id,
            "topic": match.topic,
            "score": match.score,
            "evidence": [
                [one.field, one.start, one.end, one.quote, one.concept] for one in match.evidence
            ],
            "version": versions.get(match.topic, ""),
            "matched_at": now,
            "quiet": match.topic in quiet,
        }
        for match in found
    ]


# -- rows and nouns --------------------------------------------------------------------------


def _entry(row: ListedBefore) -> KnownEntry:
    day = date.fromisoformat(row.published[:10]) if row.published else None
    erased = row.title_hash if row.held_back == ERASED else ""
    return KnownEntry(
        row.item, row.url, row.title, row.text, row.content_hash, row.last_seen, day, erased
    )


def parts(values: Collection[_Key]) -> Iterable[list[_Key]]:
    listed = list(values)
    return (listed[start : start + BATCH] for start in range(0, len(listed), BATCH))


def published_of(text: str, whole_day: bool) -> Published | None:
    """The stored form back as a noun."""
    return Published(datetime.fromisoformat(text), whole_day) if text else None


def item_of(row: Any, found: tuple[Match, ...]) -> Item:
    return Item(
        id=row.id,
        source=row.source,
        url=row.url,
        canonical_url=row.canonical_url,
        title=row.title,
        summary=row.summary,
        published=published_of(row.published, row.published_whole_day),
        first_seen=row.first_seen,
        language=row.language,
        text=row.text,
        author=row.author,
        image=row.image,
        modified=published_of(row.modified, whole_day=False),
        topics=found,
        story=row.story,
        duplicate_of=row.duplicate_of,
        held_back=row.held_back,
        change=row.change,
    )


def _values(item: Item) -> dict[str, Any]:
    same = ("id", "source", "url", "canonical_url", "title", "summary", "first_seen", "language",
            "text", "author", "image", "story", "duplicate_of", "held_back")  # fmt: skip
    values: dict[str, Any] = {key: getattr(item, key) for key in same}
    return (
        values
        | published_columns(item.published)
        | {
            "modified": item.modified.isoformat() if item.modified else "",
            "told_at": min(item.published.utc if item.published else item.first_seen,
                           item.first_seen),
        }
    )  # fmt: skip


def _told(published: datetime | None) -> Any:
    """When a stored item counts as told: never later than it was first seen."""
    if published is None:
        return items.c.first_seen
    moment = bindparam("told", published, type_=items.c.published_at.type)
    return case((moment < items.c.first_seen, moment), else_=items.c.first_seen)


def published_columns(published: Published | None) -> dict[str, Any]:
    """The columns that hold a publication date."""
    return {
        "published": published.isoformat() if published else "",
        "published_at": published.utc if published else None,
        "published_whole_day": bool(published and published.whole_day),
    }
