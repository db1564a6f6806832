"""${message}"""

# On SQLite a table that is altered in batch mode is made anew and loses its triggers. A migration
# that batches a ledger table makes them again after it, as revision 0010 does.

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Drop the tables."""
    ${downgrades if downgrades else "pass"}
