"""A tick that finds nothing to do reads a few entries of an index, however many readers there are.

Revision: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_subscriptions_next_due", "subscriptions")
    op.create_index(
        "ix_subscriptions_delivering",
        "subscriptions",
        ["next_due"],
        sqlite_where=sa.text("status = 'active' AND undeclared IS 0"),
        postgresql_where=sa.text("status = 'active' AND undeclared IS false"),
    )
    op.create_index(
        "ix_subscriptions_paused",
        "subscriptions",
        ["paused_until"],
        sqlite_where=sa.text("status = 'paused'"),
        postgresql_where=sa.text("status = 'paused'"),
    )
    op.create_index(
        "ix_deliveries_posted",
        "deliveries",
        ["created_at"],
        sqlite_where=sa.text("channel = 'slack'"),
        postgresql_where=sa.text("channel = 'slack'"),
    )
    op.create_index(
        "ix_items_changed",
        "items",
        ["changed_at"],
        sqlite_where=sa.text("changed_at IS NOT NULL"),
        postgresql_where=sa.text("changed_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_items_changed", "items")
    op.drop_index("ix_deliveries_posted", "deliveries")
    op.drop_index("ix_subscriptions_paused", "subscriptions")
    op.drop_index("ix_subscriptions_delivering", "subscriptions")
    op.create_index("ix_subscriptions_next_due", "subscriptions", ["next_due"])
