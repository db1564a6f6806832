"""The site on a port of its own, for a browser: its clock is moved by hand, and it can restart."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from portal.app import create_app
from portal.config import Settings
from portal.site import Site
from tests.rig.compiled import COMPILED
from tests.rig.people import site_of

COOKIE = "session"


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing for each request."""


def serve(app: Any, port: int = 0) -> BaseWSGIServer:  # noqa: ANN401 - any WSGI application
    """Serve an application from a thread of this process; `shut` ends it."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def shut(server: BaseWSGIServer) -> None:
    """Stop serving and give the port back."""
    server.shutdown()
    server.server_close()


@dataclass
class Running:
    """A served installation."""

    settings: Settings
    now: Callable[[], datetime]
    app: Flask = field(init=False)
    server: BaseWSGIServer = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.settings, now=self.now, compiled=COMPILED)
        self.server = serve(self.app)

    @property
    def address(self) -> str:
        """Where the site is, without a slash at the end."""
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def site(self) -> Site:
        """The installation without its pages."""
        return site_of(self.app)

    def restart(self) -> None:
        """Stop the process's worth of state and start anew on the same port and database."""
        port = self.server.port
        self.stop()
        self.app = create_app(self.settings, now=self.now, compiled=COMPILED)
        self.server = serve(self.app, port)

    def stop(self) -> None:
        """Stop serving, and let go of the database."""
        shut(self.server)
        self.site.database.engine.dispose()

    def change_cookie(self, context: BrowserContext, **changes: str) -> None:
        """Change what the browser's signed cookie holds, as time or another tab might."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        (kept,) = (each for each in context.cookies() if each["name"] == COOKIE)
        signed = serializer.dumps(serializer.loads(kept["value"]) | changes)
        context.add_cookies([{"name": COOKIE, "value": signed, "url": self.address}])


@contextmanager
def running(settings: Settings, now: Callable[[], datetime]) -> Iterator[Running]:
    """Serve an installation until the end of the block."""
    served = Running(settings, now)
    try:
        yield served
    finally:
        served.stop()


@contextmanager
def weather() -> Iterator[str]:
    """The address of another website, where leaving leads."""

    @Request.application
    def page(_request: Request) -> Response:
        # The icon keeps browsers from asking for one.
        html = "<!DOCTYPE html><title>Weather</title><link rel=icon href='data:,'>Rain later"
        return Response(html, mimetype="text/html")

    server = serve(page)
    try:
        yield f"http://localhost:{server.port}/"
    finally:
        shut(server)
