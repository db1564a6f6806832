"""Starting: what to know first, the return code before the first answer, and leaving."""

from urllib.parse import urlsplit

from flask import Response as FlaskResponse
from flask import redirect, render_template, request
from flask import session as cookie
from werkzeug.wrappers import Response

from portal.accounts.sign_ins import end_sign_in
from portal.reports.codes import make_code
from portal.reports.drafts import start_draft
from portal.reports.lost_codes import forget_lost_code
from portal.reports.visits import end_visit
from portal.web import carry
from portal.web.access import find_account, find_open_visit, site
from portal.web.report import flow
from portal.web.report.blueprint import blueprint
from portal.web.report.lost import COOKIE as LOST
from portal.web.report.opened import open_visit, read_opened, remember, say_kept, shown_code


@blueprint.get("/start")
def start() -> str:
    """Before you start: what it takes, and what we never send.

    Whoever supports others and has signed in knows the next page, and goes on without it.
    """
    knows = find_account() is not None
    return render_template("report/start.html", has_draft=_has_draft(), knows=knows)


@blueprint.get("/start/before")
def before() -> str:
    """What stays on the device, and the way out to try while nothing can be lost by it."""
    address = urlsplit(site().settings.public_url).netloc
    return render_template("report/before.html", has_draft=_has_draft(), address=address)


@blueprint.post("/start")
def begin() -> Response:
    """Make a draft and its return code. A draft that is open here is gone on with instead."""
    if request.form.get("anew") != "yes" and _has_draft():
        return redirect("/start/code", 303)
    made = make_code(site().codes)
    with site().database.transaction() as session:
        report = start_draft(session, code=made, keyring=site().keyring, now=site().now())
        token = open_visit(session, report, made.text, now=report.created_at)
    remember(token)
    return redirect("/start/code", 303)


def _has_draft() -> bool:
    return bool(find_open_visit()) and read_opened().is_draft


@blueprint.get("/start/code")
def code() -> str:
    """The return code, as long as this visit may show it."""
    opened = read_opened()
    return render_template(
        "report/code.html", groups=shown_code(opened.report), is_draft=opened.is_draft
    )


@blueprint.post("/start/code")
def code_seen() -> Response:
    """On to the questions, whether the code was kept or not: it is shown once more at the end."""
    if request.form.get("kept") == "yes":
        say_kept()
    return go_on()


@blueprint.get("/start/go-on")
def go_on() -> Response:
    """On with the first question that has no answer yet, or to what was sent."""
    opened = read_opened()
    address = (
        flow.resume(opened.answers, opened.unfinished).address if opened.is_draft else "/start/done"
    )
    return redirect(address, 303)


@blueprint.get("/leave")
def leave() -> Response:
    """End everything that is open in this browser and go to a page that means nothing.

    A browser that fetches ahead has not left: for it nothing ends. Nor does anything end for one
    that another site sent here, or any site could break off what a person writes.
    """
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    if "prefetch" in ahead or request.method != "GET":
        return FlaskResponse(status=204)
    if carry.from_elsewhere():
        return redirect(site().settings.leave_url, 303)
    visit, sign_in = cookie.get("visit"), cookie.get("sign_in")
    lost = cookie.get(LOST)
    if visit or sign_in or lost:
        with site().database.transaction() as session:
            if lost:
                forget_lost_code(session, lost)
            if visit:
                end_visit(session, visit, now=site().now())
            if sign_in:
                end_sign_in(session, sign_in, now=site().now())
    cookie.clear()
    cookie[carry.LEFT] = True
    response = redirect(site().settings.leave_url, 303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
