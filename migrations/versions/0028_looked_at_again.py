"""When somebody had a candidate looked at again that was decided on before."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was, so far."""
    op.add_column("matches", sa.Column("reopened_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Forget it: the older program can put nothing back. The ledger still says when it was."""
    op.drop_column("matches", "reopened_at")
