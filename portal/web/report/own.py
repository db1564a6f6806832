"""What a person does with what they sent: takes it up again, keeps it, says who may see it."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.accounts.models import Account
from portal.errors import Busy, NotFound, Refused
from portal.languages.translating import _
from portal.reports import states
from portal.reports.closing import keep_after_all
from portal.reports.codes import WrongCode
from portal.reports.handovers import forces_passed_to
from portal.reports.withdrawing import allow_supporter, stop_supporter, take_up
from portal.web.access import get_visit, site
from portal.web.report.back import find_used
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_code import CodeAgainForm
from portal.web.report.forms_event import force_name
from portal.web.report.opened import Opened, read_opened

_BACK, _SEEN_BY = "/back/open", "/back/seen-by"
_REFUSED = 400


@blueprint.post("/back/take-up")
def take_it_up() -> Response:
    """Undo a withdrawal. Twice changes nothing more."""
    report_id, here = get_visit().report_id, site()
    with here.database.transaction() as session:
        take_up(session, report_id, keyring=here.keyring, now=here.now())
    return redirect(f"{_BACK}?done=taken-up", 303)


@blueprint.post("/back/keep")
def keep_it() -> Response:
    """Stop an erasure that waits. Twice changes nothing more."""
    report_id, here = get_visit().report_id, site()
    with here.database.transaction() as session:
        keep_after_all(session, report_id, keyring=here.keyring, now=here.now())
    return redirect(f"{_BACK}?done=kept", 303)


@blueprint.get("/back/seen-by")
def seen_by() -> Response | str:
    """Who could see it now, in plain words."""
    opened = read_opened()
    return redirect(_BACK, 303) if opened.is_draft else _page(opened, CodeAgainForm())


@blueprint.post("/back/seen-by/stop")
def stop_seeing() -> Response:
    """The supporter sees it no more, from now on. Twice changes nothing more."""
    report_id, here = get_visit().report_id, site()
    with here.database.transaction() as session:
        stop_supporter(session, report_id, keyring=here.keyring, now=here.now())
    return redirect(f"{_SEEN_BY}?done=stopped", 303)


@blueprint.post("/back/seen-by/allow")
def allow_seeing() -> Response | tuple[str, int]:
    """The supporter may see it again: with the return code typed once more."""
    opened, form, here = read_opened(), CodeAgainForm(), site()
    if not form.validate():
        return _page(opened, form), _REFUSED
    try:
        find_used(str(form["code"].data))
        with here.database.transaction() as session:
            allow_supporter(session, opened.report.id, keyring=here.keyring, now=here.now())
    except (WrongCode, NotFound, Refused) as error:
        form.refuse(error.message, "code")
        return _page(opened, form), _REFUSED
    except Busy as busy:
        form.refuse(busy.message)
        return _page(opened, form), 503
    return redirect(f"{_SEEN_BY}?done=allowed", 303)


def _page(opened: Opened, form: CodeAgainForm) -> str:
    report = opened.report
    with site().database.reading() as session:
        supporter = session.get(Account, report.filed_by) if report.filed_by else None
        forces = [force_name(each) for each in forces_passed_to(session, report.id)]
    return render_template(
        "report/seen_by.html",
        form=form,
        report=report,
        supporter=supporter.organisation if supporter else "",
        has_supporter=supporter is not None,
        forces=forces,
        watched=states.is_followed(report.state),
        done={
            "stopped": _("Your supporter cannot see it any more."),
            "allowed": _("Your supporter can see it again."),
        }.get(request.args.get("done", ""), ""),
    )
