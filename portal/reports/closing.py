"""Asking for what was sent to be erased: closed to everybody at once, erased after a while.

Until then whoever has the return code can keep it after all. Somebody in danger is safe at once,
because nothing of it is shown to anybody any more; and whoever asked with a phone that is not
theirs can be stopped. Neither asking nor keeping touches a clock, a match or an alert.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.errors import Refused
from portal.languages.translating import _
from portal.ledger.erasure import ErasedEntry, newest_request_key
from portal.ledger.erasure_asked import ASKED, KEPT, asking_fields
from portal.ledger.service import NewEntry, append, timeline
from portal.ledger.store import lock_head
from portal.reference.cooling_off import ERASE, cooling_off
from portal.reports import states
from portal.reports.drafts import get_data_key, get_report
from portal.reports.erasing import Sign, check_signed, message_over
from portal.reports.models import Report
from portal.reports.visits import end_visits_of
from portal.sealing import Keyring


def ask_to_erase(
    session: Session,
    report_id: UUID,
    *,
    sign: Sign,
    keyring: Keyring,
    now: datetime,
) -> Report:
    """Close a sent report now, to be erased when its cooling-off time is over.

    `sign` gives the request, a signature over the newest entry; it is kept in the entry. Every
    browser that holds it open is closed, the one that asked too: whoever takes the phone then
    cannot keep it without the return code. Twice changes nothing more. Raises Refused, and nothing
    is changed, for a draft, for what is erased, and unless the request fits the newest key on
    record.
    """
    report = get_report(session, report_id, lock=True)
    if report.erased_at is not None or not states.can(
        report.state, states.Move.ERASE, withdrawn=report.withdrawn_at is not None
    ):
        raise Refused(_("This was erased already. There is nothing left to erase."))
    if not states.is_final(report.state):
        raise Refused(_("Nothing was erased. This was not sent yet. Open it again to erase it."))
    if report.erase_asked_at is not None:
        return report
    data_key = get_data_key(session, report_id, keyring=keyring)
    due_at = now + cooling_off(ERASE, asked_at=now).wait
    report.erase_asked_at, report.erase_due_at = now, due_at
    report.unfinished = None
    end_visits_of(session, report_id, now=now)
    session.flush()
    # What is signed is the newest entry, so nobody may append one between; the head goes last.
    lock_head(session)
    entries = [
        ErasedEntry(one.index, one.salt, one.fields)
        for one in timeline(session, report_id, data_key.open)
    ]
    signature = check_signed(newest_request_key(entries), message_over(report_id, entries), sign)
    fields = asking_fields(signature, timestamp(due_at))
    append(session, [NewEntry(ASKED, report_id, fields, data_key.seal)], now=now)
    return report


def keep_after_all(session: Session, report_id: UUID, *, keyring: Keyring, now: datetime) -> bool:
    """Stop an erasure that waits: the report is as it was. False when none waits any more."""
    report = get_report(session, report_id, lock=True)
    if report.erase_asked_at is None or report.erased_at is not None:
        return False
    report.erase_asked_at = report.erase_due_at = None
    data_key = get_data_key(session, report_id, keyring=keyring)
    append(session, [NewEntry(KEPT, report_id, {}, data_key.seal)], now=now)
    return True


def find_due(session: Session, *, now: datetime) -> list[UUID]:
    """The reports whose erasure waits and whose time has come, the longest waiting first."""
    return list(
        session.scalars(
            select(Report.id)
            .where(
                Report.erase_due_at.is_not(None),
                Report.erase_due_at <= now,
                Report.erased_at.is_(None),
            )
            .order_by(Report.erase_due_at, Report.id)
        )
    )
