"""Questions that the rules ask by themselves: asked by nobody who has an account."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let `asked_by` be empty."""
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.alter_column("asked_by", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    """Forget what the rules asked: the ledger keeps it, and the older table cannot hold it."""
    op.execute(sa.text("DELETE FROM questions WHERE asked_by IS NULL"))
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.alter_column("asked_by", existing_type=sa.Uuid(), nullable=False)
