"""Records of several versions are compared anew: what the newest leaves empty may be from before.

A removal that came with its reference alone fitted nobody's report, so that what was matched with
its record had ended, and nobody was told that it was removed.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget the keys of these records, and have the next run make them and compare them.

    What was matched stands until then.
    """
    op.execute(
        "DELETE FROM record_keys WHERE record_id IN "
        "(SELECT record_id FROM crime_record_versions WHERE number > 1)"
    )
    op.execute(
        "DELETE FROM keyed_records WHERE record_id IN "
        "(SELECT record_id FROM crime_record_versions WHERE number > 1)"
    )
    op.execute(
        "UPDATE supplies SET matched_at = NULL WHERE taken_at IS NOT NULL "
        "AND id IN (SELECT supply_id FROM crime_record_versions WHERE number > 1)"
    )


def downgrade() -> None:
    """As on the way up: the older program reads each version by itself."""
    upgrade()
