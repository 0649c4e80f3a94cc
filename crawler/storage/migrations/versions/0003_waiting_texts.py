"""Items whose text is still to come are found without a look at every item of their source.

Revision: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_items_pending",
        "items",
        ["source"],
        sqlite_where=sa.text("text_pending = 1"),
        postgresql_where=sa.text("text_pending"),
    )


def downgrade() -> None:
    op.drop_index("ix_items_pending", "items")
