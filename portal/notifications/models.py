"""The outbox: messages written in the transaction that causes them, sent afterwards."""

import uuid
from datetime import datetime

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class OutboxMessage(Base):
    """One message to one address. `cause` names the event: one event sends a kind once.

    `lease_until`: who sends it holds it until then; a crashed sender's lease runs out. One that was
    taken (`sent_at`) and did not arrive has `failed_at` as well: `sealed_reference` is what the
    service calls it, `ask_at` when to ask what became of it, None when there is no more to ask,
    and `asked` how often that was done, None for never (`notifications.deliveries`).
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "ix_outbox_messages_waiting",
            "due_at",
            sqlite_where=text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND failed_at IS NULL"),
        ),
        Index(
            "ix_outbox_messages_failed",
            "kind",
            "failed_at",
            sqlite_where=text("failed_at IS NOT NULL"),
            postgresql_where=text("failed_at IS NOT NULL"),
        ),
        Index(
            "ix_outbox_messages_to_ask",
            "ask_at",
            sqlite_where=text("ask_at IS NOT NULL"),
            postgresql_where=text("ask_at IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    cause: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    about: Mapped[uuid.UUID | None]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    sealed_reference: Mapped[bytes | None] = mapped_column(LargeBinary)
    ask_at: Mapped[datetime | None]
    asked: Mapped[int | None]
