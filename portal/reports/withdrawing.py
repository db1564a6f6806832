"""Taking a withdrawn report up again, and whether the supporter who sent it may see it.

Each acts at once, can be undone with the return code, and is an entry. None touches a clock, a
match or an alert: pressure on a person, or their phone in another hand, must clear nothing.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.languages.translating import _
from portal.ledger.service import NewEntry, append
from portal.reports import states
from portal.reports.closed import check_not_erasing
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Report
from portal.reports.pace import count_lately
from portal.sealing import Keyring

TAKEN_UP = "taken_up"
MOST_A_DAY = 20
"""How often it can be taken up again within 24 hours. Withdrawing is never refused."""
STOPPED, ALLOWED = "supporter_stopped", "supporter_allowed"


def take_up(session: Session, report_id: UUID, *, keyring: Keyring, now: datetime) -> Report:
    """Undo a withdrawal: looks and contact go on as before. Twice changes nothing more.

    Raises Refused while an erasure waits, and when it was done very often today.
    """
    report = get_report(session, report_id, lock=True)
    if report.withdrawn_at is None:
        return report
    check_not_erasing(report)
    if count_lately(session, report_id, TAKEN_UP, now=now) >= MOST_A_DAY:
        raise Refused(
            _(
                "It stays withdrawn for now, because it was taken up again many times today. All "
                "that you sent is kept. Try again tomorrow."
            )
        )
    report.withdrawn_at = None
    _put_on_record(session, report, TAKEN_UP, keyring, now)
    return report


def stop_supporter(session: Session, report_id: UUID, *, keyring: Keyring, now: datetime) -> Report:
    """From now on the supporter who sent it can neither find nor open it. Twice changes nothing.

    Raises Refused without a supporter, for a draft, and while an erasure waits.
    """
    report = _of_a_supporter(session, report_id)
    if report.supporter_stopped_at is None:
        report.supporter_stopped_at = now
        _put_on_record(session, report, STOPPED, keyring, now)
    return report


def allow_supporter(
    session: Session, report_id: UUID, *, keyring: Keyring, now: datetime
) -> Report:
    """The supporter may see it again. Whoever calls this has had the return code typed once more.

    Twice changes nothing. Raises Refused as `stop_supporter` does.
    """
    report = _of_a_supporter(session, report_id)
    if report.supporter_stopped_at is not None:
        report.supporter_stopped_at = None
        _put_on_record(session, report, ALLOWED, keyring, now)
    return report


def _of_a_supporter(session: Session, report_id: UUID) -> Report:
    report = get_report(session, report_id, lock=True)
    if report.filed_by is None or not states.is_final(report.state):
        raise Refused(_("Nothing was changed. No supporter sent this for you."))
    check_not_erasing(report)
    return report


def _put_on_record(
    session: Session, report: Report, kind: str, keyring: Keyring, now: datetime
) -> None:
    data_key = get_data_key(session, report.id, keyring=keyring)
    append(session, [NewEntry(kind, report.id, {}, data_key.seal)], now=now)
