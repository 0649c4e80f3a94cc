"""Events and deadlines as rows: what an item announces now, beside what it announced before.

A row keeps its number when its day moves, so that a calendar moves the entry it has; what an
item no longer announces is withdrawn, not deleted, so that calendars hear of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, select, update

from crawler.model.occasion import Occasion
from crawler.storage.database import Database
from crawler.storage.item_rows import ERASED, parts
from crawler.storage.tables import items, matches
from crawler.storage.tables_occasions import occasions

_Fits = Callable[[Any, Occasion, datetime], bool]
_TOLD = ("kind", "start", "end", "all_day", "place")  # a change of these is told to calendars


@dataclass(frozen=True, slots=True)
class KeptOccasion:
    """An occasion of the archive: what it is, whose, and how it changed."""

    item: str
    number: int
    story: str  # story id, "" for an item outside every story
    occasion: Occasion
    sequence: int  # grows with every change
    withdrawn: bool  # its item no longer announces it
    added_at: datetime  # UTC
    changed_at: datetime  # UTC


class OccasionStore:
    """Reads occasions; ``save_occasions`` writes them inside a reading's transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of_items(self, ids: Collection[str]) -> list[KeptOccasion]:
        """What these items announce, by day; withdrawn ones are left out."""
        found: list[KeptOccasion] = []
        with self.database.read() as connection:
            for some in parts(ids):
                query = _kept().where(occasions.c.item.in_(some), occasions.c.withdrawn.is_(False))
                found += [_kept_of(row) for row in connection.execute(query)]
        return sorted(found, key=_by_day)

    def calendar(self, topic: str, since: datetime, limit: int) -> list[KeptOccasion]:
        """What items about ``topic`` ("": all) announce that ends after ``since``, by day;
        withdrawn ones among it."""
        query = _kept().where(occasions.c.over_at > since, items.c.held_back != ERASED)
        if topic:
            about = and_(matches.c.item == items.c.id, matches.c.topic == topic)
            query = query.where(exists().where(about))
        query = query.order_by(occasions.c.over_at, occasions.c.item, occasions.c.number)
        with self.database.read() as connection:
            return [_kept_of(row) for row in connection.execute(query.limit(limit))]


def save_occasions(
    connection: Connection, item_id: str, found: Sequence[Occasion], now: datetime
) -> None:
    """Store what an item announces now.

    The same kind and day is the same occasion; of what is left, one that lies ahead is taken for
    a new one of its kind that moved. What is over stays as it was.
    """
    query = select(occasions).where(occasions.c.item == item_id).order_by(occasions.c.number)
    numbered = connection.execute(query).all()
    known = list(numbered)
    waiting = [one for one in found if not _updated(connection, known, one, now, _same_day)]
    added = [one for one in waiting if not _updated(connection, known, one, now, _may_move)]
    for row in known:  # what was not taken by any that is announced now
        if not row.withdrawn and row.over_at > now:
            _change(connection, row, now, withdrawn=True)
    following = 1 + max((row.number for row in numbered), default=-1)
    add_occasions(connection, {item_id: added}, now, following)


def add_occasions(
    connection: Connection,
    found: Mapping[str, Sequence[Occasion]],
    now: datetime,
    following: int = 0,
) -> None:
    """Store what items announced never before, numbered from ``following`` on."""
    rows = [
        {**_columns(one), "item": item, "number": number, "added_at": now, "changed_at": now}
        for item, announced in found.items()
        for number, one in enumerate(announced, start=following)
    ]
    if rows:
        connection.execute(occasions.insert(), rows)


def _same_day(row: Any, one: Occasion, now: datetime) -> bool:
    return bool(row.kind == one.kind and row.start[:10] == one.first.isoformat())


def _may_move(row: Any, one: Occasion, now: datetime) -> bool:
    return bool(row.kind == one.kind and not row.withdrawn and row.over_at > now)


def _updated(
    connection: Connection, known: list[Any], one: Occasion, now: datetime, fits: _Fits
) -> bool:
    """Whether a row was found for an occasion, which now tells it; the row is used up."""
    row = next((row for row in known if fits(row, one, now)), None)
    if row is None:
        return False
    known.remove(row)
    columns = _columns(one)
    if row.withdrawn or any(getattr(row, name) != columns[name] for name in _TOLD):
        _change(connection, row, now, **columns, withdrawn=False)
    else:  # the words alone moved
        _write(connection, row, **columns)
    return True


def _change(connection: Connection, row: Any, now: datetime, **columns: Any) -> None:
    _write(connection, row, **columns, sequence=row.sequence + 1, changed_at=now)


def _write(connection: Connection, row: Any, **columns: Any) -> None:
    this = and_(occasions.c.item == row.item, occasions.c.number == row.number)
    connection.execute(update(occasions).where(this).values(**columns))


def _columns(one: Occasion) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "start": one.start.isoformat(timespec="seconds"),
        "end": one.end.isoformat(timespec="seconds") if one.end else "",
        "all_day": one.all_day,
        "over_at": _over(one),
        "place": one.place,
        "field": one.field,
        "at": one.at,
        "quote": one.quote,
    }


def _over(one: Occasion) -> datetime:
    """When an occasion has ended: of whole days at the midnight behind the last."""
    if not one.all_day:
        return one.end or one.start
    midnight = datetime.combine(one.last, time(), one.start.tzinfo)
    return midnight + timedelta(days=1)


def _kept() -> Any:
    return select(occasions, items.c.story).join(items, items.c.id == occasions.c.item)


def _kept_of(row: Any) -> KeptOccasion:
    end = datetime.fromisoformat(row.end) if row.end else None
    found = Occasion(
        row.kind, datetime.fromisoformat(row.start), end, row.all_day, row.place, row.field,
        row.at, row.quote,
    )  # fmt: skip
    return KeptOccasion(
        row.item, row.number, row.story or "", found, row.sequence, row.withdrawn,
        row.added_at, row.changed_at,
    )  # fmt: skip


def _by_day(one: KeptOccasion) -> tuple[Any, ...]:
    return (one.occasion.first, one.occasion.kind, one.added_at, one.item, one.number)


def forget_occasions(connection: Connection, ids: Sequence[str]) -> None:
    """Remove what erased items announced."""
    connection.execute(delete(occasions).where(occasions.c.item.in_(ids)))


def forget_quotes(connection: Connection, ids: Sequence[str]) -> None:
    """Quotes from a text that is gone go with it; days and places stay."""
    this = and_(occasions.c.item.in_(ids), occasions.c.field == "text")
    connection.execute(update(occasions).where(this).values(quote=""))
