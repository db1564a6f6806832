"""Another return code for a report: at once with the old one, or after 72 hours without it.

Whoever has the code that works now can always stop a change that was asked for without it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.db import Database
from portal.errors import NotFound, Refused
from portal.languages.translating import lazy
from portal.ledger import code_chain
from portal.ledger.code_chain import Asked, Chain
from portal.ledger.service import NewEntry, append, timeline
from portal.reports.binding import bind_code
from portal.reports.cancelling import tell_cancelled
from portal.reports.codes import NewCode, TypedCode
from portal.reports.contact_models import Message, SafeContact
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import CodeChange, LostCode, Report, ReturnCode
from portal.reports.states import is_final
from portal.reports.visits import OPENS_NOTHING, end_visits_of, show_in_visit
from portal.sealing import Keyring

_NOT_SENT = lazy("This was not sent yet. Send it first. Then you can get a new code for it.")
_MEANWHILE = lazy("This was not done, because the code was changed meanwhile. Use the newest code.")
_NOT_SIGNED = lazy(
    "Nothing was changed. The return code that you typed is not the one that this belongs to. "
    "Check each group of five and type it again."
)
_ASKED_ALREADY = lazy("Somebody has asked for a new code already. Nothing more was changed.")


class Used(NamedTuple):
    """What was worked out of a code that was typed: its digest (32 bytes) and tag (4)."""

    digest: bytes
    tag: bytes


class _Stored(NamedTuple):
    """What is stored of a code."""

    code_hash: bytes
    tag: bytes | None
    request_key: bytes | None


def find_change(session: Session, report_id: UUID) -> CodeChange | None:
    """The change that somebody asked for and that is neither done nor cancelled, or None."""
    return session.scalars(
        select(CodeChange).where(
            CodeChange.report_id == report_id,
            CodeChange.cancelled_at.is_(None),
            CodeChange.done_at.is_(None),
        )
    ).one_or_none()


def change_now(
    session: Session,
    report_id: UUID,
    code: NewCode,
    *,
    old: TypedCode,
    visit: str,
    keyring: Keyring,
    now: datetime,
) -> None:
    """A new code instead of the old one, at once; every visit but the one of `visit` ends.

    `old` is the code that was just typed; its key signs the change. A change that somebody else
    asked for is cancelled. The new code is kept in the visit until the person kept it. Raises
    Refused for a draft, when the code was changed since, and when the key is not that on record.
    """
    report = _lock_sent(session, report_id)
    settle_change(session, report_id, keyring=keyring, now=now)
    if report.code_hash != old.digest:
        raise Refused(_MEANWHILE)
    chain = _chain_of(session, report, keyring)
    entries = _cancel(session, report, chain, keyring=keyring, now=now)
    fields = _signed(report, chain, code, old)
    stored = _Stored(code.digest, code.tag, code.request_key if chain.key else None)
    _replace(session, report, stored, keyring)
    report.code_kept_at = None
    end_visits_of(session, report_id, now=now, but=visit)
    show_in_visit(session, visit, report_id, code.text, keyring=keyring)
    entries.append(_entry(session, report, code_chain.CHANGED, fields, keyring))
    append(session, entries, now=now)


def ask_change(
    session: Session, report_id: UUID, code: NewCode, *, keyring: Keyring, now: datetime
) -> CodeChange:
    """A new code that works 72 hours from now, unless whoever has the old one cancels it.

    Raises Refused for a draft, and while another change is waiting.
    """
    report = _lock_sent(session, report_id)
    if find_change(session, report_id) is not None:
        raise Refused(_ASKED_ALREADY)
    change = CodeChange(
        report_id=report_id,
        code_hash=code.digest,
        request_key=code.request_key,
        asked_at=now,
        works_from=now + code_chain.WAIT,
    )
    session.execute(
        update(ReturnCode)
        .where(ReturnCode.report_id == report_id)
        .values(works_until=change.works_from)
    )
    data_key = get_data_key(session, report_id, keyring=keyring)
    waiting = ReturnCode(
        code_hash=code.digest,
        report_id=report_id,
        tag=code.tag,
        works_from=change.works_from,
        bound=bind_code(data_key, report_id, code.digest, change.works_from),
    )
    session.add_all([change, waiting])
    until = timestamp(change.works_from)
    fields = code_chain.asked_fields(until, code.request_key, code.digest)
    append(session, [_entry(session, report, code_chain.ASKED, fields, keyring)], now=now)
    return change


def cancel_change(session: Session, report_id: UUID, *, keyring: Keyring, now: datetime) -> bool:
    """Stop the change that somebody asked for: the new code opens nothing, now and later.

    False when none is waiting any more, as after a double click.
    """
    report = get_report(session, report_id, lock=True)
    if find_change(session, report_id) is None:
        return False
    entries = _cancel(
        session, report, _chain_of(session, report, keyring), keyring=keyring, now=now
    )
    append(session, entries, now=now)
    return bool(entries)


def settle_change(session: Session, report_id: UUID, *, keyring: Keyring, now: datetime) -> bool:
    """Carry out the change whose 72 hours are over; whether there was one.

    The entry that asked for it says what becomes of it and when: its row alone can have been
    changed by anybody who can write to the database. From then on the new code is the report's
    own, every visit is over, and no trace of the old code is left.
    """
    report = get_report(session, report_id, lock=True)
    change = find_change(session, report_id)
    if change is None or now < change.works_from:
        return False
    chain = _chain_of(session, report, keyring)
    asked = chain.asked
    if asked is None or now < asked.works_from or not _is_row_of(change, asked):
        return False
    change.done_at = now
    # Whoever asked has seen the new code and kept it, or else could not use it.
    report.code_kept_at = now
    new = session.get_one(ReturnCode, change.code_hash)
    stored = _Stored(change.code_hash, new.tag, change.request_key if chain.key else None)
    _replace(session, report, stored, keyring)
    end_visits_of(session, report_id, now=now)
    fields = code_chain.changed_with_receipt(timestamp(asked.works_from), asked)
    if chain.key is None:
        fields = _without_key(fields)
    append(session, [_entry(session, report, code_chain.CHANGED, fields, keyring)], now=now)
    return True


def settle_due_changes(database: Database, *, keyring: Keyring, now: datetime) -> int:
    """Carry out every change whose time has come; how many. Safe to run twice."""
    due = (
        select(CodeChange.report_id)
        .join(Report, Report.id == CodeChange.report_id)
        .where(
            CodeChange.cancelled_at.is_(None),
            CodeChange.done_at.is_(None),
            CodeChange.works_from <= now,
            Report.erased_at.is_(None),
        )
    )
    with database.reading() as session:
        waiting = list(session.scalars(due))
    done = 0
    for report_id in waiting:
        with database.transaction() as session:
            done += settle_change(session, report_id, keyring=keyring, now=now)
    return done


def code_was_used(
    session: Session, report_id: UUID, used: Used, *, keyring: Keyring, now: datetime
) -> None:
    """What the use of a code sets right: its tag, if it is older than tags, and a late change.

    Raises NotFound when the code is a new one that no entry asked for, or that was cancelled.
    """
    session.execute(
        update(ReturnCode)
        .where(ReturnCode.code_hash == used.digest, ReturnCode.tag.is_(None))
        .values(tag=used.tag)
    )
    settle_change(session, report_id, keyring=keyring, now=now)
    # A row that still waits although its time has come was not made by asking, or was put back.
    waits = select(ReturnCode.works_from).where(ReturnCode.code_hash == used.digest)
    if session.scalar(waits) is not None:
        raise NotFound(OPENS_NOTHING)


def forget_codes(session: Session, report_id: UUID) -> None:
    """Leave no trace of any code of a report, its safe contact or messages: when it is erased."""
    for table in (ReturnCode, CodeChange, LostCode, SafeContact, Message):
        session.execute(delete(table).where(table.report_id == report_id))


def _lock_sent(session: Session, report_id: UUID) -> Report:
    report = get_report(session, report_id, lock=True)
    if not is_final(report.state):
        raise Refused(_NOT_SENT)
    return report


def _replace(session: Session, report: Report, stored: _Stored, keyring: Keyring) -> None:
    """Make this the one code of the report."""
    session.execute(delete(ReturnCode).where(ReturnCode.report_id == report.id))
    report.code_hash, report.request_key = stored.code_hash, stored.request_key
    data_key = get_data_key(session, report.id, keyring=keyring)
    bound = bind_code(data_key, report.id, stored.code_hash, None)
    session.add(
        ReturnCode(code_hash=stored.code_hash, report_id=report.id, tag=stored.tag, bound=bound)
    )
    session.flush()


def _chain_of(session: Session, report: Report, keyring: Keyring) -> Chain:
    """What the report's own entries show of its codes."""
    data_key = get_data_key(session, report.id, keyring=keyring)
    return code_chain.follow(each.fields for each in timeline(session, report.id, data_key.open))


def _is_row_of(change: CodeChange, asked: Asked) -> bool:
    return change.request_key == asked.key and asked.code == code_chain.digest_of(change.code_hash)


def _cancel(
    session: Session, report: Report, chain: Chain, *, keyring: Keyring, now: datetime
) -> list[NewEntry]:
    change = find_change(session, report.id)
    if change is None or (chain.asked is not None and chain.asked.works_from <= now):
        return []
    change.cancelled_at = now
    session.execute(delete(ReturnCode).where(ReturnCode.code_hash == change.code_hash))
    session.execute(
        update(ReturnCode).where(ReturnCode.report_id == report.id).values(works_until=None)
    )
    tell_cancelled(session, change, keyring=keyring, now=now)
    # A row that no entry asked for goes too, and there is nothing on record to cancel.
    return [_entry(session, report, code_chain.CANCELLED, {}, keyring)] if chain.asked else []


def _signed(report: Report, chain: Chain, code: NewCode, old: TypedCode) -> Mapping[str, object]:
    """The fields of a change with the old code. Raises Refused unless its key is the newest."""
    key = chain.key or b""
    message = code_chain.change_message(str(report.id), key, code.request_key)
    signature = old.sign(message)
    fields = code_chain.changed_with_code(code.request_key, code.digest, signature)
    if chain.key is None:
        return _without_key(fields)
    if not code_chain.is_signed(key, message, signature):
        raise Refused(_NOT_SIGNED)
    return fields


def _without_key(fields: Mapping[str, object]) -> Mapping[str, object]:
    """For a report that was sent before codes had keys: nobody could vouch for a first one."""
    keys = (code_chain.REQUEST_KEY, code_chain.SIGNATURE)
    return {name: value for name, value in fields.items() if name not in keys}


def _entry(
    session: Session, report: Report, kind: str, fields: Mapping[str, object], keyring: Keyring
) -> NewEntry:
    data_key = get_data_key(session, report.id, keyring=keyring)
    return NewEntry(kind, report.id, fields, data_key.seal)
