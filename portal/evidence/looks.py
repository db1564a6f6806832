"""Staff, an advocate or a force opening files: each opening is a look, written before it is sent.

A look at the report itself comes first, with a reason (`reports.looks`). For 15 minutes its reason
also stands for each file that is opened; then it is asked anew.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotFound
from portal.evidence.listing import FileSeen, files_of, get_file
from portal.reports.closed import is_closed
from portal.reports.drafts import get_data_key, get_report
from portal.reports.looks import look, may_open
from portal.reports.models import Look, ReportKey
from portal.sealing import Keyring

OPEN_FOR = timedelta(minutes=15)
COPY, ORIGINAL = "copy", "original"
_CLOSED = "This is not open any more. Open it again, and say why."


@dataclass(frozen=True)
class OpenedFiles:
    """The files of a report, for a look that was written before."""

    report_id: UUID
    until: datetime
    reason: str = field(repr=False)
    files: list[FileSeen] = field(repr=False)


def get_opened_files(
    session: Session, look_id: UUID, *, account: Account, keyring: Keyring, now: datetime
) -> OpenedFiles:
    """What a look lets its own account see. Raises NotFound for any other look, one of more than 15
    minutes ago, and once the report was withdrawn, its erasure was asked for, it is erased, or it
    may not be opened any more.
    """
    made = session.get(Look, look_id)
    if made is None or made.account_id != account.id or now >= made.at + OPEN_FOR:
        raise NotFound(_CLOSED)
    report = get_report(session, made.report_id)
    gone = is_closed(report) or session.get(ReportKey, report.id) is None
    if gone or not may_open(session, report, account):
        raise NotFound(_CLOSED)
    data_key = get_data_key(session, report.id, keyring=keyring)
    return OpenedFiles(
        report_id=report.id,
        until=made.at + OPEN_FOR,
        reason=data_key.open(made.sealed_reason, f"look:{made.id}").decode(),
        files=files_of(session, report.id, data_key=data_key),
    )


def open_file(
    session: Session,
    look_id: UUID,
    number: int,
    *,
    what: str,
    account: Account,
    keyring: Keyring,
    now: datetime,
) -> FileSeen:
    """Write that a file is opened, its "copy" or its "original"; commit before any of it is sent.

    Raises NotFound as `get_opened_files` does, and for no such file or copy.
    """
    opened = get_opened_files(session, look_id, account=account, keyring=keyring, now=now)
    data_key = get_data_key(session, opened.report_id, keyring=keyring)
    file = get_file(session, opened.report_id, number, data_key=data_key)
    if what != ORIGINAL and file.copy_kind is None:
        raise NotFound("There is no copy of this file to show.")
    fields = {"file.number": number, "file.what": ORIGINAL if what == ORIGINAL else COPY}
    look(
        session,
        opened.report_id,
        account=account,
        reason=opened.reason,
        about=fields,
        keyring=keyring,
        now=now,
    )
    return file
