"""Visits: a browser that holds one draft or report open, until it leaves or stays away."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.reports.codes import key_material, parse_code
from portal.reports.models import Report, Visit
from portal.sealing import Keyring, SlowHash

IDLE_LIMIT = timedelta(hours=2)
TOUCH_EVERY = timedelta(minutes=5)


def open_with_code(session: Session, text: str, *, codes: SlowHash) -> Report:
    """The draft or report that a typed return code opens.

    Raises WrongCode when it cannot be a code at all, NotFound when it opens nothing.
    """
    digest = codes.digest(key_material(parse_code(text)))
    report = session.scalars(select(Report).where(Report.code_hash == digest)).one_or_none()
    if report is None or report.erased_at is not None:
        raise NotFound("That code opens nothing here. Check each group of five and type it again.")
    return report


def start_visit(
    session: Session, report_id: UUID, *, code: str | None, keyring: Keyring, now: datetime
) -> str:
    """Open a visit and return its token for the cookie; only its hash is stored.

    `code` is kept, sealed, while the visit lasts, so that it can be shown until it was kept.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        Visit(
            token_hash=_hash(token),
            report_id=report_id,
            sealed_code=keyring.seal_alone(code.encode(), _context(report_id)) if code else None,
            started_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def find_visit(session: Session, token: str, *, now: datetime) -> Visit | None:
    """The open visit of a cookie's token; None when it was ended or nobody came for 2 hours."""
    visit = session.get(Visit, _hash(token))
    if visit is None or visit.ended_at is not None or visit.seen_at + IDLE_LIMIT < now:
        return None
    return visit


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


def forget_code(session: Session, report_id: UUID) -> None:
    """Destroy every sealed copy of a report's return code."""
    session.execute(update(Visit).where(Visit.report_id == report_id).values(sealed_code=None))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _context(report_id: UUID) -> str:
    return f"visit-code:{report_id}"
