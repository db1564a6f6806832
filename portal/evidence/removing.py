"""Taking files away: one of a draft, one that never arrived wholly, or all of an erased report."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import NotFound, Refused
from portal.evidence.models import MOST_FILES, EvidenceFile, EvidencePart
from portal.languages.translating import _
from portal.reports.drafts import get_report
from portal.reports.states import is_final


def remove_file(session: Session, report_id: UUID, number: int, *, now: datetime) -> None:
    """Take a file out of a draft, with all that was kept of it.

    Raises Refused once the report was sent: a file that is on record stays until all is erased.
    Raises NotFound when there is no such file.
    """
    report = get_report(session, report_id, lock=True)
    if is_final(report.state):
        raise Refused(
            _("It was sent, so this file stays with it. You can erase everything that you sent.")
        )
    found = None
    if number <= MOST_FILES:
        found = session.scalar(
            select(EvidenceFile.id).where(
                EvidenceFile.report_id == report_id, EvidenceFile.number == number
            )
        )
    if found is None:
        raise NotFound(_("There is no such file. It may have been removed already."))
    _delete(session, [found])
    report.changed_at = now


def drop_file(database: Database, file_id: UUID) -> bool:
    """Destroy what arrived of a file that was never whole; whether there was something.

    A file that is whole stays.
    """
    with database.transaction() as session:
        mine = select(EvidenceFile.report_id).where(
            EvidenceFile.id == file_id, EvidenceFile.added_at.is_(None)
        )
        report_id = session.scalar(mine)
        if report_id is None:
            return False
        # Whoever finishes it locks the report first, and may just have done so.
        get_report(session, report_id, lock=True)
        if session.scalar(mine) is None:
            return False
        _delete(session, [file_id])
        return True


def forget_evidence(session: Session, report_id: UUID) -> None:
    """Destroy every file of a report that is being erased, and every piece of one."""
    files = select(EvidenceFile.id).where(EvidenceFile.report_id == report_id)
    _delete(session, list(session.scalars(files)))


def _delete(session: Session, file_ids: list[UUID]) -> None:
    session.execute(delete(EvidencePart).where(EvidencePart.file_id.in_(file_ids)))
    session.execute(delete(EvidenceFile).where(EvidenceFile.id.in_(file_ids)))
