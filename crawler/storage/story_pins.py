"""What was decided by hand about pairs of items: remembered, and told like any other link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, or_

from crawler.model.story import StoryLink
from crawler.storage.database import Database
from crawler.storage.story_index import SqlIndex
from crawler.storage.story_statements import Statements
from crawler.storage.tables_stories import story_links, story_pins
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
