"""Erasing for good: what goes and what stays, the return code once more, and that it is done."""

import hmac

from flask import redirect, render_template
from flask import session as cookie
from werkzeug.wrappers import Response

from portal.alerts.erasing import erase_draft
from portal.errors import Busy, Refused
from portal.languages.translating import lazy
from portal.reference.cooling_off import ERASE, cooling_off
from portal.reports.closing import ask_to_erase
from portal.reports.codes import TypedCode, WrongCode, read_code
from portal.reports.erasing import find_erasure
from portal.reports.erasure_models import Erasure
from portal.reports.models import Report
from portal.reports.visits import find_closed_by
from portal.web.access import site
from portal.web.carry import was_carried
from portal.web.choices import Tick
from portal.web.fields import ShortText
from portal.web.forms import PlainForm
from portal.web.report.back import lawful_moves
from portal.web.report.blueprint import blueprint
from portal.web.report.opened import Opened, read_opened
from portal.web.report.summary import names_sexual

_ERASED, _CLOSED = "/back/ended", "/back/closed"
_OTHER_CODE = lazy("That is not the return code of what is open here. Nothing was erased. Check it")


class EraseForm(PlainForm):
    """The return code once more, and that the person means it."""

    code = ShortText(
        lazy("Your return code"),
        needed=lazy("Type your return code. Nothing was erased"),
        hint=lazy("So that nobody else who finds this page open can erase it"),
        limit=100,
        width=30,
    )
    sure = Tick(
        lazy("Do you want to erase it?"),
        says=lazy("Yes. I know that nobody can bring it back"),
        needed=lazy("Tick the box if you want to erase it. Nothing was erased"),
    )


@blueprint.get("/back/end")
def erase() -> str:
    """What goes, what stays, and what the person could do instead."""
    return _page(read_opened(), EraseForm())


@blueprint.post("/back/end")
def erase_now() -> Response | tuple[str, int]:
    """Erase a draft, or close what was sent until it is erased, if the code is the right one.

    Pressed twice, it is done once.
    """
    if _find_done() is not None:
        return redirect(_ERASED, 303)
    if _find_closed() is not None:
        return redirect(_CLOSED, 303)
    opened, form = read_opened(), EraseForm()
    if was_carried():
        return redirect("/back/end?done=1", 303)
    if not form.validate():
        return _page(opened, form), 400
    try:
        typed = read_code(form.code.data, codes=site().codes)
    except WrongCode as wrong:
        form.refuse(wrong.message, "code")
        return _page(opened, form), 400
    except Busy as busy:
        form.refuse(busy.message)
        return _page(opened, form), 503
    if not hmac.compare_digest(typed.digest, opened.report.code_hash):
        form.refuse(_OTHER_CODE, "code")
        return _page(opened, form), 400
    try:
        _ask(opened, typed)
    except Refused as refused:
        if _find_done() is None:
            form.refuse(refused.message)
            return _page(opened, form), 400
        # The same press arrived twice, and the other one did it.
    return redirect(_ERASED if opened.is_draft else _CLOSED, 303)


@blueprint.get("/back/ended")
def erased() -> Response | str:
    """That it is erased, and whether the last bytes of it are destroyed by now."""
    done = _find_done()
    if done is None:
        return redirect("/back", 303)
    return render_template("report/erased.html", done=done, backup_days=site().settings.backup_days)


@blueprint.get("/back/closed")
def closed_now() -> Response | str:
    """That it is closed, when it will be erased, and that keeping it needs the return code."""
    report = _find_closed()
    if report is None:
        return redirect("/back", 303)
    return render_template("report/closed.html", report=report)


def _ask(opened: Opened, typed: TypedCode) -> None:
    here, report_id, visit = site(), opened.report.id, cookie["visit"]
    with here.database.transaction() as session:
        if opened.is_draft:
            erase_draft(session, report_id, sign=typed.sign, now=here.now(), visit=visit)
            return
        ask_to_erase(session, report_id, sign=typed.sign, keyring=here.keyring, now=here.now())


def _find_done() -> Erasure | None:
    """What this browser has had erased."""
    with site().database.reading() as session:
        return find_erasure(session, cookie.get("visit", ""))


def _find_closed() -> Report | None:
    """What this browser has asked to have erased, while that waits."""
    with site().database.reading() as session:
        return find_closed_by(session, cookie.get("visit", ""))


def _page(opened: Opened, form: EraseForm) -> str:
    return render_template(
        "report/erase.html",
        form=form,
        report=opened.report,
        is_draft=opened.is_draft,
        can_withdraw="withdraw" in lawful_moves(opened),
        is_sexual=names_sexual(opened.answers),
        backup_days=site().settings.backup_days,
        wait=cooling_off(ERASE, asked_at=site().now()).wait,
    )
