"""More about the safe way of a person, and the messages between them and those who help."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_WAITING = sa.text("settled_at IS NULL AND account_id IS NULL")


def upgrade() -> None:
    """Make the columns and the table. A way that was confirmed before was called safe then."""
    with op.batch_alter_table("safe_contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed_former", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("former_until", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("safe_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("paused_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("told_through", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("told_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE safe_contacts SET safe_at = confirmed_at")
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("correspondent", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "correspondent IN ('advocate', 'oversight')", name=op.f("ck_messages_correspondent")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_messages_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_messages_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_report_id"), "messages", ["report_id"])
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["report_id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Drop them. What was said stays in the ledger, as long as the report is there."""
    op.drop_table("messages")
    with op.batch_alter_table("safe_contacts", schema=None) as batch_op:
        for name in (
            *("told_at", "told_through", "paused_at", "safe_at", "former_until"),
            "sealed_former",
        ):
            batch_op.drop_column(name)
