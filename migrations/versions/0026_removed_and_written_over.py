"""Removed records of several versions are compared anew: whom they named before they name still.

A removal with another victim written over the one before fitted nobody's report, so that what was
matched with its record had ended, and nobody was told that it was removed.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget the keys of these records, and have the next run make them and compare them.

    What was matched stands until then.
    """
    op.execute(
        "DELETE FROM record_keys WHERE record_id IN (SELECT record_id FROM crime_record_versions "
        "WHERE number > 1 AND (removal_code IS NOT NULL OR is_incident) "
        "AND supply_id IN (SELECT id FROM supplies WHERE taken_at IS NOT NULL))"
    )
    op.execute(
        "DELETE FROM keyed_records WHERE record_id IN (SELECT record_id FROM crime_record_versions "
        "WHERE number > 1 AND (removal_code IS NOT NULL OR is_incident) "
        "AND supply_id IN (SELECT id FROM supplies WHERE taken_at IS NOT NULL))"
    )
    op.execute(
        "UPDATE supplies SET matched_at = NULL WHERE taken_at IS NOT NULL AND id IN "
        "(SELECT supply_id FROM crime_record_versions "
        "WHERE number > 1 AND (removal_code IS NOT NULL OR is_incident))"
    )


def downgrade() -> None:
    """As on the way up: the older program reads the newest name alone."""
    upgrade()
