"""What came after the first release: each table and column is added, nothing that was told is lost.

Revision: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sources', sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('sources', sa.Column('landed_url', sa.Text(), server_default='', nullable=False))
    op.add_column('sources', sa.Column('remedy', sa.Text(), server_default='', nullable=False))
    op.add_column('sources', sa.Column('notice', sa.Text(), server_default='', nullable=False))
    op.add_column('sources', sa.Column('etag_lied_at', sa.DateTime(timezone=True), nullable=True))
    # Stamps are hashes now; an empty one is taken for unchanged and written anew at the next poll.
    op.execute("UPDATE sightings SET stamp = ''")
