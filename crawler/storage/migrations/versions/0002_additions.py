"""What came after the first release: each table and column is added, nothing that was told is lost.

Revision: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sources", sa.Column("landed_url", sa.Text(), server_default="", nullable=False))
    op.add_column("sources", sa.Column("watch_why", sa.Text(), server_default="", nullable=False))
    op.add_column("sources", sa.Column("remedy", sa.Text(), server_default="", nullable=False))
    op.add_column("sources", sa.Column("notice", sa.Text(), server_default="", nullable=False))
    op.add_column("sources", sa.Column("etag_lied_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sources", sa.Column("senders", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "deliveries", sa.Column("reason", sa.String(length=80), server_default="", nullable=False)
    )
    op.create_table(
        "mails",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_mails")),
    )
    op.create_index(op.f("ix_mails_at"), "mails", ["at"])
    op.create_table(
        "letters",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", "source", name=op.f("pk_letters")),
    )
    op.create_index(op.f("ix_letters_at"), "letters", ["at"])
    op.add_column(
        "fingerprints", sa.Column("left_out", sa.JSON(), server_default="[]", nullable=False)
    )
    op.create_table(
        "source_sentences",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "value", name=op.f("pk_source_sentences")),
    )
    op.create_table(
        "topic_additions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("concept", sa.String(length=64), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_topic_additions")),
    )
    op.create_index(op.f("ix_topic_additions_topic"), "topic_additions", ["topic"])
    op.add_column(
        "matches", sa.Column("quiet", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "allowances",
        sa.Column("mark", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "day", name=op.f("pk_allowances")),
    )
    op.create_table(
        "search_docs",
        sa.Column("docid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column(
            "grams",
            sa.Text().with_variant(postgresql.ARRAY(sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("docid", name=op.f("pk_search_docs")),
        sa.UniqueConstraint("item", name=op.f("uq_search_docs_item")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_docs_grams", "search_docs", ["grams"], postgresql_using="gin")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("""CREATE VIRTUAL TABLE search_grams USING fts5(
    grams, content='', columnsize=0, detail=none,
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'")""")
    op.add_column("items", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE items SET told_at = CASE WHEN published_at < first_seen THEN published_at"
        " ELSE first_seen END"
    )
    op.create_index("ix_items_told", "items", ["told_at", "id"])
    op.create_index("ix_items_language_told", "items", ["language", "told_at", "id"])
    # Stamps are hashes now; an empty one is taken for unchanged and written anew at the next poll.
    op.create_index("ix_sightings_source_first", "sightings", ["source", "first_seen"])
    op.execute("UPDATE sightings SET stamp = ''")
    op.add_column(
        "subscriptions", sa.Column("muted", sa.JSON(), server_default="[]", nullable=False)
    )
    op.create_table(
        "seen_requests",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_seen_requests")),
    )
    op.create_index(op.f("ix_seen_requests_at"), "seen_requests", ["at"])
    op.add_column("sources", sa.Column("losses", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "host_leases",
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=80), server_default="", nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pause_seconds", sa.Float(), server_default="0", nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host_leases")),
    )
    op.create_index(op.f("ix_host_leases_owner"), "host_leases", ["owner"])
    op.create_index(op.f("ix_host_leases_until"), "host_leases", ["until"])
    op.create_table(
        "occasions",
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("start", sa.String(length=40), nullable=False),
        sa.Column("end", sa.String(length=40), server_default="", nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("field", sa.String(length=8), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), server_default="", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_occasions_item_items")),
        sa.PrimaryKeyConstraint("item", "number", name=op.f("pk_occasions")),
    )
    op.create_index(op.f("ix_occasions_over_at"), "occasions", ["over_at"])
    leased = sa.text("lease_owner <> ''")
    op.create_index(
        "ix_sources_leased",
        "sources",
        ["lease_owner"],
        postgresql_where=leased,
        sqlite_where=leased,
    )
