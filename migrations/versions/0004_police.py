"""Supplies and crime records."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "supplies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("covers_from", UtcDateTime(), nullable=False),
        sa.Column("covers_to", UtcDateTime(), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("declared_rows", sa.Integer(), nullable=False),
        sa.Column("taken_rows", sa.Integer(), nullable=False),
        sa.Column("refused_rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("loaded_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("matched_at", UtcDateTime(), nullable=True),
        sa.Column("swept_at", UtcDateTime(), nullable=True),
        sa.Column(
            "entry_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint("covers_from <= covers_to", name=op.f("ck_supplies_period")),
        sa.ForeignKeyConstraint(
            ["entry_index"],
            ["ledger_entries.index"],
            name=op.f("fk_supplies_entry_index_ledger_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["loaded_by"], ["accounts.id"], name=op.f("fk_supplies_loaded_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplies")),
        sa.UniqueConstraint(
            "force_id",
            "digest",
            "covers_from",
            "covers_to",
            "is_full",
            name=op.f("uq_supplies_force_id_digest_covers_from_covers_to_is_full"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_supplies_number")),
    )
    with op.batch_alter_table("supplies", schema=None) as batch_op:
        batch_op.create_index("ix_supplies_force_covered", ["force_id", "covers_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_supplies_taken_at"), ["taken_at"], unique=False)

    op.create_table(
        "crime_records",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("reference_key", sa.String(), nullable=False),
        sa.Column("first_supply_id", sa.Uuid(), nullable=False),
        sa.Column("last_supply_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_supply_id"],
            ["supplies.id"],
            name=op.f("fk_crime_records_first_supply_id_supplies"),
        ),
        sa.ForeignKeyConstraint(
            ["last_supply_id"],
            ["supplies.id"],
            name=op.f("fk_crime_records_last_supply_id_supplies"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crime_records")),
        sa.UniqueConstraint(
            "force_id", "reference_key", name=op.f("uq_crime_records_force_id_reference_key")
        ),
    )
    with op.batch_alter_table("crime_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_crime_records_last_supply_id"), ["last_supply_id"], unique=False
        )

    op.create_table(
        "supply_remarks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supply_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supply_id"], ["supplies.id"], name=op.f("fk_supply_remarks_supply_id_supplies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_remarks")),
    )
    with op.batch_alter_table("supply_remarks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supply_remarks_supply_id"), ["supply_id"], unique=False
        )

    op.create_table(
        "crime_record_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("supply_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=16), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_day_only", sa.Boolean(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=True),
        sa.Column("occurred_from", UtcDateTime(), nullable=True),
        sa.Column("occurred_to", UtcDateTime(), nullable=True),
        sa.Column("offence_code", sa.String(), nullable=False),
        sa.Column("is_incident", sa.Boolean(), nullable=False),
        sa.Column("outcome_type", sa.Integer(), nullable=True),
        sa.Column("outcome_at", UtcDateTime(), nullable=True),
        sa.Column("removal_code", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["crime_records.id"],
            name=op.f("fk_crime_record_versions_record_id_crime_records"),
        ),
        sa.ForeignKeyConstraint(
            ["supply_id"], ["supplies.id"], name=op.f("fk_crime_record_versions_supply_id_supplies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crime_record_versions")),
        sa.UniqueConstraint(
            "record_id", "number", name=op.f("uq_crime_record_versions_record_id_number")
        ),
    )
    with op.batch_alter_table("crime_record_versions", schema=None) as batch_op:
        batch_op.create_index("ix_crime_record_versions_supply", ["supply_id"], unique=False)

    op.create_table(
        "record_tokens",
        sa.Column("token", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["crime_records.id"],
            name=op.f("fk_record_tokens_record_id_crime_records"),
        ),
        sa.PrimaryKeyConstraint("token", "record_id", "kind", name=op.f("pk_record_tokens")),
    )
    with op.batch_alter_table("record_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_tokens_record_id"), ["record_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    with op.batch_alter_table("record_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_tokens_record_id"))

    op.drop_table("record_tokens")
    with op.batch_alter_table("crime_record_versions", schema=None) as batch_op:
        batch_op.drop_index("ix_crime_record_versions_supply")

    op.drop_table("crime_record_versions")
    with op.batch_alter_table("supply_remarks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supply_remarks_supply_id"))

    op.drop_table("supply_remarks")
    with op.batch_alter_table("crime_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crime_records_last_supply_id"))

    op.drop_table("crime_records")
    with op.batch_alter_table("supplies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplies_taken_at"))
        batch_op.drop_index("ix_supplies_force_covered")

    op.drop_table("supplies")
