"""Tables of recipients: who gets what, what was sent, and what people sent back."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from crawler.storage.tables import UtcDateTime, metadata

# -- who hears about it ---------------------------------------------------------------------

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("to", Text, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("languages", JSON, nullable=False),
    Column("digest_language", String(8), nullable=False),
    Column("quiet_hours", Text, nullable=False, server_default=""),
    Column("holidays", JSON, nullable=False),
    Column("when_empty", String(8), nullable=False, server_default="silent"),
    Column("since", String(16), nullable=False, server_default=""),
    Column("max_stories", Integer, nullable=False, server_default="25"),
    Column("declared_by", String(64), nullable=False, server_default=""),
    Column("undeclared", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("status", String(16), nullable=False, server_default="active"),
    Column("active_since", UtcDateTime),
    Column("paused_until", UtcDateTime),
    Column("status_at", UtcDateTime),
    Column("status_by", String(64), nullable=False, server_default=""),
    Column("last_window", String(64), nullable=False, server_default=""),  # last closed one
    Column("last_closed_at", UtcDateTime),
    Column("next_due", UtcDateTime),
    # When each topic and source was added: they count from that moment.
    Column("scope_since", JSON, nullable=False),
    Column("consent", JSON, nullable=False),  # what, when, from where, which text
    Column("address_hash", String(64), nullable=False, server_default="", index=True),
    Column("bounces", Integer, nullable=False, server_default="0"),  # soft ones in a row
    Column("muted", JSON, nullable=False, server_default="[]"),  # ids of sources; a state
)

# Every tick asks for these: few of all that ever subscribed.
Index(
    "ix_subscriptions_delivering",
    subscriptions.c.next_due,
    sqlite_where=text("status = 'active' AND undeclared IS 0"),
    postgresql_where=text("status = 'active' AND undeclared IS false"),
)
Index(
    "ix_subscriptions_paused",
    subscriptions.c.paused_until,
    sqlite_where=text("status = 'paused'"),
    postgresql_where=text("status = 'paused'"),
)

suppressions = Table(  # keyed hashes of addresses that left or bounced
    "suppressions",
    metadata,
    Column("address_hash", String(64), primary_key=True),
    Column("reason", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subscription", String(64), nullable=False, index=True),
    Column("window", String(64), nullable=False),
    Column("part", Integer, nullable=False),
    Column("thread_of", String(40), nullable=False, server_default="", index=True),
    Column("channel", String(16), nullable=False),
    Column("to", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("payload", Text, nullable=False),
    Column("stories", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_attempt", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_owner", String(64), nullable=False, server_default=""),
    Column("lease_until", UtcDateTime),
    Column("external_id", Text, nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    Column("reason", String(80), nullable=False, server_default=""),
    Column("sent_at", UtcDateTime),
    UniqueConstraint("subscription", "window", "part"),
    Index("ix_deliveries_state_next", "state", "next_attempt"),
)

Index(  # what may have to be corrected where it was posted; mails are a hundred times as many
    "ix_deliveries_posted",
    deliveries.c.created_at,
    sqlite_where=text("channel = 'slack'"),
    postgresql_where=text("channel = 'slack'"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery", String(40), ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("started", UtcDateTime, nullable=False),
    Column("finished", UtcDateTime),
    Column("outcome", String(16), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
)

delivered_items = Table(  # written in the transaction of the selection
    "delivered_items",
    metadata,
    Column("subscription", String(64), primary_key=True),
    Column("item", String(32), ForeignKey("items.id"), primary_key=True, index=True),
    Column("delivery", String(40), nullable=False, index=True),
    Column("to", Text, nullable=False, index=True),
    Column("how", String(16), nullable=False),  # shown alerted rolled_up counted also marked
    Column("at", UtcDateTime, nullable=False),
)

incidents = Table(  # one message when it opens, one when it is over
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("told_open", Boolean, nullable=False),
    Column("told_closed", Boolean, nullable=False),
)

channel_ids = Table(  # Slack channel names resolved once
    "channel_ids",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("channel_id", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# -- what came in by mail -------------------------------------------------------------------

mails = Table(  # mails and delivery reports that were handled: none counts twice
    "mails",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

letters = Table(  # newsletters that wait for their source's poll, as the items they hold
    "letters",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("items", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("read_at", UtcDateTime),
)

# -- the web side ---------------------------------------------------------------------------

seen_requests = Table(  # what Slack sent was taken: none is done twice, forgotten within a day
    "seen_requests",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
)

allowances = Table(  # how often something was asked for on a day: keyed marks, no addresses
    "allowances",
    metadata,
    Column("mark", String(80), primary_key=True),
    Column("day", Integer, primary_key=True),  # proleptic ordinal, UTC
    Column("count", Integer, nullable=False),
)
