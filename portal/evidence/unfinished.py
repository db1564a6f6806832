"""A file that arrives piece by piece, and goes on after the connection was lost.

It is known again by its size and the hashes of its pieces, so that the person only has to choose
the same file once more, and another that begins alike is never mixed with it. What nobody goes on
with for a day is destroyed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.evidence import refusals
from portal.evidence.adding import (
    begin,
    check_kind,
    check_size,
    context_of,
    examine,
    lock_open,
    settle,
)
from portal.evidence.kinds import HEAD
from portal.evidence.models import EvidenceFile
from portal.evidence.parts import PART, have_parts, read_parts, write_part
from portal.evidence.removing import drop_file
from portal.reports.drafts import get_data_key
from portal.sealing import DataKey, Keyring

KEPT = timedelta(hours=24)


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None:
        """Take the next bytes."""


@dataclass(frozen=True)
class Announced:
    """What a browser says about a file before it sends it.

    `whole` is the SHA-256 over the SHA-256 of each piece: so no browser has to hold a file at once.
    """

    name: str = field(repr=False)
    size: int
    whole: bytes = field(repr=False)

    head = b""

    def pieces(self) -> Iterator[bytes]:
        """Nothing yet."""
        return iter(())


@dataclass(frozen=True)
class Sending:
    """A file on its way: `have` of its `parts` pieces are here."""

    id: UUID
    name: str = field(repr=False)
    size: int
    parts: int
    have: int

    @property
    def have_bytes(self) -> int:
        """How many bytes of it are here."""
        return min(self.have * PART, self.size)


def begin_sending(
    session: Session, report_id: UUID, announced: Announced, *, keyring: Keyring, now: datetime
) -> Sending:
    """Start a file, or find the one that was cut off.

    Raises FileRefused for a size that is not taken, and without room.
    """
    check_size(announced.size, now)
    report, data_key = lock_open(session, report_id, keyring)
    mark = _mark(data_key, announced.size, announced.whole)
    file = session.scalar(
        select(EvidenceFile).where(
            EvidenceFile.report_id == report_id, EvidenceFile.sending_mark == mark
        )
    )
    if file is None:
        file = begin(
            session, report, uuid4(), announced, data_key=data_key, now=now, sending_mark=mark
        )
    file.seen_at = now
    return _sending(session, file, data_key)


def take_part(
    session: Session,
    report_id: UUID,
    file_id: UUID,
    number: int,
    piece: bytes,
    *,
    digest: bytes,
    keyring: Keyring,
    now: datetime,
) -> Sending:
    """Keep piece `number`, from 1, if it is the next. One that is here already changes nothing.

    `digest` is its SHA-256 as the sender worked it out. Raises FileRefused for a piece of another
    size or hash, and for a first piece that shows a kind that is not taken.
    """
    _report, data_key = lock_open(session, report_id, keyring)
    file = _get(session, report_id, file_id)
    here = _sending(session, file, data_key)
    if number != here.have + 1 or number > file.parts:
        return here
    wanted = PART if number < file.parts else file.size - PART * (file.parts - 1)
    if len(piece) != wanted or sha256(piece).digest() != digest:
        raise refusals.is_another()
    if number == 1:
        check_kind(piece[:HEAD])
    file.seen_at = now
    session.flush()
    write_part(session, file_id, number, file.parts, piece, data_key=data_key)
    return Sending(here.id, here.name, here.size, here.parts, number)


def finish_sending(
    database: Database, report_id: UUID, file_id: UUID, *, keyring: Keyring, now: datetime
) -> int:
    """Keep a file whose pieces are all here; its number, also when it was kept already.

    Raises FileRefused, and destroys what arrived, for what `add_file` would refuse as well.
    """
    with database.reading() as session:
        file = session.get(EvidenceFile, file_id)
        if file is None or file.report_id != report_id:
            raise refusals.is_gone()
        if file.number is not None:
            return file.number
        if have_parts(session, file_id) < file.parts:
            raise refusals.is_another()
        data_key = get_data_key(session, report_id, keyring=keyring)
    try:
        first = next(read_parts(database, file_id, file.parts, data_key=data_key))
        whole, pieces = sha256(), read_parts(database, file_id, file.parts, data_key=data_key)
        found = examine(first[:HEAD], _hashed(pieces, whole))
        if file.sending_mark != _mark(data_key, file.size, whole.digest()):
            raise refusals.is_another()
        with database.transaction() as session:
            report, data_key = lock_open(session, report_id, keyring)
            here = session.get(EvidenceFile, file_id)
            if here is not None and here.number is not None:
                return here.number
            _get(session, report_id, file_id)
            return settle(session, report, file_id, found, data_key=data_key, now=now)
    except refusals.FileRefused:
        drop_file(database, file_id)
        raise


def drop_sending(database: Database, report_id: UUID, file_id: UUID) -> None:
    """Destroy what arrived of a file of this report. One that is whole, or gone, stays so."""
    with database.reading() as session:
        file = session.get(EvidenceFile, file_id)
    if file is not None and file.report_id == report_id:
        drop_file(database, file_id)


def find_sendings(session: Session, report_id: UUID, *, data_key: DataKey) -> list[Sending]:
    """The files of a report that were begun and did not arrive wholly, oldest first."""
    rows = session.scalars(
        select(EvidenceFile)
        .where(
            EvidenceFile.report_id == report_id,
            EvidenceFile.added_at.is_(None),
            EvidenceFile.sending_mark.is_not(None),
        )
        .order_by(EvidenceFile.begun_at)
    ).all()
    return [_sending(session, row, data_key) for row in rows]


def forget_unfinished(database: Database, *, now: datetime) -> int:
    """Destroy what nobody went on with for a day; how many files. Safe to repeat."""
    with database.reading() as session:
        old = session.scalars(
            select(EvidenceFile.id).where(
                EvidenceFile.added_at.is_(None), EvidenceFile.seen_at < now - KEPT
            )
        ).all()
    return sum(drop_file(database, file_id) for file_id in old)


def _hashed(pieces: Iterator[bytes], whole: "_Hash") -> Iterator[bytes]:
    for piece in pieces:
        whole.update(sha256(piece).digest())
        yield piece


def _mark(data_key: DataKey, size: int, whole: bytes) -> bytes:
    return data_key.bind("evidence-sending", str(size).encode(), whole)


def _get(session: Session, report_id: UUID, file_id: UUID) -> EvidenceFile:
    file = session.get(EvidenceFile, file_id, populate_existing=True)
    if file is None or file.report_id != report_id or file.added_at is not None:
        raise refusals.is_gone()
    return file


def _sending(session: Session, file: EvidenceFile, data_key: DataKey) -> Sending:
    name = data_key.open_json(file.sealed, context_of(file.id))["name"]
    return Sending(file.id, name, file.size, file.parts, have_parts(session, file.id))
