"""Matching by four classes: keys that find candidates, levels that are kept, how each stands."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_CLAIMED = "state = 'accepted' AND duplicate_of IS NULL"
_CLAIMED_BEFORE = "state = 'accepted'"
_WAITING = "state = 'proposed'"
_COLUMNS = ("levels", "total", "log_odds", "chance", "gates", "victim", "event", "duplicate_of")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, widen the matches, and have everything matched again.

    Tokens need a key that no migration has: the job of matching makes them for all rows that are
    there, a supply and a hundred reports at a time.
    """
    _make_keys()
    _make_judgements()
    _drop_indexes(_CLAIMED_BEFORE)
    with op.batch_alter_table("matches") as batch_op:
        batch_op.add_column(sa.Column("levels", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("total", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("log_odds", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("chance", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("gates", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("victim", sa.LargeBinary(length=16), nullable=True))
        batch_op.add_column(sa.Column("event", sa.LargeBinary(length=16), nullable=True))
        batch_op.add_column(sa.Column("duplicate_of", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_matches_duplicate_of_allegations"), "allegations", ["duplicate_of"], ["id"]
        )
        batch_op.drop_constraint(op.f("ck_matches_zone"), type_="check")
        batch_op.drop_constraint(op.f("ck_matches_state"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_matches_zone"), "zone IN ('automatic', 'likely', 'possible', 'none')"
        )
        batch_op.create_check_constraint(
            op.f("ck_matches_state"),
            "state IN ('kept', 'proposed', 'accepted', 'refused', 'ended')",
        )
    _make_indexes(_CLAIMED)
    op.execute("UPDATE supplies SET matched_at = NULL WHERE taken_at IS NOT NULL")
    op.execute(
        sa.text(
            "UPDATE allegations SET to_match = :yes WHERE clock_starts_at IS NOT NULL"
        ).bindparams(yes=True)
    )


def downgrade() -> None:
    """Drop the tables and columns, and the pairs that only they can describe."""
    op.execute("DELETE FROM matches WHERE state = 'kept'")
    op.execute("UPDATE matches SET zone = 'possible' WHERE zone = 'none'")
    op.execute(
        "UPDATE matches SET state = 'proposed' WHERE state = 'accepted' AND duplicate_of IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM matches AS other WHERE other.record_id = matches.record_id"
        " AND other.claim = matches.claim AND other.state = 'accepted' AND other.id <> matches.id)"
    )
    _drop_indexes(_CLAIMED)
    with op.batch_alter_table("matches") as batch_op:
        batch_op.drop_constraint(op.f("ck_matches_zone"), type_="check")
        batch_op.drop_constraint(op.f("ck_matches_state"), type_="check")
        batch_op.drop_constraint(op.f("fk_matches_duplicate_of_allegations"), type_="foreignkey")
        batch_op.create_check_constraint(
            op.f("ck_matches_zone"), "zone IN ('automatic', 'likely', 'possible')"
        )
        batch_op.create_check_constraint(
            op.f("ck_matches_state"), "state IN ('proposed', 'accepted', 'refused', 'ended')"
        )
        for name in _COLUMNS:
            batch_op.drop_column(name)
    _make_indexes(_CLAIMED_BEFORE)
    op.drop_table("judgements")
    op.drop_table("allegation_keys")
    op.drop_table("record_keys")
    op.drop_table("keyed_records")


def _make_keys() -> None:
    op.create_table(
        "allegation_keys",
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("allegation_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_since", sa.Integer(), nullable=True),
        sa.Column("occurred_until", sa.Integer(), nullable=True),
        sa.Column("told_since", sa.Integer(), nullable=True),
        sa.Column("told_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["allegation_id"],
            ["allegations.id"],
            name=op.f("fk_allegation_keys_allegation_id_allegations"),
        ),
        sa.PrimaryKeyConstraint("token", "allegation_id", name=op.f("pk_allegation_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_allegation_keys_allegation_id"), "allegation_keys", ["allegation_id"])
    op.create_table(
        "record_keys",
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("recorded_day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["crime_records.id"], name=op.f("fk_record_keys_record_id_crime_records")
        ),
        sa.PrimaryKeyConstraint("token", "record_id", name=op.f("pk_record_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_record_keys_record_id"), "record_keys", ["record_id"])
    op.create_table(
        "keyed_records",
        sa.Column("record_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("version_id", _BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["crime_records.id"],
            name=op.f("fk_keyed_records_record_id_crime_records"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["crime_record_versions.id"],
            name=op.f("fk_keyed_records_version_id_crime_record_versions"),
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_keyed_records")),
    )
    op.create_index(op.f("ix_keyed_records_version_id"), "keyed_records", ["version_id"])


def _make_judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("allegation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("can_tell", sa.Boolean(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("no_record", sa.Double(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("to_settle", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('automatic', 'review', 'ask', 'alert', 'crowded')",
            name=op.f("ck_judgements_state"),
        ),
        sa.ForeignKeyConstraint(
            ["allegation_id"],
            ["allegations.id"],
            name=op.f("fk_judgements_allegation_id_allegations"),
        ),
        sa.PrimaryKeyConstraint("allegation_id", name=op.f("pk_judgements")),
    )
    op.create_index(
        "ix_judgements_to_settle",
        "judgements",
        ["allegation_id"],
        sqlite_where=sa.text("to_settle = 1"),
        postgresql_where=sa.text("to_settle"),
    )


def _drop_indexes(claimed: str) -> None:
    # SQLite's batch mode makes the table anew from what it reads, and reads no partial index.
    op.drop_index(
        "ix_matches_one_claim",
        "matches",
        sqlite_where=sa.text(claimed),
        postgresql_where=sa.text(claimed),
    )
    op.drop_index(
        "ix_matches_waiting",
        "matches",
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )


def _make_indexes(claimed: str) -> None:
    op.create_index(
        "ix_matches_one_claim",
        "matches",
        ["record_id", "claim"],
        unique=True,
        sqlite_where=sa.text(claimed),
        postgresql_where=sa.text(claimed),
    )
    op.create_index(
        "ix_matches_waiting",
        "matches",
        ["proposed_at"],
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )
