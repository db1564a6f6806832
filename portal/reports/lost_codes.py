"""A new return code for somebody who lost theirs: with a receipt, and a number sent to them.

Whoever shows a receipt hears the same, equally soon, whatever is behind it: the request is only
written down, and a job settles afterwards whether a number is sent. So nobody learns whether a
report has a safe contact, was erased, or has a change waiting.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.accounts.throttling import Limit, count_try
from portal.db import Database
from portal.errors import NotFound
from portal.languages.translating import lazy
from portal.notifications.service import enqueue
from portal.reports.code_changes import ask_change, find_change
from portal.reports.code_letters import asked_letter
from portal.reports.codes import NewCode
from portal.reports.drafts import get_report
from portal.reports.models import LostCode
from portal.reports.one_time_numbers import hash_number, is_right, new_number
from portal.reports.safe_contacts import number_letter
from portal.reports.safe_ways import Way, find_contact
from portal.reports.states import is_final
from portal.sealing import Keyring, Tokens

OPEN_FOR = timedelta(hours=2)
"""How long the browser that asked can type the number and see the new code."""

MOST_SENDS = 3
SENDS_WITHIN = timedelta(days=1)
MOST_ASKED = 20
"""Requests for one report within a day that are looked at; more are answered alike, and end."""
MOST_OPEN = 20_000
"""Requests of all that are open at once: newer ones close the oldest, whatever is behind them."""
ONE_RECEIPT = Limit("lost-code", tries=5, window=timedelta(minutes=15))
_AT_ONCE = 100  # requests for each run of the job, which others wait for
_KEPT_FOR = timedelta(days=2)
_TOO_OLD = lazy("This page was open for too long. Choose your receipt once more.")
WRONG_NUMBER = lazy(
    "That number does not fit. It may be another one, or too old, or tried too often. Check each "
    "digit and try again. If it still does not fit, choose your receipt once more."
)


def count_shown(session: Session, receipt: bytes, *, tokens: Tokens, now: datetime) -> None:
    """Count that this file was shown. Raises TooManyTries for the sixth time in 15 minutes.

    It is the same whatever file it is.
    """
    count_try(session, ONE_RECEIPT, sha256(receipt).hexdigest(), tokens=tokens, now=now)


def ask_number(session: Session, report_id: UUID | None, *, now: datetime) -> str:
    """Write down that somebody showed a receipt, of this report or of none; a token for the cookie.

    The same is written in every case. Of one report so many requests in a day are looked at; the
    next are written as if they were about none.
    """
    token = secrets.token_urlsafe(32)
    about = LostCode.report_id == (report_id or uuid4())
    asked = select(func.count()).select_from(LostCode)
    count = session.scalar(asked.where(about, LostCode.asked_at > now - SENDS_WITHIN)) or 0
    report_id = report_id if count < MOST_ASKED else None
    session.add(LostCode(token_hash=_hash(token), report_id=report_id, asked_at=now, tries=0))
    session.flush()
    return token


def has_waiting(session: Session) -> bool:
    """Whether a request waits to be looked at: a look that takes no lock."""
    waiting = select(LostCode.token_hash).where(LostCode.looked_at.is_(None)).limit(1)
    return session.scalar(waiting) is not None


def send_numbers(database: Database, *, keyring: Keyring, tokens: Tokens, now: datetime) -> int:
    """Look at each request once, and send a number where one is due; how many were sent.

    What is about no report is settled in one go, so that a flood of it holds nobody up.
    """
    with database.transaction() as session:
        nothing = update(LostCode).where(LostCode.report_id.is_(None))
        session.execute(nothing.where(LostCode.looked_at.is_(None)).values(looked_at=now))
        _drop_closed(session)
    with database.reading() as session:
        waiting = select(LostCode.token_hash).where(LostCode.looked_at.is_(None))
        names = list(session.scalars(waiting.order_by(LostCode.asked_at).limit(_AT_ONCE)))
    sent = 0
    for name in names:
        with database.transaction() as session:
            _lock_report(session, name)
            row = _lock(session, name)
            if row is not None and row.looked_at is None:
                row.looked_at = now
                sent += _send(session, row, keyring=keyring, tokens=tokens, now=now)
    return sent


def is_number_right(
    session: Session, token: str, typed: str, *, tokens: Tokens, now: datetime
) -> bool:
    """Whether this is the number that was sent for this request. A wrong one counts as a try.

    Let the transaction end well either way. Raises NotFound when the request is too old or there
    is none.
    """
    row = _get_open(session, token, now)
    right = _fits(row, typed, tokens, now)
    row.tries += not right
    return right


def give_code(
    session: Session,
    token: str,
    typed: str,
    code: NewCode,
    *,
    keyring: Keyring,
    tokens: Tokens,
    now: datetime,
) -> None:
    """A new code for the right number, which works in 72 hours; the safe contact is told.

    The number is used up. Raises NotFound for a wrong number, and Refused while another change is
    waiting.
    """
    report_id = _lock_report(session, _hash(token))
    row = _get_open(session, token, now)
    way = _usable(session, row, keyring, now) if _fits(row, typed, tokens, now) else None
    if way is None or report_id is None:
        raise NotFound(WRONG_NUMBER)
    row.number_hash = None
    row.sealed_code = keyring.seal_alone(code.text.encode(), _context(row.token_hash))
    cause = f"code-change:{row.token_hash.hex()}"
    enqueue(
        session,
        asked_letter(way),
        kind="code",
        cause=cause,
        about=report_id,
        keyring=keyring,
        now=now,
        due_at=way.rules.hours.next_from(now),
    )
    row.works_from = ask_change(session, report_id, code, keyring=keyring, now=now).works_from


def find_open(session: Session, token: str, *, now: datetime) -> LostCode | None:
    """The request of a cookie's token, for two hours; None when there is none."""
    row = session.get(LostCode, _hash(token))
    return None if row is None or _is_closed(session, row, now) else row


def code_of(row: LostCode, keyring: Keyring) -> str | None:
    """The new return code, or None before there is one and once it was kept."""
    if row.sealed_code is None:
        return None
    return keyring.open_alone(row.sealed_code, _context(row.token_hash)).decode()


def forget_lost_code(session: Session, token: str) -> None:
    """Destroy the copy of the new code: the person kept it, or leaves."""
    session.execute(
        update(LostCode)
        .where(LostCode.token_hash == _hash(token))
        .values(sealed_code=None, number_hash=None)
    )


def forget_old_requests(session: Session, *, now: datetime) -> None:
    """Destroy the copies of new codes that nobody can see any more, and drop what is old."""
    session.execute(
        update(LostCode)
        .where(LostCode.asked_at < now - OPEN_FOR, LostCode.sealed_code.is_not(None))
        .values(sealed_code=None)
    )
    nothing = LostCode.report_id.is_(None)
    session.execute(delete(LostCode).where(LostCode.asked_at < now - OPEN_FOR, nothing))
    session.execute(delete(LostCode).where(LostCode.asked_at < now - _KEPT_FOR))


def _send(
    session: Session, row: LostCode, *, keyring: Keyring, tokens: Tokens, now: datetime
) -> bool:
    way = _usable(session, row, keyring, now)
    if way is None or row.report_id is None or _is_enough(session, row.report_id, now):
        return False
    if not way.rules.hours.holds(now):
        return False  # never at night because somebody shows a receipt; the page says so to all
    if find_change(session, row.report_id) is not None:
        return False
    number = new_number()
    row.number_hash = hash_number(number, _purpose(row), tokens=tokens)
    row.sent_at = now
    cause = f"lost-code:{row.token_hash.hex()}"
    letter = number_letter(way, number)
    about = row.report_id
    return enqueue(
        session, letter, kind="number", cause=cause, about=about, keyring=keyring, now=now
    )


def _usable(session: Session, row: LostCode, keyring: Keyring, now: datetime) -> Way | None:
    """The safe way of the report, if it was confirmed long enough ago for its person to see it."""
    if row.report_id is None:
        return None
    report = get_report(session, row.report_id)
    if report.erased_at is not None or not is_final(report.state):
        return None
    return find_contact(session, row.report_id, keyring=keyring).usable(now)


def _is_enough(session: Session, report_id: UUID, now: datetime) -> bool:
    sent = session.scalar(
        select(func.count())
        .select_from(LostCode)
        .where(LostCode.report_id == report_id, LostCode.sent_at > now - SENDS_WITHIN)
    )
    return (sent or 0) >= MOST_SENDS


def _fits(row: LostCode, typed: str, tokens: Tokens, now: datetime) -> bool:
    return is_right(
        typed,
        row.number_hash,
        _purpose(row),
        sent_at=row.sent_at,
        tries=row.tries,
        tokens=tokens,
        now=now,
    )


def _lock_report(session: Session, name: bytes) -> UUID | None:
    """Lock the report of a request, before the request itself, as everything else does."""
    about = select(LostCode.report_id).where(LostCode.token_hash == name)
    report_id = session.scalar(about)
    if report_id is not None:
        get_report(session, report_id, lock=True)
    return report_id


def _get_open(session: Session, token: str, now: datetime) -> LostCode:
    row = _lock(session, _hash(token))
    if row is None or _is_closed(session, row, now):
        raise NotFound(_TOO_OLD)
    return row


def _is_closed(session: Session, row: LostCode, now: datetime) -> bool:
    """Whether a request is too old, or so many came after it that it may be dropped.

    It is closed alike whether or not it is dropped, so nobody learns what is behind it.
    """
    oldest = _oldest_open(session)
    return row.asked_at + OPEN_FOR < now or (oldest is not None and row.asked_at < oldest)


def _oldest_open(session: Session) -> datetime | None:
    newest_first = select(LostCode.asked_at).order_by(LostCode.asked_at.desc())
    return session.scalar(newest_first.offset(MOST_OPEN - 1).limit(1))


def _drop_closed(session: Session) -> None:
    """Drop the requests beyond the most. Those with a number stay: they count for the day."""
    oldest = _oldest_open(session)
    if oldest is not None:
        session.execute(
            delete(LostCode).where(LostCode.asked_at < oldest, LostCode.sent_at.is_(None))
        )


def _lock(session: Session, name: bytes) -> LostCode | None:
    query = select(LostCode).where(LostCode.token_hash == name)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(fresh).one_or_none()


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _context(token_hash: bytes) -> str:
    return f"lost-code:{token_hash.hex()}"


def _purpose(row: LostCode) -> str:
    # With its report: a row that was turned to another one has no number that fits.
    return f"lost-code:{row.token_hash.hex()}:{row.report_id}"
