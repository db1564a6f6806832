"""What the person can do with what was sent: tell, pass on, withdraw."""

from collections.abc import Callable

from flask import redirect, render_template
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.errors import Refused
from portal.reports import service
from portal.web.access import get_visit, site
from portal.web.report.back import lawful_moves
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_way import PassForm, ToldHowForm, agreed_forces, likely_force
from portal.web.report.opened import Opened, ask_again, read_opened
from portal.web.report.page_form import Around, PageForm
from portal.web.report.when import ToldForm

_SENT = "/back/open"
_TELL, _PASS = "back/tell", "back/pass"


class TellForm(ToldForm, ToldHowForm):
    """When and how the police were told, in one: for a report that was kept."""

    def prepare(self) -> None:
        """Ask about the telling; choose the likely force beforehand."""
        ToldForm.prepare(self)
        self.kind.size = "m"
        if not self.is_submitted() and not self.force.data:
            self.force.data = likely_force(self.around.answers)

    def how(self) -> dict[str, str]:
        """The answers about how, as a draft keeps them."""
        names = ("channel", "force", "incident_number", "crime_reference", "officer")
        return {name: str(self[name].data) for name in names}


@blueprint.get("/back/tell")
def tell() -> Response | str:
    """Ask when and how the police were told."""
    opened = read_opened()
    if "told" not in lawful_moves(opened):
        return redirect(_SENT, 303)
    form = TellForm.make({}, _around(opened), opened.typed(_TELL))
    return render_template("report/tell.html", form=form)


@blueprint.post("/back/tell")
def told() -> Response | str | tuple[str, int]:
    """A kept report becomes one that the police were told about. Twice changes nothing more."""
    opened = read_opened()
    if opened.report.state == "told":
        return redirect(_SENT, 303)
    form = TellForm.make({}, _around(opened))
    if not form.validate():
        return ask_again(_TELL)
    return _move(
        "report/tell.html",
        form,
        lambda session: service.tell(
            session,
            opened.report.id,
            form.values(),
            form.how(),
            keyring=site().keyring,
            tokens=site().tokens,
            now=site().now(),
        ),
    )


@blueprint.get("/back/pass")
def hand_over() -> Response | str:
    """Ask which force to pass it to, and whether the person agrees."""
    opened = read_opened()
    if "pass" not in lawful_moves(opened):
        return redirect(_SENT, 303)
    form = PassForm.make({}, _around(opened), opened.typed(_PASS))
    return render_template("report/pass_on.html", form=form, agreed=agreed_forces(form.around))


@blueprint.post("/back/pass")
def handed_over() -> Response | str | tuple[str, int]:
    """A kept report is passed to a force that agreed to take it."""
    opened = read_opened()
    if opened.report.state == "passed":
        return redirect(_SENT, 303)
    form = PassForm.make({}, _around(opened))
    if not form.validate():
        return ask_again(_PASS)
    return _move(
        "report/pass_on.html",
        form,
        lambda session: service.pass_on(
            session,
            opened.report.id,
            form.force.data,
            keyring=site().keyring,
            now=site().now(),
        ),
    )


@blueprint.get("/back/withdraw")
def withdraw() -> Response | str:
    """What withdrawing stops, and what it never stops."""
    opened = read_opened()
    if "withdraw" not in lawful_moves(opened):
        return redirect(_SENT, 303)
    return render_template("report/withdraw.html", report=opened.report)


@blueprint.post("/back/withdraw")
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


def _move(
    template: str, form: PageForm, move: Callable[[Session], object]
) -> Response | str | tuple[str, int]:
    try:
        with site().database.transaction() as session:
            move(session)
    except Refused as refused:
        if read_opened().report.state != "kept":
            # The same press arrived twice, and the other one did it.
            return redirect(_SENT, 303)
        form.refuse(refused.message)
        return render_template(template, form=form), 409
    return redirect(_SENT, 303)
