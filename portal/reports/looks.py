"""Looks: who may open a report, and the line that is written before its content is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotFound, Refused
from portal.ledger.service import NewEntry, append
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Allegation, Handover, Look, Report
from portal.reports.states import Viewer, may_see
from portal.sealing import Keyring

_LONGEST_REASON = 1000
LASTS = timedelta(minutes=15)
"""How long what was opened for a look is shown again without a new reason."""
# A force crime registrar is the force's own staff: they comment and propose, and open nothing.
_VIEWERS = {
    "advocate": Viewer.ADVOCATE,
    "liaison": Viewer.FORCE,
    "pcc": Viewer.OVERSIGHT,
    "inspector": Viewer.OVERSIGHT,
}
_NOTHING = "There is nothing here that you may open."


@dataclass(frozen=True)
class LookSeen:
    """One look as the victim sees it: when, by whom, and why."""

    at: datetime
    role: str
    organisation: str
    reason: str = field(repr=False)


def look(
    session: Session,
    report_id: UUID,
    *,
    account: Account,
    reason: str,
    keyring: Keyring,
    now: datetime,
    about: Mapping[str, object] | None = None,
) -> Look:
    """Write a look with its reason and ledger entry; commit before any content is sent.

    `about` are fields of the entry that say what of it was opened, beside the answers.

    Raises NotFound when this account may not open the report, Refused without a reason or once
    the victim withdrew it.
    """
    report = get_report(session, report_id, lock=True)
    if not may_open(session, report, account):
        raise NotFound(_NOTHING)
    if report.withdrawn_at is not None:
        raise Refused("The person it belongs to withdrew it, so nobody can open it any more.")
    if report.erase_asked_at is not None:
        raise Refused("The person it belongs to closed it, so nobody can open it any more.")
    return write_look(
        session, report, account=account, reason=reason, keyring=keyring, now=now, about=about
    )


def write_look(
    session: Session,
    report: Report,
    *,
    account: Account,
    reason: str,
    keyring: Keyring,
    now: datetime,
    about: Mapping[str, object] | None = None,
) -> Look:
    """Write the line itself, for somebody who may open what is shown. Raises Refused without a
    reason.
    """
    reason = reason.strip()
    if not reason:
        raise Refused("Say why you need to open it. The person it belongs to can read the reason.")
    if len(reason) > _LONGEST_REASON:
        raise Refused(f"The reason can be up to {_LONGEST_REASON} characters long.")
    data_key = get_data_key(session, report.id, keyring=keyring)
    made = Look(report_id=report.id, account_id=account.id, at=now, sealed_reason=b"")
    session.add(made)
    session.flush()
    made.sealed_reason = data_key.seal(reason.encode(), f"look:{made.id}")
    who = {"role": account.role, "organisation": account.organisation, "reason": reason}
    fields = {**who, **(about or {})}
    append(session, [NewEntry("looked_at", report.id, fields, data_key.seal)], now=now)
    return made


def find_fresh_look(
    session: Session, look_id: UUID, report_id: UUID, *, account: Account, now: datetime
) -> Look | None:
    """A look that this person wrote at this report in the last 15 minutes, or None."""
    found = session.get(Look, look_id)
    if found is None or (found.account_id, found.report_id) != (account.id, report_id):
        return None
    return found if now < found.at + LASTS else None


def may_open(session: Session, report: Report, account: Account) -> bool:
    """Whether the account's role lets it open this report at all (DESIGN sections 2 and 3)."""
    viewer = _VIEWERS.get(account.role)
    if viewer is None or not may_see(viewer, report.state):
        return False
    if viewer == Viewer.ADVOCATE:
        return report.filed_by == account.id and report.supporter_stopped_at is None
    if viewer == Viewer.FORCE:
        return _was_handed_over(session, report.id, account.force_id)
    return account.role == "inspector" or _concerns(session, report.id, account.force_id)


def looks_at(session: Session, report_id: UUID, *, keyring: Keyring) -> list[LookSeen]:
    """Every look at a report, oldest first."""
    data_key = get_data_key(session, report_id, keyring=keyring)
    rows = session.execute(
        select(Look, Account)
        .join(Account, Account.id == Look.account_id)
        .where(Look.report_id == report_id)
        .order_by(Look.at)
    ).all()
    return [
        LookSeen(
            look.at,
            account.role,
            account.organisation,
            data_key.open(look.sealed_reason, f"look:{look.id}").decode(),
        )
        for look, account in rows
    ]


def _was_handed_over(session: Session, report_id: UUID, force_id: str | None) -> bool:
    query = select(Handover.id).where(
        Handover.report_id == report_id, Handover.force_id == force_id
    )
    return session.scalar(query.limit(1)) is not None


def _concerns(session: Session, report_id: UUID, force_id: str | None) -> bool:
    query = select(Allegation.id).where(
        Allegation.report_id == report_id, Allegation.force_id == force_id
    )
    return session.scalar(query.limit(1)) is not None
