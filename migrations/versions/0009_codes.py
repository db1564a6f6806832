"""Return codes with their tags, changes of a code, and safe ways to reach somebody about it."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = sa.text("cancelled_at IS NULL AND done_at IS NULL")


def upgrade() -> None:
    """Make the tables; every code that there is already gets its row, without a tag."""
    op.create_table(
        "return_codes",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=4), nullable=True),
        sa.Column("works_from", UtcDateTime(), nullable=True),
        sa.Column("works_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_return_codes_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_return_codes")),
    )
    with op.batch_alter_table("return_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_codes_report_id"), ["report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_return_codes_tag"), ["tag"], unique=False)
    op.execute(
        "INSERT INTO return_codes (code_hash, report_id) "
        "SELECT code_hash, id FROM reports WHERE erased_at IS NULL"
    )

    op.create_table(
        "code_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("request_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("works_from", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_code_changes_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_changes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_code_changes_code_hash")),
    )
    with op.batch_alter_table("code_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_code_changes_due",
            ["works_from"],
            unique=False,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )
        batch_op.create_index(
            "ix_code_changes_open",
            ["report_id"],
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )

    op.create_table(
        "safe_contacts",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("sealed_asked", sa.LargeBinary(), nullable=True),
        sa.Column("number_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("sends_since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_safe_contacts_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_safe_contacts")),
    )
    op.create_table(
        "lost_codes",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("number_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("works_from", UtcDateTime(), nullable=True),
        sa.Column("sealed_code", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_lost_codes_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_lost_codes")),
    )
    with op.batch_alter_table("lost_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lost_codes_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_lost_codes_report_id"), ["report_id"], unique=False)


def downgrade() -> None:
    """Drop the tables. A code that was asked for and does not work yet is gone with them."""
    for table in ("lost_codes", "safe_contacts", "code_changes", "return_codes"):
        op.drop_table(table)
