"""Erasing a report for good, at the request of the person who holds its return code.

Nobody else can: the request is signed with a key that only the code gives, and is checked against
the key that the report holds on record. A draft goes at once; what was sent is closed at once
(`reports.closing`) and goes after a cooling-off time. `docs/erasure.md` goes through every table.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.errors import Refused
from portal.languages.translating import _, lazy
from portal.ledger.code_chain import is_signed
from portal.ledger.entry import leaf
from portal.ledger.erasure import (
    KIND,
    ErasedEntry,
    erasure_fields,
    newest_request_key,
    request_message,
)
from portal.ledger.erasure_asked import find_waiting
from portal.ledger.erasure_store import forget_openings
from portal.ledger.service import NewEntry, append, timeline
from portal.ledger.store import lock_head
from portal.notifications.models import OutboxMessage
from portal.reports import states
from portal.reports.code_changes import forget_codes
from portal.reports.drafts import get_data_key, get_report
from portal.reports.erasure_models import Erasure
from portal.reports.models import (
    ERASED,
    Allegation,
    ForceAnswer,
    Handover,
    Look,
    Report,
    ReportKey,
    Visit,
)
from portal.reports.survey_models import SurveyState
from portal.sealing import DataKey, Keyring

Sign = Callable[[bytes], bytes]
"""Signs a message as the holder of the return code: `TypedCode.sign`."""
Forget = Callable[[Session, Sequence[UUID]], None]
"""Destroys what a package above holds about the allegations with these ids."""
ForgetReport = Callable[[Session, UUID], None]
"""Destroys what a package above holds about the report with this id, a draft too."""

GONE = b""
"""What stands in a sealed column that must not be empty, once its content was destroyed."""
_NOT_SIGNED = lazy(
    "Nothing was erased. The return code that you typed is not the one that this belongs to. Check "
    "each group of five and type it again."
)
_NOT_ASKED = lazy(
    "Nothing was erased, because no entry on record asked for it, or not for this time."
)
_NO_KEY = lazy(
    "Nothing was erased. This was sent before we could check such a request, so nobody can make "
    "one for it. You can withdraw it instead."
)


def erase_draft(
    session: Session,
    report_id: UUID,
    *,
    sign: Sign,
    now: datetime,
    visit: str | None = None,
    forget_report: Sequence[ForgetReport] = (),
) -> Erasure:
    """Destroy a draft at once, with no entry: nobody else has seen it.

    `sign` gives the request; `visit` is the token of the browser that asks. `forget_report` is what
    other packages have to destroy: call `alerts.erasing.erase_draft`, which knows them all. Raises
    Refused, and nothing is changed, for what was sent, and unless the request fits the key in the
    row.
    """
    report = get_report(session, report_id, lock=True)
    if states.is_final(report.state):
        raise Refused(_("Nothing was erased. This was sent meanwhile. Open it again to erase it."))
    check_signed(report.request_key, request_message(str(report.id), 0, None), sign)
    for one in forget_report:
        one(session, report.id)
    _delete_draft(session, report)
    return _note(session, None, now, visit)


def carry_out(
    session: Session,
    report_id: UUID,
    *,
    forget: Sequence[Forget],
    forget_report: Sequence[ForgetReport] = (),
    keyring: Keyring,
    now: datetime,
) -> Erasure | None:
    """Destroy everything that a report holds, if its erasure waits and its time has come, and
    append the `erased` entry with the request that was signed when it was asked for.

    `forget` and `forget_report` are what other packages have to destroy; call
    `alerts.erasing.erase_due`, which knows them all. None, and nothing is changed, when nothing is
    due: it was kept, or is done. What the row says is not enough: the entry that asked counts.
    Raises Refused when its request does not fit.
    """
    report = get_report(session, report_id, lock=True)
    if report.erased_at is not None or report.erase_due_at is None or now < report.erase_due_at:
        return None
    data_key = get_data_key(session, report.id, keyring=keyring)
    # Whoever sweeps or matches locks the same rows first, and the head of the log last.
    allegation_ids = session.scalars(
        select(Allegation.id)
        .where(Allegation.report_id == report.id)
        .order_by(Allegation.ordinal)
        .with_for_update()
    ).all()
    for each in forget:
        each(session, allegation_ids)
    for one in forget_report:
        one(session, report.id)
    _forget_rows(session, report.id, allegation_ids)
    lock_head(session)
    fields = _requested(session, report.id, data_key, now)
    _empty(report, now)
    forget_openings(session, report.id)
    done = _note(session, report.id, now, None)
    append(session, [NewEntry(KIND, report.id, fields, keyring.seal_alone)], now=now)
    return done


def _requested(
    session: Session, report_id: UUID, data_key: DataKey, now: datetime
) -> dict[str, object]:
    """The fields of the `erased` entry, from the signed request that waits on record."""
    entries = [
        ErasedEntry(one.index, one.salt, one.fields)
        for one in timeline(session, report_id, data_key.open)
    ]
    request = find_waiting(one.fields for one in entries)
    if request is None or timestamp(now) < request[2]:
        raise Refused(_NOT_ASKED)
    signed, signature, _from = request
    check_signed(
        newest_request_key(entries[:signed]),
        message_over(report_id, entries[:signed]),
        lambda _message: signature,
    )
    return erasure_fields(entries, signature, signed=signed)


def message_over(report_id: UUID, entries: Sequence[ErasedEntry]) -> bytes:
    """What is signed to erase a report that has these entries, all of them."""
    newest = leaf(entries[-1].salt, entries[-1].fields)
    return request_message(str(report_id), len(entries), newest)


def find_erasure(session: Session, visit: str) -> Erasure | None:
    """The erasure that the browser with this visit's token asked for, or None."""
    return session.scalars(select(Erasure).where(Erasure.visit_hash == _hash(visit))).one_or_none()


def _note(session: Session, report_id: UUID | None, now: datetime, visit: str | None) -> Erasure:
    done = Erasure(report_id=report_id, visit_hash=_hash(visit) if visit else None, erased_at=now)
    session.add(done)
    session.flush()
    return done


def check_signed(key: bytes | None, message: bytes, sign: Sign) -> bytes:
    """The signature over a message. Raises Refused without a key, and unless `sign` has it."""
    if key is None:
        raise Refused(_NO_KEY)
    signature = sign(message)
    if not is_signed(key, message, signature):
        raise Refused(_NOT_SIGNED)
    return signature


def _forget_rows(session: Session, report_id: UUID, allegation_ids: Sequence[UUID]) -> None:
    """Destroy what is kept beside the report itself. Who looked and when stays, without why."""
    handovers = session.scalars(select(Handover.id).where(Handover.report_id == report_id)).all()
    session.execute(
        update(Allegation)
        .where(Allegation.report_id == report_id)
        .values(
            category=ERASED,
            force_id=None,
            occurred_from=None,
            occurred_to=None,
            clock_starts_at=None,
            clock_event=None,
            clock_basis=None,
            to_match=False,
            to_sweep=False,
            corrected_at=None,
            corrected_categories=None,
        )
    )
    session.execute(
        update(ForceAnswer).where(ForceAnswer.handover_id.in_(handovers)).values(sealed=GONE)
    )
    session.execute(update(Look).where(Look.report_id == report_id).values(sealed_reason=GONE))
    session.execute(
        delete(OutboxMessage).where(
            or_(OutboxMessage.about == report_id, OutboxMessage.about.in_(handovers))
        )
    )
    _forget_opening(session, report_id)


def _forget_opening(session: Session, report_id: UUID) -> None:
    """Destroy what opens the report: its codes, its key, and every browser's hold on it."""
    forget_codes(session, report_id)
    session.execute(delete(Visit).where(Visit.report_id == report_id))
    session.execute(delete(SurveyState).where(SurveyState.report_id == report_id))
    session.execute(delete(ReportKey).where(ReportKey.report_id == report_id))


def _empty(report: Report, now: datetime) -> None:
    """Leave of a report that there was one, when it was sent, and its first entry."""
    report.answers = GONE
    report.unfinished = report.request_key = report.filed_by = report.code_kept_at = None
    report.erase_asked_at = report.erase_due_at = report.supporter_stopped_at = None
    # The column needs one, and no code leads to what was drawn just now.
    report.code_hash = secrets.token_bytes(32)
    report.created_at = report.filed_at or now
    report.changed_at = report.erased_at = now


def _delete_draft(session: Session, report: Report) -> None:
    session.execute(delete(OutboxMessage).where(OutboxMessage.about == report.id))
    _forget_opening(session, report.id)
    session.execute(delete(Report).where(Report.id == report.id))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
