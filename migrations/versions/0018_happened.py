"""What victims say about what police made of a report, and how far they trust what was done."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_statements()
    _make_surveys()


def downgrade() -> None:
    """Drop the tables. What was stated stays in the ledger; counts of surveys are nowhere else."""
    op.drop_table("survey_counts")
    op.drop_table("survey_states")
    op.drop_table("statements")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _make_statements() -> None:
    op.create_table(
        "statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("allegation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", _BIG, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("taken_back_at", UtcDateTime(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('not_mine', 'not_what_i_said', 'refused', 'supports', 'stands_by', "
            "'chose_wrong')",
            name=op.f("ck_statements_kind"),
        ),
        sa.CheckConstraint(
            "(kind IN ('refused', 'supports')) = (record_id IS NULL)",
            name=op.f("ck_statements_record"),
        ),
        _to("statements", "allegation_id", "allegations"),
        _to("statements", "record_id", "crime_records"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
    )
    for column in ("allegation_id", "record_id"):
        op.create_index(op.f(f"ix_statements_{column}"), "statements", [column])


def _make_surveys() -> None:
    op.create_table(
        "survey_states",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _to("survey_states", "report_id", "reports"),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_survey_states")),
    )
    op.create_table(
        "survey_counts",
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "milestone IN ('sent', 'answered', 'found', 'resolved', 'later')",
            name=op.f("ck_survey_counts_milestone"),
        ),
        sa.CheckConstraint(
            "item IN ('informed', 'fairly', 'respect', 'believed', 'investigated', 'again')",
            name=op.f("ck_survey_counts_item"),
        ),
        sa.CheckConstraint("answer BETWEEN 0 AND 5", name=op.f("ck_survey_counts_answer")),
        sa.CheckConstraint("number > 0", name=op.f("ck_survey_counts_number")),
        sa.PrimaryKeyConstraint(
            "force_id",
            "milestone",
            "quarter",
            "item",
            "answer",
            name=op.f("pk_survey_counts"),
        ),
        sqlite_with_rowid=False,
    )
