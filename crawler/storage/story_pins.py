"""What was decided by hand about pairs of items: remembered, and told like any other link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, or_, select, update

from crawler.model.story import StoryLink
from crawler.storage.database import Database
from crawler.storage.story_index import SqlIndex
from crawler.storage.story_statements import Statements
from crawler.storage.tables import items
from crawler.storage.tables_stories import story_links, story_pins
from crawler.stories.duplicates import repeats
from crawler.stories.items import ManualLinks
from crawler.stories.links import compare


def pin(
    database: Database,
    connection: Connection,
    item_id: str,
    others: Iterable[str],
    *,
    together: bool,
    now: datetime,
) -> None:
    """From now on ``item_id`` stands together with each of the others, or apart from it."""
    for other in others:
        one, two = sorted((item_id, other))
        statement = database.insert(story_pins).values(
            item=one, other=two, together=together, at=now
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["item", "other"], set_={"together": together, "at": now}
            )
        )


def pinned(connection: Connection, ask: Statements, ids: Sequence[str]) -> ManualLinks:
    """What was decided by hand among these items."""
    rows = connection.execute(ask.pins, {"ids": ask.listed(ids)}).all()
    return ManualLinks(
        together=frozenset((row.item, row.other) for row in rows if row.together),
        apart=frozenset((row.item, row.other) for row in rows if not row.together),
    )


def lift(
    database: Database, connection: Connection, tellings: Sequence[str], now: datetime
) -> None:
    """What was split by hand among these tellings stands together from now on, and repeats
    another of them again. The pairs are turned round, not forgotten: what was measured between
    them may be too little to keep them in one story when a further item joins it."""
    index = SqlIndex(database, connection)
    undone = sorted(pinned(connection, index.ask, tellings).apart)
    for one, other in undone:
        pin(database, connection, one, [other], together=True, now=now)
    if undone:
        _repeat_again(connection, index, undone)


def _repeat_again(
    connection: Connection, index: SqlIndex, undone: Sequence[tuple[str, str]]
) -> None:
    """The later item of a pair whose texts repeat each other is a duplicate of the earlier one.
    Only originals are repeated, so that no two repeat each other."""
    ids = sorted({key for pair in undone for key in pair})
    loaded = sorted(index.load(ids), key=lambda one: (one.first_seen, one.id))
    rows = connection.execute(select(items.c.id, items.c.duplicate_of).where(items.c.id.in_(ids)))
    copied: dict[str, str | None] = {row.id: row.duplicate_of for row in rows}
    age = {one.id: number for number, one in enumerate(loaded)}
    known = [pair for pair in undone if age.keys() >= {*pair}]  # an erased item has no text
    pairs = [sorted((age[key] for key in pair), reverse=True) for pair in known]
    for later, earlier in ((loaded[young], loaded[old]) for young, old in sorted(pairs)):
        if copied[later.id] or copied[earlier.id]:
            continue
        link = compare(later, earlier, index.rarity(later.fingerprint.anchors)).link
        if repeats(link.relation) and not link.veto:
            copied[later.id] = earlier.id
            again = update(items).where(items.c.id == later.id)
            connection.execute(again.values(duplicate_of=earlier.id))


def links_by_hand(
    database: Database, connection: Connection, item_id: str, others: Sequence[str]
) -> list[StoryLink]:
    """The links that joining by hand makes, with what the items share; what was found between
    them before is forgotten."""
    index = SqlIndex(database, connection)
    found = {item.id: item for item in index.load([item_id, *others])}
    links = []
    for other in others:
        pair = (item_id, other)
        _forget(connection, *pair)
        anchors: tuple[str, ...] = ()
        if all(key in found for key in pair):  # an erased item has no fingerprint
            one, two = (found[key] for key in pair)
            anchors = compare(one, two, index.rarity(one.fingerprint.anchors)).link.anchors
        links.append(StoryLink(item_id, other, "manual", 1.0, anchors))
    return links


def _forget(connection: Connection, one: str, other: str) -> None:
    item, second = story_links.c.item, story_links.c.other
    either = or_(and_(item == one, second == other), and_(item == other, second == one))
    connection.execute(delete(story_links).where(either))
