"""Nothing typed is lost: what was sent with a stale form token, or after the visit ended, is
carried to the next page in hidden fields and sent again from there.

Only a form that came from our own pages is carried: the browser says so, and another site cannot
forge it. What came from elsewhere is refused outright, and nothing of it is shown.
"""

from flask import Flask, Response, current_app, redirect, request, session
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from portal.web.access import SignedOutError, VisitEndedError
from portal.web.addresses import find_own_page

CODE_FIELD = "return_code"
ADDRESS_FIELD = "carried_to"
TOKEN_FIELD = "csrf_token"  # noqa: S105 - the name of a form field
REOPEN = "/back/again"
SIGN_IN = "/account/sign-in"
# What opens a report must be typed again, and is never given back.
_NEVER_GIVEN_BACK = frozenset({CODE_FIELD, ADDRESS_FIELD, TOKEN_FIELD, "code"})

LEFT = "left"
"""Set in the emptied session by whatever leaves: an older form then gives nothing back."""

Kept = list[tuple[str, str]]


def install(app: Flask) -> None:
    """Answer a stale token, an ended visit and a lost sign-in with a page that carries on."""
    app.register_error_handler(CSRFError, offer_again)
    app.register_error_handler(VisitEndedError, offer_code)
    app.register_error_handler(SignedOutError, offer_sign_in)
    app.before_request(refuse_other_sites)


def refuse_other_sites() -> Response | None:
    """Refuse what another site makes a browser send, whatever else is right about it."""
    if request.method in {"GET", "HEAD", "OPTIONS"} or not from_elsewhere():
        return None
    return _page("errors/400.html", 400)


def offer_again(_error: CSRFError) -> Response:
    """The token of the form is stale: the same answers with a fresh one, and a button.

    Not after leaving, and not in a browser that holds nothing: the next person there could go
    back and have the last form sent again, to see what was in it.
    """
    if not _is_own() or LEFT in session:
        return _page("errors/gone.html", 400)
    return _page(
        "errors/again.html",
        400,
        kept=kept_fields(),
        address=_address(),
        token=generate_csrf(),
        files=bool(request.files),
    )


def offer_code(_error: VisitEndedError) -> AnyResponse:
    """No visit is open: ask for the return code, and keep what was sent until it is typed."""
    if request.method not in {"POST", "PUT"}:
        return redirect("/back", 303)
    return code_page(_address(), kept_fields() if _is_own() else [])


def code_page(address: str, kept: Kept, problem: str = "") -> Response:
    """The page that asks for the return code and carries what is to be sent to `address`."""
    return _page(
        "errors/ended.html",
        403,
        kept=kept,
        address=address,
        action=REOPEN,
        token=generate_csrf(),
        problem=problem,
    )


def offer_sign_in(_error: SignedOutError) -> Response:
    """Nobody is signed in any more: sign in beside this page, then send it from here."""
    return _page(
        "errors/signed_out.html",
        403,
        kept=kept_fields() if _is_own() else [],
        address=_address(),
        sign_in=SIGN_IN,
        token=generate_csrf(),
        files=bool(request.files),
    )


def kept_fields() -> Kept:
    """Every field of the posted form but tokens, codes and passwords, in order."""
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in _NEVER_GIVEN_BACK and not name.endswith("password")
    ]


def was_carried() -> bool:
    """Whether this form was sent on after the visit had ended. A code typed in it is gone."""
    return CODE_FIELD in request.form


def carried_address() -> str:
    """Where a carried form goes, if that is a place of this site; the first page otherwise."""
    return find_own_page(request.form.get(ADDRESS_FIELD, "")) or "/"


def from_our_pages() -> bool:
    """Whether the browser says that a page of this site sent the form.

    Browsers set Sec-Fetch-Site themselves and pages cannot forge it; older ones send Origin.
    Pages with `no-referrer` send "null" as Origin, which proves nothing.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")


def _is_own() -> bool:
    """Whether this is the person's own browser: it holds a visit or a sign-in, ended or not."""
    return ("visit" in session or "sign_in" in session) and from_our_pages()


def from_elsewhere() -> bool:
    """Whether the browser says that a page of another site sent it here, by form or by link."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"cross-site", "same-site"}
    origin = request.headers.get("Origin", "null")
    return origin not in {"null", request.host_url.rstrip("/")}


def _address() -> str:
    return request.full_path if request.query_string else request.path


def _page(template: str, status: int, **words: object) -> Response:
    html = current_app.jinja_env.get_template(template).render(**words)
    return Response(html, status=status, mimetype="text/html")
