"""The one safe way to reach somebody about their return code, and about nothing else.

Nothing is sent there before it was confirmed but the number that confirms it. It is sealed under
the report's data key; the ledger notes that there is one, never which.

Whoever sits at an open page, without the return code, cannot put theirs in its place: that asks for
the code. And a new one can be used only some days later, so that the person sees it before.
"""

import hmac
import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts.throttling import Limit, count_try
from portal.errors import Refused, TooManyTries
from portal.languages.translating import _, lazy, speaking, spoken
from portal.ledger.service import NewEntry, append
from portal.notifications.service import Letter, enqueue
from portal.reports.code_changes import settle_change
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import LostCode, Report, SafeContact
from portal.reports.one_time_numbers import hash_number, is_right, new_number, say_number
from portal.reports.safe_ways import Way, open_way, way_context
from portal.reports.states import is_final
from portal.sealing import Keyring, Tokens

MOST_SENDS = 5
SENDS_WITHIN = timedelta(days=1)
ONE_ADDRESS = Limit("safe-contact", tries=5, window=timedelta(minutes=15))
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3 with the erratum 1690
_ADDRESS = re.compile(r'[^@\s<>()\[\],;:"\\]+@[^@\s<>()\[\],;:"\\]+\.[^@\s<>()\[\],;:"\\.]+')
_NEEDS_CODE = lazy(
    "Nothing was changed. That is not the return code of what is open here. Check each group of "
    "five and type it again."
)
_NOT_SENT = lazy("This was not sent yet. Send it first. Then you can choose a safe way here.")
_TOO_MANY = lazy(
    "Many numbers were sent in a short time. Wait, then try again. What you saved is kept."
)


class CodeNeeded(Refused):
    """A confirmed way is changed or removed with the return code, and this was not it."""


def is_address(text: str) -> bool:
    """Whether this can be an email address, as far as its form can tell."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def ask_contact(
    session: Session,
    report_id: UUID,
    way: Way,
    *,
    code: bytes | None = None,
    keyring: Keyring,
    tokens: Tokens,
    now: datetime,
) -> None:
    """Send a number to a safe way, which counts only once the number was typed.

    One that was confirmed before stays until then, and needs the digest of the return code in
    `code`. Raises Refused for a draft, CodeNeeded, and TooManyTries when many numbers were sent to
    this address or for this report.
    """
    report = get_report(session, report_id, lock=True)
    if not is_final(report.state):
        raise Refused(_NOT_SENT)
    row = session.get(SafeContact, report_id)
    _check_code(session, report, row, code, keyring=keyring, now=now)
    count_try(session, ONE_ADDRESS, way.address.lower(), tokens=tokens, now=now)
    if row is None:
        row = SafeContact(report_id=report_id, tries=0, sends=0, sends_since=now)
        session.add(row)
    _count_send(row, now)
    number = new_number()
    data_key = get_data_key(session, report_id, keyring=keyring)
    row.sealed_asked = data_key.seal_json([way.kind, way.address], way_context(report_id))
    row.number_hash = hash_number(number, _purpose(report_id), tokens=tokens)
    row.sent_at = now
    row.tries = 0
    cause = f"safe-contact:{uuid4()}"
    letter = number_letter(way.address, number)
    enqueue(session, letter, kind="number", cause=cause, about=report_id, keyring=keyring, now=now)


def confirm_contact(
    session: Session,
    report_id: UUID,
    typed: str,
    *,
    keyring: Keyring,
    tokens: Tokens,
    now: datetime,
) -> bool:
    """Whether the typed number is the one that was sent: then the way is confirmed, and on record.

    A wrong number counts as a try, so let the transaction end well either way.
    """
    report = get_report(session, report_id, lock=True)
    row = session.get(SafeContact, report_id)
    if row is None or row.sealed_asked is None:
        return False
    right = is_right(
        typed,
        row.number_hash,
        _purpose(report_id),
        sent_at=row.sent_at,
        tries=row.tries,
        tokens=tokens,
        now=now,
    )
    if not right:
        row.tries += 1
        return False
    row.sealed, row.confirmed_at = row.sealed_asked, now
    row.sealed_asked = row.number_hash = None
    _void_numbers(session, report_id)
    data_key = get_data_key(session, report_id, keyring=keyring)
    way = open_way(row.sealed, data_key, report_id)
    fields = {"contact.way": way.kind if way else ""}
    append(session, [NewEntry("contact_confirmed", report.id, fields, data_key.seal)], now=now)
    return True


def remove_contact(
    session: Session,
    report_id: UUID,
    *,
    code: bytes | None = None,
    keyring: Keyring,
    now: datetime,
) -> None:
    """Forget the safe way, and one that waits. Twice changes nothing more.

    Raises CodeNeeded when one was confirmed and `code` is not the digest of the return code.
    """
    report = get_report(session, report_id, lock=True)
    row = session.get(SafeContact, report_id)
    if row is None:
        return
    _check_code(session, report, row, code, keyring=keyring, now=now)
    was_confirmed = row.sealed is not None
    row.sealed = row.confirmed_at = row.sealed_asked = row.number_hash = None
    _void_numbers(session, report_id)
    if was_confirmed:
        data_key = get_data_key(session, report_id, keyring=keyring)
        append(session, [NewEntry("contact_removed", report.id, {}, data_key.seal)], now=now)


def number_letter(address: str, number: str, *, languages: Sequence[str] = ()) -> Letter:
    """The message with a number: neither what it is for, nor a link.

    It speaks the language of the request, or `languages`, one after the other, where none is known.
    """
    subjects, bodies = [], []
    for language in languages or [spoken()]:
        with speaking(language):
            subjects.append(_("Your number"))
            bodies.append(
                _(
                    "Your number is %(number)s\n\n"
                    "Type it on the page that asked for it. It works for 30 minutes, and once.\n\n"
                    "If you did not ask for a number, you do not need to do anything.\n",
                    number=say_number(number),
                )
            )
    return Letter(address, subject=" / ".join(subjects), body="\n".join(bodies))


def _check_code(
    session: Session,
    report: Report,
    row: SafeContact | None,
    code: bytes | None,
    *,
    keyring: Keyring,
    now: datetime,
) -> None:
    if row is None or row.sealed is None:
        return
    settle_change(session, report.id, keyring=keyring, now=now)
    if code is None or not hmac.compare_digest(code, report.code_hash):
        raise CodeNeeded(_NEEDS_CODE)


def _count_send(row: SafeContact, now: datetime) -> None:
    if row.sends_since + SENDS_WITHIN <= now:
        row.sends, row.sends_since = 0, now
    if row.sends >= MOST_SENDS:
        left = row.sends_since + SENDS_WITHIN - now
        raise TooManyTries(_TOO_MANY, retry_after=max(1, math.ceil(left.total_seconds())))
    row.sends += 1


def _void_numbers(session: Session, report_id: UUID) -> None:
    """A number that was sent to an earlier way is good for nothing any more."""
    session.execute(
        update(LostCode).where(LostCode.report_id == report_id).values(number_hash=None)
    )


def _purpose(report_id: UUID) -> str:
    return f"safe-contact:{report_id}"
