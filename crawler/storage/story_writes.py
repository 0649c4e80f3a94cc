"""The statements that write an item's story, links and fingerprint, built once for each database.

Every list goes over as one value (see ``story_statements``): one round trip instead of one for
each row, and nothing to bind or to build for each of sixty anchors.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Executable, Table, bindparam, text, update
from sqlalchemy.dialects import postgresql, sqlite

from crawler.storage.direct import Direct
from crawler.storage.tables import items
from crawler.storage.tables_stories import fingerprints, stories, story_links

_SET_STORY = (
    update(items)
    .where(items.c.id == bindparam("of"))
    .values(story=bindparam("to"), duplicate_of=bindparam("same"))
)
_ADD_BANDS = "INSERT INTO item_bands (value, item) SELECT listed.value, :item FROM {values}"
_ADD_ANCHORS = (
    "INSERT INTO item_anchors (anchor, day, item) SELECT listed.value, :day, :item FROM {keys}"
)
_COUNT = (  # WHERE tells SQLite that ON begins no join
    "INSERT INTO anchor_counts (anchor, items) SELECT listed.value, 1 FROM {keys} WHERE true"
    " ON CONFLICT (anchor) DO UPDATE SET items = anchor_counts.items + 1"
)
_LISTED = {
    True: {"values": "json_each(:values) AS listed", "keys": "json_each(:keys) AS listed"},
    False: {
        "values": "unnest(CAST(:values AS bigint[])) AS listed (value)",
        "keys": "unnest(CAST(:keys AS text[])) AS listed (value)",
    },
}


class Writes:
    """The statements of one kind of database; ``values`` and ``keys`` are lists."""

    def __init__(self, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        listed = _LISTED[is_sqlite]
        self.add_fingerprint = Direct(fingerprints.insert(), is_sqlite)
        self.add_bands = Direct(text(_ADD_BANDS.format(**listed)), is_sqlite)
        self.add_anchors = Direct(text(_ADD_ANCHORS.format(**listed)), is_sqlite)
        self.count = Direct(text(_COUNT.format(**listed)), is_sqlite)
        self.set_story = Direct(_SET_STORY, is_sqlite)
        self.new_story = Direct(self._new_story(), is_sqlite)
        self.add_link = Direct(self._add_link(), is_sqlite)

    def _new_story(self) -> Executable:
        """Its id comes back, unless it is taken."""
        free = self._insert(stories).on_conflict_do_nothing(index_elements=["id"])
        return free.returning(stories.c.id)

    def _add_link(self) -> Executable:
        """``anchors`` as JSON."""
        statement = self._insert(story_links)
        told = ("relation", "score", "anchors", "veto")
        changed = {name: statement.excluded[name] for name in told}
        return statement.on_conflict_do_update(index_elements=["item", "other"], set_=changed)

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        return sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)


@lru_cache(maxsize=2)
def writes(is_sqlite: bool) -> Writes:
    """Those of one kind of database, built once."""
    return Writes(is_sqlite)
