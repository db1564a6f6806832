"""Clocks and alerts."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("allegation_id", sa.Uuid(), nullable=True),
        sa.Column("force_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("cannot_be_checked_since", UtcDateTime(), nullable=True),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column(
            "entry_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "kind IN ('unrecorded', 'recorded_late', 'backdated', 'vanished', 'incident_only', 'downgraded', "
            "'cancelled', 'unsuitable_outcome', 'disputed_outcome', 'contested', 'undelivered', 'supply_stale')",
            name=op.f("ck_alerts_kind"),
        ),
        sa.CheckConstraint(
            "stage IN ('awaiting_review', 'lead', 'full')", name=op.f("ck_alerts_stage")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'acknowledged', 'asked', 'resolved')", name=op.f("ck_alerts_state")
        ),
        sa.ForeignKeyConstraint(
            ["allegation_id"], ["allegations.id"], name=op.f("fk_alerts_allegation_id_allegations")
        ),
        sa.ForeignKeyConstraint(
            ["entry_index"],
            ["ledger_entries.index"],
            name=op.f("fk_alerts_entry_index_ledger_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["accounts.id"], name=op.f("fk_alerts_owner_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("subject", "kind", "cause", name=op.f("uq_alerts_subject_kind_cause")),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alerts_allegation_id"), ["allegation_id"], unique=False
        )
        batch_op.create_index(
            "ix_alerts_force_state", ["force_id", "state", "raised_at"], unique=False
        )
        batch_op.create_index(
            "ix_alerts_waiting",
            ["raised_at", "id"],
            unique=False,
            sqlite_where=sa.text("state != 'resolved'"),
            postgresql_where=sa.text("state != 'resolved'"),
        )

    op.create_table(
        "clocks",
        sa.Column("allegation_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("rule_version", sa.String(), nullable=False),
        sa.Column("start_event", sa.String(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("limit_at", UtcDateTime(), nullable=False),
        sa.Column("alert_at", UtcDateTime(), nullable=False),
        sa.Column("arithmetic", sa.JSON(), nullable=False),
        sa.Column("next_look_at", UtcDateTime(), nullable=True),
        sa.Column("met_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["allegation_id"], ["allegations.id"], name=op.f("fk_clocks_allegation_id_allegations")
        ),
        sa.PrimaryKeyConstraint("allegation_id", name=op.f("pk_clocks")),
    )
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_clocks_due",
            ["next_look_at"],
            unique=False,
            sqlite_where=sa.text("next_look_at IS NOT NULL"),
            postgresql_where=sa.text("next_look_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_clocks_running",
            ["started_at", "allegation_id"],
            unique=False,
            sqlite_where=sa.text("met_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL"),
        )

    op.create_table(
        "alert_actions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_alert_actions_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_actions_alert_id_alerts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_actions")),
    )
    with op.batch_alter_table("alert_actions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_actions_alert_id"), ["alert_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    with op.batch_alter_table("alert_actions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_actions_alert_id"))

    op.drop_table("alert_actions")
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_clocks_running",
            sqlite_where=sa.text("met_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_clocks_due",
            sqlite_where=sa.text("next_look_at IS NOT NULL"),
            postgresql_where=sa.text("next_look_at IS NOT NULL"),
        )

    op.drop_table("clocks")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_alerts_waiting",
            sqlite_where=sa.text("state != 'resolved'"),
            postgresql_where=sa.text("state != 'resolved'"),
        )
        batch_op.drop_index("ix_alerts_force_state")
        batch_op.drop_index(batch_op.f("ix_alerts_allegation_id"))

    op.drop_table("alerts")
