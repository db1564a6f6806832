"""Passing a report to a force, the force's inbox, and what the force answers: its claim only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotFound, Refused
from portal.ledger.service import NewEntry, append
from portal.notifications.service import Letter, enqueue
from portal.reference.terms import find_terms
from portal.reports.closed import is_closed
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Allegation, ForceAnswer, Handover, Look, Report
from portal.sealing import Keyring

HANDOVER_NOTICE = "handover_notice"
PER_PAGE = 50
_NOTICE = (
    "Something new was delivered to your inbox on On Record. Sign in to read it.\n\n"
    "It counts as received from the moment of delivery, not from when it is opened.\n"
)


@dataclass(frozen=True)
class InboxLine:
    """One report passed to a force, as its list shows it: when, and the kinds of allegation.

    Nothing else of its content, and of a withdrawn or erased report not even the kinds
    (`categories` is empty). `was_opened`: a liaison of the force looked at it, and nobody
    else counts.
    """

    handover_id: UUID
    delivered_at: datetime
    categories: tuple[str, ...]
    was_opened: bool
    was_answered: bool
    withdrawn: bool
    erased: bool


@dataclass(frozen=True)
class Claim:
    """What a force said about a report. It stops no clock."""

    at: datetime
    crime_reference: str
    words: str = field(repr=False)


def deliver(session: Session, report: Report, force_id: str, *, now: datetime) -> Handover:
    """Put a report into a force's inbox: received when the transaction commits."""
    handover = Handover(report_id=report.id, force_id=force_id, delivered_at=now)
    session.add(handover)
    session.flush()
    return handover


def notify_force(session: Session, handover: Handover, *, keyring: Keyring, now: datetime) -> None:
    """Write the notice to the force, if it gave an address. A failed one holds nothing up."""
    terms = find_terms(session, handover.force_id)
    if terms is None or not terms.notice_address:
        return
    enqueue(
        session,
        Letter(terms.notice_address, "Something new in your inbox", _NOTICE),
        kind=HANDOVER_NOTICE,
        cause=f"handover:{handover.id}",
        about=handover.id,
        keyring=keyring,
        now=now,
    )


def inbox(
    session: Session, force_id: str, *, skip: int = 0, limit: int = PER_PAGE
) -> list[InboxLine]:
    """Up to `limit` reports passed to a force, the newest delivery first, after `skip` of them."""
    rows = session.execute(
        select(Handover, Report, _opened(), _answered())
        .join(Report, Report.id == Handover.report_id)
        .where(Handover.force_id == force_id)
        .order_by(Handover.delivered_at.desc(), Handover.id)
        .offset(skip)
        .limit(limit)
    ).all()
    kinds = _categories(session, [row[1].id for row in rows if not is_closed(row[1])])
    return [
        InboxLine(
            handover_id=handover.id,
            delivered_at=handover.delivered_at,
            categories=tuple(kinds.get(handover.report_id, ())),
            was_opened=opened,
            was_answered=answered,
            withdrawn=is_closed(report) and report.erased_at is None,
            erased=report.erased_at is not None,
        )
        for handover, report, opened, answered in rows
    ]


def forces_passed_to(session: Session, report_id: UUID) -> list[str]:
    """The forces that a report was passed to, in the order of the deliveries."""
    query = select(Handover.force_id).where(Handover.report_id == report_id)
    return list(session.scalars(query.order_by(Handover.delivered_at, Handover.force_id)))


def get_handover(session: Session, handover_id: UUID, *, force_id: str) -> Handover:
    """One handover to this force. Raises NotFound for another force's."""
    handover = session.get(Handover, handover_id)
    if handover is None or handover.force_id != force_id:
        raise NotFound("There is nothing under that address in your inbox.")
    return handover


def answer(
    session: Session,
    handover_id: UUID,
    *,
    account: Account,
    crime_reference: str,
    words: str,
    keyring: Keyring,
    now: datetime,
) -> ForceAnswer:
    """Keep a force's answer as its claim, with an entry in the ledger. It stops nothing.

    The same answer again, as by a double click, is the one that is there. Raises NotFound for
    another force's handover; Refused when both parts are empty, when nobody of the force's inbox
    opened the report, or once it was withdrawn or erased.
    """
    if account.force_id is None:
        raise NotFound("There is nothing under that address in your inbox.")
    handover = get_handover(session, handover_id, force_id=account.force_id)
    if not crime_reference.strip() and not words.strip():
        raise Refused("Nothing was saved. Give a crime reference, or say something in words.")
    report = get_report(session, handover.report_id, lock=True)
    _check_answerable(session, report, handover.force_id)
    data_key = get_data_key(session, handover.report_id, keyring=keyring)
    claim = {"crime_reference": crime_reference.strip(), "words": words.strip()}
    newest = _newest_answer(session, handover.id)
    if newest and data_key.open_json(newest.sealed, f"force-answer:{newest.id}") == claim:
        return newest
    made = ForceAnswer(handover_id=handover.id, account_id=account.id, at=now, sealed=b"")
    session.add(made)
    session.flush()
    made.sealed = data_key.seal_json(claim, f"force-answer:{made.id}")
    fields = {"force": handover.force_id, **claim}
    append(
        session, [NewEntry("force_answered", handover.report_id, fields, data_key.seal)], now=now
    )
    return made


def _check_answerable(session: Session, report: Report, force_id: str) -> None:
    if report.erased_at is not None:
        raise Refused(
            "Nothing was saved. The person it belonged to had it erased, so it takes no answer any "
            "more."
        )
    if is_closed(report):
        raise Refused(
            "Nothing was saved. The person it belongs to withdrew it, so it takes no answer any "
            "more. A time limit that started keeps running."
        )
    opened = (
        select(Look.id)
        .join(Account, Account.id == Look.account_id)
        .where(
            Look.report_id == report.id,
            Account.role == "liaison",
            Account.force_id == force_id,
        )
    )
    if session.scalar(opened.limit(1)) is None:
        raise Refused("Nothing was saved. Open it first and read it, then answer it.")


def _newest_answer(session: Session, handover_id: UUID) -> ForceAnswer | None:
    query = select(ForceAnswer).where(ForceAnswer.handover_id == handover_id)
    return session.scalars(query.order_by(ForceAnswer.at.desc()).limit(1)).one_or_none()


def claims_on(session: Session, report_id: UUID, *, keyring: Keyring) -> list[Claim]:
    """What forces answered about a report, oldest first."""
    data_key = get_data_key(session, report_id, keyring=keyring)
    rows = session.scalars(
        select(ForceAnswer)
        .join(Handover, Handover.id == ForceAnswer.handover_id)
        .where(Handover.report_id == report_id)
        .order_by(ForceAnswer.at)
    )
    return [
        Claim(row.at, **data_key.open_json(row.sealed, f"force-answer:{row.id}")) for row in rows
    ]


def _opened() -> ColumnElement[bool]:
    return exists().where(
        Look.report_id == Handover.report_id,
        Account.id == Look.account_id,
        Account.force_id == Handover.force_id,
        # The office that watches over the force has the force's id as well.
        Account.role == "liaison",
    )


def _answered() -> ColumnElement[bool]:
    return exists().where(ForceAnswer.handover_id == Handover.id)


def _categories(session: Session, report_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for report_id, category in session.execute(
        select(Allegation.report_id, Allegation.category)
        .where(Allegation.report_id.in_(report_ids))
        .order_by(Allegation.report_id, Allegation.ordinal)
    ):
        found[report_id].append(category)
    return found
