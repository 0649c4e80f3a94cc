"""The statements that find and write what grouping needs, built once for each database.

Building a statement costs more than running it, and so does binding each of sixty keys: a
list goes over as one value, a JSON array on SQLite, an array on PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import lru_cache

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Select,
    String,
    TextClause,
    any_,
    bindparam,
    func,
    not_,
    or_,
    select,
    text,
    update,
)

from crawler.storage.tables import (
    anchor_counts,
    fingerprints,
    item_anchors,
    items,
    stories,
    story_links,
    story_pins,
)
from crawler.stories.index import MAX_AROUND, MAX_POSTINGS, MAX_TELLINGS

_LOADED = (
    items.c.id, items.c.source, items.c.canonical_url, items.c.title, items.c.text,
    items.c.language, items.c.published_at, items.c.first_seen, items.c.story,
    items.c.content_hash, items.c.title_hash, fingerprints.c.sketch, fingerprints.c.length,
    fingerprints.c.anchors, fingerprints.c.left_out,
)  # fmt: skip

SET_STORY = (
    update(items)
    .where(items.c.id == bindparam("of"))
    .values(story=bindparam("to"), duplicate_of=bindparam("same"))
)
NEW_STORY = stories.insert()
ADD_FINGERPRINT = fingerprints.insert()


class Statements:
    """The look-ups of one kind of database; every parameter is a list (see ``listed``)."""

    def __init__(self, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        among = self._among
        self.dates = select(items.c.id, items.c.published_at, items.c.story).where(
            among(items.c.id, "ids")
        )
        self.counts = select(anchor_counts.c.anchor, anchor_counts.c["items"]).where(
            among(anchor_counts.c.anchor, "keys")
        )
        self.rare = select(item_anchors.c.anchor, item_anchors.c.item).where(
            among(item_anchors.c.anchor, "keys")
        )
        self.load = (
            select(*_LOADED)
            .join(fingerprints, fingerprints.c.item == items.c.id)
            .where(among(items.c.id, "ids"))
        )
        self.pins = select(story_pins).where(
            among(story_pins.c.item, "ids"), among(story_pins.c.other, "ids")
        )
        self.missed = self._missed()
        self.tellings = self._tellings()

    def listed(self, values: Collection[str]) -> object:
        """A list as this database takes it."""
        return json.dumps(list(values)) if self._is_sqlite else list(values)

    def _missed(self) -> Select[tuple[str, str]]:
        """Near misses of items that no fact contradicts."""
        touching = or_(
            self._among(story_links.c.item, "ids"), self._among(story_links.c.other, "ids")
        )
        return (
            select(story_links.c.item, story_links.c.other)
            .where(touching, story_links.c.veto == "", story_links.c.score < 0.5)
            .order_by(story_links.c.score.desc(), story_links.c.item, story_links.c.other)
            .limit(MAX_AROUND * 4)
        )

    def _tellings(self) -> Select[tuple[str]]:
        """The other items of stories, the newest first, so many of all."""
        return (
            select(items.c.id)
            .where(self._among(items.c.story, "stories"), not_(self._among(items.c.id, "chosen")))
            .order_by(items.c.first_seen.desc(), items.c.id)
            .limit(MAX_TELLINGS * 6)
        )

    def _among(self, column: Column[str], name: str) -> ColumnElement[bool]:
        if self._is_sqlite:
            each = func.json_each(bindparam(name, type_=String)).table_valued("value")
            return column.in_(select(each.c.value))
        return column == any_(bindparam(name, type_=ARRAY(String)))


@lru_cache(maxsize=2)
def statements(is_sqlite: bool) -> Statements:
    """Those of one kind of database, built once."""
    return Statements(is_sqlite)


@lru_cache(maxsize=64)
def by_bands(number: int) -> TextClause:
    """A bounded part of every band's items: a boilerplate sentence must not crowd out others."""
    part = "SELECT item FROM (SELECT item FROM item_bands WHERE value = :v{} LIMIT {}) AS b{}"
    return text(" UNION ALL ".join(part.format(n, MAX_POSTINGS, n) for n in range(number)))


@lru_cache(maxsize=16)
def by_common(number: int) -> TextClause:
    """The newest items of each common anchor near a day."""
    part = (
        "SELECT anchor, item FROM (SELECT anchor, item FROM item_anchors"
        " WHERE anchor = :v{} AND day BETWEEN :first AND :last"
        " ORDER BY day DESC LIMIT {}) AS a{}"
    )
    return text(" UNION ALL ".join(part.format(n, MAX_POSTINGS, n) for n in range(number)))
