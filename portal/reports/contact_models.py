"""Tables of how a person is reached, and of the messages between them and those who help."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SafeContact(Base):
    """The safe way that a person chose to be reached by (`reports.safe_ways`), and nothing else.

    `sealed` is the confirmed way, under the report's data key; `sealed_asked` one that waits for
    the number that was sent there; `sealed_former` one that was changed or removed and can be put
    back until `former_until`. `sends` counts the numbers since `sends_since`. `safe_at` is when
    its person last said that it is safe, `paused_at` when they said that it is not. Notices tell
    of entries after `told_through` (None: all); `told_at` is when the last one left, or will.
    """

    __tablename__ = "safe_contacts"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None]
    sealed_asked: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    sent_at: Mapped[datetime | None]
    tries: Mapped[int]
    sends: Mapped[int]
    sends_since: Mapped[datetime]
    sealed_former: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_until: Mapped[datetime | None]
    safe_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    told_through: Mapped[int | None]
    told_at: Mapped[datetime | None]


class Message(Base):
    """What a person wrote to their supporter or to oversight, or was written by them.

    `correspondent` is the other side, "advocate" or "oversight"; `account_id` who wrote it there,
    None for the person. `read_at` is when the side that it is for had it on a page first; nobody
    is shown it. `settled_at` is when what a person wrote was answered, or needed no answer.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("correspondent IN ('advocate', 'oversight')", name="correspondent"),
        Index(
            "ix_messages_waiting",
            "report_id",
            sqlite_where=text("settled_at IS NULL AND account_id IS NULL"),
            postgresql_where=text("settled_at IS NULL AND account_id IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), index=True)
    correspondent: Mapped[str]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    sealed_words: Mapped[bytes] = mapped_column(LargeBinary)
    read_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
