"""Sending a draft that holds files: each goes on record with it, in the same commit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.evidence.adding import added_entry
from portal.evidence.models import EvidenceFile
from portal.ledger.service import append
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Report
from portal.reports.service import submit
from portal.reports.states import is_final
from portal.sealing import Keyring


def send(session: Session, report_id: UUID, *, keyring: Keyring, now: datetime) -> Report:
    """File a draft with its files. Sent twice it is one report, and one entry for each file.

    Raises Refused as `reports.service.submit` does.
    """
    was_sent = is_final(get_report(session, report_id, lock=True).state)
    report = submit(session, report_id, keyring=keyring, now=now)
    if was_sent:
        return report
    data_key = get_data_key(session, report_id, keyring=keyring)
    files = session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.report_id == report_id, EvidenceFile.added_at.is_not(None))
        .order_by(EvidenceFile.number)
    ).all()
    indices = append(session, [added_entry(file, data_key) for file in files], now=now)
    for file, index in zip(files, indices, strict=True):
        file.entry_index = index
    return report
