"""Files that people add to what they told us, in sealed pieces."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_UNFINISHED = sa.text("added_at IS NULL")
_TO_COPY = sa.text("copy_state = 'waiting'")


def upgrade() -> None:
    """Make the tables."""
    _make_files()
    op.create_table(
        "evidence_parts",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["evidence_files.id"],
            name=op.f("fk_evidence_parts_file_id_evidence_files"),
        ),
        sa.PrimaryKeyConstraint("file_id", "is_copy", "number", name=op.f("pk_evidence_parts")),
    )
    if op.get_context().dialect.name == "postgresql":
        # Sealed bytes cannot be pressed: trying to costs time, and nothing is won.
        op.execute("ALTER TABLE evidence_parts ALTER COLUMN sealed SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Drop the tables, and with them the files. That they were added stays in the ledger."""
    op.drop_table("evidence_parts")
    op.drop_table("evidence_files")


def _make_files() -> None:
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=True),
        sa.Column("sending_mark", sa.LargeBinary(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=True),
        sa.Column(
            "entry_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("copy_state", sa.String(), nullable=False),
        sa.Column("copy_kind", sa.String(), nullable=True),
        sa.Column("copy_size", sa.BigInteger(), nullable=True),
        sa.Column("copy_parts", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(added_at IS NULL) = (number IS NULL)", name=op.f("ck_evidence_files_numbered")
        ),
        sa.CheckConstraint(
            "(added_at IS NULL) = (mark IS NULL)", name=op.f("ck_evidence_files_marked")
        ),
        sa.CheckConstraint(
            "copy_state IN ('none', 'waiting', 'made', 'locked', 'failed')",
            name=op.f("ck_evidence_files_copy_state"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_evidence_files_report_id_reports")
        ),
        sa.ForeignKeyConstraint(
            ["entry_index"],
            ["ledger_entries.index"],
            name=op.f("fk_evidence_files_entry_index_ledger_entries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_files")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_evidence_files_report_id_number")),
        sa.UniqueConstraint("report_id", "mark", name=op.f("uq_evidence_files_report_id_mark")),
    )
    op.create_index(
        "ix_evidence_files_unfinished",
        "evidence_files",
        ["seen_at"],
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )
    op.create_index(
        "ix_evidence_files_to_copy",
        "evidence_files",
        ["added_at"],
        sqlite_where=_TO_COPY,
        postgresql_where=_TO_COPY,
    )
