"""Which language a page speaks: the one chosen in this browser, or else the browser's own.

English and Welsh are offered on every page that the public, a reporter or a victim may see. Pages
of staff are English. `web.switching` changes the language of a page with a form in it, so that
nothing that was typed there is lost.
"""

from flask import Flask, Response, current_app, g, redirect, request, session
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.datastructures.accept import LanguageAccept
from werkzeug.wrappers import Response as AnyResponse
from wtforms import ValidationError

from portal.languages import translating
from portal.web.addresses import find_own_page

COOKIE = "language"
"""The part of the cookie with the chosen language. Leaving the page empties the whole of it."""

CHOSEN, TYPED = "on_record.language", "on_record.typed"
"""What `web.switching` puts beside a request: the language chosen, and the fields of the form."""

STAFF = frozenset({"account", "advocate", "force", "oversight"})
"""The blueprints of which the pages are English."""

TAGS = {translating.ENGLISH: "en-GB", translating.WELSH: "cy"}
NAMES = {translating.ENGLISH: "English", translating.WELSH: "Cymraeg"}
PAGE_FORM = "page-form"
"""The id of the form of a page in which a person types."""


def install(app: Flask) -> None:
    """Give every template `_` and `trans`, and every request its language."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        translating.gettext, translating.ngettext, newstyle=True
    )
    app.jinja_env.globals.update(
        spoken=translating.spoken,
        language_tag=language_tag,
        other_language=other_language,
        own_address=own_address,
        switch_page=switch_page,
        was_switched=was_switched,
        PAGE_FORM=PAGE_FORM,
    )
    app.before_request(_speak)
    app.after_request(_say_which)
    app.teardown_request(_stop)
    app.add_url_rule("/language/<language>", "language", choose)


def choose(language: str) -> AnyResponse:
    """Speak this language from now on, and show the page again that the link was on."""
    page = find_own_page(request.args.get("page", "")) or "/"
    if language in translating.LANGUAGES and not _from_elsewhere():
        session[COOKIE] = language
    return redirect(page, 303)


def preferred(chosen: str | None, accepted: LanguageAccept) -> str:
    """The language to speak: the chosen one, or the first that the browser asks for."""
    if chosen in translating.LANGUAGES:
        return chosen
    first = next(iter(accepted.values()), "")
    is_welsh = first.lower().partition("-")[0] == translating.WELSH
    return translating.WELSH if is_welsh else translating.ENGLISH


def language_tag() -> str:
    """What this page is written in, for `lang`: "en-GB" or "cy"."""
    return TAGS[translating.spoken()]


def other_language() -> tuple[str, str]:
    """The language that this page is not in: its tag, and its name as it calls itself."""
    spoken = translating.spoken()
    other = translating.ENGLISH if spoken == translating.WELSH else translating.WELSH
    return other, NAMES[other]


def own_address() -> str:
    """The address of this page. A form that is sent to "" goes wherever the page came from."""
    return request.full_path if request.query_string else request.path


def switch_page() -> str:
    """The page to show again in the other language; "" where no other is offered.

    A page that answers a form has the address of the form. If nothing can be read there, the
    first page is shown.
    """
    if request.blueprint in STAFF:
        return ""
    return own_address() if _can_be_read() else "/"


def was_switched() -> bool:
    """Whether this page answers the form with which its language was changed."""
    return TYPED in request.environ


def typed_before_switching() -> MultiDict[str, str] | None:
    """What was typed in the form of this page when its language was changed; None otherwise.

    Nothing that came without the token of this browser's forms is given back.
    """
    fields = request.environ.get(TYPED)
    if fields is None:
        return None
    if "typed_before_switching" not in g:
        g.typed_before_switching = MultiDict(fields) if _is_own(dict(fields)) else None
    typed: MultiDict[str, str] | None = g.typed_before_switching
    return typed


def _is_own(fields: dict[str, str]) -> bool:
    try:
        validate_csrf(fields.get("csrf_token"))
    except ValidationError:
        return False
    return True


def _can_be_read() -> bool:
    if request.method in {"GET", "HEAD"}:
        return True
    if request.url_rule is None:
        return False
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(method="GET")


def _from_elsewhere() -> bool:
    return request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}


def _speak() -> None:
    if chosen := request.environ.get(CHOSEN):
        session[COOKIE] = chosen
    language = preferred(session.get(COOKIE), request.accept_languages)
    if request.blueprint in STAFF:
        language = translating.ENGLISH
    g.language = translating.speak(language)


def _say_which(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = language_tag()
    return response


def _stop(_error: BaseException | None) -> None:
    if (token := g.pop("language", None)) is not None:
        translating.stop(token)
