"""The composition root: the one module that sees everything."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import BytecodeCache
from sqlalchemy import Engine, create_engine
from werkzeug.routing import Rule
from whitenoise import WhiteNoise

from portal.cli import commands, json_lines
from portal.cli.demonstration_witness import with_witness
from portal.clock import utc_now
from portal.config import Settings
from portal.site import Site
from portal.web import (
    access,
    carry,
    filters,
    guesses,
    language,
    limits,
    problems,
    routes,
    security,
    switching,
    uploads,
    widgets,
)

_ROOT = Path(__file__).parent.parent
_MOST_BYTES = 64 * 1024 * 1024


class Compiled(Protocol):
    """Where an application finds what one before it compiled."""

    @property
    def templates(self) -> BytecodeCache:
        """The templates."""
        ...

    @property
    def rule(self) -> type[Rule]:
        """The rules of the addresses, which build them again."""
        ...

    @property
    def make_engine(self) -> Callable[..., Engine]:
        """What makes the database's engine, and keeps the statements."""
        ...


def create_app(
    settings: Settings,
    now: Callable[[], datetime] = utc_now,
    *,
    compiled: Compiled | None = None,
    own_witness: bool = False,
) -> Flask:
    """The application for these settings. `now` is the clock, for tests and demonstrations.

    `compiled` keeps what is compiled for the next application of the same process, which then waits
    for no template that nobody asks for.
    `own_witness` gives a demonstration its witness, in its pages and its commands alike.
    """
    app = Flask(
        "portal",
        root_path=str(_ROOT),
        template_folder="templates",
        static_folder="static",
        instance_path=str(settings.instance),
    )
    app.request_class = uploads.PortalRequest
    # Werkzeug would redirect "//" to an address that it makes of whatever host was asked for.
    app.url_map.merge_slashes = False
    site = Site.from_settings(settings, now, compiled.make_engine if compiled else create_engine)
    if own_witness and settings.demonstration:
        site = with_witness(site)
    app.extensions["on_record"] = site
    json_lines.install(app.name)
    json_lines.hide_addresses("gunicorn.error")
    _configure(app, settings, compiled)
    language.install(app)
    limits.install(app)
    csrf = CSRFProtect(app)
    security.install(app, cacheable_endpoints=routes.cacheable_endpoints())
    for part in (problems, carry, filters):
        part.install(app)
    access.install(app, routes.who_may_enter())
    routes.install(app, csrf)
    commands.install(app, site)
    _load_templates(app, at_once=compiled is None)
    quick = guesses.QuickRefusals(app, site)
    quick.warm()
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        switching.LanguageSwitch(quick),
        root=str(_ROOT / "static"),
        prefix="static/",
        max_age=3600,
        add_headers_function=security.add_static_headers,
    )
    return app


def create_tools(message: str) -> Flask:
    """An application without a site: it has the commands that need none, and `message` for others.

    It serves no page.
    """
    app = Flask("portal", static_folder=None)
    app.cli = commands.Tools(message)
    return app


def _configure(app: Flask, settings: Settings, compiled: Compiled | None) -> None:
    app.config.update(
        SECRET_KEY=settings.cookie_key,
        # Browsers take the prefix only from this very host, over https: nobody else can set it.
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        # The visit decides how long a form may stay open; a token that dies sooner loses words.
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages send no Referer to ask for; `web.carry` asks the browser where a form came from.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=_MOST_BYTES,
    )
    app.jinja_env.lstrip_blocks = True  # indents of blocks would weigh kilobytes on the wire
    if compiled is not None:
        app.jinja_env.bytecode_cache, app.url_rule_class = compiled.templates, compiled.rule
    app.jinja_env.globals["demonstration"] = settings.demonstration


def _load_templates(app: Flask, *, at_once: bool) -> None:
    # The first render of a template costs a quarter of a second; nobody should wait for it.
    widgets.warm()
    for name in app.jinja_env.list_templates(extensions=["html"]) if at_once else ():
        app.jinja_env.get_template(name)
