"""Telling those who help that somebody wrote to them: an e-mail that says nothing of whom or what.

At most one an hour to each of them, whatever came: the list on the site has the rest.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.accounts.service import email_of
from portal.notifications.service import Letter, enqueue
from portal.reports.contact_models import Message
from portal.reports.models import Allegation, Report
from portal.sealing import Keyring

_SUBJECT = "Something new on On Record"
_BODY = "Something new waits for you on On Record. Sign in to read it.\n"
_KIND = "message_notice"


def tell_staff(
    session: Session, report: Report, correspondent: str, *, keyring: Keyring, now: datetime
) -> None:
    """Write a notice to whoever should read what the person of this report wrote."""
    for account in _readers(session, report, correspondent):
        enqueue(
            session,
            Letter(email_of(account, keyring), _SUBJECT, _BODY),
            kind=_KIND,
            cause=f"{_KIND}:{account.id}:{now:%Y-%m-%dT%H}",
            about=None,
            keyring=keyring,
            now=now,
        )


def _readers(session: Session, report: Report, correspondent: str) -> Sequence[Account]:
    """The supporter, unless they were stopped; or of oversight those who wrote in the thread, or
    else the office of the force, or else, where no force is known or has an office here, every
    inspector.
    """
    if correspondent == "advocate":
        if report.supporter_stopped_at is not None:
            return []
        return _open(session, Account.id == report.filed_by)
    wrote = select(Message.account_id).where(
        Message.report_id == report.id, Message.correspondent == correspondent
    )
    forces = select(Allegation.force_id).where(Allegation.report_id == report.id)
    return (
        _open(session, Account.id.in_(wrote))
        or _open(session, Account.role == "pcc", Account.force_id.in_(forces))
        or _open(session, Account.role == "inspector")
    )


def _open(session: Session, *which: object) -> Sequence[Account]:
    query = select(Account).where(Account.closed_at.is_(None), *which)  # type: ignore[arg-type]
    return session.scalars(query.order_by(Account.id)).all()
