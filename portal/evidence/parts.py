"""The sealed pieces of a file: written one by one, so that no file has to fit into memory.

Each is sealed (AES-256-GCM) under the report's data key, and bound to its file, its place and how
many there are: so no piece can be left out, put elsewhere, or taken from another file or copy.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import Unavailable
from portal.evidence.models import EvidencePart
from portal.languages.translating import lazy
from portal.sealing import DataKey

PART = 1024 * 1024
"""Bytes in a piece, but for the last. 29 more are written to the database."""
_MISSING = lazy("A part of this file is missing, so it cannot be opened. Nothing else was changed.")


def count_parts(size: int) -> int:
    """How many pieces a file of so many bytes has; an empty one has one."""
    return max(1, -(-size // PART))


def write_part(
    session: Session,
    file_id: UUID,
    number: int,
    total: int,
    piece: bytes,
    *,
    data_key: DataKey,
    is_copy: bool = False,
) -> None:
    """Seal and write piece `number`, from 1, of `total`."""
    sealed = data_key.seal(piece, _context(file_id, number, total, is_copy))
    session.add(EvidencePart(file_id=file_id, is_copy=is_copy, number=number, sealed=sealed))
    session.flush()
    # The session would keep every piece in memory until it ends.
    session.expunge_all()


def have_parts(session: Session, file_id: UUID) -> int:
    """How many pieces of a file have arrived."""
    query = select(func.count()).where(
        EvidencePart.file_id == file_id, EvidencePart.is_copy.is_(False)
    )
    return session.scalar(query) or 0


def read_parts(
    database: Database, file_id: UUID, total: int, *, data_key: DataKey, is_copy: bool = False
) -> Iterator[bytes]:
    """The pieces in their order, opened, each read by itself.

    Raises Unavailable for one that is missing, or is not the one that was written there.
    """
    for number in range(1, total + 1):
        with database.reading() as session:
            sealed = session.scalar(
                select(EvidencePart.sealed).where(
                    EvidencePart.file_id == file_id,
                    EvidencePart.is_copy.is_(is_copy),
                    EvidencePart.number == number,
                )
            )
        if sealed is None:
            raise Unavailable(_MISSING)
        yield data_key.open(sealed, _context(file_id, number, total, is_copy))


def _context(file_id: UUID, number: int, total: int, is_copy: bool) -> str:
    return f"evidence-{'copy' if is_copy else 'original'}:{file_id}:{number}/{total}"
