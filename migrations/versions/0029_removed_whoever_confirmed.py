"""Reports are looked at again whose record a person confirmed and the force removed since.

It counted as recorded until now, so that no alert says yet that no record of it stands.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Have the next sweep look at them."""
    op.execute(
        "UPDATE allegations SET to_sweep = true WHERE id IN "
        "(SELECT allegation_id FROM matches WHERE state = 'accepted' AND record_id IN "
        "(SELECT record_id FROM crime_record_versions WHERE removal_code IS NOT NULL))"
    )


def downgrade() -> None:
    """As on the way up: the older program settles what it takes for recorded."""
    upgrade()
