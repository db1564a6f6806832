"""Keeping a file: sealed as it came, and on record with its hash.

The pieces of a large file are written in short steps, so that nobody waits for it, and belong to
nothing until the last: that one gives the file its number and, for a report that was sent, its
entry in the ledger, in one commit. What never got that far is swept (`unfinished`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import Refused
from portal.evidence import refusals
from portal.evidence.kinds import TEXT, Kind, TextCheck, recognise, why_not
from portal.evidence.models import EvidenceFile
from portal.evidence.names import clean_name
from portal.evidence.parts import count_parts, write_part
from portal.evidence.removing import drop_file
from portal.ledger.service import NewEntry, append
from portal.reference.evidence_limits import evidence_limits_at
from portal.reports.closed import check_not_erasing
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Report
from portal.reports.states import is_final
from portal.sealing import DataKey, Keyring

ADDED = "evidence_added"
"""The kind of the entry."""


class Incoming(Protocol):
    """A file that has arrived wholly. Its pieces can be read more than once."""

    @property
    def name(self) -> str:
        """The name that it was sent under, unchecked."""

    @property
    def size(self) -> int:
        """Its size in bytes."""

    @property
    def head(self) -> bytes:
        """Its first `kinds.HEAD` bytes."""

    def pieces(self) -> Iterator[bytes]:
        """Its content in pieces of `parts.PART` bytes; the last may be shorter."""


@dataclass(frozen=True)
class Found:
    """What was found out about a whole file."""

    kind: Kind
    digest: bytes = field(repr=False)


def add_file(
    database: Database, report_id: UUID, incoming: Incoming, *, keyring: Keyring, now: datetime
) -> int:
    """Keep a whole file; its number in the report. It is committed when this returns.

    Raises FileRefused, having kept nothing: empty, too large, of a kind that is not taken, there
    already, or too much. Raises NotFound once the report was erased.
    """
    check_size(incoming.size, now)
    found = examine(incoming.head, incoming.pieces())
    file_id, total = uuid4(), count_parts(incoming.size)
    try:
        for number, piece in enumerate(incoming.pieces(), 1):
            with database.transaction() as session:
                report, data_key = lock_open(session, report_id, keyring)
                if number == 1:
                    check_new(session, report, found, data_key)
                    begin(session, report, file_id, incoming, data_key=data_key, now=now)
                write_part(session, file_id, number, total, piece, data_key=data_key)
                if number == total:
                    return settle(session, report, file_id, found, data_key=data_key, now=now)
        raise refusals.is_another()
    except refusals.FileRefused:
        drop_file(database, file_id)
        raise


def examine(head: bytes, pieces: Iterator[bytes]) -> Found:
    """The kind and SHA-256 of a file, read once. Raises FileRefused for another kind."""
    kind = check_kind(head)
    digest, text = sha256(), TextCheck()
    for piece in pieces:
        digest.update(piece)
        if kind.family == TEXT:
            text.feed(piece)
    if kind.family == TEXT and not text.ends():
        raise refusals.not_taken("other")
    return Found(kind, digest.digest())


def check_kind(head: bytes) -> Kind:
    """The kind that the first bytes show. Raises FileRefused when it is not taken."""
    kind = recognise(head)
    if kind is None:
        raise refusals.not_taken(why_not(head))
    return kind


def check_size(size: int, now: datetime) -> None:
    """Raises FileRefused for an empty file, and for one larger than a file may be."""
    limits = evidence_limits_at(now)
    if size <= 0:
        raise refusals.is_empty()
    if size > limits.largest_file:
        raise refusals.too_large(limits.largest_file)


def lock_open(session: Session, report_id: UUID, keyring: Keyring) -> tuple[Report, DataKey]:
    """The report, locked, with its key, if something may be added to it.

    Raises FileRefused once it was withdrawn and while an erasure waits, NotFound once it was
    erased.
    """
    report = get_report(session, report_id, lock=True)
    data_key = get_data_key(session, report_id, keyring=keyring)
    if report.withdrawn_at is not None:
        raise refusals.is_closed()
    try:
        check_not_erasing(report)
    except Refused as refused:
        # What had arrived of a file goes with every FileRefused.
        raise refusals.FileRefused(refused.message) from refused
    return report, data_key


def begin(
    session: Session,
    report: Report,
    file_id: UUID,
    incoming: Incoming,
    *,
    data_key: DataKey,
    now: datetime,
    sending_mark: bytes | None = None,
) -> EvidenceFile:
    """Write the row that pieces can hang on. Nobody sees it. Raises FileRefused without room."""
    check_room(session, report, incoming.size, now)
    made = EvidenceFile(
        id=file_id,
        report_id=report.id,
        size=incoming.size,
        parts=count_parts(incoming.size),
        sending_mark=sending_mark,
        sealed=data_key.seal_json({"name": clean_name(incoming.name)}, context_of(file_id)),
        begun_at=now,
        seen_at=now,
        copy_state="none",
    )
    session.add(made)
    session.flush()
    return made


def check_room(session: Session, report: Report, size: int, now: datetime) -> None:
    """Raises FileRefused when a file of `size` bytes more would be too many, or too much."""
    limits = evidence_limits_at(now)
    mine = EvidenceFile.report_id == report.id
    held = session.scalar(select(func.coalesce(func.sum(EvidenceFile.size), 0)).where(mine)) or 0
    count = session.scalar(select(func.count()).where(mine)) or 0
    if count >= limits.most_files:
        raise refusals.too_many(limits.most_files)
    if held + size > limits.largest_report:
        raise refusals.too_much(limits.largest_report)


def check_new(session: Session, report: Report, found: Found, data_key: DataKey) -> bytes:
    """The mark of a content that the report does not hold. Raises FileRefused when it does."""
    mark = data_key.bind("evidence-file", found.digest)
    number = session.scalar(
        select(EvidenceFile.number).where(
            EvidenceFile.report_id == report.id, EvidenceFile.mark == mark
        )
    )
    if number is not None:
        raise refusals.is_there(number)
    return mark


def settle(
    session: Session,
    report: Report,
    file_id: UUID,
    found: Found,
    *,
    data_key: DataKey,
    now: datetime,
) -> int:
    """Give a file whose pieces are all there its number, and its entry if the report was sent."""
    mark = check_new(session, report, found, data_key)
    newest = select(func.max(EvidenceFile.number)).where(EvidenceFile.report_id == report.id)
    file = session.get_one(EvidenceFile, file_id)
    kept = data_key.open_json(file.sealed, context_of(file_id))
    kept |= {"kind": found.kind.name, "sha256": found.digest.hex()}
    number = (session.scalar(newest) or 0) + 1
    file.number = number
    file.sealed = data_key.seal_json(kept, context_of(file_id))
    file.mark, file.sending_mark, file.added_at = mark, None, now
    file.copy_state = "waiting" if found.kind.shows else "none"
    session.flush()
    if is_final(report.state):
        file.entry_index = append(session, [added_entry(file, data_key)], now=now)[0]
    return number


def added_entry(file: EvidenceFile, data_key: DataKey) -> NewEntry:
    """The entry of a file: which it is, its kind, its size in bytes and its SHA-256."""
    kept = data_key.open_json(file.sealed, context_of(file.id))
    fields = {
        "file.number": file.number,
        "file.kind": kept["kind"],
        "file.size": file.size,
        "file.sha256": kept["sha256"],
    }
    return NewEntry(ADDED, file.report_id, fields, data_key.seal)


def context_of(file_id: UUID) -> str:
    """What the sealed facts of a file are bound to."""
    return f"evidence-file:{file_id}"
