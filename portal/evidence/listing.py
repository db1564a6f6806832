"""What files a report has, and reading one back: as it came, or the copy that is safe to show."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import NotFound
from portal.evidence.adding import context_of
from portal.evidence.kinds import KINDS, Kind
from portal.evidence.models import MOST_FILES, EvidenceFile
from portal.evidence.names import neutral_name
from portal.evidence.parts import read_parts
from portal.languages.translating import _
from portal.ledger.service import indices_of
from portal.sealing import DataKey


@dataclass(frozen=True)
class FileSeen:
    """A file as people see it. `name` is what its own device called it, "" for nothing.

    `entry` is the number of its entry among those of its report, None in a draft. `copy_state` is
    that of `models.EvidenceFile`.
    """

    id: UUID
    report_id: UUID
    number: int
    name: str = field(repr=False)
    kind: Kind
    size: int
    sha256: str = field(repr=False)
    added_at: datetime
    entry: int | None
    copy_state: str
    parts: int
    copy_kind: Kind | None
    copy_size: int
    copy_parts: int

    @property
    def saved_as(self) -> str:
        """The name under which the original is saved."""
        return neutral_name(self.number, self.kind.extension)


@dataclass(frozen=True)
class Content:
    """The bytes of a file or of its copy, read piece by piece."""

    kind: Kind
    size: int
    saved_as: str
    pieces: Iterator[bytes] = field(repr=False)


def files_of(session: Session, report_id: UUID, *, data_key: DataKey) -> list[FileSeen]:
    """The files of a report that arrived wholly, in the order in which they were added."""
    rows = session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.report_id == report_id, EvidenceFile.added_at.is_not(None))
        .order_by(EvidenceFile.number)
    ).all()
    entries = {index: number for number, index in indices_of(session, report_id).items()}
    return [_seen(row, entries, data_key) for row in rows]


def count_files(session: Session, report_id: UUID) -> int:
    """How many files of a report arrived wholly."""
    query = select(func.count()).where(
        EvidenceFile.report_id == report_id, EvidenceFile.added_at.is_not(None)
    )
    return session.scalar(query) or 0


def get_file(session: Session, report_id: UUID, number: int, *, data_key: DataKey) -> FileSeen:
    """One file of a report. Raises NotFound."""
    # No report has so many, and the column of a database holds no such number.
    row = (
        None
        if number > MOST_FILES
        else session.scalar(
            select(EvidenceFile).where(
                EvidenceFile.report_id == report_id,
                EvidenceFile.number == number,
                EvidenceFile.added_at.is_not(None),
            )
        )
    )
    if row is None:
        raise NotFound(_("There is no such file. It may have been removed already."))
    entries = {index: number for number, index in indices_of(session, report_id).items()}
    return _seen(row, entries, data_key)


def read_original(database: Database, file: FileSeen, *, data_key: DataKey) -> Content:
    """The file as it came, bit for bit."""
    pieces = read_parts(database, file.id, file.parts, data_key=data_key)
    return Content(file.kind, file.size, file.saved_as, pieces)


def read_copy(database: Database, file: FileSeen, *, data_key: DataKey) -> Content:
    """The copy that is safe to show. Raises NotFound while there is none."""
    if file.copy_kind is None:
        raise NotFound(_("There is no copy of this file to show."))
    pieces = read_parts(database, file.id, file.copy_parts, data_key=data_key, is_copy=True)
    name = neutral_name(file.number, file.copy_kind.extension)
    return Content(file.copy_kind, file.copy_size, name, pieces)


def _seen(row: EvidenceFile, entries: dict[int, int], data_key: DataKey) -> FileSeen:
    kept = data_key.open_json(row.sealed, context_of(row.id))
    # The queries above take only rows that arrived wholly, and those have a number and a time.
    assert row.number is not None and row.added_at is not None  # noqa: S101, PT018
    made = row.copy_state == "made" and row.copy_kind is not None
    return FileSeen(
        id=row.id,
        report_id=row.report_id,
        number=row.number,
        name=kept["name"],
        kind=KINDS[kept["kind"]],
        size=row.size,
        sha256=kept["sha256"],
        added_at=row.added_at,
        entry=entries.get(row.entry_index) if row.entry_index is not None else None,
        copy_state=row.copy_state,
        parts=row.parts,
        copy_kind=KINDS[str(row.copy_kind)] if made else None,
        copy_size=row.copy_size or 0,
        copy_parts=row.copy_parts or 0,
    )
