"""Tables of stories: what tells them apart, what was decided, and the index of searches."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.dialects import postgresql

from crawler.storage.tables import UtcDateTime, metadata

# -- stories --------------------------------------------------------------------------------

stories = Table(
    "stories",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("merged_into", String(40), index=True),  # a redirect: ids never change
)

story_links = Table(  # why an item stands in its story
    "story_links",
    metadata,
    Column("item", String(32), ForeignKey("items.id"), primary_key=True),
    Column("other", String(32), ForeignKey("items.id"), primary_key=True, index=True),
    Column("relation", String(16), nullable=False),
    Column("score", Float, nullable=False),
    Column("anchors", JSON, nullable=False),
    Column("veto", Text, nullable=False, server_default=""),
)

story_pins = Table(  # split and join by hand, remembered; the pair is stored sorted
    "story_pins",
    metadata,
    Column("item", String(32), ForeignKey("items.id"), primary_key=True),
    Column("other", String(32), ForeignKey("items.id"), primary_key=True),
    Column("together", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("item", String(32), ForeignKey("items.id"), primary_key=True),
    Column("sketch", LargeBinary, nullable=False),
    Column("length", Integer, nullable=False),
    Column("anchors", JSON, nullable=False),
    Column("left_out", JSON, nullable=False, server_default="[]"),  # keys of its boilerplate
)

source_sentences = Table(  # how many items of a source say the same at their beginning or end
    "source_sentences",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("value", BigInteger, primary_key=True),
    Column("items", Integer, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

item_bands = Table(  # a band's place in the sketch is hashed into its value
    "item_bands",
    metadata,
    Column("value", BigInteger, primary_key=True),
    Column("item", String(32), ForeignKey("items.id"), primary_key=True, index=True),
)

item_anchors = Table(
    "item_anchors",
    metadata,
    Column("anchor", String(80), primary_key=True),
    Column("day", Integer, primary_key=True),  # of publication, proleptic ordinal; 0 = undated
    Column("item", String(32), ForeignKey("items.id"), primary_key=True, index=True),
)

anchor_counts = Table(
    "anchor_counts",
    metadata,
    Column("anchor", String(80), primary_key=True),
    Column("items", Integer, nullable=False),
)

# -- search ---------------------------------------------------------------------------------

search_docs = Table(  # an item under the number its grams are indexed by; numbers grow
    "search_docs",
    metadata,
    Column("docid", Integer, primary_key=True, autoincrement=True),
    Column("item", String(32), nullable=False, unique=True),
    Column("grams", Text().with_variant(postgresql.ARRAY(Text), "postgresql")),
    Index("ix_search_docs_grams", "grams", postgresql_using="gin"),
    sqlite_autoincrement=True,
)
# The grams themselves on SQLite: sets, without their texts, and never in the order of a text.
SEARCH_GRAMS = """CREATE VIRTUAL TABLE search_grams USING fts5(
    grams, content='', columnsize=0, detail=none,
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'")"""
event.listen(
    search_docs,
    "after_create",
    DDL(SEARCH_GRAMS).execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]
)
