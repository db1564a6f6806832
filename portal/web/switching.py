"""Changing the language of a page that somebody types in, without losing a word.

The switch at the top of such a page sends the page's own form to `/language/cy?page=...`. Here,
before the site reads the request, it becomes a request for that page, with the fields beside it:
so the page is drawn as always, by its own view and its own rules, and its form holds what was
typed (`web.language.typed_before_switching`). Nothing is saved, sent or checked by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, unquote_to_bytes, urlsplit

from portal.languages.translating import LANGUAGES
from portal.web.addresses import find_own_page
from portal.web.language import CHOSEN, TYPED
from portal.web.limits import MOST_BYTES, MOST_FIELDS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_UNDER = "/language/"
_URLENCODED = "application/x-www-form-urlencoded"


class LanguageSwitch:
    """A WSGI application in which a page's form can ask for the page in another language."""

    def __init__(self, inner: WSGIApplication) -> None:
        self.inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand on every request; one for another language as a request for the page itself."""
        if environ.get("REQUEST_METHOD") == "POST":
            environ = _as_page(environ) or environ
        return self.inner(environ, start_response)


def _as_page(environ: WSGIEnvironment) -> WSGIEnvironment | None:
    """The request for the page, if this is the form of one of our pages; None otherwise."""
    language = str(environ.get("PATH_INFO", "")).removeprefix(_UNDER)
    if language not in LANGUAGES or not is_from_here(environ):
        return None
    fields = _read_fields(environ)
    if fields is None:
        return None
    asked = parse_qs(environ.get("QUERY_STRING", "")).get("page", [""])[0]
    page = urlsplit(find_own_page(asked) or "/")
    path = unquote_to_bytes(page.path).decode("latin-1")
    return {
        # Werkzeug and servers keep what they made of the first address in other places.
        **{key: value for key, value in environ.items() if not key.startswith("werkzeug.")},
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": page.query,
        "RAW_URI": page.geturl(),
        "REQUEST_URI": page.geturl(),
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "0",
        "wsgi.input": BytesIO(),
        CHOSEN: language,
        TYPED: fields,
    }


def _read_fields(environ: WSGIEnvironment) -> list[tuple[str, str]] | None:
    length = environ.get("CONTENT_LENGTH") or ""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if not length.isdecimal() or int(length) > MOST_BYTES or kind != _URLENCODED:
        return None
    body = environ["wsgi.input"].read(int(length))
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None


def is_from_here(environ: WSGIEnvironment) -> bool:
    """Whether nothing says that another site sent it, as `web.carry` asks of every form."""
    fetched = environ.get("HTTP_SEC_FETCH_SITE")
    if fetched is not None:
        return fetched not in {"cross-site", "same-site"}
    here = f"{environ.get('wsgi.url_scheme')}://{environ.get('HTTP_HOST')}"
    return environ.get("HTTP_ORIGIN", "null") in {"null", here}
