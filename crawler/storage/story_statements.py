"""The statements that find what a new item may belong to, built once for each database.

Building a statement costs more than running it, and so do binding each of sixty keys and
fetching each of six hundred rows: a list goes over as one value, a JSON array on SQLite, an array
on PostgreSQL, and comes back as one, too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import lru_cache

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Text,
    TextClause,
    any_,
    cast,
    exists,
    func,
    not_,
    or_,
    select,
    text,
    union_all,
)

from crawler.storage.direct import Direct
from crawler.storage.lists import among, array, each, listed
from crawler.storage.tables import items
from crawler.storage.tables_stories import fingerprints, story_links, story_pins
from crawler.stories.index import BAND_VOTES, MAX_AROUND, MAX_POSTINGS, MAX_TELLINGS, NO_DAY

_LOADED = (  # in the order of story_index.Loaded
    items.c.id, items.c.source, items.c.canonical_url, items.c.title, items.c.text,
    items.c.language, items.c.published_at, items.c.first_seen, items.c.story,
    fingerprints.c.sketch, fingerprints.c.length, items.c.content_hash, items.c.title_hash,
    cast(fingerprints.c.anchors, Text).label("anchors"),
    cast(fingerprints.c.left_out, Text).label("left_out"),
    exists(select(story_pins.c.item)).label("pinned"),  # whether anything was decided by hand
)  # fmt: skip

# The items of bands and anchors, one row each: its nats, the ids in one string. A band that a
# boilerplate sentence fills must not crowd out others, so of each only a bounded part is read;
# of common anchors the newest near the item's day, of rare ones all, those far from it marked.
# ``bands`` and the like are the lists.
_POSTINGS = """
SELECT {band_votes} AS nats, 0 AS dated, (SELECT {joined} FROM (
    SELECT item FROM item_bands WHERE value = bands.value LIMIT {most}) AS found) AS ids
FROM {bands}
UNION ALL
SELECT rare.value, 1, (SELECT {marked} FROM item_anchors WHERE anchor = rare.key)
FROM {rare}
UNION ALL
SELECT common.value, 1, (SELECT {joined} FROM (
    SELECT item FROM item_anchors
    WHERE anchor = common.key AND day BETWEEN :first AND :last
    ORDER BY day DESC LIMIT {most}) AS found)
FROM {common}
"""
FAR = "!"  # before the id of an item that is too old or too young for one story
_MARKED = (
    f"CASE WHEN day BETWEEN :since AND :until OR day = {NO_DAY} THEN item ELSE '{FAR}' || item END"
)
_LISTS = {
    True: {
        "joined": "group_concat(item, ' ')",
        "marked": f"group_concat({_MARKED}, ' ')",
        "bands": "json_each(:bands) AS bands",
        "rare": "json_each(:rare) AS rare",
        "common": "json_each(:common) AS common",
    },
    False: {
        "joined": "string_agg(item, ' ')",
        "marked": f"string_agg({_MARKED}, ' ')",
        "bands": "unnest((SELECT CAST(:bands AS bigint[]))) AS bands (value)",
        "rare": "unnest((SELECT CAST(:rare AS text[])), (SELECT CAST(:rare_nats AS integer[])))"
        " AS rare (key, value)",
        "common": "unnest((SELECT CAST(:common AS text[])),"
        " (SELECT CAST(:common_nats AS integer[]))) AS common (key, value)",
    },
}


class Statements:
    """The look-ups of one kind of database; every parameter is a list (see ``listed``)."""

    def __init__(self, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        dated = select(items.c.id, items.c.published_at, items.c.story)
        self.dates = Direct(dated.where(self._among(items.c.id, "ids")), is_sqlite)
        self.counts = Direct(_counts(is_sqlite), is_sqlite)
        self.postings = Direct(_postings(is_sqlite), is_sqlite)
        self.pins = select(story_pins).where(
            self._among(story_pins.c.item, "ids"), self._among(story_pins.c.other, "ids")
        )
        self.missed = Direct(self._missed(), is_sqlite)
        loaded = select(*_LOADED).join(fingerprints, fingerprints.c.item == items.c.id)
        self.load = Direct(loaded.where(self._among(items.c.id, "ids")), is_sqlite)
        self.load_stories = Direct(loaded.where(self._chosen_and_tellings()), is_sqlite)

    def listed(self, values: Collection[str] | Collection[int]) -> object:
        """A list as this database takes it."""
        return listed(values, self._is_sqlite)

    def weighed(self, name: str, values: Mapping[str, int]) -> dict[str, object]:
        """Keys with their nats as this database takes them, under ``name``."""
        if self._is_sqlite:
            return {name: json.dumps(values)}
        return {name: list(values), f"{name}_nats": list(values.values())}

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

    def _chosen_and_tellings(self) -> ColumnElement[bool]:
        """The chosen ``ids`` and the other items of their stories, the newest, so many of all."""
        one, other = items.alias("one"), items.alias("other")
        stories = select(one.c.story).where(self._among(one.c.id, "ids"))
        same: ColumnElement[bool] = other.c.story.in_(stories)
        if not self._is_sqlite:  # an array is looked up in the index, whatever is expected of it
            same = other.c.story == any_(func.array(stories.scalar_subquery()))
        tellings = (
            select(other.c.id)
            .where(same, not_(self._among(other.c.id, "ids")))
            .order_by(other.c.first_seen.desc(), other.c.id)
            .limit(MAX_TELLINGS * 6)
        )
        if self._is_sqlite:
            told = tellings.subquery()
            return items.c.id.in_(union_all(each("ids"), select(told.c.id)))
        more = func.array(tellings.scalar_subquery())
        return items.c.id == any_(func.array_cat(array("ids"), more))

    def _among(self, column: Column[str], name: str) -> ColumnElement[bool]:
        return among(column, name, self._is_sqlite)


@lru_cache(maxsize=2)
def statements(is_sqlite: bool) -> Statements:
    """Those of one kind of database, built once."""
    return Statements(is_sqlite)


def _postings(is_sqlite: bool) -> TextClause:
    lists = _LISTS[is_sqlite]
    return text(_POSTINGS.format(**lists, band_votes=BAND_VOTES, most=MAX_POSTINGS))


def _counts(is_sqlite: bool) -> TextClause:
    """How often the archive holds the anchors ``keys``, as one JSON object."""
    if is_sqlite:
        return text(
            "SELECT json_group_object(anchor, items) FROM anchor_counts"
            " WHERE anchor IN (SELECT value FROM json_each(:keys))"
        )
    return text(
        "SELECT CAST(json_object_agg(anchor, items) AS text) FROM anchor_counts"
        " WHERE anchor = ANY (CAST(:keys AS text[]))"
    )
