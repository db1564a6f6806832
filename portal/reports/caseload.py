"""The reports that an advocate filed for people who agreed, and only while they agree."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.errors import NotAllowed, NotFound
from portal.reports.closed import is_open
from portal.reports.codes import NewCode
from portal.reports.drafts import open_answers, save_answers, start_draft
from portal.reports.looks import look
from portal.reports.models import Allegation, Report, ReportKey
from portal.reports.states import State
from portal.sealing import Keyring

_NOTHING = "There is nothing here that you may open."


@dataclass(frozen=True)
class Case:
    """A report of an advocate's list, and its allegations in their order; a draft has none.

    `look_id` is the look for which it was opened, None on the list.
    """

    report: Report
    allegations: tuple[Allegation, ...]
    look_id: UUID | None = None


def cases_of(session: Session, account_id: UUID, *, keyring: Keyring) -> list[Case]:
    """The advocate's list, oldest first: theirs, agreed to, and not closed to them since."""
    found = session.execute(
        select(Report, ReportKey.wrapped)
        .join(ReportKey, ReportKey.report_id == Report.id)
        .where(Report.filed_by == account_id, Report.supporter_stopped_at.is_(None), is_open())
        .order_by(Report.created_at, Report.id)
    ).all()
    told: defaultdict[UUID, list[Allegation]] = defaultdict(list)
    for allegation in session.scalars(
        select(Allegation)
        .join(Report, Report.id == Allegation.report_id)
        .where(Report.filed_by == account_id)
        .order_by(Allegation.ordinal)
    ):
        told[allegation.report_id].append(allegation)
    return [
        Case(report, tuple(told[report.id]))
        for report, wrapped in found
        if _agrees(report, wrapped, keyring)
    ]


def get_case(session: Session, account_id: UUID, report_id: UUID, *, keyring: Keyring) -> Case:
    """One sent report of the advocate's list.

    Raises NotFound for a draft, which belongs to the person alone until it is sent, and for
    anything that is not on the list: the answer tells nobody that there is such a report.
    """
    found = session.execute(
        select(Report, ReportKey.wrapped)
        .join(ReportKey, ReportKey.report_id == Report.id)
        .where(
            Report.id == report_id,
            Report.filed_by == account_id,
            Report.state != State.DRAFT,
            Report.supporter_stopped_at.is_(None),
            is_open(),
        )
    ).one_or_none()
    if found is None or not _agrees(found[0], found[1], keyring):
        raise NotFound(_NOTHING)
    allegations = session.scalars(
        select(Allegation).where(Allegation.report_id == report_id).order_by(Allegation.ordinal)
    )
    return Case(found[0], tuple(allegations))


def start_case(
    session: Session, *, account: Account, code: NewCode, keyring: Keyring, now: datetime
) -> Report:
    """Make a draft for someone who agreed. Its return code belongs to them.

    Raises NotAllowed for an account that is no advocate's.
    """
    if account.role != "advocate":
        raise NotAllowed("Only an advocate can start this for somebody else.")
    report = start_draft(session, code=code, keyring=keyring, now=now, filed_by=account.id)
    who = {
        "who_for": "other",
        "relation": f"Supporter, {account.organisation}",
        "knows": "yes",
        "agrees": "yes",
    }
    save_answers(session, report.id, "who", who, keyring=keyring, now=now)
    return report


def open_case(
    session: Session,
    report_id: UUID,
    *,
    account: Account,
    reason: str,
    keyring: Keyring,
    now: datetime,
) -> Case:
    """Write that the advocate looks, and why; commit before any content is sent.

    Raises NotFound as `get_case` does, and Refused without a reason.
    """
    case = get_case(session, account.id, report_id, keyring=keyring)
    made = look(session, report_id, account=account, reason=reason, keyring=keyring, now=now)
    return replace(case, look_id=made.id)


def is_supported(answers: Mapping[str, Any]) -> bool:
    """Whether somebody else filed it, and its person agreed that they see what becomes of it."""
    who = answers.get("who") or {}
    return bool(who.get("who_for") == "other" and who.get("agrees") == "yes")


def _agrees(report: Report, wrapped: bytes, keyring: Keyring) -> bool:
    return is_supported(open_answers(report, keyring.unwrap(wrapped)))
