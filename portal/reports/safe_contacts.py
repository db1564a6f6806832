"""The one safe way to reach somebody: about their return code and, if they wish, for notices.

Nothing is sent there before it was confirmed but the number that confirms it. It is sealed under
the report's data key; the ledger notes that there is one, never which. docs/safe-contact.md.

Whoever sits at an open page, without the return code, cannot put theirs in its place: that asks for
the code. A change counts at once for sending, and can be put back for 72 hours; and a new way can
be used for a lost code only some days later, so that the person sees it before.
"""

import math
import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from portal.accounts.throttling import Limit, count_try
from portal.errors import Refused, TooManyTries
from portal.languages.translating import _, lazy, speaking
from portal.ledger.code_chain import WAIT
from portal.ledger.service import NewEntry, append
from portal.notifications.service import Letter, enqueue
from portal.reports.closed import check_not_erasing
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key, get_report
from portal.reports.one_time_numbers import hash_number, is_right, new_number, say_number
from portal.reports.safe_changes import (
    CONFIRMING,
    check_code,
    nothing_older_is_news,
    put_aside,
    stop_sending,
    way_counts,
)
from portal.reports.safe_ways import CALL, Contact, Way, find_contact, open_way, seal_way
from portal.reports.states import is_final
from portal.sealing import DataKey, Keyring, Tokens

MOST_SENDS = 5
SENDS_WITHIN = timedelta(days=1)
ONE_ADDRESS = Limit("safe-contact", tries=5, window=timedelta(minutes=15))
LONGEST_CODE_WORD = 60
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3 with the erratum 1690
_ADDRESS = re.compile(r'[^@\s<>()\[\],;:"\\]+@[^@\s<>()\[\],;:"\\]+\.[^@\s<>()\[\],;:"\\.]+')
_NOT_SENT = lazy("This was not sent yet. Send it first. Then you can choose a safe way here.")
_TOO_MANY = lazy(
    "Many numbers were sent in a short time. Wait, then try again. What you saved is kept."
)


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
) -> bool:
    """Choose a way; whether it now waits for the number that was sent there.

    One that was confirmed before gets nothing more from now on, and can be put back for 72 hours.
    The same place with other rules counts at once; so does a number for calls, which nobody
    confirms: it was typed twice, and a person rings it. Both, and any change of what was
    confirmed, need the digest of the return code in `code`.

    Raises Refused for a draft and while an erasure waits, CodeNeeded, and TooManyTries when many
    numbers were sent to this address or for this report.
    """
    report = get_report(session, report_id, lock=True)
    check_not_erasing(report)
    if not is_final(report.state):
        raise Refused(_NOT_SENT)
    contact = find_contact(session, report_id, keyring=keyring)
    if way.kind == CALL or contact.needs_code(now):
        check_code(session, report, code, keyring=keyring, now=now)
    row = session.get(SafeContact, report_id)
    if row is None:
        row = SafeContact(report_id=report_id, tries=0, sends=0, sends_since=now)
        session.add(row)
    data_key = get_data_key(session, report_id, keyring=keyring)
    if contact.confirmed is not None and contact.confirmed.is_same_place(way):
        _change_rules(session, row, contact, way, data_key, now)
        return False
    if way.kind != CALL:
        count_try(session, ONE_ADDRESS, way.address.lower(), tokens=tokens, now=now)
        _count_send(row, now)
    entries = put_aside(session, row, contact, data_key.seal, now, because="change")
    if way.kind == CALL:
        row.sealed = seal_way(way, data_key, report_id)
        way_counts(session, row, now)
        fields = {"contact.way": CALL, "contact.by": "typed-twice"}
        entries.append(NewEntry("contact_confirmed", report_id, fields, data_key.seal))
    else:
        row.sealed_asked = seal_way(way, data_key, report_id)
        _send_number(session, row, way, keyring=keyring, tokens=tokens, now=now)
    append(session, entries, now=now)
    return way.kind != CALL


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

    A wrong number counts as a try, so let the transaction end well either way. Raises Refused
    while an erasure waits.
    """
    report = get_report(session, report_id, lock=True)
    check_not_erasing(report)
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
    row.sealed = row.sealed_asked
    way_counts(session, row, now)
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
    """Write nowhere any more, and forget a way that waits. Twice changes nothing more.

    One that was confirmed can be put back for 72 hours. Raises CodeNeeded when one was confirmed
    and `code` is not the digest of the return code, Refused while an erasure waits.
    """
    report = get_report(session, report_id, lock=True)
    check_not_erasing(report)
    row = session.get(SafeContact, report_id)
    if row is None:
        return
    contact = find_contact(session, report_id, keyring=keyring)
    if contact.needs_code(now):
        check_code(session, report, code, keyring=keyring, now=now)
    data_key = get_data_key(session, report_id, keyring=keyring)
    entries = put_aside(session, row, contact, data_key.seal, now, because="removal")
    append(session, entries, now=now)


def number_letter(way: Way, number: str) -> Letter:
    """The message with a number: neither what it is for, nor a link."""
    with speaking(way.rules.language):
        return Letter(
            way.outbox_address,
            subject=_("Your number"),
            body=_(
                "Your number is %(number)s\n\n"
                "Type it on the page that asked for it. It works for 30 minutes, and once.\n\n"
                "If you did not ask for a number, you do not need to do anything.\n",
                number=say_number(number),
            ),
        )


def _change_rules(
    session: Session,
    row: SafeContact,
    contact: Contact,
    way: Way,
    data_key: DataKey,
    now: datetime,
) -> None:
    """The same place, used otherwise: it stays confirmed, and a lost code waits no longer for it.

    It can be put back as any change can.
    """
    stop_sending(session, row)
    if contact.confirmed is None or contact.confirmed.rules == way.rules:
        return
    row.sealed_former, row.former_until = row.sealed, now + WAIT
    row.sealed = seal_way(way, data_key, row.report_id)
    nothing_older_is_news(session, row)
    entry = NewEntry("contact_rules", row.report_id, {"contact.way": way.kind}, data_key.seal)
    append(session, [entry], now=now)


def _send_number(
    session: Session,
    row: SafeContact,
    way: Way,
    *,
    keyring: Keyring,
    tokens: Tokens,
    now: datetime,
) -> None:
    number = new_number()
    row.number_hash = hash_number(number, _purpose(row.report_id), tokens=tokens)
    row.sent_at = now
    row.tries = 0
    enqueue(
        session,
        number_letter(way, number),
        kind="number",
        cause=f"{CONFIRMING}{uuid4()}",
        about=row.report_id,
        keyring=keyring,
        now=now,
    )


def _count_send(row: SafeContact, now: datetime) -> None:
    if row.sends_since + SENDS_WITHIN <= now:
        row.sends, row.sends_since = 0, now
    if row.sends >= MOST_SENDS:
        left = row.sends_since + SENDS_WITHIN - now
        raise TooManyTries(_TOO_MANY, retry_after=max(1, math.ceil(left.total_seconds())))
    row.sends += 1


def _purpose(report_id: UUID) -> str:
    return f"safe-contact:{report_id}"
