"""Items, their addresses, sightings and topic matches as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, or_, select, update

from crawler.errors import UsageError
from crawler.model.item import Item, Published, Sighting
from crawler.model.topic import Evidence, Match
from crawler.storage.database import Database
from crawler.storage.tables import addresses, items, matches, sightings

BATCH = 400  # parameters of one IN (…), well under SQLite's limit


@dataclass(frozen=True, slots=True)
class Filter:
    """What ``items list`` asks for; empty values do not filter."""

    since: datetime | None = None  # first seen at or after
    topic: str = ""
    source: str = ""
    language: str = ""
    query: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An item that a source listed before, as the identity step sees it."""

    item: str
    url: str
    title: str
    text: str
    content_hash: str
    last_seen: datetime


class ItemStore:
    """Reads the archive; writes go through a connection that ``ingest`` hands over."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- reading ----------------------------------------------------------------------------

    def get(self, item_id: str) -> Item:
        """Raises UsageError when no item has that id."""
        found = self.by_ids([item_id])
        if not found:
            raise UsageError(
                f'No item has the id "{item_id}".', remedy="Find it with: clusterwatch items list"
            )
        return found[0]

    def by_ids(self, ids: Sequence[str]) -> list[Item]:
        """Items in the order of ``ids``; unknown ones are left out."""
        rows: dict[str, Any] = {}
        with self.database.read() as connection:
            for part in _parts(ids):
                query = select(items).where(items.c.id.in_(part))
                rows |= {row.id: row for row in connection.execute(query)}
            found = _matches(connection, list(rows))
        return [_item(rows[one], found.get(one, ())) for one in ids if one in rows]

    def by_address(self, url_key: str) -> Item | None:
        """The item an address leads to."""
        with self.database.read() as connection:
            found = known_addresses(connection, [url_key])
        return self.get(found[url_key]) if found else None

    def find(self, wanted: Filter) -> list[Item]:
        """Items newest first: by publication where known, else by first sight."""
        query = _filtered(select(items), wanted).order_by(
            func.coalesce(items.c.published_at, items.c.first_seen).desc(), items.c.id
        )
        if wanted.limit is not None:
            query = query.limit(wanted.limit)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
            found = _matches(connection, [row.id for row in rows])
        return [_item(row, found.get(row.id, ())) for row in rows]

    def count(self, wanted: Filter) -> int:
        """How many items a filter finds, its limit aside."""
        query = _filtered(select(func.count()).select_from(items), wanted)
        with self.database.read() as connection:
            return int(connection.scalar(query) or 0)

    def sightings(self, item_id: str) -> list[Sighting]:
        """Which sources listed an item, first one first."""
        query = (
            select(sightings).where(sightings.c.item == item_id).order_by(sightings.c.first_seen)
        )
        with self.database.read() as connection:
            return [
                Sighting(row.source, row.item, row.url, row.first_seen, row.last_seen)
                for row in connection.execute(query)
            ]

    def pending_texts(self, source: str, limit: int) -> list[tuple[str, str]]:
        """(item id, address) of items stored from their listing alone, oldest first."""
        query = (
            select(items.c.id, items.c.url)
            .where(items.c.source == source, items.c.text_pending.is_(True))
            .order_by(items.c.first_seen)
            .limit(limit)
        )
        with self.database.read() as connection:
            return [(row.id, row.url) for row in connection.execute(query)]

    def known_faces(self, source: str, limit: int = 60) -> frozenset[str]:
        """Addresses and titles a source listed lately: what a redesigned page is searched for."""
        query = (
            select(sightings.c.url, items.c.title)
            .join(items, items.c.id == sightings.c.item)
            .where(sightings.c.source == source)
            .order_by(sightings.c.last_seen.desc(), sightings.c.first_seen.desc())
            .limit(limit)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return frozenset(part for row in rows for part in (row.url, row.title) if part)

    def topic_ids_of(self, ids: Collection[str]) -> dict[str, tuple[Match, ...]]:
        """Matches of several items."""
        with self.database.read() as connection:
            return _matches(connection, list(ids))


# -- steps of ingest: inside the transaction that stores a poll --------------------------------


def known_addresses(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """Address key → item id, for the keys that are known."""
    found: dict[str, str] = {}
    for part in _parts(keys):
        query = select(addresses.c.url_key, addresses.c.item).where(addresses.c.url_key.in_(part))
        found |= {row.url_key: row.item for row in connection.execute(query)}
    return found


def known_guids(
    connection: Connection, source: str, guid_hashes: Sequence[str]
) -> dict[str, list[KnownEntry]]:
    """GUID hash → what that source listed under it before."""
    found: dict[str, list[KnownEntry]] = {}
    for part in _parts(guid_hashes):
        query = _entries().where(sightings.c.source == source, sightings.c.guid_hash.in_(part))
        for row in connection.execute(query):
            found.setdefault(row.guid_hash, []).append(_entry(row))
    return found


def listed_stamps(connection: Connection, source: str, ids: Sequence[str]) -> dict[str, str]:
    """Item id → the stamp under which that source listed it last."""
    found: dict[str, str] = {}
    for part in _parts(ids):
        query = select(sightings.c.item, sightings.c.stamp).where(
            sightings.c.source == source, sightings.c.item.in_(part)
        )
        found |= {row.item: row.stamp for row in connection.execute(query)}
    return found


def get_in(connection: Connection, item_id: str) -> Item:
    """An item inside a transaction."""
    return _item(connection.execute(select(items).where(items.c.id == item_id)).one(), ())


def same_content(
    connection: Connection, source: str, content_hash: str, title_hash: str
) -> list[KnownEntry]:
    """What that source listed before with the same text or the same title."""
    alike = [items.c.title_hash == title_hash] if title_hash else []
    alike += [items.c.content_hash == content_hash] if content_hash else []
    if not alike:
        return []
    query = _entries().where(sightings.c.source == source, or_(*alike))
    return [_entry(row) for row in connection.execute(query.limit(20))]


def insert_item(connection: Connection, item: Item, **columns: Any) -> None:
    """Store a new item; ``columns`` are those that the noun does not carry."""
    connection.execute(items.insert().values(**_values(item), **columns))


def update_item(connection: Connection, item_id: str, **columns: Any) -> None:
    """Change columns of an item."""
    connection.execute(update(items).where(items.c.id == item_id).values(**columns))


def add_addresses(
    database: Database, connection: Connection, item_id: str, found: Iterable[tuple[str, str]]
) -> None:
    """Addresses (key, url) lead to an item; those that lead somewhere already stay."""
    for key, url in dict(found).items():
        statement = database.insert(addresses).values(url_key=key, item=item_id, url=url)
        connection.execute(statement.on_conflict_do_nothing(index_elements=["url_key"]))


def sight(
    database: Database,
    connection: Connection,
    *,
    source: str,
    item_id: str,
    url: str,
    guid_hash: str,
    stamp: str,
    now: datetime,
) -> None:
    """A source listed an item: its first or another time."""
    values = {"url": url, "guid_hash": guid_hash, "stamp": stamp, "last_seen": now}
    statement = database.insert(sightings).values(
        source=source, item=item_id, first_seen=now, **values
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=["source", "item"], set_=values)
    )


def save_matches(
    connection: Connection,
    item_id: str,
    found: Sequence[Match],
    versions: dict[str, str],
    now: datetime,
) -> None:
    """Replace an item's topic matches."""
    connection.execute(delete(matches).where(matches.c.item == item_id))
    rows = [
        {
            "item": item_id,
            "topic": match.topic,
            "score": match.score,
            "evidence": [
                [one.field, one.start, one.end, one.quote, one.concept] for one in match.evidence
            ],
            "version": versions.get(match.topic, ""),
            "matched_at": now,
        }
        for match in found
    ]
    if rows:
        connection.execute(matches.insert(), rows)


# -- inside -------------------------------------------------------------------------------------


def _filtered(query: Select[Any], wanted: Filter) -> Select[Any]:
    if wanted.since is not None:
        query = query.where(items.c.first_seen >= wanted.since)
    if wanted.language:
        query = query.where(items.c.language == wanted.language)
    if wanted.source:
        listed = select(sightings.c.item).where(sightings.c.source == wanted.source)
        query = query.where(items.c.id.in_(listed))
    if wanted.topic:
        about = select(matches.c.item).where(matches.c.topic == wanted.topic)
        query = query.where(items.c.id.in_(about))
    for word in wanted.query.split():
        query = query.where(
            or_(
                items.c.title.icontains(word, autoescape=True),
                items.c.text.icontains(word, autoescape=True),
                items.c.summary.icontains(word, autoescape=True),
            )
        )
    return query


def _entries() -> Select[Any]:
    return select(
        sightings.c.item,
        sightings.c.guid_hash,
        sightings.c.last_seen,
        items.c.url,
        items.c.title,
        items.c.text,
        items.c.content_hash,
    ).join(items, items.c.id == sightings.c.item)


def _entry(row: Any) -> KnownEntry:
    return KnownEntry(row.item, row.url, row.title, row.text, row.content_hash, row.last_seen)


def _parts(values: Collection[str]) -> Iterable[list[str]]:
    listed = list(values)
    return (listed[start : start + BATCH] for start in range(0, len(listed), BATCH))


def _matches(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Match, ...]]:
    found: dict[str, list[Match]] = {}
    for part in _parts(ids):
        query = select(matches).where(matches.c.item.in_(part))
        for row in connection.execute(query.order_by(matches.c.score.desc(), matches.c.topic)):
            found.setdefault(row.item, []).append(_match(row))
    return {item: tuple(one) for item, one in found.items()}


def _match(row: Any) -> Match:
    return Match(row.topic, row.score, tuple(Evidence(*one) for one in row.evidence))


def published_of(text: str, whole_day: bool) -> Published | None:
    """The stored form back as a noun."""
    return Published(datetime.fromisoformat(text), whole_day) if text else None


def _item(row: Any, found: tuple[Match, ...]) -> Item:
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
    )


def _values(item: Item) -> dict[str, Any]:
    same = ("id", "source", "url", "canonical_url", "title", "summary", "first_seen", "language",
            "text", "author", "image", "story", "duplicate_of", "held_back")  # fmt: skip
    values: dict[str, Any] = {key: getattr(item, key) for key in same}
    return (
        values
        | published_columns(item.published)
        | {"modified": item.modified.isoformat() if item.modified else ""}
    )


def published_columns(published: Published | None) -> dict[str, Any]:
    """The columns that hold a publication date."""
    return {
        "published": published.isoformat() if published else "",
        "published_at": published.utc if published else None,
        "published_whole_day": bool(published and published.whole_day),
    }
