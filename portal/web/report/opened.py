"""What a page needs of the report that this browser holds open, read in one go."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import session as cookie
from sqlalchemy.orm import Session

from portal.reference.terms import forces_with_inbox
from portal.reports.codes import format_code
from portal.reports.drafts import get_report, read_answers
from portal.reports.models import Report
from portal.reports.visits import code_of_visit, end_visit, start_visit
from portal.web.access import get_visit, site


@dataclass(frozen=True)
class Opened:
    """The open report, its answers by page, and the forces that take reports from us."""

    report: Report
    answers: dict[str, Any] = field(repr=False)
    agreed: frozenset[str]

    @property
    def is_draft(self) -> bool:
        """Whether it was not sent yet."""
        return self.report.state == "draft"


def read_opened() -> Opened:
    """The report of this browser's visit. Raises VisitEndedError, or NotFound once erased."""
    visit = get_visit()
    with site().database.reading() as session:
        return Opened(
            report=get_report(session, visit.report_id),
            answers=read_answers(session, visit.report_id, keyring=site().keyring),
            agreed=forces_with_inbox(session),
        )


def shown_code(report: Report) -> list[str]:
    """The return code in its groups of five; none once it was kept, or in a later visit."""
    code = None if report.code_kept_at else code_of_visit(get_visit(), site().keyring)
    return format_code(code).split("-") if code else []


def open_visit(session: Session, report: Report, code: str | None, *, now: datetime) -> str:
    """Start this browser's visit to a report, ending the one before; its token.

    The cookie is set by `remember`, once the transaction has committed. `code` is kept for
    showing it again. `now` is the draft's own beginning when no return code opened it.
    """
    if before := cookie.get("visit"):
        end_visit(session, before, now=now)
    return start_visit(session, report.id, code=code, keyring=site().keyring, now=now)


def remember(token: str) -> None:
    """Put a visit's token into the cookie."""
    cookie["visit"] = token
