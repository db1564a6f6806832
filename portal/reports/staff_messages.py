"""Messages as a supporter and oversight have them: what waits, opening a thread, and answering.

Whatever is shown was asked for by a look, written with a reason before: words of a person are
content of their report. Answering shows nothing, so it asks for no look of its own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotFound, Refused
from portal.ledger.service import NewEntry, append
from portal.reports.caseload import is_supported
from portal.reports.closed import is_closed
from portal.reports.contact_models import Message
from portal.reports.correspondence import (
    ADVOCATE,
    OVERSIGHT,
    PERSON,
    MessageSeen,
    add_message,
    checked_words,
    find_same,
    open_messages,
    said_fields,
)
from portal.reports.drafts import get_data_key, get_report, open_answers
from portal.reports.looks import find_fresh_look, look, may_open, write_look
from portal.reports.models import Allegation, Look, Report, ReportKey
from portal.reports.safe_ways import CALL, Way, find_contact
from portal.reports.states import may_contact
from portal.sealing import Keyring

_SIDES = {"advocate": ADVOCATE, "pcc": OVERSIGHT, "inspector": OVERSIGHT}
_NOTHING = "There is nothing here that you may open."
_WITHDRAWN = (
    "Nothing was sent. The person it belongs to withdrew it, so nobody writes to them any more. "
    "What you wrote is kept on this page."
)
_CLOSED = (
    "Nothing was sent. The person it belongs to closed it, so nobody writes to them any more. "
    "What you wrote is kept on this page."
)


@dataclass(frozen=True)
class Waiting:
    """A thread in which a person wrote something that nobody answered or put aside yet.

    `new` counts what nobody on this side has read; `since` is when the oldest of it came;
    `categories` are of what happened.
    """

    report_id: UUID
    categories: tuple[str, ...]
    filed_at: datetime
    since: datetime
    new: int
    count: int
    withdrawn: bool


@dataclass(frozen=True)
class Thread:
    """A thread that was opened: its messages, and how the person may be rung, if they may.

    `can_write` is False once the person withdrew; then only what they wrote since is there.
    """

    report: Report
    look: Look
    messages: Sequence[MessageSeen] = field(repr=False)
    call: Way | None = field(repr=False)
    call_since: datetime | None
    can_write: bool


def waiting_for(session: Session, account: Account, *, keyring: Keyring) -> list[Waiting]:
    """What waits for this person: unread first, and the longest wait at the top."""
    side = _SIDES.get(account.role)
    rows = session.execute(
        select(Message, Report)
        .join(Report, Report.id == Message.report_id)
        .where(
            Message.settled_at.is_(None),
            Message.account_id.is_(None),
            Message.correspondent == side,
            Report.erase_asked_at.is_(None),
            *((Report.filed_by == account.id,) if side == ADVOCATE else ()),
        )
        .order_by(Message.at, Message.id)
    ).all()
    told: defaultdict[UUID, list[Message]] = defaultdict(list)
    reports: dict[UUID, Report] = {}
    for message, report in rows:
        if report.withdrawn_at is None or message.at >= report.withdrawn_at:
            told[report.id].append(message)
            reports[report.id] = report
    found = [
        _waiting(session, reports[key], messages)
        for key, messages in told.items()
        if _may(session, reports[key], account, keyring)
    ]
    return sorted(found, key=lambda one: (one.new == 0, one.since))


def new_by_report(session: Session, account_id: UUID) -> dict[UUID, int]:
    """How many unread messages each report of a supporter's list has."""
    rows = session.scalars(
        select(Message.report_id)
        .join(Report, Report.id == Message.report_id)
        .where(
            Report.filed_by == account_id,
            Report.supporter_stopped_at.is_(None),
            Report.erase_asked_at.is_(None),
            Message.correspondent == ADVOCATE,
            Message.account_id.is_(None),
            Message.settled_at.is_(None),
            Message.read_at.is_(None),
        )
    )
    found: defaultdict[UUID, int] = defaultdict(int)
    for report_id in rows:
        found[report_id] += 1
    return dict(found)


def get_thread_report(
    session: Session, report_id: UUID, *, account: Account, keyring: Keyring
) -> Report:
    """The report of a thread that this person may ask to open. Raises NotFound for any other."""
    report = get_report(session, report_id)
    side = _open_side(session, report, account, keyring)
    if report.withdrawn_at is not None:
        _check_written_since(session, report, side)
    return report


def open_thread(
    session: Session,
    report_id: UUID,
    *,
    account: Account,
    reason: str,
    keyring: Keyring,
    now: datetime,
) -> Look:
    """Write the look for reading a thread; commit before anything of it is sent.

    Raises NotFound where this person may open nothing, Refused without a reason.
    """
    report = get_report(session, report_id, lock=True)
    side = _open_side(session, report, account, keyring)
    if report.withdrawn_at is None:
        made = look(session, report_id, account=account, reason=reason, keyring=keyring, now=now)
    else:
        _check_written_since(session, report, side)
        made = write_look(session, report, account=account, reason=reason, keyring=keyring, now=now)
    return made


def find_thread(
    session: Session,
    report_id: UUID,
    look_id: UUID,
    *,
    account: Account,
    keyring: Keyring,
    now: datetime,
) -> Thread | None:
    """The thread for a look that was written; None when that is over, or while an erasure waits.

    Raises NotFound where this person may open nothing (any more).
    """
    report = get_report(session, report_id)
    side = _side(session, report, account, keyring)
    seen = find_fresh_look(session, look_id, report_id, account=account, now=now)
    if seen is None or report.erase_asked_at is not None:
        return None
    messages = open_messages(
        session,
        report_id,
        side,
        from_staff=False,
        keyring=keyring,
        since=report.withdrawn_at,
    )
    contact = find_contact(session, report_id, keyring=keyring)
    can_write = may_contact(report.state, withdrawn=report.withdrawn_at is not None)
    rings = contact.confirmed is not None and contact.confirmed.kind == CALL
    call = contact.confirmed if can_write and rings and contact.paused_at is None else None
    return Thread(report, seen, messages, call, contact.works_from, can_write)


def write_as_staff(
    session: Session,
    report_id: UUID,
    words: str,
    *,
    account: Account,
    keyring: Keyring,
    now: datetime,
) -> Message:
    """Write to the person. What they wrote before counts as answered.

    The same words again within ten minutes are the message that is there. Raises NotFound where
    this person may open nothing, Refused for no words or too many, and once it was closed.
    """
    report = get_report(session, report_id, lock=True)
    side = _side(session, report, account, keyring)
    if not may_contact(report.state, withdrawn=is_closed(report)):
        raise Refused(_WITHDRAWN if report.erase_asked_at is None else _CLOSED)
    words = checked_words(words)
    data_key = get_data_key(session, report_id, keyring=keyring)
    there = find_same(session, report_id, side, account.id, words, data_key=data_key, now=now)
    if there is not None:
        return there
    _settle(session, report_id, side, now)
    made = add_message(session, report_id, side, account.id, words, data_key=data_key, now=now)
    fields = {
        "message.from": account.role,
        "message.organisation": account.organisation,
        "message.to": PERSON,
        **said_fields(made, words),
    }
    append(session, [NewEntry("message_sent", report_id, fields, data_key.seal)], now=now)
    return made


def put_aside(
    session: Session, report_id: UUID, *, account: Account, keyring: Keyring, now: datetime
) -> None:
    """What the person wrote needs no answer: it leaves the list of what waits, and stays read."""
    report = get_report(session, report_id, lock=True)
    _settle(session, report_id, _open_side(session, report, account, keyring), now)


def _waiting(session: Session, report: Report, messages: Sequence[Message]) -> Waiting:
    about = select(Allegation.category).where(Allegation.report_id == report.id)
    return Waiting(
        report_id=report.id,
        categories=tuple(session.scalars(about.order_by(Allegation.ordinal))),
        filed_at=report.filed_at or report.created_at,
        since=messages[0].at,
        new=sum(one.read_at is None for one in messages),
        count=len(messages),
        withdrawn=report.withdrawn_at is not None,
    )


def _side(session: Session, report: Report, account: Account, keyring: Keyring) -> str:
    """Which side of the threads this person is. Raises NotFound for nobody's."""
    side = _SIDES.get(account.role)
    if side is None or not _may(session, report, account, keyring):
        raise NotFound(_NOTHING)
    return side


def _open_side(session: Session, report: Report, account: Account, keyring: Keyring) -> str:
    """Which side they are, where something may be shown: NotFound while an erasure waits, too."""
    if report.erase_asked_at is not None:
        raise NotFound(_NOTHING)
    return _side(session, report, account, keyring)


def _may(session: Session, report: Report, account: Account, keyring: Keyring) -> bool:
    """Whether this person may open the report, and its person agreed to a supporter."""
    if session.get(ReportKey, report.id) is None or not may_open(session, report, account):
        return False
    if account.role != "advocate":
        return True
    data_key = get_data_key(session, report.id, keyring=keyring)
    return is_supported(open_answers(report, data_key))


def _check_written_since(session: Session, report: Report, side: str) -> None:
    written = select(Message.id).where(
        _from_person(report.id, side), Message.at >= report.withdrawn_at
    )
    if session.scalar(written.limit(1)) is None:
        raise NotFound(_NOTHING)


def _settle(session: Session, report_id: UUID, side: str, now: datetime) -> None:
    unsettled = (_from_person(report_id, side), Message.settled_at.is_(None))
    session.execute(update(Message).where(*unsettled).values(settled_at=now))


def _from_person(report_id: UUID, side: str) -> ColumnElement[bool]:
    return and_(
        Message.report_id == report_id,
        Message.correspondent == side,
        Message.account_id.is_(None),
    )
