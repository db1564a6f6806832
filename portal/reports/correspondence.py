"""Messages between a person and their supporter, and between a person and oversight.

Each is sealed under the report's key, and is a ledger entry that commits to its words. A force's
liaison and registrar have no part in it. Withdrawing stops contact: from then on nobody but the
person writes, and only what they write afterwards can be read by the other side, because they
chose to (docs/safe-contact.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import Refused
from portal.languages.translating import lazy
from portal.ledger.service import NewEntry, append
from portal.reports.caseload import is_supported
from portal.reports.closed import check_not_erasing
from portal.reports.contact_models import Message
from portal.reports.drafts import get_data_key, get_report, open_answers
from portal.reports.models import Report
from portal.reports.pace import DAY
from portal.reports.states import Viewer, is_final, may_see
from portal.reports.telling_staff import tell_staff
from portal.sealing import DataKey, Keyring

ADVOCATE, OVERSIGHT = "advocate", "oversight"
CORRESPONDENTS = (ADVOCATE, OVERSIGHT)
PERSON = "person"
LONGEST = 4000  # characters
MOST_A_DAY = 50
"""Messages that a person can write about one report within 24 hours."""
_SAME_WITHIN = timedelta(minutes=10)
_EMPTY = lazy("Nothing was sent. Write your message first.")
_LONG = lazy("Nothing was sent. Make it 4,000 characters or fewer. All that you wrote is kept.")
_MANY = lazy(
    "Nothing was sent yet. You wrote many messages today, and all of them are kept. "
    "What you wrote now is still here. Send it tomorrow."
)
_NOBODY = lazy("Nothing was sent, because there is nobody there who could read it now.")


@dataclass(frozen=True)
class MessageSeen:
    """One message. `role` and `organisation` are of whoever wrote it for the other side, "" for
    the person; `is_new` says that the side that looks had not read it before.
    """

    id: UUID
    at: datetime
    role: str
    organisation: str
    is_new: bool
    words: str = field(repr=False)


@dataclass(frozen=True)
class Threads:
    """With whom a person can write, with whom they did, and how many messages are new, by side."""

    open: Sequence[str]
    there: Sequence[str]
    new: Mapping[str, int]

    @property
    def count(self) -> int:
        """How many messages of all are new."""
        return sum(self.new.values())


def threads_of(session: Session, report: Report, *, keyring: Keyring) -> Threads:
    """The threads of a report as its person sees them. Raises NotFound once it was erased."""
    rows = session.execute(
        select(Message.correspondent, Message.account_id, Message.read_at).where(
            Message.report_id == report.id
        )
    ).all()
    told = {row.correspondent for row in rows}
    data_key = get_data_key(session, report.id, keyring=keyring)
    answers = open_answers(report, data_key)
    reached = [each for each in CORRESPONDENTS if _reaches(session, report, answers, each)]
    new = {
        each: sum(
            row.correspondent == each and row.account_id is not None and row.read_at is None
            for row in rows
        )
        for each in CORRESPONDENTS
    }
    there = [each for each in CORRESPONDENTS if each in told or each in reached]
    return Threads(reached, there, new)


def write_as_person(
    session: Session, report_id: UUID, to: str, words: str, *, keyring: Keyring, now: datetime
) -> Message:
    """Write to a supporter or to oversight, who are told that there is something new.

    The same words again within ten minutes are the message that is there. Raises Refused for no
    words or too many, for `MOST_A_DAY` messages within a day, where nobody could read it, and
    while an erasure waits.
    """
    report = get_report(session, report_id, lock=True)
    check_not_erasing(report)
    data_key = get_data_key(session, report_id, keyring=keyring)
    words = checked_words(words)
    answers = open_answers(report, data_key)
    if to not in CORRESPONDENTS or not _reaches(session, report, answers, to):
        raise Refused(_NOBODY)
    there = find_same(session, report_id, to, None, words, data_key=data_key, now=now)
    if there is not None:
        return there
    _check_pace(session, report_id, now)
    made = add_message(session, report_id, to, None, words, data_key=data_key, now=now)
    tell_staff(session, report, to, keyring=keyring, now=now)
    fields = {"message.from": PERSON, "message.to": to, **said_fields(made, words)}
    append(session, [NewEntry("message_sent", report_id, fields, data_key.seal)], now=now)
    return made


def read_as_person(
    session: Session, report_id: UUID, correspondent: str, *, keyring: Keyring
) -> list[MessageSeen]:
    """One thread, oldest first, with what its person has not read yet marked as new."""
    return open_messages(session, report_id, correspondent, from_staff=True, keyring=keyring)


def were_read(session: Session, messages: Sequence[MessageSeen], *, now: datetime) -> None:
    """Note that the side they are for had these messages on a page. Nobody is ever shown when."""
    new = [each.id for each in messages if each.is_new]
    session.execute(
        update(Message).where(Message.id.in_(new), Message.read_at.is_(None)).values(read_at=now)
    )


def open_messages(
    session: Session,
    report_id: UUID,
    correspondent: str,
    *,
    from_staff: bool,
    keyring: Keyring,
    since: datetime | None = None,
) -> list[MessageSeen]:
    """The messages of a thread, opened, oldest first; `since` leaves out older ones.

    `from_staff` says whose messages can be new: those of the side that does not look.
    """
    data_key = get_data_key(session, report_id, keyring=keyring)
    query = (
        select(Message, Account)
        .outerjoin(Account, Account.id == Message.account_id)
        .where(Message.report_id == report_id, Message.correspondent == correspondent)
        .order_by(Message.at, Message.id)
    )
    rows = session.execute(query.where(Message.at >= since) if since else query).all()
    return [
        MessageSeen(
            id=message.id,
            at=message.at,
            role=account.role if account else "",
            organisation=account.organisation if account else "",
            is_new=message.read_at is None and (account is not None) == from_staff,
            words=open_words(message, data_key),
        )
        for message, account in rows
    ]


def add_message(
    session: Session,
    report_id: UUID,
    correspondent: str,
    account_id: UUID | None,
    words: str,
    *,
    data_key: DataKey,
    now: datetime,
) -> Message:
    """Put a message into its thread, sealed for its own place."""
    made = Message(
        report_id=report_id,
        correspondent=correspondent,
        account_id=account_id,
        at=now,
        sealed_words=b"",
    )
    session.add(made)
    session.flush()
    made.sealed_words = data_key.seal(words.encode(), _context(made))
    return made


def find_same(
    session: Session,
    report_id: UUID,
    correspondent: str,
    account_id: UUID | None,
    words: str,
    *,
    data_key: DataKey,
    now: datetime,
) -> Message | None:
    """The newest message of a thread if the same side wrote the same words just now: it was sent
    twice, as by a double click.
    """
    newest = session.scalars(
        select(Message)
        .where(Message.report_id == report_id, Message.correspondent == correspondent)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is None or newest.account_id != account_id or newest.at + _SAME_WITHIN < now:
        return None
    return newest if open_words(newest, data_key) == words else None


def open_words(message: Message, data_key: DataKey) -> str:
    """What a message says. Raises Unavailable for a row that was moved or changed."""
    return data_key.open(message.sealed_words, _context(message)).decode()


def _reaches(session: Session, report: Report, answers: Mapping[str, Any], to: str) -> bool:
    """Whether somebody on the other side can read what the person writes now."""
    if not is_final(report.state) or report.erased_at is not None:
        return False
    if to == OVERSIGHT:
        return may_see(Viewer.OVERSIGHT, report.state)
    stopped = report.supporter_stopped_at is not None
    if stopped or not is_supported(answers) or report.filed_by is None:
        return False
    supporter = session.get(Account, report.filed_by)
    return supporter is not None and supporter.closed_at is None


def _check_pace(session: Session, report_id: UUID, now: datetime) -> None:
    query = (
        select(func.count())
        .select_from(Message)
        .where(Message.report_id == report_id, Message.account_id.is_(None), Message.at > now - DAY)
    )
    if (session.scalar(query) or 0) >= MOST_A_DAY:
        raise Refused(_MANY)


def checked_words(words: str) -> str:
    """The words without spaces round them. Raises Refused for none, or too many."""
    words = words.strip()
    if not words:
        raise Refused(_EMPTY)
    if len(words) > LONGEST:
        raise Refused(_LONG)
    return words


def said_fields(message: Message, words: str) -> dict[str, object]:
    """What an entry about a message commits to, beside who wrote to whom."""
    return {"message": str(message.id), "message.words": words}


def _context(message: Message) -> str:
    return f"message:{message.id}"
