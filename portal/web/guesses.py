"""A wrong return code is answered before anything slow begins.

Whoever tries codes, one a millisecond, must not keep out the person who has the right one. So a
form of `/back` whose code opens nothing is answered here, from a page that was drawn once: one
look into an index, no cookie, no template, no slow hash. Whatever might be right, and whatever is
not plainly such a form, goes on to the site itself, which checks the form's token as always. The
answer is the site's own, byte for byte, and nothing is changed by it, so it needs no token.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from flask import Flask, current_app, render_template
from flask_wtf.csrf import generate_csrf
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError

from portal.languages.translating import LANGUAGES, speak, spoken, stop
from portal.reports.codes import LONGEST_TYPED, WrongCode, key_material
from portal.reports.visits import OPENS_NOTHING, opens_nothing
from portal.site import Site
from portal.web.fields import clean_text
from portal.web.language import COOKIE, TAGS, preferred
from portal.web.report.forms_code import CodeForm
from portal.web.security import dynamic_headers
from portal.web.switching import is_from_here

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PATH = "/back"
_MOST_BYTES = 4096  # of a form with a token and a code
_MOST_TOKEN = 300
_URLENCODED = "application/x-www-form-urlencoded"
_FIELDS = frozenset({"code", "csrf_token"})
_TOKEN_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
_TYPED_MARK, _MESSAGE_MARK = "marktypedmark", "markmessagemark"


class Typed(NamedTuple):
    """What a form of `/back` holds."""

    code: str
    token: str


class Page:
    """The page of a refused code, drawn once, with places for what differs."""

    def __init__(self, html: str, token: str) -> None:
        self._before, self._after = html.split(_TYPED_MARK)
        self._token = token

    def fill(self, typed: Typed, message: str) -> bytes:
        """The page for one try."""
        # The page was cut where the code goes before anything of the form's was put in, so that
        # nothing in it is taken for a mark.
        before, after = (
            self._fill(part, typed.token, message) for part in (self._before, self._after)
        )
        return f"{before}{escape(typed.code)}{after}".encode()

    def _fill(self, part: str, token: str, message: str) -> str:
        part = part.replace(_MESSAGE_MARK, escape(message.removesuffix(".")))
        return part.replace(self._token, token) if self._token else part


class QuickRefusals:
    """The WSGI application of the site, with wrong codes answered on the way in."""

    def __init__(self, app: Flask, site: Site) -> None:
        self.inner: WSGIApplication = app.wsgi_app
        self._app = app
        self._site = site

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a wrong code; hand on everything else."""
        typed = _read_form(environ)
        if typed is None:
            return self.inner(environ, start_response)
        token = speak(_language(self._app, environ))
        try:
            message = self._refusal(typed)
            if not message:
                return self.inner(environ, start_response)
            body, tag = self._pages[spoken()].fill(typed, message), TAGS[spoken()]
        finally:
            stop(token)
        headers = dynamic_headers(is_secure=environ.get("wsgi.url_scheme") == "https")
        headers |= {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        headers["Content-Language"] = tag
        start_response("400 BAD REQUEST", [*headers.items(), ("Vary", "Cookie")])
        return [body]

    def warm(self) -> None:
        """Draw the pages now; the first person must not wait for it."""
        _ = self._pages

    def _refusal(self, typed: Typed) -> str:
        """Why the code is wrong; "" when the site itself has to look."""
        if not typed.code or bool(typed.token) != self._app.config.get("WTF_CSRF_ENABLED", True):
            return ""
        try:
            secret = key_material(typed.code)
        except WrongCode as wrong:
            return wrong.message
        site = self._site
        try:
            with site.database.reading() as session:
                nothing = opens_nothing(session, secret, codes=site.codes, now=site.now())
        except SQLAlchemyError:
            return ""
        return str(OPENS_NOTHING) if nothing else ""

    @cached_property
    def _pages(self) -> dict[str, Page]:
        data = {"code": _TYPED_MARK}
        with self._app.test_request_context(_PATH, method="POST", data=data):
            return {language: _draw(language) for language in LANGUAGES}


def _language(app: Flask, environ: WSGIEnvironment) -> str:
    """The language of the site's own answer, from the cookie or from what the browser asks for."""
    request = app.request_class(environ)
    session = app.session_interface.open_session(app, request)
    return preferred(session.get(COOKIE) if session else None, request.accept_languages)


def _draw(language: str) -> Page:
    token = speak(language)
    try:
        return _draw_spoken()
    finally:
        stop(token)


def _draw_spoken() -> Page:
    form = CodeForm()
    form.refuse(_MESSAGE_MARK, "code")
    html = render_template("report/back.html", form=form)
    with_token = current_app.config.get("WTF_CSRF_ENABLED", True)
    return Page(html, generate_csrf() if with_token else "")


def _read_form(environ: WSGIEnvironment) -> Typed | None:
    """The form, if it is plainly one of ours; None otherwise. It can be read again afterwards."""
    if environ.get("PATH_INFO") != _PATH or environ.get("REQUEST_METHOD") != "POST":
        return None
    length = environ.get("CONTENT_LENGTH") or ""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if not length.isdecimal() or int(length) > _MOST_BYTES or kind != _URLENCODED:
        return None
    if environ.get("QUERY_STRING") or not is_from_here(environ):
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=len(_FIELDS))
    except ValueError:
        return None
    fields = dict(pairs)
    token = fields.get("csrf_token", "")
    code = clean_text(fields.get("code", "")).replace("\n", " ")
    plain = len(fields) == len(pairs) and fields.keys() <= _FIELDS
    if not plain or len(code) > LONGEST_TYPED or len(token) > _MOST_TOKEN:
        return None
    return Typed(code, token) if _TOKEN_LETTERS.issuperset(token) else None
