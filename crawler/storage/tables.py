"""The tables: one MetaData for SQLite and PostgreSQL, in the order in which a news item walks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, UTC in the database, aware UTC out; a naive one is an error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("only aware datetimes are stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Any:
        # SQLite keeps text; the type's own two steps would cost four times this one.
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        is_text = dialect.name == "sqlite"
        return _from_text if is_text else super().result_processor(dialect, coltype)


_WITHOUT_OFFSET = len("2026-11-23 01:00:00.000000")


def _as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("only aware datetimes are stored")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:_WITHOUT_OFFSET]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


# -- installation ---------------------------------------------------------------------------

meta = Table(  # small facts about this installation: instance id, key material's salt, holds
    "meta",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

# -- what is watched ------------------------------------------------------------------------

sources = Table(
    "sources",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("kind", String(16), nullable=False, server_default="auto"),
    Column("every_seconds", Integer),
    Column("language", String(8), nullable=False, server_default=""),
    Column("render", String(16), nullable=False, server_default=""),
    Column("tags", JSON, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("only_links", JSON, nullable=False),
    Column("skip_links", JSON, nullable=False),
    Column("senders", JSON, nullable=False, server_default="[]"),
    Column("selector", Text, nullable=False, server_default=""),
    Column("excerpt", Integer, nullable=False, server_default="160"),
    Column("headers_file", Text, nullable=False, server_default=""),
    Column("declared_by", String(64), nullable=False, server_default=""),
    Column("added_at", UtcDateTime, nullable=False),
    # States, not declarations: they survive every sync.
    Column("status", String(16), nullable=False, server_default="active"),
    Column("undeclared", Boolean, nullable=False),  # its file no longer declares it
    # What detection and polling learned.
    Column("watch_kind", String(16), nullable=False, server_default=""),
    Column("watch_url", Text, nullable=False, server_default=""),
    Column("watch_why", Text, nullable=False, server_default=""),  # a sentence
    Column("learned", JSON, nullable=False),
    Column("next_due", UtcDateTime, index=True),
    Column("last_polled", UtcDateTime),
    Column("last_ok", UtcDateTime),
    Column("last_new", UtcDateTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error_kind", String(16), nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    Column("failing_since", UtcDateTime),
    Column("interval_seconds", Integer),
    Column("baseline", Boolean, nullable=False),
    Column("full_at", UtcDateTime),  # last unconditional look
    Column("changed_at", UtcDateTime),  # last time the page answered something else than before
    Column("etag_lied_at", UtcDateTime),  # it repeated its ETag for changed content
    Column("landed_url", Text, nullable=False, server_default=""),  # where redirects led to
    Column("remedy", Text, nullable=False, server_default=""),  # what to do about ``error``
    Column("notice", Text, nullable=False, server_default=""),  # odd, though the poll worked
    # A poll claims its source by a lease.
    Column("lease_owner", String(64), nullable=False, server_default=""),
    Column("lease_until", UtcDateTime),
    Column("losses", Integer, nullable=False, server_default="0"),  # polls without an end
)

validators = Table(  # per address: how to ask whether it has changed
    "validators",
    metadata,
    Column("url_key", String(32), primary_key=True),
    Column("url", Text, nullable=False),
    Column("etag", Text, nullable=False, server_default=""),
    Column("last_modified", Text, nullable=False, server_default=""),
    Column("body_hash", String(64), nullable=False, server_default=""),
    Column("checked_at", UtcDateTime, nullable=False),
)

robots = Table(  # robots.txt of an origin, kept for up to a day
    "robots",
    metadata,
    Column("origin", String(300), primary_key=True),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
)

polls = Table(  # one row a poll: what receipts, rhythm and status are computed from
    "polls",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("source", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("status", String(16), nullable=False),
    Column("requests", Integer, nullable=False),
    Column("not_modified", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("error", Text, nullable=False, server_default=""),
    Index("ix_polls_source_at", "source", "at"),
)

# -- what was found -------------------------------------------------------------------------

items = Table(
    "items",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("source", String(64), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(8), nullable=False, server_default=""),
    Column("author", Text, nullable=False, server_default=""),
    Column("image", Text, nullable=False, server_default=""),
    Column("published_at", UtcDateTime, index=True),  # for sorting and windows
    Column("published", String(40), nullable=False, server_default=""),  # ISO, source's offset
    Column("published_whole_day", Boolean, nullable=False),
    Column("modified", String(40), nullable=False, server_default=""),
    Column("first_seen", UtcDateTime, nullable=False, index=True),
    Column("updated_at", UtcDateTime),
    Column("content_hash", String(64), nullable=False, server_default="", index=True),
    Column("title_hash", String(64), nullable=False, server_default="", index=True),
    Column("text_pending", Boolean, nullable=False),  # stored from its listing alone, text to come
    Column("held_back", String(16), nullable=False, server_default=""),
    Column("story", String(40), index=True),
    Column("duplicate_of", String(32)),
    Column("topics_version", String(64), nullable=False, server_default=""),
    Column("change", Text, nullable=False, server_default=""),  # a material change, in words
    Column("changed_at", UtcDateTime),
    # What the archive is ordered by: publication, or first sight where it is unknown or ahead.
    Column("told_at", UtcDateTime),
    Index("ix_items_told", "told_at", "id"),
    Index("ix_items_language_told", "language", "told_at", "id"),
)
Index(  # few: every poll asks for those of its source
    "ix_items_pending",
    items.c.source,
    sqlite_where=text("text_pending = 1"),
    postgresql_where=text("text_pending"),
)

Index(  # few: whether anything changed that was told is asked with every tick
    "ix_items_changed",
    items.c.changed_at,
    sqlite_where=text("changed_at IS NOT NULL"),
    postgresql_where=text("changed_at IS NOT NULL"),
)

addresses = Table(  # every address that leads to an item
    "addresses",
    metadata,
    Column("url_key", String(32), primary_key=True),
    Column("item", String(32), ForeignKey("items.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
)

sightings = Table(  # a source listed an item
    "sightings",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("item", String(32), ForeignKey("items.id"), primary_key=True, index=True),
    Column("url", Text, nullable=False),
    Column("guid_hash", String(32), nullable=False, server_default="", index=True),
    Column("stamp", Text, nullable=False, server_default=""),  # tells that the entry changed
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Index("ix_sightings_source_first", "source", "first_seen"),  # a source's rhythm, every poll
)

drops = Table(  # every address that was seen and did not become an item, and why; bounded
    "drops",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("url_key", String(32), primary_key=True, index=True),
    Column("url", Text, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False, index=True),
)

topics = Table(  # definitions: shipped and declared ones are synced, others live here alone
    "topics",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("definition", JSON, nullable=False),
    Column("version", String(64), nullable=False, server_default=""),
    Column("declared_by", String(64), nullable=False, server_default=""),
    Column("undeclared", Boolean, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

topic_additions = Table(  # what was added to a topic by command, Slack or web: one a row
    "topic_additions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("topic", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("terms", JSON, nullable=False),
    Column("concept", String(64), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("by", String(64), nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
)

matches = Table(  # an item is about a topic
    "matches",
    metadata,
    Column("item", String(32), ForeignKey("items.id"), primary_key=True),
    Column("topic", String(64), primary_key=True, index=True),
    Column("score", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("version", String(64), nullable=False, server_default=""),
    Column("matched_at", UtcDateTime, nullable=False),
    Column("quiet", Boolean, nullable=False, server_default=false()),  # alerts nobody
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("item", String(32), ForeignKey("items.id"), nullable=False, index=True),
    Column("topic", String(64), nullable=False),
    Column("judgement", String(16), nullable=False),
    Column("score", Float),
    Column("version", String(64), nullable=False, server_default=""),
    Column("by", String(64), nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
)
