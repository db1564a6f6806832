"""Which language a page speaks: the one chosen in this browser, English otherwise."""

from flask import Flask, Response, g, session

from portal.languages import translating


def install(app: Flask) -> None:
    """Give every template `_` and `trans`, and every request its language."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        translating.gettext, translating.ngettext, newstyle=True
    )
    app.jinja_env.globals["spoken"] = translating.spoken
    app.before_request(_speak)
    app.teardown_request(_stop)


def _speak() -> Response | None:
    g.language = translating.speak(session.get("language", translating.ENGLISH))
    return None


def _stop(_error: BaseException | None) -> None:
    if (token := g.pop("language", None)) is not None:
        translating.stop(token)
