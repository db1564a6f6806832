"""How a person can be reached safely: chosen, confirmed, changed, removed, put back."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.errors import Busy, NotFound, TooManyTries
from portal.languages.translating import lazy
from portal.reports.codes import WrongCode
from portal.reports.safe_changes import CodeNeeded, put_back, was_just_opened
from portal.reports.safe_contacts import ask_contact, confirm_contact, remove_contact
from portal.reports.safe_ways import Contact, find_contact
from portal.reports.still_safe import say_safe, say_unsafe
from portal.web.access import get_visit, site
from portal.web.carry import was_carried
from portal.web.forms import PlainForm
from portal.web.report.back import find_used
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_code import CodeAgainForm, NumberForm
from portal.web.report.forms_safe_way import NONE, SafeWayForm
from portal.web.report.opened import read_opened
from portal.web.report.way_words import address_in_full, masked, say_rules

_WRONG = lazy(
    "That number does not fit. It may be too old, or tried too often. Check each digit and try "
    "again, or have a new number sent"
)
_WAY = "/back/safe-way"
_Page = Response | str | tuple[str, int]


@blueprint.get("/back/safe-way")
def safe_way() -> Response | str:
    """How the person is reached now, and the question for it."""
    if read_opened().is_draft:
        return redirect("/back/open", 303)
    contact = _contact()
    return _page(_form(contact), contact)


@blueprint.post("/back/safe-way")
def safe_way_ask() -> _Page:
    """Choose a way. Nothing counts before its number was typed, and none that was confirmed is
    changed without the return code.
    """
    contact = _contact()
    form, report_id = _form(contact), get_visit().report_id
    if not form.validate_all():
        _also_check_code(form)
        return _page(form, contact), 400
    try:
        # What is typed again after the visit had ended comes without the code.
        code = _digest(form)
        with site().database.transaction() as session:
            if form["way"].data == NONE:
                remove_contact(
                    session, report_id, code=code, keyring=site().keyring, now=site().now()
                )
                return redirect(f"{_WAY}?done=1", 303)
            waits = ask_contact(
                session,
                report_id,
                form.chosen(contact),
                code=code,
                keyring=site().keyring,
                tokens=site().tokens,
                now=site().now(),
            )
    except TooManyTries as error:
        form.refuse(error.message)
        return _page(form, contact), 429
    except (WrongCode, NotFound, CodeNeeded) as error:
        form.refuse(error.message, "code")
        return _page(form, contact), 400
    except Busy as busy:
        form.refuse(busy.message)
        return _page(form, contact), 503
    return redirect("/back/safe-way/number" if waits else f"{_WAY}?done=2", 303)


@blueprint.get("/back/safe-way/number")
def safe_way_number() -> Response | str:
    """Ask for the number that was sent."""
    if _contact().asked is None:
        return redirect(_WAY, 303)
    return _number_page(NumberForm())


@blueprint.post("/back/safe-way/number")
def safe_way_confirm() -> _Page:
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
        form.refuse(str(_WRONG), "number")
        return _number_page(form), 400
    return redirect(_WAY, 303)


@blueprint.get("/back/safe-way/remove")
def safe_way_remove() -> Response | str:
    """Ask for the return code before nothing is sent there any more."""
    if _contact().confirmed is None:
        return redirect(_WAY, 303)
    return _with_contact("report/safe_way_remove.html", CodeAgainForm())


@blueprint.post("/back/safe-way/remove")
def safe_way_forget() -> _Page:
    """Remove the way, with the return code. Twice changes nothing more."""
    form, report_id = CodeAgainForm(), get_visit().report_id
    status, code = _check_typed(form)
    if not status:
        try:
            with site().database.transaction() as session:
                remove_contact(
                    session, report_id, code=code, keyring=site().keyring, now=site().now()
                )
            return redirect(f"{_WAY}?done=1", 303)
        except CodeNeeded as error:
            form.refuse(error.message, "code")
            status = 400
    return _with_contact("report/safe_way_remove.html", form), status


@blueprint.get("/back/safe-way/put-back")
def safe_way_former() -> Response | str:
    """Ask for the return code before the former way is put back, a while after it was opened."""
    return _former_page(CodeAgainForm())


@blueprint.post("/back/safe-way/put-back")
def safe_way_put_back() -> _Page:
    """Put the former way back: with one press shortly after the code was typed, else with it."""
    form, visit = CodeAgainForm(), get_visit()
    status, code = 0, None
    if not was_just_opened(visit, site().now()):
        if "code" not in request.form and not was_carried():
            return redirect("/back/safe-way/put-back", 303)
        status, code = _check_typed(form)
    if not status:
        try:
            with site().database.transaction() as session:
                put_back(
                    session,
                    visit.report_id,
                    code=code,
                    visit=visit,
                    keyring=site().keyring,
                    now=site().now(),
                )
            return redirect(f"{_WAY}?done=3", 303)
        except CodeNeeded as error:
            form.refuse(error.message, "code")
            status = 400
    page = _former_page(form)
    return page if isinstance(page, Response) else (page, status)


@blueprint.get("/back/safe-way/still")
def safe_way_again() -> Response | str:
    """Ask for the return code before a way that was said not to be safe is used again."""
    if _contact().paused_at is None:
        return redirect(_WAY, 303)
    return _with_contact("report/safe_way_again.html", CodeAgainForm())


@blueprint.post("/back/safe-way/still")
def safe_way_still() -> _Page:
    """Whether it is still safe. "No" stops everything at once, and leads to what can be done.

    "Yes" after a "no" comes with the return code: an open page alone cannot undo that.
    """
    report_id, form = get_visit().report_id, CodeAgainForm()
    if request.form.get("still") != "yes":
        with site().database.transaction() as session:
            say_unsafe(session, report_id, keyring=site().keyring, now=site().now())
        return redirect(f"{_WAY}?done=4", 303)
    status, code = 0, None
    if _contact().paused_at is not None:
        if "code" not in request.form and not was_carried():
            return redirect(f"{_WAY}/still", 303)
        status, code = _check_typed(form)
    if not status:
        try:
            with site().database.transaction() as session:
                say_safe(session, report_id, code=code, keyring=site().keyring, now=site().now())
            return redirect("/back/open?done=6", 303)
        except CodeNeeded as error:
            form.refuse(error.message, "code")
            status = 400
    return _with_contact("report/safe_way_again.html", form), status


def _contact() -> Contact:
    with site().database.reading() as session:
        return find_contact(session, get_visit().report_id, keyring=site().keyring)


def _form(contact: Contact) -> SafeWayForm:
    form = SafeWayForm()
    sends = site().settings.mail.sends
    form.offer(contact, sends, needs_code=contact.needs_code(site().now()))
    return form


def _check_typed(form: PlainForm) -> tuple[int, bytes | None]:
    """0 and the digest of a code that opens what is open here; else what is wrong is said, and
    this status.
    """
    if not form.validate():
        return 400, None
    try:
        return 0, _digest(form)
    except (WrongCode, NotFound) as error:
        form.refuse(error.message, "code")
        return 400, None
    except Busy as busy:
        form.refuse(busy.message)
        return 503, None


def _also_check_code(form: SafeWayForm) -> None:
    """Say of a code that it is wrong together with what else is, not after that was mended."""
    if form["code"].errors or "code" in form.asleep():
        return
    try:
        _digest(form)
    except (WrongCode, NotFound) as error:
        form.refuse(error.message, "code")
    except Busy:
        pass  # It is asked again with the next press, and nothing was changed.


def _digest(form: PlainForm) -> bytes | None:
    """The digest of the return code that was typed; None where none was.

    Raises WrongCode, NotFound and Busy.
    """
    typed = str(form["code"].data)
    return find_used(typed).digest if typed else None


def _page(form: SafeWayForm, contact: Contact) -> str:
    now = site().now()
    return render_template(
        "report/safe_way.html",
        form=form,
        contact=contact,
        rules=say_rules(contact.confirmed) if contact.confirmed else [],
        needs_code=contact.needs_code(now),
        can_send=bool(site().settings.mail.sends),
        way_address=address_in_full,
        can_put_back=contact.can_put_back(now),
        now=now,
    )


def _former_page(form: CodeAgainForm) -> Response | str:
    contact = _contact()
    former = contact.can_put_back(site().now())
    if former is None:
        return redirect(_WAY, 303)
    return render_template(
        "report/safe_way_put_back.html", form=form, former=former, way_masked=masked
    )


def _number_page(form: NumberForm) -> str:
    return _with_contact("report/safe_way_number.html", form)


def _with_contact(template: str, form: PlainForm) -> str:
    return render_template(template, form=form, contact=_contact(), way_address=address_in_full)
