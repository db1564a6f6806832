"""Matches."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "matches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("allegation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("claim", sa.LargeBinary(length=16), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'refused', 'ended')", name=op.f("ck_matches_state")
        ),
        sa.CheckConstraint(
            "zone IN ('automatic', 'likely', 'possible')", name=op.f("ck_matches_zone")
        ),
        sa.ForeignKeyConstraint(
            ["allegation_id"], ["allegations.id"], name=op.f("fk_matches_allegation_id_allegations")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["accounts.id"], name=op.f("fk_matches_decided_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["crime_records.id"], name=op.f("fk_matches_record_id_crime_records")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["crime_record_versions.id"],
            name=op.f("fk_matches_version_id_crime_record_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint(
            "allegation_id", "record_id", name=op.f("uq_matches_allegation_id_record_id")
        ),
    )
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.create_index(
            "ix_matches_one_claim",
            ["record_id", "claim"],
            unique=True,
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )
        batch_op.create_index(batch_op.f("ix_matches_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matches_version_id"), ["version_id"], unique=False)
        batch_op.create_index(
            "ix_matches_waiting",
            ["proposed_at"],
            unique=False,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )


def downgrade() -> None:
    """Drop the tables."""
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_matches_waiting",
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
        batch_op.drop_index(batch_op.f("ix_matches_version_id"))
        batch_op.drop_index(batch_op.f("ix_matches_record_id"))
        batch_op.drop_index(
            "ix_matches_one_claim",
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )

    op.drop_table("matches")
