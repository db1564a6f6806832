"""What a person changes about their own report: an erasure that waits, a supporter who may see it
no more, and answers that were corrected.
"""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WAITS = "erase_due_at IS NOT NULL"
_TIMES = ("erase_asked_at", "erase_due_at", "supporter_stopped_at")


def upgrade() -> None:
    """Add the columns. Nothing of what is there waits, is stopped or was corrected."""
    for name in _TIMES:
        op.add_column("reports", sa.Column(name, UtcDateTime(), nullable=True))
    op.create_index(
        "ix_reports_erase_due",
        "reports",
        ["erase_due_at"],
        sqlite_where=sa.text(_WAITS),
        postgresql_where=sa.text(_WAITS),
    )
    op.add_column("allegations", sa.Column("corrected_at", UtcDateTime(), nullable=True))
    op.add_column("allegations", sa.Column("corrected_category", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop them. An erasure that waited has to be asked for again; the entries stay."""
    for name in ("corrected_category", "corrected_at"):
        op.drop_column("allegations", name)
    op.drop_index("ix_reports_erase_due", table_name="reports")
    for name in _TIMES:
        op.drop_column("reports", name)
