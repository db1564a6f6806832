"""Erasing: the key that signs a request, and what is still to be destroyed for good."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("reports", sa.Column("request_key", sa.LargeBinary(length=32), nullable=True))
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("visit_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.Column("purged_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_erasures_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("report_id", name=op.f("uq_erasures_report_id")),
        sa.UniqueConstraint("visit_hash", name=op.f("uq_erasures_visit_hash")),
    )
    op.create_index(
        "ix_erasures_to_purge",
        "erasures",
        ["erased_at"],
        unique=False,
        sqlite_where=sa.text("purged_at IS NULL"),
        postgresql_where=sa.text("purged_at IS NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_erasures_to_purge", "erasures")
    op.drop_table("erasures")
    op.drop_column("reports", "request_key")
