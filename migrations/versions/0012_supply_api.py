"""Credentials of forces, what waits and the batches that they sent; the mappings that files are read by."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0012"
down_revision = "0011"
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
    op.create_table(
        "force_mappings",
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("force_id", name=op.f("pk_force_mappings")),
    )
    op.create_table(
        "waiting_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("covers_from", UtcDateTime(), nullable=False),
        sa.Column("covers_to", UtcDateTime(), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("declared_rows", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.String(), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_preview", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_waiting_files_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_files")),
    )
    for column in ("account_id", "received_at"):
        op.create_index(op.f(f"ix_waiting_files_{column}"), "waiting_files", [column])
    op.create_table(
        "waiting_file_parts",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["waiting_files.id"],
            name=op.f("fk_waiting_file_parts_file_id_waiting_files"),
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_waiting_file_parts")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("waiting_file_parts")
    op.drop_table("waiting_files")
    op.drop_table("force_mappings")
    op.drop_table("supply_requests")
    op.drop_table("force_credentials")
