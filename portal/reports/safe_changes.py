"""What a change of the safe way does at once, and putting the former one back within 72 hours.

From the moment of a change nothing more goes to the former way: neither what waits in the outbox,
nor a number, nor the news that there was a change.
"""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.languages.translating import lazy
from portal.ledger.code_chain import WAIT
from portal.ledger.models import LedgerOpening
from portal.ledger.service import NewEntry, Seal, append
from portal.notifications.models import OutboxMessage
from portal.reports.closed import check_not_erasing
from portal.reports.code_changes import settle_change
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import LostCode, Report, Visit
from portal.reports.pace import count_lately
from portal.reports.safe_ways import Contact, find_contact
from portal.sealing import Keyring

KINDS_SENT = ("number", "code", "news")
"""The kinds of outbox messages that go to a safe way."""
CONFIRMING = "safe-contact:"
"""How the cause of a message with a number that confirms a way begins."""
JUST_OPENED = timedelta(minutes=15)
"""How long after somebody opened the report a press shows that they have the return code."""
RESTORED = "contact_restored"
MOST_A_DAY = 20
"""How often a way can be put back within 24 hours without the code; with it, always."""
_NEEDS_CODE = lazy(
    "Nothing was changed. That is not the return code of what is open here. Check each group of "
    "five and type it again."
)


class CodeNeeded(Refused):
    """A confirmed way is changed, removed or put back with the return code; this was not it."""


def check_code(
    session: Session, report: Report, code: bytes | None, *, keyring: Keyring, now: datetime
) -> None:
    """Raises CodeNeeded unless `code` is the digest of the return code that works now."""
    settle_change(session, report.id, keyring=keyring, now=now)
    if code is None or not hmac.compare_digest(code, report.code_hash):
        raise CodeNeeded(_NEEDS_CODE)


def was_just_opened(visit: Visit, now: datetime) -> bool:
    """Whether somebody showed so shortly ago that they have the code that one press is enough."""
    return now < visit.started_at + JUST_OPENED


def put_aside(
    session: Session, row: SafeContact, contact: Contact, seal: Seal, now: datetime, *, because: str
) -> list[NewEntry]:
    """Let nothing more go to the way there is, and keep it to be put back; the entries to append.

    `because` is "change" or "removal". One that only waited for its number leaves no trace.
    """
    stop_sending(session, row)
    row.sealed_asked = row.number_hash = None
    if contact.confirmed is None:
        return []
    row.sealed_former, row.former_until = row.sealed, now + WAIT
    row.sealed = row.confirmed_at = row.safe_at = row.paused_at = None
    fields = {"contact.way": contact.confirmed.kind, "contact.because": because}
    return [NewEntry("contact_removed", row.report_id, fields, seal)]


def put_back(
    session: Session,
    report_id: UUID,
    *,
    code: bytes | None,
    visit: Visit | None = None,
    keyring: Keyring,
    now: datetime,
) -> bool:
    """Undo the last change of the way; False when there is none to undo any more.

    The way that was there until now becomes the former one, so that this can be undone as well.
    For a lost code its 72 hours begin anew: whoever can do this gets nowhere sooner by it. Raises
    CodeNeeded unless `code` is the digest of the return code, or the `visit` has just begun and
    it was not put back to and fro all day.
    """
    report = get_report(session, report_id, lock=True)
    check_not_erasing(report)
    fresh = visit is not None and visit.report_id == report_id and was_just_opened(visit, now)
    if not fresh or count_lately(session, report_id, RESTORED, now=now) >= MOST_A_DAY:
        check_code(session, report, code, keyring=keyring, now=now)
    row = session.get(SafeContact, report_id)
    contact = find_contact(session, report_id, keyring=keyring)
    former = contact.can_put_back(now)
    if row is None or former is None:
        return False
    stop_sending(session, row)
    row.sealed, row.sealed_former = row.sealed_former, row.sealed
    row.former_until = now + WAIT if row.sealed_former else None
    way_counts(session, row, now)
    data_key = get_data_key(session, report_id, keyring=keyring)
    fields = {"contact.way": former.kind}
    append(session, [NewEntry(RESTORED, report_id, fields, data_key.seal)], now=now)
    return True


def way_counts(session: Session, row: SafeContact, now: datetime) -> None:
    """The way in `sealed` counts from now on. Nothing that happened before is news for it."""
    row.confirmed_at = row.safe_at = now
    row.sealed_asked = row.number_hash = row.paused_at = None
    nothing_older_is_news(session, row)
    _void_numbers(session, row.report_id)


def nothing_older_is_news(session: Session, row: SafeContact) -> None:
    """Whatever is on record by now is told in no notice: its person is here, and sees it."""
    row.told_through = session.scalar(select(func.max(LedgerOpening.entry_index)))


def stop_sending(session: Session, row: SafeContact) -> None:
    """Delete what waits to be sent to the way there is, and void the numbers that were sent."""
    session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.about == row.report_id,
            OutboxMessage.kind.in_(KINDS_SENT),
            OutboxMessage.sent_at.is_(None),
        )
    )
    _void_numbers(session, row.report_id)


def forget_former(session: Session, *, now: datetime) -> None:
    """Destroy the former ways that cannot be put back any more."""
    session.execute(
        update(SafeContact)
        .where(SafeContact.former_until <= now)
        .values(sealed_former=None, former_until=None)
    )


def _void_numbers(session: Session, report_id: UUID) -> None:
    """A number that was sent to an earlier way is good for nothing any more."""
    session.execute(
        update(LostCode).where(LostCode.report_id == report_id).values(number_hash=None)
    )
