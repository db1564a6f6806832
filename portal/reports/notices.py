"""The one notice to a person that there is something new, and what may go to a safe way at all.

A job reads which reports got new entries, and writes at most one notice for each, at most one in
24 hours (`contact_rules.csv`). Whether it may leave is asked again right before each try: only to
the way that is confirmed by then, only in its safe hours, only while the report may be contacted.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.ledger.models import LedgerOpening
from portal.ledger.service import open_entry
from portal.notifications.models import OutboxMessage
from portal.notifications.service import Drop, Letter, enqueue
from portal.reference.contact_rules import contact_rules
from portal.reports.closed import is_closed
from portal.reports.code_letters import news_letter
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import ReportKey, Visit
from portal.reports.one_time_numbers import VALID_FOR
from portal.reports.safe_changes import CONFIRMING, KINDS_SENT
from portal.reports.safe_ways import SENDING, Contact, Way, find_contact
from portal.reports.states import may_contact
from portal.reports.still_safe import has_failed
from portal.sealing import Keyring

NEWS = "news"
MILESTONES = (
    *("force_answered", "matched", "alert_raised", "alert_changed"),
    *("victim_asked", "message_sent"),
)
_ENDED = frozenset({"resolved", "match_accepted", "checked"})
_AT_ONCE = 200


def write_notices(database: Database, *, keyring: Keyring, now: datetime) -> int:
    """Look at every report with new entries and a safe way; how many notices were written.

    Safe to run twice: a report is looked at once for an entry.
    """
    with database.reading() as session:
        reports = _with_news(session)
    written = 0
    for report_id in reports:
        with database.transaction() as session:
            written += _look_at(session, report_id, keyring=keyring, now=now)
    return written


def may_leave(
    session: Session, message: OutboxMessage, letter: Letter, now: datetime, *, keyring: Keyring
) -> datetime:
    """The gate of the outbox: from when on a message to a safe way may leave.

    Raises Drop for one that must not: it is for a way that does not count any more, came too late,
    or is about something that its person has seen. Every other message may leave at once.
    """
    if message.kind not in KINDS_SENT:
        return now
    if message.about is None or session.get(ReportKey, message.about) is None:
        raise Drop
    contact = find_contact(session, message.about, keyring=keyring)
    if message.kind == "number" and message.created_at + VALID_FOR <= now:
        raise Drop
    if message.cause.startswith(CONFIRMING):
        # Whoever asked for the number sits at the page.
        if _leads_to(contact.asked, letter):
            return now
        raise Drop
    way = contact.confirmed
    if way is None or contact.paused_at is not None or not _leads_to(way, letter):
        raise Drop
    due_at = way.rules.hours.next_from(now)
    if message.kind == "number" and due_at > now:
        raise Drop
    if message.kind == NEWS:
        _check_news(session, message, way, due_at, now)
    return due_at


def _with_news(session: Session) -> Sequence[UUID]:
    query = (
        select(SafeContact.report_id)
        .join(LedgerOpening, LedgerOpening.subject == SafeContact.report_id)
        .where(
            SafeContact.sealed.is_not(None),
            LedgerOpening.kind.in_(MILESTONES),
            LedgerOpening.entry_index > func.coalesce(SafeContact.told_through, -1),
        )
        .group_by(SafeContact.report_id)
        .order_by(func.min(LedgerOpening.entry_index))
        .limit(_AT_ONCE)
    )
    return session.scalars(query).all()


def _look_at(session: Session, report_id: UUID, *, keyring: Keyring, now: datetime) -> bool:
    report = get_report(session, report_id, lock=True)
    row = session.get(SafeContact, report_id)
    if row is None or report.erased_at is not None:
        return False
    newest = _newest_milestone(session, row, keyring)
    contact = find_contact(session, report_id, keyring=keyring)
    way = contact.confirmed
    if newest is None or way is None or not _may_tell(session, row, contact, way):
        return False
    if not may_contact(report.state, withdrawn=is_closed(report)):
        return False
    earliest = max(now, row.told_at + contact_rules().between_notices) if row.told_at else now
    due_at = row.told_at = way.rules.hours.next_from(earliest)
    return enqueue(
        session,
        news_letter(way),
        kind=NEWS,
        cause=f"{NEWS}:{report_id}:{newest}",
        about=report_id,
        keyring=keyring,
        now=now,
        due_at=due_at,
    )


def _newest_milestone(session: Session, row: SafeContact, keyring: Keyring) -> int | None:
    """The newest entry that is news to the person; all up to the last are then done with."""
    found = session.scalars(
        select(LedgerOpening)
        .where(
            LedgerOpening.subject == row.report_id,
            LedgerOpening.kind.in_(MILESTONES),
            LedgerOpening.entry_index > (-1 if row.told_through is None else row.told_through),
        )
        .order_by(LedgerOpening.entry_index)
    ).all()
    if not found:
        return None
    row.told_through = found[-1].entry_index
    data_key = get_data_key(session, row.report_id, keyring=keyring)
    news = [
        one.entry_index
        for one in found
        if _is_news(one.kind, open_entry(session, one.entry_index, data_key.open).fields)
    ]
    return news[-1] if news else None


def _is_news(kind: str, fields: object) -> bool:
    said = fields if isinstance(fields, dict) else {}
    if kind == "alert_changed":
        return said.get("action") in _ENDED
    if kind == "message_sent":
        return said.get("message.to") == "person"
    return True


def _may_tell(session: Session, row: SafeContact, contact: Contact, way: Way) -> bool:
    """Whether a notice can be written now: else there is none, and the page tells it."""
    if not way.rules.news or way.kind not in SENDING or contact.paused_at is not None:
        return False
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.kind == NEWS,
        OutboxMessage.about == row.report_id,
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.failed_at.is_(None),
    )
    return session.scalar(waiting.limit(1)) is None and not has_failed(session, row)


def _check_news(
    session: Session, message: OutboxMessage, way: Way, due_at: datetime, now: datetime
) -> None:
    """Raises Drop for a notice that its person does not want, or does not need, any more."""
    row = session.get_one(SafeContact, message.about)
    report = get_report(session, row.report_id)
    seen = select(Visit.token_hash).where(
        Visit.report_id == row.report_id, Visit.seen_at >= message.created_at
    )
    # One that was lost waits again, perhaps days later: a newer one says all that it would say, and
    # two of them would be more than one a day.
    newer = select(OutboxMessage.id).where(
        OutboxMessage.kind == NEWS,
        OutboxMessage.about == row.report_id,
        OutboxMessage.created_at > message.created_at,
    )
    if (
        not way.rules.news
        or not may_contact(report.state, withdrawn=is_closed(report))
        or has_failed(session, row)
        or session.scalar(seen.limit(1)) is not None
        or session.scalar(newer.limit(1)) is not None
    ):
        raise Drop
    if due_at <= now:
        row.told_at = now


def _leads_to(way: Way | None, letter: Letter) -> bool:
    return way is not None and way.kind in SENDING and way.outbox_address == letter.address
