"""A lost return code: a receipt, a number sent to the safe way, and a new code after 72 hours."""

from flask import redirect, render_template
from flask import session as cookie
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.errors import Busy, NotFound, Refused, TooManyTries
from portal.languages.translating import lazy
from portal.ledger.receipt import MAX_RECEIPT_BYTES
from portal.reports.cancelling import was_cancelled
from portal.reports.codes import format_code, make_code
from portal.reports.lost_codes import (
    WRONG_NUMBER,
    ask_number,
    code_of,
    count_shown,
    find_open,
    forget_lost_code,
    give_code,
    is_number_right,
)
from portal.reports.models import LostCode
from portal.reports.shown_receipts import find_report_of, is_receipt
from portal.web.access import site
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_code import NumberForm, ReceiptForm

COOKIE = "lost"
"""The part of the cookie with the token of such a request."""

_NO_RECEIPT = lazy(
    "This is not a receipt file. The sheet or PDF cannot be used here. Choose the file that you "
    "saved, for example receipt.json"
)
_Page = Response | str | tuple[str, int]


@blueprint.get("/back/lost")
def lost() -> str:
    """What is needed for a new code, what it cannot do, and the question for a receipt."""
    return render_template("report/lost.html", form=ReceiptForm())


@blueprint.post("/back/lost")
def lost_ask() -> _Page:
    """Write the request down. The answer is the same whatever receipt it is."""
    form = ReceiptForm()
    if not form.validate():
        return render_template("report/lost.html", form=form), 400
    file = form["receipt"].data
    data = file.stream.read(MAX_RECEIPT_BYTES + 1) if isinstance(file, FileStorage) else b""
    # Nothing is looked up before: that it is no receipt tells nothing of what is here.
    if not is_receipt(data):
        form.refuse(_NO_RECEIPT, "receipt")
        return render_template("report/lost.html", form=form), 400
    with site().database.reading() as session:
        report_id = find_report_of(session, data)
    try:
        with site().database.transaction() as session:
            count_shown(session, data, tokens=site().tokens, now=site().now())
            cookie[COOKIE] = ask_number(session, report_id, now=site().now())
    except TooManyTries as error:
        form.refuse(error.message, "receipt")
        return render_template("report/lost.html", form=form), 429
    return redirect("/back/lost/number", 303)


@blueprint.get("/back/lost/number")
def lost_number() -> _Page:
    """Say what may have been sent, and ask for it."""
    if _find() is None:
        return redirect("/back/lost", 303)
    return render_template("report/lost_number.html", form=NumberForm())


@blueprint.post("/back/lost/number")
def lost_confirm() -> _Page:
    """The right number gives a new code; every other answer is the same."""
    form, status = NumberForm(), 400
    if _find() is None:
        return redirect("/back/lost", 303)
    if form.validate():
        try:
            _exchange(str(form["number"].data))
            return redirect("/back/lost/code", 303)
        except (NotFound, Refused) as error:
            form.refuse(error.message, "number")
        except Busy as busy:
            form.refuse(busy.message)
            status = 503
    return render_template("report/lost_number.html", form=form), status


@blueprint.get("/back/lost/code")
def lost_code() -> _Page:
    """The new code, when it begins to work, and what can still stop it."""
    row = _find()
    if row is not None and was_cancelled(row):
        return render_template("report/lost_cancelled.html", at=row.cancelled_at)
    if row is None or row.works_from is None:
        return redirect("/back/lost", 303)
    code = code_of(row, site().keyring)
    groups = format_code(code).split("-") if code else []
    return render_template("report/lost_code.html", groups=groups, works_from=row.works_from)


@blueprint.post("/back/lost/code")
def lost_code_kept() -> Response:
    """The person kept the new code: no copy stays."""
    if token := cookie.pop(COOKIE, None):
        with site().database.transaction() as session:
            forget_lost_code(session, token)
    return redirect("/?done=1", 303)


def _find() -> LostCode | None:
    token = cookie.get(COOKIE)
    if not token:
        return None
    with site().database.reading() as session:
        return find_open(session, token, now=site().now())


def _exchange(typed: str) -> None:
    """Give a new code for the number. Raises NotFound, Refused and Busy."""
    token = cookie[COOKIE]
    with site().database.transaction() as session:
        right = is_number_right(session, token, typed, tokens=site().tokens, now=site().now())
    if not right:
        raise NotFound(WRONG_NUMBER)
    # The slow hash runs before the transaction: no other writer waits for it.
    made = make_code(site().codes)
    with site().database.transaction() as session:
        give_code(
            session,
            token,
            typed,
            made,
            keyring=site().keyring,
            tokens=site().tokens,
            now=site().now(),
        )
