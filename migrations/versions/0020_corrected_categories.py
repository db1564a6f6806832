"""Every answer to what happened that was ever corrected to is kept, and not only the last.

A second correction must never take a graver first one away (docs/own-report.md).
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin the list with the one that was kept. Earlier ones stand in the entries alone."""
    op.add_column("allegations", sa.Column("corrected_categories", sa.String(), nullable=True))
    op.execute("UPDATE allegations SET corrected_categories = corrected_category")
    op.drop_column("allegations", "corrected_category")


def downgrade() -> None:
    """Keep the last of each list, or none where it is the first answer again."""
    op.add_column("allegations", sa.Column("corrected_category", sa.String(), nullable=True))
    table = sa.table(
        "allegations",
        sa.column("id", sa.Uuid()),
        sa.column("category", sa.String()),
        sa.column("corrected_category", sa.String()),
        sa.column("corrected_categories", sa.String()),
    )
    there = op.get_bind()
    query = sa.select(table.c.id, table.c.category, table.c.corrected_categories)
    for key, first, said in there.execute(query.where(table.c.corrected_categories.is_not(None))):
        last = said.split()[-1:]
        if last and last[0] != first:
            there.execute(
                sa.update(table).where(table.c.id == key).values(corrected_category=last[0])
            )
    op.drop_column("allegations", "corrected_categories")
