"""The keys by which crime records are found are made anew, for they are made otherwise.

Of a number in one run the year at its end is no key any more, and a run of seven or eight figures
is one: a report that is matched from now on would look for keys that no older record has. Numbers
and names are compared otherwise too, and what was kept of a pair is made anew with its keys.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget the keys of all records, and have the next run make them and compare everything.

    What was matched stands until then.
    """
    op.execute("DELETE FROM record_keys")
    op.execute("DELETE FROM keyed_records")
    op.execute("UPDATE supplies SET matched_at = NULL WHERE taken_at IS NOT NULL")
    op.execute("UPDATE allegations SET to_match = true WHERE clock_starts_at IS NOT NULL")


def downgrade() -> None:
    """As on the way up: the older program looks for older keys."""
    upgrade()
