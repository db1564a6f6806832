"""What a pair was judged by beside its levels: the kind of report, and whether police had the
record before the crime happened, by the hours that both sides give.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Have the next run compare everything: a record of before the crime may be matched with it.

    What was matched stands until then, and what a person decided stands for good.
    """
    op.add_column("matches", sa.Column("kind", sa.String(), nullable=True))
    op.add_column("matches", sa.Column("is_early", sa.Boolean(), nullable=True))
    op.execute("UPDATE allegations SET to_match = true WHERE clock_starts_at IS NOT NULL")


def downgrade() -> None:
    """Forget both: the older program asks for neither."""
    op.drop_column("matches", "is_early")
    op.drop_column("matches", "kind")
