"""What people made of possible matches, and what they asked about them."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_readings()
    _make_questions()


def downgrade() -> None:
    """Drop the tables. What was said stays in the ledger."""
    op.drop_table("questions")
    op.drop_table("readings")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _make_readings() -> None:
    op.create_table(
        "readings",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("allegation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("record_id", _BIG, nullable=True),
        sa.Column("version_id", _BIG, nullable=True),
        sa.Column("seen", sa.LargeBinary(length=16), nullable=False),
        sa.Column("is_double", sa.Boolean(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('record', 'none', 'cannot_tell')", name=op.f("ck_readings_verdict")
        ),
        sa.CheckConstraint(
            "(verdict = 'record') = (record_id IS NOT NULL)", name=op.f("ck_readings_record")
        ),
        _to("readings", "allegation_id", "allegations"),
        _to("readings", "account_id", "accounts"),
        _to("readings", "record_id", "crime_records"),
        _to("readings", "version_id", "crime_record_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint(
            "allegation_id",
            "account_id",
            "seen",
            name=op.f("uq_readings_allegation_id_account_id_seen"),
        ),
    )


def _make_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("allegation_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("asks", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("asks IN ('victim', 'force')", name=op.f("ck_questions_asks")),
        sa.CheckConstraint("answer IN ('yes', 'no', 'unknown')", name=op.f("ck_questions_answer")),
        _to("questions", "allegation_id", "allegations"),
        _to("questions", "record_id", "crime_records"),
        _to("questions", "asked_by", "accounts"),
        _to("questions", "answered_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint(
            "allegation_id",
            "record_id",
            "asks",
            name=op.f("uq_questions_allegation_id_record_id_asks"),
        ),
    )
    op.create_index(op.f("ix_questions_record_id"), "questions", ["record_id"])
