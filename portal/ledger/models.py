"""Tables of the ledger. Only entries, hashes of complete subtrees and the heads are stored.

`ledger_entries`, `ledger_subtrees` and `ledger_heads` hold nothing that is not public. What a leaf
commits to, and the salt that opens it, lie sealed in `ledger_openings`.

Entries are counted through, whichever log holds them; sizes and subtrees are counted within their
log. There is one log until its key is stolen or its newest entries are lost: then it is closed and
the next one opened (`ledger.succession`).
"""

import uuid
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId


class LedgerEntry(Base):
    """One leaf: 33 bytes at its place among all entries, counted from 0."""

    __tablename__ = "ledger_entries"

    index: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(33))


class LedgerSubtree(Base):
    """The hash of a complete subtree of 256 to the power `level` leaves (level 1 and up)."""

    __tablename__ = "ledger_subtrees"

    log: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class LedgerHead(Base):
    """How far one log goes: its size, root and the hashes to append to. The highest `id` is open.

    `start` is the index of its first entry. `origin` is its name, from the first publication on.
    A closed log keeps why it was closed, and the newest head (size and root) that was ever signed.
    """

    __tablename__ = "ledger_heads"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigId)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    frontier: Mapped[bytes] = mapped_column(LargeBinary)
    start: Mapped[int] = mapped_column(BigId, default=0)
    origin: Mapped[str | None] = mapped_column(unique=True)
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None]
    closed_size: Mapped[int | None] = mapped_column(BigId)
    closed_root: Mapped[bytes | None] = mapped_column(LargeBinary(32))


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
    """A published checkpoint: the padded size, its root in the signed note, at its time.

    `checkpoint` is the note's text alone until the transaction that published it has committed and
    the note is signed.
    `witnessed_at` is when enough witnesses had cosigned it for this site's own policy.
    """

    __tablename__ = "ledger_publications"
    __table_args__ = (
        Index(
            "ix_ledger_publications_witnessed",
            "log",
            "size",
            sqlite_where=text("witnessed_at IS NOT NULL"),
            postgresql_where=text("witnessed_at IS NOT NULL"),
        ),
    )

    log: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    checkpoint: Mapped[str]
    witnessed_at: Mapped[datetime | None]


class LedgerCosignature(Base):
    """A witness's signature line over a published checkpoint; its first one, for the best bound.

    `stamp` is the witness's own time in POSIX seconds, which the line holds too.
    """

    __tablename__ = "ledger_cosignatures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["log", "size"], ["ledger_publications.log", "ledger_publications.size"]
        ),
    )

    log: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    witness: Mapped[str] = mapped_column(primary_key=True)
    stamp: Mapped[int] = mapped_column(BigId)
    line: Mapped[str]
    received_at: Mapped[datetime]
