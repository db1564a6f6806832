"""What the person can do with what was sent: tell, pass on, withdraw."""

from collections.abc import Callable
from typing import TypeVar

from flask import redirect, render_template
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.errors import Refused
from portal.languages.translating import _
from portal.reports import service
from portal.web.access import get_visit, site
from portal.web.carry import kept_fields
from portal.web.report.back import lawful_moves
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_event import force_name
from portal.web.report.forms_later import LaterPassForm, TellForm
from portal.web.report.forms_way import agreed_forces
from portal.web.report.opened import Opened, ask_again, read_opened, set_aside
from portal.web.report.page_form import Around, PageForm
from portal.web.report.summary import Line, Section, consent_lines, told_lines

_SENT = "/back/open"
_TELL, _PASS = "back/tell", "back/pass"
_PROBLEM = "problem"
Form = TypeVar("Form", bound=PageForm)


@blueprint.get("/back/tell")
def tell() -> Response | str:
    """Ask when and how the police were told."""
    opened = read_opened()
    if "told" not in lawful_moves(opened):
        return redirect(_SENT, 303)
    typed = opened.typed(_TELL)
    form = TellForm.make({}, _around(opened), typed)
    if typed and _PROBLEM in typed:
        form.refuse(typed[_PROBLEM])
    return render_template("report/tell.html", form=form)


@blueprint.post("/back/tell")
def told() -> Response:
    """Set what was typed aside, to be checked before it is sent."""
    opened = read_opened()
    if "told" not in lawful_moves(opened):
        return redirect(_SENT, 303)
    return _set_aside_for_check(_TELL, TellForm.make({}, _around(opened)))


@blueprint.get("/back/tell/check")
def tell_check() -> Response | str:
    """What is going to be sent, and what it starts."""
    opened = read_opened()
    form = _typed_rightly(TellForm, _TELL, opened)
    if form is None or "told" not in lawful_moves(opened):
        return redirect("/back/tell", 303)
    lines = [*consent_lines(form.consent), *told_lines(form.values(), form.how(), now=site().now())]
    return render_template("report/tell_check.html", section=Section("", lines))


@blueprint.post("/back/tell/check")
def tell_send() -> Response:
    """A kept report becomes one that the police were told about. Twice changes nothing more."""
    opened = read_opened()
    form = _typed_rightly(TellForm, _TELL, opened)
    if form is None or opened.report.state == "told":
        return redirect("/back/tell", 303)
    return _move(
        _TELL,
        lambda session: service.tell(
            session,
            opened.report.id,
            form.values(),
            form.how(),
            agrees_now=form.consent,
            keyring=site().keyring,
            now=site().now(),
        ),
    )


@blueprint.get("/back/pass")
def hand_over() -> Response | str:
    """Ask which force to pass it to, and whether the person agrees."""
    opened = read_opened()
    typed = opened.typed(_PASS)
    problem = typed.get(_PROBLEM, "") if typed else ""
    if "pass" not in lawful_moves(opened) and not problem:
        return redirect(_SENT, 303)
    form = LaterPassForm.make({}, _around(opened), typed)
    if problem:
        form.refuse(problem)
    return render_template("report/pass_on.html", form=form, agreed=agreed_forces(form.around))


@blueprint.post("/back/pass")
def handed_over() -> Response:
    """Set what was chosen aside, to be checked before it is sent."""
    opened = read_opened()
    if "pass" not in lawful_moves(opened):
        return redirect(_SENT, 303)
    return _set_aside_for_check(_PASS, LaterPassForm.make({}, _around(opened)))


@blueprint.get("/back/pass/check")
def hand_over_check() -> Response | str:
    """Whom it is going to be passed to, and what that starts."""
    opened = read_opened()
    form = _typed_rightly(LaterPassForm, _PASS, opened)
    if form is None or "pass" not in lawful_moves(opened):
        return redirect("/back/pass", 303)
    lines = [*consent_lines(form.consent), Line(_("Passed to"), force_name(form.force.data))]
    return render_template("report/pass_check.html", section=Section("", lines))


@blueprint.post("/back/pass/check")
def hand_over_send() -> Response:
    """A kept report is passed to a force that agreed to take it."""
    opened = read_opened()
    form = _typed_rightly(LaterPassForm, _PASS, opened)
    if form is None or opened.report.state == "passed":
        return redirect("/back/pass", 303)
    return _move(
        _PASS,
        lambda session: service.pass_on(
            session,
            opened.report.id,
            form.force.data,
            agrees_now=form.consent,
            keyring=site().keyring,
            now=site().now(),
        ),
    )


@blueprint.get("/back/stop")
def withdraw() -> Response | str:
    """What withdrawing stops, and what it never stops."""
    opened = read_opened()
    if "withdraw" not in lawful_moves(opened):
        return redirect(_SENT, 303)
    return render_template("report/withdraw.html", report=opened.report)


@blueprint.post("/back/stop")
def withdrawn() -> Response:
    """Stop contact and looks. Twice changes nothing more."""
    report_id = get_visit().report_id
    with site().database.transaction() as session:
        service.withdraw(
            session,
            report_id,
            keyring=site().keyring,
            now=site().now(),
            visit=cookie["visit"],
        )
    return redirect(_SENT, 303)


def _around(opened: Opened) -> Around:
    return Around(opened.answers, 0, opened.agreed, site().now())


def _set_aside_for_check(page: str, form: PageForm) -> Response:
    if not form.validate():
        return ask_again(page)
    set_aside(page, [each for each in kept_fields() if each[0] != _PROBLEM])
    return redirect(f"/{page}/check", 303)


def _typed_rightly(kind: type[Form], page: str, opened: Opened) -> Form | None:
    """The form as it was set aside; None when there is none, or something is wrong with it."""
    typed = opened.typed(page)
    if typed is None or _PROBLEM in typed:
        return None
    form = kind.make({}, _around(opened), typed)
    return None if form.error_links() else form


def _move(page: str, move: Callable[[Session], object]) -> Response:
    try:
        with site().database.transaction() as session:
            move(session)
    except Refused as refused:
        opened = read_opened()
        if opened.report.state == "kept":
            typed = opened.typed(page)
            kept = [*typed.items(multi=True)] if typed else []
            set_aside(page, [*kept, (_PROBLEM, refused.message)])
            return redirect(f"/{page}", 303)
        # The same press arrived twice, and the other one did it.
    return redirect(_SENT, 303)
