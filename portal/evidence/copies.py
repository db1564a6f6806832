"""The background work that makes the copies to show, one at a time, after the original is kept.

Nobody's many files delay everybody's. What was sent comes before drafts, which nobody else can see;
then every report's first file before anybody's second, by the number that a file has for good. A
round is short and takes few of one report, so that what is sent meanwhile is not kept waiting.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import NotFound, OnRecordError
from portal.evidence.adding import context_of
from portal.evidence.cleaning import Clean, Cleaned, clean_apart
from portal.evidence.kinds import KINDS
from portal.evidence.models import EvidenceFile, EvidencePart
from portal.evidence.parts import PART, count_parts, read_parts, write_part
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Report
from portal.reports.states import State
from portal.sealing import DataKey, Keyring

_LOG = logging.getLogger(__name__)
MOST_EACH = 3
"""Files of one report in one round."""
LONGEST_ROUND = 60.0
"""Seconds after which a round begins no other file."""
_MOST_READ = 500


def make_copies(
    database: Database,
    *,
    keyring: Keyring,
    now: datetime,
    clean: Clean = clean_apart,
    seconds: Callable[[], float] = monotonic,
) -> int:
    """One round of the copies that wait; how many files that settles. Safe to repeat.

    A file of which none can be made says so from then on; its original is not touched. `seconds`
    is a clock that only goes forward.
    """
    with database.reading() as session:
        waiting = _waiting(session, now)
    began, settled = seconds(), Counter[UUID]()
    for report_id, file_id in waiting:
        if seconds() - began >= LONGEST_ROUND:
            break
        # One that cannot be read is tried again and again. It takes no turn from the others.
        if settled[report_id] < MOST_EACH and _try_copy(database, file_id, keyring, clean):
            settled[report_id] += 1
    return settled.total()


def _waiting(session: Session, now: datetime) -> Sequence[Row[UUID, UUID]]:
    return session.execute(
        select(EvidenceFile.report_id, EvidenceFile.id)
        .join(Report, Report.id == EvidenceFile.report_id)
        .where(EvidenceFile.copy_state == "waiting", EvidenceFile.added_at <= now)
        .order_by(
            Report.state == State.DRAFT,
            EvidenceFile.number,
            EvidenceFile.added_at,
            EvidenceFile.id,
        )
        .limit(_MOST_READ)
    ).all()


def _try_copy(database: Database, file_id: UUID, keyring: Keyring, clean: Clean) -> bool:
    """As `_make_copy`; one file that cannot be read holds up no other, and is tried again."""
    try:
        return _make_copy(database, file_id, keyring, clean)
    except OnRecordError as error:
        _LOG.error("no copy made", exc_info=error, extra={"facts": {"file": str(file_id)}})
        return False


def _make_copy(database: Database, file_id: UUID, keyring: Keyring, clean: Clean) -> bool:
    try:
        with database.reading() as session:
            file = session.get(EvidenceFile, file_id)
            if file is None:
                return False
            data_key = get_data_key(session, file.report_id, keyring=keyring)
    except NotFound:
        # It was erased since.
        return False
    kept = data_key.open_json(file.sealed, context_of(file_id))
    original = read_parts(database, file_id, file.parts, data_key=data_key)
    cleaned = clean(KINDS[kept["kind"]], original)
    return _keep(database, file.report_id, file_id, cleaned, data_key)


def _keep(
    database: Database, report_id: UUID, file_id: UUID, cleaned: Cleaned, data_key: DataKey
) -> bool:
    """Write the copy in short steps, the state last. False when the file is gone by then."""
    total = count_parts(len(cleaned.copy)) if cleaned.kind else 0
    for number in range(total + 1):
        with database.transaction() as session:
            file = _lock(session, report_id, file_id)
            if file is None:
                return False
            if number == 0:
                # What an earlier run was cut off in.
                session.execute(
                    delete(EvidencePart).where(
                        EvidencePart.file_id == file_id, EvidencePart.is_copy.is_(True)
                    )
                )
            else:
                piece = cleaned.copy[(number - 1) * PART : number * PART]
                write_part(session, file_id, number, total, piece, data_key=data_key, is_copy=True)
            if number == total:
                done = session.get_one(EvidenceFile, file_id)
                done.copy_state = cleaned.state
                if cleaned.kind:
                    done.copy_kind = cleaned.kind.name
                    done.copy_size, done.copy_parts = len(cleaned.copy), total
    return True


def _lock(session: Session, report_id: UUID, file_id: UUID) -> EvidenceFile | None:
    """The file while nobody can remove it; None when somebody did."""
    try:
        get_report(session, report_id, lock=True)
    except NotFound:
        return None
    file = session.get(EvidenceFile, file_id)
    return file if file is not None and file.copy_state == "waiting" else None
