"""What became of a message that was taken: what the service calls it, and when to ask."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TO_ASK = "ask_at IS NOT NULL"


def upgrade() -> None:
    """Add the columns. Of what was sent before nobody knows what the service calls it."""
    op.add_column("outbox_messages", sa.Column("sealed_reference", sa.LargeBinary(), nullable=True))
    op.add_column("outbox_messages", sa.Column("ask_at", UtcDateTime(), nullable=True))
    op.add_column("outbox_messages", sa.Column("asked", sa.Integer(), nullable=True))
    op.create_index(
        "ix_outbox_messages_to_ask",
        "outbox_messages",
        ["ask_at"],
        sqlite_where=sa.text(_TO_ASK),
        postgresql_where=sa.text(_TO_ASK),
    )


def downgrade() -> None:
    """Drop them. Nobody asks any more."""
    op.drop_index("ix_outbox_messages_to_ask", table_name="outbox_messages")
    for name in ("asked", "ask_at", "sealed_reference"):
        op.drop_column("outbox_messages", name)
