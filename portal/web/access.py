"""Who may enter: every request is refused unless `web.routes` lists its endpoint for the person.

Two kinds of browser session, kept apart by trust: a *visit* holds one draft or report open, a
*sign-in* belongs to a member of staff or an advocate. The cookie holds only their random tokens;
the rows decide, and ending a row ends the session whoever holds a copy of the cookie.
"""

from collections.abc import Mapping
from typing import cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Account
from portal.accounts.service import find_signed_in
from portal.reports.models import Visit
from portal.reports.visits import find_visit
from portal.site import Site

ANYONE = frozenset({"anyone"})
VISITOR = frozenset({"visitor"})
ADVOCATE = frozenset({"advocate"})
LIAISON = frozenset({"liaison"})
DECIDERS = frozenset({"pcc", "inspector"})
OVERSIGHT = DECIDERS | {"registrar"}
ADMINISTRATOR = frozenset({"administrator"})
SIGNED_IN = ADVOCATE | LIAISON | OVERSIGHT | ADMINISTRATOR


class VisitEndedError(Exception):
    """A page of the report was asked for, but no visit is open in this browser."""


class SignedOutError(Exception):
    """A page for signed-in people was asked for, but nobody is signed in in this browser."""


def site() -> Site:
    """The running installation."""
    return cast(Site, current_app.extensions["on_record"])


def get_account() -> Account:
    """The signed-in person of this request. Raises SignedOutError when there is none."""
    account = find_account()
    if account is None:
        raise SignedOutError
    return account


def find_account() -> Account | None:
    """The signed-in person of this request, or None."""
    if "account" not in g:
        g.account = None
        if token := session.get("sign_in"):
            with site().database.reading() as reading:
                g.account = find_signed_in(reading, token, now=site().now())
    return cast(Account | None, g.account)


def get_visit() -> Visit:
    """The open visit of this request. Raises VisitEndedError when there is none."""
    visit = find_open_visit()
    if visit is None:
        raise VisitEndedError
    return visit


def find_open_visit() -> Visit | None:
    """The open visit of this request, or None."""
    if "visit" not in g:
        g.visit = None
        if token := session.get("visit"):
            with site().database.reading() as reading:
                g.visit = find_visit(reading, token, keyring=site().keyring, now=site().now())
    return cast(Visit | None, g.visit)


def install(app: Flask, who_may_enter: Mapping[str, frozenset[str]]) -> None:
    """Refuse every request whose endpoint is not listed for the person who sends it."""

    @app.before_request
    def enter() -> Response | None:
        if request.endpoint is None:
            return None
        who = who_may_enter.get(request.endpoint)
        if who is None:
            abort(404)
        return _admit(who)


def _admit(who: frozenset[str]) -> Response | None:
    if who == ANYONE:
        return None
    if who == VISITOR:
        get_visit()
        return None
    account = find_account()
    if account is None:
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
        raise SignedOutError
    if account.role not in who:
        abort(403)
    return None
