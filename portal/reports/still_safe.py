"""Whether a safe way is still safe: when its person is asked, and what their answer does.

They are asked when they said it last 90 days ago (`contact_rules.csv`), when a message could not
be delivered, and when the return code was changed. After a failed delivery no notice is sent
before the answer. "No" stops everything at once, without the code: it can only make it quieter.
Whoever sits at an open page cannot undo that: to say that it is safe again needs the code.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ledger.code_chain import CHANGED
from portal.ledger.models import LedgerOpening
from portal.ledger.service import NewEntry, append
from portal.notifications.models import OutboxMessage
from portal.reference.contact_rules import contact_rules
from portal.reports.closed import check_not_erasing
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key, get_report
from portal.reports.safe_changes import CONFIRMING, KINDS_SENT, check_code, stop_sending
from portal.sealing import Keyring

Why = Literal["failed", "code", "old"]


def why_ask(session: Session, report_id: UUID, *, now: datetime) -> Why | None:
    """Why to ask whether the confirmed way is still safe; None when there is no need, or no way."""
    row = session.get(SafeContact, report_id)
    if row is None or row.sealed is None or row.safe_at is None or row.paused_at is not None:
        return None
    if has_failed(session, row):
        return "failed"
    changed = select(LedgerOpening.entry_index).where(
        LedgerOpening.subject == report_id,
        LedgerOpening.kind == CHANGED,
        LedgerOpening.at > row.safe_at,
    )
    if session.scalar(changed.limit(1)) is not None:
        return "code"
    return "old" if row.safe_at + contact_rules().ask_again_after <= now else None


def has_failed(session: Session, row: SafeContact) -> bool:
    """Whether a message was given up, or did not arrive, since the person last said that the way is
    safe. What went to an earlier way says nothing of this one, and nor does a number that confirms
    a way: whoever asked for it sits at the page.
    """
    return failed_since(session, row) is not None


def failed_since(session: Session, row: SafeContact) -> datetime | None:
    """When the first of those messages was known not to arrive; None when there is none."""
    if row.sealed is None or row.confirmed_at is None or row.safe_at is None:
        return None
    return session.scalar(
        select(func.min(OutboxMessage.failed_at)).where(
            OutboxMessage.kind.in_(KINDS_SENT),
            OutboxMessage.cause.not_like(f"{CONFIRMING}%"),
            OutboxMessage.about == row.report_id,
            OutboxMessage.created_at >= row.confirmed_at,
            OutboxMessage.failed_at > row.safe_at,
        )
    )


def way_failed_at(session: Session, report_id: UUID) -> datetime | None:
    """When a message to the safe way of a report was known not to arrive, and its person has not
    answered since; None otherwise. For whoever works on the report: it names no address.
    """
    row = session.get(SafeContact, report_id)
    return failed_since(session, row) if row is not None else None


def say_safe(
    session: Session,
    report_id: UUID,
    *,
    code: bytes | None = None,
    keyring: Keyring,
    now: datetime,
) -> None:
    """The way is still safe: what was held back can be sent from now on. Nothing without a way,
    and nothing when nobody asks: it would only be said once more.

    Raises CodeNeeded when its person said before that it is not, and `code` is not the digest of
    the return code; Refused while an erasure waits.
    """
    report = get_report(session, report_id, lock=True)
    check_not_erasing(report)
    row = session.get(SafeContact, report_id)
    if row is None or row.sealed is None:
        return
    if row.paused_at is not None:
        check_code(session, report, code, keyring=keyring, now=now)
    elif why_ask(session, report_id, now=now) is None:
        return
    row.safe_at, row.paused_at = now, None
    _record(session, row, "contact_still_safe", keyring, now)


def say_unsafe(session: Session, report_id: UUID, *, keyring: Keyring, now: datetime) -> None:
    """The way is not safe any more: nothing goes there until its person says that it is.

    Twice changes nothing more. Raises Refused while an erasure waits.
    """
    check_not_erasing(get_report(session, report_id, lock=True))
    row = session.get(SafeContact, report_id)
    if row is None or row.sealed is None or row.paused_at is not None:
        return
    stop_sending(session, row)
    row.paused_at = now
    _record(session, row, "contact_paused", keyring, now)


def _record(session: Session, row: SafeContact, kind: str, keyring: Keyring, now: datetime) -> None:
    data_key = get_data_key(session, row.report_id, keyring=keyring)
    append(session, [NewEntry(kind, row.report_id, {}, data_key.seal)], now=now)
