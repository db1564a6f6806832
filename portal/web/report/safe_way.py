"""A safe way to be reached about a lost return code: chosen, confirmed, changed, removed."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.errors import TooManyTries
from portal.reports.safe_contacts import (
    EMAIL,
    Contact,
    Way,
    ask_contact,
    confirm_contact,
    find_contact,
    remove_contact,
)
from portal.web.access import get_visit, site
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_code import NumberForm, SafeWayForm
from portal.web.report.opened import read_opened

_WRONG = (
    "That number does not fit. It may be too old, or tried too often. Check each digit and try "
    "again, or have a new number sent"
)


@blueprint.get("/back/safe-way")
def safe_way() -> Response | str:
    """What a safe way is good for, what it is now, and the question for one."""
    if read_opened().is_draft:
        return redirect("/back/open", 303)
    return _page(SafeWayForm())


@blueprint.post("/back/safe-way")
def safe_way_ask() -> Response | tuple[str, int]:
    """Send a number there. Nothing counts before it was typed."""
    form, report_id = SafeWayForm(), get_visit().report_id
    if not form.validate() or form.wrong_address() or not sends_messages():
        return _page(form), 400
    way = Way(EMAIL, str(form["address"].data))
    try:
        with site().database.transaction() as session:
            ask_contact(
                session,
                report_id,
                way,
                keyring=site().keyring,
                tokens=site().tokens,
                now=site().now(),
            )
    except TooManyTries as error:
        form.refuse(error.message)
        return _page(form), 429
    return redirect("/back/safe-way/number", 303)


@blueprint.get("/back/safe-way/number")
def safe_way_number() -> Response | str:
    """Ask for the number that was sent."""
    if _contact().asked is None:
        return redirect("/back/safe-way", 303)
    return _number_page(NumberForm())


@blueprint.post("/back/safe-way/number")
def safe_way_confirm() -> Response | tuple[str, int]:
    """The right number confirms the way; a wrong one counts as a try."""
    form, report_id = NumberForm(), get_visit().report_id
    if not form.validate():
        return _number_page(form), 400
    with site().database.transaction() as session:
        right = confirm_contact(
            session,
            report_id,
            str(form["number"].data),
            keyring=site().keyring,
            tokens=site().tokens,
            now=site().now(),
        )
    if not right:
        form.refuse(_WRONG, "number")
        return _number_page(form), 400
    return redirect("/back/safe-way", 303)


@blueprint.post("/back/safe-way/remove")
def safe_way_remove() -> Response:
    """Forget the way. Twice changes nothing more."""
    report_id = get_visit().report_id
    with site().database.transaction() as session:
        remove_contact(session, report_id, keyring=site().keyring, now=site().now())
    return redirect("/back/safe-way?done=1", 303)


def sends_messages() -> bool:
    """Whether this installation sends messages at all."""
    mail = site().settings.mail
    return bool(mail.host) or mail.folder is not None


def _contact() -> Contact:
    with site().database.reading() as session:
        return find_contact(session, get_visit().report_id, keyring=site().keyring)


def _page(form: SafeWayForm) -> str:
    return render_template(
        "report/safe_way.html", form=form, contact=_contact(), can_send=sends_messages()
    )


def _number_page(form: NumberForm) -> str:
    return render_template("report/safe_way_number.html", form=form, asked=_contact().asked)
