"""A safe way to be reached about a lost return code: chosen, confirmed, changed, removed."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.errors import Busy, NotFound, TooManyTries
from portal.languages.translating import lazy
from portal.reports.codes import WrongCode
from portal.reports.safe_contacts import CodeNeeded, ask_contact, confirm_contact, remove_contact
from portal.reports.safe_ways import EMAIL, Contact, Way, find_contact
from portal.web.access import get_visit, site
from portal.web.forms import PlainForm
from portal.web.report.back import find_used
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_code import CodeAgainForm, NumberForm, OtherWayForm, SafeWayForm
from portal.web.report.opened import read_opened

_WRONG = lazy(
    "That number does not fit. It may be too old, or tried too often. Check each digit and try "
    "again, or have a new number sent"
)


@blueprint.get("/back/safe-way")
def safe_way() -> Response | str:
    """What a safe way is good for, what it is now, and the question for one."""
    if read_opened().is_draft:
        return redirect("/back/open", 303)
    return _page(_form())


@blueprint.post("/back/safe-way")
def safe_way_ask() -> Response | tuple[str, int]:
    """Send a number there. Nothing counts before it was typed, and none is changed without the
    return code.
    """
    form, report_id = _form(), get_visit().report_id
    if not form.validate() or form.wrong_address() or not sends_messages():
        return _page(form), 400
    way = Way(EMAIL, str(form["address"].data))
    try:
        code = _digest(form)
        with site().database.transaction() as session:
            ask_contact(
                session,
                report_id,
                way,
                code=code,
                keyring=site().keyring,
                tokens=site().tokens,
                now=site().now(),
            )
    except TooManyTries as error:
        form.refuse(error.message)
        return _page(form), 429
    except (WrongCode, NotFound, CodeNeeded) as error:
        form.refuse(error.message, "code" if "code" in form else "")
        return _page(form), 400
    except Busy as busy:
        form.refuse(busy.message)
        return _page(form), 503
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


@blueprint.get("/back/safe-way/remove")
def safe_way_remove() -> Response | str:
    """Ask for the return code before the way is forgotten."""
    if _contact().confirmed is None:
        return redirect("/back/safe-way", 303)
    return _remove_page(CodeAgainForm())


@blueprint.post("/back/safe-way/remove")
def safe_way_forget() -> Response | tuple[str, int]:
    """Forget the way, with the return code. Twice changes nothing more."""
    form, report_id = CodeAgainForm(), get_visit().report_id
    if not form.validate():
        return _remove_page(form), 400
    try:
        code = _digest(form)
        with site().database.transaction() as session:
            remove_contact(session, report_id, code=code, keyring=site().keyring, now=site().now())
    except (WrongCode, NotFound, CodeNeeded) as error:
        form.refuse(error.message, "code")
        return _remove_page(form), 400
    except Busy as busy:
        form.refuse(busy.message)
        return _remove_page(form), 503
    return redirect("/back/safe-way?done=1", 303)


def sends_messages() -> bool:
    """Whether this installation sends messages at all."""
    mail = site().settings.mail
    return bool(mail.host) or mail.folder is not None


def _contact() -> Contact:
    with site().database.reading() as session:
        return find_contact(session, get_visit().report_id, keyring=site().keyring)


def _form() -> SafeWayForm:
    return SafeWayForm() if _contact().confirmed is None else OtherWayForm()


def _digest(form: PlainForm) -> bytes | None:
    """The digest of the return code that was typed; None where none was asked for.

    Raises WrongCode, NotFound and Busy.
    """
    return find_used(str(form["code"].data)).digest if "code" in form else None


def _page(form: SafeWayForm) -> str:
    return render_template(
        "report/safe_way.html",
        form=form,
        contact=_contact(),
        can_send=sends_messages(),
        now=site().now(),
    )


def _remove_page(form: CodeAgainForm) -> str:
    return render_template("report/safe_way_remove.html", form=form, contact=_contact())


def _number_page(form: NumberForm) -> str:
    return render_template("report/safe_way_number.html", form=form, asked=_contact().asked)
