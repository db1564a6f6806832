"""What binds return codes and visits to their report (`flask db upgrade` fills it in at once), and
when a new code that somebody had asked for was cancelled.
"""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("return_codes", "visits")


def upgrade() -> None:
    """Add the columns. What has none opens nothing; `cli.schema.migrate`, which has the keys, binds
    what is there in the same transaction.
    """
    for table in _TABLES:
        op.add_column(table, sa.Column("bound", sa.LargeBinary(length=32), nullable=True))
    # Their entries commit to no key, so nothing could carry them out: the codes of before stay.
    op.execute(
        "DELETE FROM return_codes WHERE code_hash IN (SELECT code_hash FROM code_changes "
        "WHERE cancelled_at IS NULL AND done_at IS NULL)"
    )
    op.execute(
        "UPDATE return_codes SET works_until = NULL WHERE report_id IN (SELECT report_id "
        "FROM code_changes WHERE cancelled_at IS NULL AND done_at IS NULL)"
    )
    op.execute(
        "UPDATE code_changes SET cancelled_at = asked_at "
        "WHERE cancelled_at IS NULL AND done_at IS NULL"
    )
    op.add_column("lost_codes", sa.Column("cancelled_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("lost_codes", schema=None) as batch_op:
        batch_op.drop_column("cancelled_at")
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("bound")
