"""What forces agreed with us, and who signs in."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email_token", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed_email", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("password_chosen_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(role IN ('liaison', 'registrar', 'pcc')) = (force_id IS NOT NULL)",
            name=op.f("ck_accounts_force"),
        ),
        sa.CheckConstraint(
            "role IN ('advocate', 'liaison', 'registrar', 'pcc', 'inspector', 'administrator')",
            name=op.f("ck_accounts_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email_token", name=op.f("uq_accounts_email_token")),
    )
    op.create_table(
        "force_terms",
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("inbox_agreed_at", UtcDateTime(), nullable=True),
        sa.Column("notice_address", sa.String(), nullable=True),
        sa.Column("supply_interval_hours", sa.Integer(), nullable=True),
        sa.Column("supplies_since", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("force_id", name=op.f("pk_force_terms")),
    )
    op.create_table(
        "throttles",
        sa.Column("bucket", sa.LargeBinary(length=16), nullable=False),
        sa.Column("window_started_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_throttles")),
    )
    with op.batch_alter_table("throttles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_throttles_window_started_at"), ["window_started_at"], unique=False
        )

    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_account_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("throttles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_throttles_window_started_at"))

    op.drop_table("throttles")
    op.drop_table("force_terms")
    op.drop_table("accounts")
