"""The models that were accepted to decide; and tokens of numbers go, that nothing reads any more.

Records are found through `record_keys` and `allegation_keys` since 0013.
"""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of models, and drop both tables of tokens."""
    op.create_table(
        "chosen_models",
        sa.Column("number", _BIG, nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_chosen_models")),
    )
    op.drop_table("allegation_tokens")
    op.drop_table("record_tokens")


def downgrade() -> None:
    """Drop the models. The tokens are made anew as reports are filed and supplies come."""
    _make_tokens("record_tokens", "record_id", _BIG, "crime_records")
    _make_tokens("allegation_tokens", "allegation_id", sa.Uuid(), "allegations")
    op.drop_table("chosen_models")


def _make_tokens(table: str, column: str, kind: sa.types.TypeEngine[object], other: str) -> None:
    op.create_table(
        table,
        sa.Column("token", sa.LargeBinary(length=16), nullable=False),
        sa.Column(column, kind, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        ),
        sa.PrimaryKeyConstraint("token", column, "kind", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
