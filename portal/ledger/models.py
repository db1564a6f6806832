"""Tables of the ledger. Only entries, hashes of complete subtrees and the head are stored.

`ledger_entries`, `ledger_subtrees` and `ledger_heads` hold nothing that is not public. What a leaf
commits to, and the salt that opens it, lie sealed in `ledger_openings`.
"""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class LedgerEntry(Base):
    """One leaf: 33 bytes at its place in the log, counted from 0."""

    __tablename__ = "ledger_entries"

    index: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(33))


class LedgerSubtree(Base):
    """The hash of a complete subtree of 256 to the power `level` leaves (level 1 and up)."""

    __tablename__ = "ledger_subtrees"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class LedgerHead(Base):
    """The one row that says how far the log goes: its size, root and the hashes to append to."""

    __tablename__ = "ledger_heads"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigId)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    frontier: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerOpening(Base):
    """What opens an entry: sealed salt and fields, and whose entry it is.

    `sequence` counts the entries of one subject from 1, so that a missing one shows.
    """

    __tablename__ = "ledger_openings"
    __table_args__ = (
        UniqueConstraint("subject", "sequence"),
        Index("ix_ledger_openings_kind", "kind"),
    )

    entry_index: Mapped[int] = mapped_column(
        ForeignKey("ledger_entries.index"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str]
    at: Mapped[datetime]
    subject: Mapped[uuid.UUID]
    sequence: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerPublication(Base):
    """A published checkpoint: the padded size, its root and the signed note, at its time."""

    __tablename__ = "ledger_publications"

    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    checkpoint: Mapped[str]
