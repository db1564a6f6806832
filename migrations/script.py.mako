"""${message}"""

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
