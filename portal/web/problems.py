"""Turns each error into a page, once: what went wrong, what was kept, what to do now.

The pages are drawn without the app's context processors, so that they appear even when the
database does not answer. What is logged names places in the code, never what a person sent.
`web.carry` has the pages that carry on what was typed.
"""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from portal.errors import (
    Busy,
    NotAllowed,
    NotFound,
    OnRecordError,
    Refused,
    TooManyTries,
    Unavailable,
)
from portal.languages.translating import lazy
from portal.web.force import api_problems
from portal.web.force.upload import LARGEST_FILE

_WITH_A_PAGE = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})
_SAME_PAGE_AS = {401: 403, 410: 404}
_REFERENCE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none is read as another
_TRY_AGAIN_AFTER = 60  # seconds
_LIMITS = {
    "force.add_records": LARGEST_FILE,
    "report.files_take": lazy("Go back, and add fewer files at a time"),
}

_STATUS_OF: tuple[tuple[type[OnRecordError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Refused, 409),
    (TooManyTries, 429),
    (Unavailable, 503),
    (Busy, 503),
)


def install(app: Flask) -> None:
    """Register a page for every error: HTTP, of the domain, and unforeseen."""
    handlers: tuple[tuple[type[Exception], Callable[..., Response]], ...] = (
        (HTTPException, show_http_error),
        (OnRecordError, show_domain_error),
        (Exception, show_unforeseen),
    )
    for kind, handler in handlers:
        app.register_error_handler(kind, handler)


def show_http_error(error: HTTPException) -> Response:
    """The page of an HTTP error; its own headers, such as Allow, are kept."""
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:
        return current_app.make_response(error.get_response(request.environ))
    response = api_problems.http_problem(status) if _is_program() else _http_page(status)
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _http_page(status: int) -> Response:
    page = _SAME_PAGE_AS.get(status, status)
    if page not in _WITH_A_PAGE:
        page = 400 if status < 500 else 500
    return _page(
        f"errors/{page}.html",
        status,
        reference=_reference() if page == 500 else "",
        limit=_LIMITS.get(request.endpoint or "", ""),
    )


def show_domain_error(error: OnRecordError) -> Response:
    """The page of an error that the domain raised on purpose, with its own words."""
    if _is_program() and (problem := api_problems.domain_problem(error)):
        return problem
    status = next((code for kind, code in _STATUS_OF if isinstance(error, kind)), 0)
    if not status:
        return show_unforeseen(error)
    response = _page(f"errors/{status}.html", status, message=error.message)
    if isinstance(error, TooManyTries):
        response.headers["Retry-After"] = str(max(1, error.retry_after))
    elif status == 503:
        response.headers["Retry-After"] = str(_TRY_AGAIN_AFTER)
    return response


def show_unforeseen(error: Exception) -> Response:
    """The page of a fault of ours, with a reference that leads to its place in the log.

    Under test and in debug mode the error is raised again, as Flask itself does.
    """
    propagate = current_app.config["PROPAGATE_EXCEPTIONS"]
    if propagate or (propagate is None and (current_app.testing or current_app.debug)):
        raise error
    reference = _reference()
    # The words of an error can hold what a person typed (a database quotes the row), and so can
    # an address. So only the kinds and the places are written.
    current_app.logger.error(
        "fault reference=%s method=%s endpoint=%s kind=%s at=%s",
        reference,
        request.method,
        request.endpoint,
        _kinds(error),
        _places(error),
    )
    if _is_program():
        return api_problems.http_problem(500)
    return _page("errors/500.html", 500, reference=reference)


def _is_program() -> bool:
    return request.endpoint in api_problems.ENDPOINTS or (
        # What matches no address here has no endpoint either.
        request.endpoint is None and request.path.startswith(api_problems.UNDER)
    )


def _reference() -> str:
    return "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(8))


def _kinds(error: BaseException | None) -> str:
    kinds: list[str] = []
    while error is not None and len(kinds) < 5:
        kinds.append(type(error).__qualname__)
        error = error.__cause__ or error.__context__
    return "<".join(kinds)


def _places(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return " ".join(f"{each.filename}:{each.lineno}:{each.name}" for each in frames)


def _page(template: str, status: int, **words: object) -> Response:
    # Straight from the environment: `render_template` would run the context processors.
    html = current_app.jinja_env.get_template(template).render(**words)
    return Response(html, status=status, mimetype="text/html")
