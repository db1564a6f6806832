"""Which supplies wait for a sealing key that is not here, and what was left out because of that.

Until now a supply counted as matched though some of its records did not open, and a report as
compared though some of its candidates did not. Removed records are compared anew as in 0026: those
of a force that shares tokens and changed its key were read by one key alone.
"""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_REMOVED = (
    "SELECT record_id FROM crime_record_versions "
    "WHERE number > 1 AND (removal_code IS NOT NULL OR is_incident) "
    "AND supply_id IN (SELECT id FROM supplies WHERE taken_at IS NOT NULL)"
)


def upgrade() -> None:
    """Have the next run compare every report, and every record that has no keys.

    What was matched stands until then.
    """
    op.add_column("supplies", sa.Column("unopened_at", UtcDateTime(), nullable=True))
    for table in ("record_keys", "keyed_records"):
        op.execute(f"DELETE FROM {table} WHERE record_id IN ({_REMOVED})")  # noqa: S608 - our own names
    op.execute(
        "UPDATE supplies SET matched_at = NULL WHERE taken_at IS NOT NULL AND id IN "
        "(SELECT supply_id FROM crime_record_versions WHERE NOT EXISTS "
        "(SELECT 1 FROM keyed_records "
        "WHERE keyed_records.record_id = crime_record_versions.record_id "
        "AND keyed_records.version_id >= crime_record_versions.id))"
    )
    op.execute("UPDATE allegations SET to_match = true WHERE clock_starts_at IS NOT NULL")


def downgrade() -> None:
    """Have the older program try again what waits: it knows no other way."""
    op.execute("UPDATE supplies SET matched_at = NULL WHERE unopened_at IS NOT NULL")
    op.drop_column("supplies", "unopened_at")
