"""Opening what a person wrote beside what the records say of people, with a reason."""

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Account
from portal.matching.cases import Case
from portal.oversight.candidates import open_candidates
from portal.oversight.details import find_opened
from portal.reports.closed import is_closed
from portal.reports.drafts import get_report
from portal.reports.looks import look
from portal.reports.models import Report
from portal.web.access import get_account, site
from portal.web.oversight import words
from portal.web.oversight.forms import OpenForm
from portal.web.oversight.opening import take_reason
from portal.web.oversight.review import find_shown
from portal.web.report.latest_way import with_latest
from portal.web.report.saying import said_sections
from portal.web.report.since import since
from portal.web.report.summary import later, sections

REFUSED = 422


def open_case(allegation_id: UUID) -> str | Response | tuple[str, int]:
    """Ask for the reason; write the look; only then lead to what it shows."""
    account, form = get_account(), OpenForm()
    found, report = _find(account, allegation_id)
    if made := take_reason(form, look, report.id):
        where = url_for(
            "oversight.case_opened",
            allegation_id=allegation_id,
            look_id=made.id,
            record=_record(found),
        )
        return redirect(where, 303)
    html = render_template(
        "oversight/open.html",
        account=account,
        form=form,
        here="review",
        back=_back(found),
        withdrawn=is_closed(report),
        erasing=report.erase_asked_at is not None,
    )
    return (html, REFUSED) if form.error_links() else html


def case_opened(allegation_id: UUID, look_id: UUID) -> str | Response:
    """What was written, and what the candidates say, for a look that was written before."""
    here, account = site(), get_account()
    found, report = _find(account, allegation_id)
    with here.database.reading() as reading:
        content = find_opened(
            reading, look_id, report.id, account=account, keyring=here.keyring, now=here.now()
        )
        opened = open_candidates(reading, found.proposed, keyring=here.keyring) if content else []
    if content is None:
        again = url_for("oversight.open_case", allegation_id=allegation_id, record=_record(found))
        return redirect(again, 303)
    return render_template(
        "oversight/opened.html",
        account=account,
        words=words,
        here="review",
        back=_back(found),
        content=content,
        look_id=look_id,
        messages=url_for("oversight.thread", report_id=report.id, look_id=look_id),
        candidates=opened,
        sections=[
            *said_sections(content.statements),
            *since(content.entries, now=here.now()),
            *later(content.entries, now=here.now()),
            *with_latest(
                sections(content.answers, now=report.filed_at or here.now()), content.entries
            ),
        ],
    )


def _find(account: Account, allegation_id: UUID) -> tuple[Case, Report]:
    found = find_shown(account, allegation_id)
    with site().database.reading() as reading:
        return found, get_report(reading, found.allegation.report_id)


def _back(found: Case) -> tuple[str, str]:
    return url_for("oversight.case", allegation_id=found.allegation.id, record=_record(found)), (
        "Back to the case"
    )


def _record(found: Case) -> int | None:
    """The record that the address names, to name it again on the next page."""
    return found.proposed[0].record.id if found.crowd and found.proposed else None
