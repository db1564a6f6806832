"""What a page needs of the report that this browser holds open, read in one go."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import redirect, request
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.ledger.service import timeline
from portal.reference.terms import forces_with_inbox
from portal.reports.codes import format_code
from portal.reports.corrections import effective_answers
from portal.reports.drafts import get_data_key, get_report, keep_unfinished, open_answers
from portal.reports.models import Report
from portal.reports.unfinished import Fields, open_unfinished
from portal.reports.visits import code_of_visit, end_visit, start_visit
from portal.web.access import get_visit, site
from portal.web.carry import kept_fields


@dataclass(frozen=True)
class Opened:
    """The open report, its answers by page, and the forces that take reports from us."""

    report: Report
    answers: dict[str, Any] = field(repr=False)
    agreed: frozenset[str]
    unfinished: dict[str, Fields] = field(default_factory=dict, repr=False)

    @property
    def is_draft(self) -> bool:
        """Whether it was not sent yet."""
        return self.report.state == "draft"

    def typed(self, page: str) -> MultiDict[str, str] | None:
        """What was typed on a page that could not be saved; None when it was saved since."""
        fields = self.unfinished.get(page)
        return None if fields is None else MultiDict(fields)


def read_opened() -> Opened:
    """The report of this browser's visit. Raises VisitEndedError, or NotFound once erased."""
    visit = get_visit()
    with site().database.reading() as session:
        report = get_report(session, visit.report_id)
        data_key = get_data_key(session, visit.report_id, keyring=site().keyring)
        return Opened(
            report=report,
            answers=open_answers(report, data_key),
            agreed=forces_with_inbox(session),
            unfinished=open_unfinished(report, data_key),
        )


def answers_now(opened: Opened) -> dict[str, Any]:
    """The answers as they hold now: what was told later, or corrected, stands in its entry."""
    with site().database.reading() as session:
        data_key = get_data_key(session, opened.report.id, keyring=site().keyring)
        entries = timeline(session, opened.report.id, data_key.open)
    return effective_answers(opened.answers, entries)


def set_aside(page: str, fields: Fields | None) -> None:
    """Keep what was typed on a page that could not be saved; None forgets it."""
    with site().database.transaction() as session:
        report_id = get_visit().report_id
        keep_unfinished(session, report_id, page, fields, keyring=site().keyring)


def ask_again(page: str) -> Response:
    """Set aside what is posted, and have the page asked for anew.

    The answer is another request, so that going back or loading again never sends a form.
    """
    set_aside(page, kept_fields())
    return redirect(request.full_path if request.query_string else request.path, 303)


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


def say_kept() -> None:
    """Note that whoever holds this visit said that they kept the code, which is shown once more at
    the end all the same. It holds for this visit alone, so the cookie names it a second time.
    """
    if "visit" in cookie:
        cookie["kept"] = cookie["visit"]


def said_kept() -> bool:
    """Whether it was said in this visit that the code was kept."""
    return "visit" in cookie and cookie.get("kept") == cookie["visit"]
