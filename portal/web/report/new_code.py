"""Another return code while the one that works is at hand, and stopping a change by others."""

from flask import redirect, render_template
from flask import session as cookie
from werkzeug.wrappers import Response

from portal.errors import Busy, NotFound, Refused
from portal.reports.code_changes import cancel_change, change_now, find_change
from portal.reports.codes import WrongCode, make_code, read_code
from portal.reports.safe_ways import find_contact
from portal.web.access import get_visit, site
from portal.web.carry import was_carried
from portal.web.report.back import find_used
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_code import OldCodeForm
from portal.web.report.opened import read_opened, shown_code


@blueprint.get("/back/new-code")
def new_code() -> Response | str:
    """What a new code changes, and the question for the old one."""
    if read_opened().is_draft:
        return redirect("/back/open", 303)
    return _page(OldCodeForm())


@blueprint.post("/back/new-code")
def make_new_code() -> Response | tuple[str, int]:
    """A new code at once. The old one opens nothing from then on, and other visits end."""
    form, visit = OldCodeForm(), get_visit()
    if was_carried():
        return redirect("/back/new-code?done=1", 303)
    if not form.validate():
        return _page(form), 400
    try:
        typed = str(form["code"].data)
        find_used(typed)
        old = read_code(typed, codes=site().codes)
        made = make_code(site().codes)
        with site().database.transaction() as session:
            change_now(
                session,
                visit.report_id,
                made,
                old=old,
                visit=cookie["visit"],
                keyring=site().keyring,
                now=site().now(),
            )
    except (WrongCode, NotFound, Refused) as error:
        form.refuse(error.message, "code")
        return _page(form), 400
    except Busy as busy:
        form.refuse(busy.message)
        return _page(form), 503
    return redirect("/back/new-code/shown", 303)


@blueprint.get("/back/new-code/shown")
def new_code_shown() -> Response | str:
    """The new code, until the person says that they kept it."""
    groups = shown_code(read_opened().report)
    if not groups:
        return redirect("/back/open", 303)
    return render_template("report/new_code_shown.html", groups=groups)


@blueprint.post("/back/new-code/cancel")
def cancel_new_code() -> Response:
    """Stop a change that was asked for with a receipt. Twice changes nothing more."""
    report_id = get_visit().report_id
    with site().database.transaction() as session:
        cancel_change(session, report_id, keyring=site().keyring, now=site().now())
    return redirect("/back/open?done=1", 303)


def _page(form: OldCodeForm) -> str:
    report_id = get_visit().report_id
    with site().database.reading() as session:
        change = find_change(session, report_id)
        contact = find_contact(session, report_id, keyring=site().keyring).confirmed
    return render_template(
        "report/new_code.html", form=form, change=change, has_contact=contact is not None
    )
