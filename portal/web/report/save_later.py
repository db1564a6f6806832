"""Stopping in the middle: what was typed is kept, the visit ends, and a page says how to go on.

While the return code is still shown, because the person has not said that they kept it, the page
shows it first: once the visit is over there is no copy of it that anybody can read. Who said at the
start that they kept it sees it once more, and is not told that they did not say so.
"""

from flask import redirect, render_template
from flask import session as cookie
from werkzeug.wrappers import Response

from portal.reports.visits import end_visit
from portal.web.access import find_open_visit, get_visit, site
from portal.web.report.blueprint import blueprint
from portal.web.report.opened import Opened, read_opened, said_kept, shown_code

LATER = "later"
"""The name of the button that stops here, among the fields of a question."""
_SAVED = "/start/later"


@blueprint.get(_SAVED)
def saved_for_later() -> str:
    """That it is kept, and how to come back; with the code, as long as it can be shown."""
    groups: list[str] = []
    if find_open_visit() is not None:
        opened = read_opened()
        groups = shown_code(opened.report) if opened.is_draft else []
    return render_template("report/later.html", groups=groups, said_kept=said_kept())


@blueprint.post(_SAVED)
def close_for_later() -> Response:
    """The person has written the code down: close."""
    get_visit()
    _end()
    return redirect(_SAVED, 303)


def leave_for_later(opened: Opened) -> Response:
    """Close the visit, unless the return code has to be shown first, and say how to come back."""
    if not shown_code(opened.report):
        _end()
    return redirect(_SAVED, 303)


def _end() -> None:
    with site().database.transaction() as session:
        end_visit(session, cookie["visit"], now=site().now())
    cookie.pop("visit", None)
    cookie.pop("kept", None)
