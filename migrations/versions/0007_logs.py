"""Several logs, one after the other, and what witnesses cosigned."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Number the logs, make room for cosignatures."""
    op.rename_table("ledger_subtrees", "older_subtrees")
    _drop_key("older_subtrees", "pk_ledger_subtrees")
    op.create_table(
        "ledger_subtrees",
        sa.Column("log", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("index", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("log", "level", "index", name=op.f("pk_ledger_subtrees")),
    )
    op.execute(
        'INSERT INTO ledger_subtrees (log, level, "index", hash)'
        ' SELECT 1, level, "index", hash FROM older_subtrees'
    )
    op.drop_table("older_subtrees")

    op.rename_table("ledger_publications", "older_publications")
    _drop_key("older_publications", "pk_ledger_publications")
    op.create_table(
        "ledger_publications",
        sa.Column("log", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.Column("witnessed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("log", "size", name=op.f("pk_ledger_publications")),
    )
    op.execute(
        "INSERT INTO ledger_publications (log, size, at, checkpoint)"
        " SELECT 1, size, at, checkpoint FROM older_publications"
    )
    op.drop_table("older_publications")
    op.create_index(
        "ix_ledger_publications_witnessed",
        "ledger_publications",
        ["log", "size"],
        unique=False,
        sqlite_where=sa.text("witnessed_at IS NOT NULL"),
        postgresql_where=sa.text("witnessed_at IS NOT NULL"),
    )
    op.create_table(
        "ledger_cosignatures",
        sa.Column("log", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("stamp", _NUMBER, nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["log", "size"],
            ["ledger_publications.log", "ledger_publications.size"],
            name=op.f("fk_ledger_cosignatures_log_size_ledger_publications"),
        ),
        sa.PrimaryKeyConstraint("log", "size", "witness", name=op.f("pk_ledger_cosignatures")),
    )
    with op.batch_alter_table("ledger_heads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("start", _NUMBER, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("origin", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closed_because", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("closed_size", _NUMBER, nullable=True))
        batch_op.add_column(sa.Column("closed_root", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_ledger_heads_origin"), ["origin"])
    with op.batch_alter_table("ledger_heads", schema=None) as batch_op:
        batch_op.alter_column("start", server_default=None)


def downgrade() -> None:
    """Back to one log. A database that opened a second one stays as it is: it raises ValueError."""
    newest = op.get_bind().scalar(sa.text("SELECT max(id) FROM ledger_heads"))
    if newest is not None and newest > 1:
        raise ValueError("a second log was opened, and the older tables cannot hold it")
    with op.batch_alter_table("ledger_heads", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_ledger_heads_origin"), type_="unique")
        for name in (
            "closed_root",
            "closed_size",
            "closed_because",
            "closed_at",
            "origin",
            "start",
        ):
            batch_op.drop_column(name)
    op.drop_table("ledger_cosignatures")
    op.drop_index(
        "ix_ledger_publications_witnessed",
        table_name="ledger_publications",
        sqlite_where=sa.text("witnessed_at IS NOT NULL"),
        postgresql_where=sa.text("witnessed_at IS NOT NULL"),
    )
    op.rename_table("ledger_publications", "newer_publications")
    _drop_key("newer_publications", "pk_ledger_publications")
    op.create_table(
        "ledger_publications",
        sa.Column("size", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_ledger_publications")),
    )
    op.execute(
        "INSERT INTO ledger_publications (size, at, checkpoint)"
        " SELECT size, at, checkpoint FROM newer_publications"
    )
    op.drop_table("newer_publications")
    op.rename_table("ledger_subtrees", "newer_subtrees")
    _drop_key("newer_subtrees", "pk_ledger_subtrees")
    op.create_table(
        "ledger_subtrees",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("index", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_ledger_subtrees")),
    )
    op.execute(
        'INSERT INTO ledger_subtrees (level, "index", hash)'
        ' SELECT level, "index", hash FROM newer_subtrees'
    )
    op.drop_table("newer_subtrees")


def _drop_key(table: str, key: str) -> None:
    """Free the key's name: PostgreSQL keeps names of keys unique among all tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(key, table, type_="primary")
