"""What binds return codes and visits to their report. `flask db upgrade` fills it in at once."""

import sqlalchemy as sa
from alembic import op

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


def downgrade() -> None:
    """Drop them."""
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("bound")
