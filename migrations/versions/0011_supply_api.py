"""Credentials of forces, and the batches that they sent under an Idempotency-Key."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "force_credentials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_force_credentials")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_force_credentials_secret_hash")),
    )
    op.create_table(
        "supply_requests",
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("supply_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["force_credentials.id"],
            name=op.f("fk_supply_requests_credential_id_force_credentials"),
        ),
        sa.ForeignKeyConstraint(
            ["supply_id"], ["supplies.id"], name=op.f("fk_supply_requests_supply_id_supplies")
        ),
        sa.PrimaryKeyConstraint("force_id", "key_hash", name=op.f("pk_supply_requests")),
    )
    for column in ("supply_id", "credential_id", "at"):
        op.create_index(op.f(f"ix_supply_requests_{column}"), "supply_requests", [column])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("supply_requests")
    op.drop_table("force_credentials")
