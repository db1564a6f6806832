"""Visits: a browser that holds one draft or report open, until it leaves or stays away."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, bindparam, literal, or_, select, update
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.languages.translating import _, lazy
from portal.reports.binding import bind_visit, is_bound
from portal.reports.codes import key_material
from portal.reports.date_words import say_moment
from portal.reports.drafts import get_data_key
from portal.reports.models import Report, ReportKey, ReturnCode, Visit
from portal.sealing import Keyring, SlowHash

IDLE_LIMIT = timedelta(hours=2)
TOUCH_EVERY = timedelta(minutes=5)
OPENS_NOTHING = lazy("That code opens nothing here. Check each group of five and type it again.")
# A code from before there were tags could be any.
_HAS_TAG = (
    select(literal(1))
    .select_from(ReturnCode)
    .join(Report, Report.id == ReturnCode.report_id)
    .where(
        or_(ReturnCode.tag == bindparam("tag"), ReturnCode.tag.is_(None)),
        or_(ReturnCode.works_until.is_(None), ReturnCode.works_until > bindparam("now")),
        Report.erased_at.is_(None),
    )
    .limit(1)
)


class NotYet(NotFound):
    """The code is a new one whose time has not come."""


def opens_nothing(session: Session, secret: bytes, *, codes: SlowHash, now: datetime) -> bool:
    """Whether no report can have a code with this key material: one look into an index.

    A code that never was, one that was replaced and one of a report that was erased are all the
    same here, since of none of them is a tag left. False says only that the slow hash must tell.
    """
    found = session.connection().execute(_HAS_TAG, {"tag": codes.tag(secret), "now": now})
    return found.first() is None


def open_with_code(
    session: Session, text: str, *, codes: SlowHash, keyring: Keyring, now: datetime
) -> Report:
    """The draft or report that a typed return code opens.

    Raises WrongCode when it cannot be a code at all, NotFound when it opens nothing, and NotYet
    when it opens something later.
    """
    secret = key_material(text)
    if opens_nothing(session, secret, codes=codes, now=now):
        raise NotFound(OPENS_NOTHING)
    code = session.get(ReturnCode, codes.digest_typed(secret))
    if code is None or (code.works_until is not None and code.works_until <= now):
        raise NotFound(OPENS_NOTHING)
    report = session.get_one(Report, code.report_id)
    if report.erased_at is not None or not _is_of(session, code, report, keyring):
        raise NotFound(OPENS_NOTHING)
    if code.works_from is not None and now < code.works_from:
        raise NotYet(
            _(
                "This is a new code, and it does not work yet. It works from %(moment)s. Keep it "
                "until then.",
                moment=say_moment(code.works_from),
            )
        )
    return report


def _is_of(session: Session, code: ReturnCode, report: Report, keyring: Keyring) -> bool:
    """Whether the code was made for this report, and is its own or the one that is going to be."""
    if code.works_from is None and code.code_hash != report.code_hash:
        return False
    return is_bound(code, get_data_key(session, report.id, keyring=keyring))


def start_visit(
    session: Session, report_id: UUID, *, code: str | None, keyring: Keyring, now: datetime
) -> str:
    """Open a visit and return its token for the cookie; only its hash is stored.

    `code` is kept, sealed, while the visit lasts, so that it can be shown until it was kept.
    """
    token = secrets.token_urlsafe(32)
    data_key = get_data_key(session, report_id, keyring=keyring)
    session.add(
        Visit(
            token_hash=_hash(token),
            report_id=report_id,
            sealed_code=keyring.seal_alone(code.encode(), _context(report_id)) if code else None,
            started_at=now,
            seen_at=now,
            bound=bind_visit(data_key, report_id, _hash(token)),
        )
    )
    session.flush()
    return token


def find_visit(session: Session, token: str, *, keyring: Keyring, now: datetime) -> Visit | None:
    """The open visit of a cookie's token; None when it was ended, nobody came for 2 hours, or its
    row was turned to another report.
    """
    own_key = select(Visit, ReportKey.wrapped).join(
        ReportKey, ReportKey.report_id == Visit.report_id
    )
    found = session.execute(own_key.where(Visit.token_hash == _hash(token))).one_or_none()
    if found is None:
        return None
    visit, wrapped = found
    if visit.ended_at is not None or visit.seen_at + IDLE_LIMIT < now:
        return None
    return visit if is_bound(visit, keyring.unwrap(wrapped)) else None


def touch_visit(session: Session, visit: Visit, *, now: datetime) -> None:
    """Note that somebody is still here."""
    session.execute(update(Visit).where(Visit.token_hash == visit.token_hash).values(seen_at=now))


def end_visit(session: Session, token: str, *, now: datetime) -> None:
    """Close a visit for every copy of its cookie. Nothing happens when it is not open."""
    session.execute(
        update(Visit)
        .where(Visit.token_hash == _hash(token), Visit.ended_at.is_(None))
        .values(ended_at=now, sealed_code=None)
    )


def end_visits_of(
    session: Session, report_id: UUID, *, now: datetime, but: str | None = None
) -> None:
    """Close every visit to a report, in whatever browser, but the one of the token `but`."""
    ending = (
        update(Visit)
        .where(Visit.report_id == report_id, Visit.ended_at.is_(None))
        .values(ended_at=now, sealed_code=None)
    )
    if but is not None:
        ending = ending.where(Visit.token_hash != _hash(but))
    session.execute(ending)


def find_closed_by(session: Session, token: str) -> Report | None:
    """The report for whose erasure this browser asked, while that waits; else None.

    Its visit is over: this is for telling it when that is done, and never for keeping it.
    """
    return session.scalars(
        select(Report)
        .join(Visit, Visit.report_id == Report.id)
        .where(
            Visit.token_hash == _hash(token),
            Visit.ended_at == Report.erase_asked_at,
            Report.erased_at.is_(None),
        )
    ).one_or_none()


def openings_of(session: Session, report: Report) -> list[datetime]:
    """Each time that somebody opened it with the return code, oldest first.

    The visit in which it was begun started with the draft itself, and is none of them.
    """
    return list(
        session.scalars(
            select(Visit.started_at)
            .where(Visit.report_id == report.id, Visit.started_at > report.created_at)
            .order_by(Visit.started_at)
        )
    )


def end_idle_visits(session: Session, *, now: datetime) -> int:
    """Close the visits that nobody came back to, and destroy their sealed codes; how many."""
    ended = session.execute(
        update(Visit)
        .where(Visit.ended_at.is_(None), Visit.seen_at < now - IDLE_LIMIT)
        .values(ended_at=now, sealed_code=None)
    )
    return cast("CursorResult[object]", ended).rowcount


def code_of_visit(visit: Visit, keyring: Keyring) -> str | None:
    """The return code made in this visit, or None when it is no longer kept."""
    if visit.sealed_code is None:
        return None
    return keyring.open_alone(visit.sealed_code, _context(visit.report_id)).decode()


def show_in_visit(
    session: Session, token: str, report_id: UUID, code: str, *, keyring: Keyring
) -> None:
    """Keep a new return code, sealed, in an open visit: it can be shown until it was kept."""
    sealed = keyring.seal_alone(code.encode(), _context(report_id))
    session.execute(
        update(Visit)
        .where(Visit.token_hash == _hash(token), Visit.report_id == report_id)
        .values(sealed_code=sealed)
    )


def forget_code(session: Session, report_id: UUID) -> None:
    """Destroy every sealed copy of a report's return code."""
    session.execute(update(Visit).where(Visit.report_id == report_id).values(sealed_code=None))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _context(report_id: UUID) -> str:
    return f"visit-code:{report_id}"
