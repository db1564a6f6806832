"""Tables of the files that people add. Names, kinds, hashes and contents are sealed."""

import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

MOST_FILES = 100_000
"""Above this no file of a report has a number."""


class EvidenceFile(Base):
    """A file of a report; while `added_at` is None it has not arrived wholly, and nobody sees it.

    `number` counts a report's files. `sealed` is JSON with its name and, once it arrived, its kind
    and SHA-256. `mark` is a keyed hash of the content, by which the same file is known again, and
    `sending_mark` one of a file on its way (`unfinished`). `copy_state` says how far
    the copy to show is: "none" (this kind has none), "waiting", "made", "locked" or "failed".
    """

    __tablename__ = "evidence_files"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        UniqueConstraint("report_id", "mark"),
        CheckConstraint("(added_at IS NULL) = (number IS NULL)", name="numbered"),
        CheckConstraint("(added_at IS NULL) = (mark IS NULL)", name="marked"),
        CheckConstraint(
            "copy_state IN ('none', 'waiting', 'made', 'locked', 'failed')", name="copy_state"
        ),
        Index(
            "ix_evidence_files_unfinished",
            "seen_at",
            sqlite_where=text("added_at IS NULL"),
            postgresql_where=text("added_at IS NULL"),
        ),
        Index(
            "ix_evidence_files_to_copy",
            "added_at",
            sqlite_where=text("copy_state = 'waiting'"),
            postgresql_where=text("copy_state = 'waiting'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    number: Mapped[int | None]
    size: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[int]
    mark: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    sending_mark: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    added_at: Mapped[datetime | None]
    entry_index: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.index"))
    copy_state: Mapped[str] = mapped_column(default="none")
    copy_kind: Mapped[str | None]
    copy_size: Mapped[int | None] = mapped_column(BigInteger)
    copy_parts: Mapped[int | None]


class EvidencePart(Base):
    """One sealed piece of a file, or of the copy of it that is shown."""

    __tablename__ = "evidence_parts"

    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evidence_files.id"), primary_key=True)
    is_copy: Mapped[bool] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
