"""Reports and allegations."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_kept_at", UtcDateTime(), nullable=True),
        sa.Column("filed_by", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("unfinished", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("filed_at", UtcDateTime(), nullable=True),
        sa.Column(
            "entry_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'draft') = (filed_at IS NULL)", name=op.f("ck_reports_filed")),
        sa.CheckConstraint(
            "state IN ('draft', 'kept', 'told', 'passed')", name=op.f("ck_reports_state")
        ),
        sa.ForeignKeyConstraint(
            ["entry_index"],
            ["ledger_entries.index"],
            name=op.f("fk_reports_entry_index_ledger_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["filed_by"], ["accounts.id"], name=op.f("fk_reports_filed_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_reports_code_hash")),
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_filed_at"), ["filed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reports_filed_by"), ["filed_by"], unique=False)

    op.create_table(
        "allegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=True),
        sa.Column("occurred_from", UtcDateTime(), nullable=True),
        sa.Column("occurred_to", UtcDateTime(), nullable=True),
        sa.Column("clock_starts_at", UtcDateTime(), nullable=True),
        sa.Column("clock_event", sa.String(), nullable=True),
        sa.Column("clock_basis", sa.String(), nullable=True),
        sa.Column("to_match", sa.Boolean(), nullable=False),
        sa.Column("to_sweep", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_allegations_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allegations")),
        sa.UniqueConstraint("report_id", "ordinal", name=op.f("uq_allegations_report_id_ordinal")),
    )
    with op.batch_alter_table("allegations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_allegations_to_match",
            ["id"],
            unique=False,
            sqlite_where=sa.text("to_match = 1"),
            postgresql_where=sa.text("to_match"),
        )
        batch_op.create_index(
            "ix_allegations_to_sweep",
            ["id"],
            unique=False,
            sqlite_where=sa.text("to_sweep = 1"),
            postgresql_where=sa.text("to_sweep"),
        )
        batch_op.create_index(batch_op.f("ix_allegations_force_id"), ["force_id"], unique=False)

    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_handovers_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("report_id", "force_id", name=op.f("uq_handovers_report_id_force_id")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_force_id"), ["force_id"], unique=False)

    op.create_table(
        "looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_looks_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_looks_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
    )
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_looks_report_id"), ["report_id"], unique=False)

    op.create_table(
        "report_keys",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_keys_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_keys")),
    )
    op.create_table(
        "visits",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_code", sa.LargeBinary(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_visits_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_report_id"), ["report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visits_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "allegation_tokens",
        sa.Column("token", sa.LargeBinary(length=16), nullable=False),
        sa.Column("allegation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["allegation_id"],
            ["allegations.id"],
            name=op.f("fk_allegation_tokens_allegation_id_allegations"),
        ),
        sa.PrimaryKeyConstraint(
            "token", "allegation_id", "kind", name=op.f("pk_allegation_tokens")
        ),
    )
    with op.batch_alter_table("allegation_tokens", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allegation_tokens_allegation_id"), ["allegation_id"], unique=False
        )

    op.create_table(
        "force_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_force_answers_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_force_answers_handover_id_handovers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_force_answers")),
    )
    with op.batch_alter_table("force_answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_force_answers_handover_id"), ["handover_id"], unique=False
        )


def downgrade() -> None:
    """Drop the tables."""
    with op.batch_alter_table("force_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_force_answers_handover_id"))

    op.drop_table("force_answers")
    with op.batch_alter_table("allegation_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allegation_tokens_allegation_id"))

    op.drop_table("allegation_tokens")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_seen_at"))
        batch_op.drop_index(batch_op.f("ix_visits_report_id"))

    op.drop_table("visits")
    op.drop_table("report_keys")
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_looks_report_id"))

    op.drop_table("looks")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handovers_force_id"))

    op.drop_table("handovers")
    with op.batch_alter_table("allegations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allegations_force_id"))
        batch_op.drop_index(
            "ix_allegations_to_sweep",
            sqlite_where=sa.text("to_sweep = 1"),
            postgresql_where=sa.text("to_sweep"),
        )
        batch_op.drop_index(
            "ix_allegations_to_match",
            sqlite_where=sa.text("to_match = 1"),
            postgresql_where=sa.text("to_match"),
        )

    op.drop_table("allegations")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_filed_by"))
        batch_op.drop_index(batch_op.f("ix_reports_filed_at"))

    op.drop_table("reports")
