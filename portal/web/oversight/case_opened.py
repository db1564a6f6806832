"""Opening what a person wrote beside what the records say of people, with a reason."""

from functools import partial
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
from portal.web.oversight.case_page import find_shown
from portal.web.oversight.forms import OpenForm
from portal.web.oversight.naming import sign_shown
from portal.web.oversight.opening import take_reason
from portal.web.report.latest_way import with_latest
from portal.web.report.saying import said_sections
from portal.web.report.since import since
from portal.web.report.summary import later, sections

REFUSED = 422


def open_case(allegation_id: UUID) -> str | Response | tuple[str, int]:
    """Ask for the reason; write the look; only then lead to what it shows."""
    account, form = get_account(), OpenForm()
    found, report = _find(account, allegation_id)
    if made := take_reason(form, partial(look, about=_about(found)), report.id):
        where = url_for(
            "oversight.case_opened",
            allegation_id=allegation_id,
            look_id=made.id,
            named=sign_shown(found, made.id),
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
    found, report = _find(account, allegation_id, look_id)
    with here.database.reading() as reading:
        content = find_opened(
            reading, look_id, report.id, account=account, keyring=here.keyring, now=here.now()
        )
        opened = open_candidates(reading, found.proposed, keyring=here.keyring) if content else []
    if content is None:
        again = url_for("oversight.open_case", allegation_id=allegation_id, named=sign_shown(found))
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


def _find(
    account: Account, allegation_id: UUID, look_id: UUID | None = None
) -> tuple[Case, Report]:
    found = find_shown(account, allegation_id, look_id)
    with site().database.reading() as session:
        return found, get_report(session, found.allegation.report_id)


def _back(found: Case) -> tuple[str, str]:
    case = url_for("oversight.case", allegation_id=found.allegation.id, named=sign_shown(found))
    return case, "Back to the case"


def _about(found: Case) -> dict[str, object]:
    """Of the record that was named, what the entry says: nothing else tells which was opened."""
    if not (found.crowd and found.proposed):
        return {}
    record = found.proposed[0].record
    return {"record.force": record.force_id, "record.reference": record.reference}
