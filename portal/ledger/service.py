"""Appending to the ledger inside the transaction that causes the entry, and reading it back."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.errors import NotFound
from portal.languages.translating import _
from portal.ledger import entry
from portal.ledger.cosignatures import find_cosigned, proving_publication
from portal.ledger.disclosure import shown_names
from portal.ledger.merkle import inclusion_proof
from portal.ledger.models import LedgerEntry, LedgerOpening
from portal.ledger.receipt import Receipt, build_receipt
from portal.ledger.signing import LogSigner
from portal.ledger.store import (
    Head,
    add_leaves,
    get_head_of,
    lock_head,
    sees_only_committed,
    stored_tree,
)

PADDING = "padding"
"""The kind of entries that only fill the log up to the size of its next publication."""

Seal = Callable[[bytes, str], bytes]
"""Seals (or opens) bytes for one context: `DataKey.seal`, `DataKey.open`, `Keyring.seal_alone`."""

_ENTRIES = cast(Table, LedgerEntry.__table__)
_OPENINGS = cast(Table, LedgerOpening.__table__)
_ADD_OPENINGS = insert(_OPENINGS)
_LAST_OF = (
    select(_OPENINGS.c.sequence, _ENTRIES.c.leaf)
    .join(_ENTRIES, _ENTRIES.c.index == _OPENINGS.c.entry_index)
    .where(_OPENINGS.c.subject == bindparam("subject"))
    .order_by(_OPENINGS.c.sequence.desc())
    .limit(1)
)


@dataclass(frozen=True)
class NewEntry:
    """An event to be put on record. `fields` are JSON values by name (see `ledger.entry`).

    `subject` is the report, supply or force that the entry belongs to; `seal` seals its opening.
    """

    kind: str
    subject: UUID
    fields: Mapping[str, object]
    seal: Seal = field(repr=False)


@dataclass(frozen=True)
class OpenedEntry:
    """An entry read back: its place in the log and every field it commits to."""

    index: int
    kind: str
    at: datetime
    sequence: int
    fields: Mapping[str, object] = field(repr=False)
    salt: bytes = field(repr=False)


def append(session: Session, entries: Sequence[NewEntry], *, now: datetime) -> list[int]:
    """Append entries in order and return their indices. Call it last in a transaction. Nothing to
    append locks nothing.

    Every entry also commits to its kind, time, subject, its number among the subject's entries
    and the leaf before it, so that whoever holds one can tell that another is missing; and, but for
    padding, to the newest checkpoint that witnesses had cosigned, which shows that it is no older.
    Raises BadField for a value that has no one canonical form, NotSigning when the database must
    only be read (`ledger.guard`).
    """
    if not entries:
        return []
    # Nobody should wait for the head while other rows are still being written.
    session.flush()
    locked = lock_head(session)
    after = find_cosigned(session, locked.head.log)
    last: dict[UUID, tuple[int, bytes | None]] = {}
    leaves: list[bytes] = []
    openings: list[dict[str, object]] = []
    for new in entries:
        sequence, previous = last.get(new.subject) or _last_of(session, new.subject)
        sequence += 1
        fields = _complete(new, sequence, previous, after, now)
        salt = entry.new_salt()
        leaf = entry.leaf(salt, fields)
        openings.append(
            {
                "entry_index": locked.next_index + len(leaves),
                "kind": new.kind,
                "at": now,
                "subject": new.subject,
                "sequence": sequence,
                "sealed": new.seal(_pack(salt, fields), _context(new.subject, sequence)),
            }
        )
        leaves.append(leaf)
        last[new.subject] = (sequence, leaf)
    add_leaves(session, locked, leaves)
    session.connection().execute(_ADD_OPENINGS, openings)
    return [locked.next_index + number for number in range(len(leaves))]


def timeline(session: Session, subject: UUID, open_sealed: Seal) -> list[OpenedEntry]:
    """Every entry of one subject, oldest first, opened. Raises Unavailable without its key."""
    rows = session.scalars(
        select(LedgerOpening)
        .where(LedgerOpening.subject == subject)
        .order_by(LedgerOpening.sequence)
    )
    return [_open(row, open_sealed) for row in rows]


def open_entry(session: Session, index: int, open_sealed: Seal) -> OpenedEntry:
    """One entry, opened. Raises NotFound when the log does not hold it."""
    row = session.get(LedgerOpening, index)
    if row is None:
        raise NotFound(_("There is no such entry in the log."))
    return _open(row, open_sealed)


def find_subject(session: Session, index: int) -> UUID | None:
    """Whose entry this is, or None when the log does not hold it."""
    return session.scalar(select(LedgerOpening.subject).where(LedgerOpening.entry_index == index))


def indices_of(session: Session, subject: UUID) -> dict[int, int]:
    """Where the entries of one subject are in the log, by their number among them, from 1."""
    rows = session.execute(
        select(LedgerOpening.sequence, LedgerOpening.entry_index).where(
            LedgerOpening.subject == subject
        )
    )
    return {number: index for number, index in rows}


def make_receipt(
    session: Session,
    index: int,
    *,
    open_sealed: Seal,
    signer: LogSigner,
    names: Sequence[str] | None = None,
) -> Receipt:
    """The receipt of an entry, showing the fields in `names`; without them, what the person it is
    about may show (`ledger.disclosure`).

    It proves the entry in the first publication that covers it and was witnessed, or else in the
    first that covers it; before there is one, in the log as it was when it ended with this entry.
    Read again, it therefore tells nothing of what was put on record since (docs/log-format.md
    section 9).

    It takes a session that only reads, and raises ValueError for another: a signature must never
    cover what could still be rolled back. Raises NotFound when the log does not hold the entry,
    NotSigning when the database contradicts what was signed before.
    """
    if not sees_only_committed(session):
        raise ValueError("a receipt is made after the commit, in a session that only reads")
    opened = open_entry(session, index, open_sealed)
    head = get_head_of(session, index)
    size, checkpoint = _provable(session, head, index - head.start, signer)
    shown = shown_names(opened.kind, opened.fields) if names is None else names
    return build_receipt(
        entry.disclose(opened.salt, opened.fields, list(shown)),
        index=index - head.start,
        hashes=inclusion_proof(index - head.start, size, stored_tree(session, head).node),
        checkpoint=checkpoint,
    )


def _provable(session: Session, head: Head, number: int, signer: LogSigner) -> tuple[int, str]:
    """The size in which entry `number` of a log is proved, and the signed checkpoint of that."""
    published = proving_publication(session, head, number)
    if published is None:
        return number + 1, signer.sign_committed(session, head, number + 1)
    return published.size, signer.release(session, head, published.checkpoint) + published.lines


def _last_of(session: Session, subject: UUID) -> tuple[int, bytes | None]:
    row = session.connection().execute(_LAST_OF, {"subject": subject}).one_or_none()
    return (row.sequence, row.leaf) if row else (0, None)


def _complete(
    new: NewEntry, sequence: int, previous: bytes | None, after: str | None, now: datetime
) -> dict[str, object]:
    return {
        **new.fields,
        **({} if new.kind == PADDING else {"after": after}),
        "kind": new.kind,
        "at": timestamp(now),
        "subject": str(new.subject),
        "sequence": sequence,
        "previous": base64.b64encode(previous).decode() if previous else None,
    }


def _context(subject: UUID, sequence: int) -> str:
    return f"ledger-opening:{subject}:{sequence}"


def _pack(salt: bytes, fields: Mapping[str, object]) -> bytes:
    return salt + json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _open(row: LedgerOpening, open_sealed: Seal) -> OpenedEntry:
    packed = open_sealed(row.sealed, _context(row.subject, row.sequence))
    return OpenedEntry(
        index=row.entry_index,
        kind=row.kind,
        at=row.at,
        sequence=row.sequence,
        fields=json.loads(packed[entry.SALT_BYTES :]),
        salt=packed[: entry.SALT_BYTES],
    )
