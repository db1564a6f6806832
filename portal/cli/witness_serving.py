"""The witness over HTTP: one address, plain text, and Gunicorn in front of it.

It is imported only when it is about to serve.
"""

import logging
import os
import signal
import socket
import traceback
from collections.abc import Callable

from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from portal.ledger.outside.state import DamagedState
from portal.ledger.outside.witness import PLAIN, Witness

MAX_BODY_BYTES = 65_536
_SECONDS_TO_SEND = 10
_SECONDS_TO_FINISH = 20
_THREADS = 16
_LOG = logging.getLogger("portal.witness")


class WitnessApp(Flask):
    """A Flask application that never shows or logs what it was sent."""

    def log_exception(self, exc_info: object, /) -> None:
        """Say where a fault of ours happened, and nothing of the request."""
        error = exc_info[1] if isinstance(exc_info, tuple) else None
        steps = traceback.extract_tb(error.__traceback__) if error else []
        where = f"{os.path.basename(steps[-1].filename)}:{steps[-1].lineno}" if steps else "unknown"
        _LOG.error("fault %s at %s", type(error).__name__, where)


def create_app(witness: Witness) -> Flask:
    """The application that answers `POST /add-checkpoint` for a witness."""
    app = WitnessApp("witness", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES

    @app.post("/add-checkpoint")
    def add_checkpoint() -> Response:
        """Cosign a checkpoint, or say why not."""
        connection = request.environ.get("gunicorn.socket")
        if isinstance(connection, socket.socket):
            connection.settimeout(_SECONDS_TO_SEND)
        try:
            body = request.get_data(cache=False)
        except OSError:
            return _plain("The request did not come in time.\n", 408)
        try:
            answer = witness.add_checkpoint(body)
        except DamagedState as error:
            _LOG.error("503 %s", error.message)
            return _plain(
                "This witness cannot tell what it signed last, so it signs nothing.\n", 503
            )
        except OSError as error:
            _LOG.error("503 The record cannot be kept: %s", error.strerror)
            return _plain("This witness cannot keep its record, so it signed nothing.\n", 503)
        _LOG.info("%d %s", answer.status, answer.words)
        return _plain(answer.body, answer.status, answer.content_type)

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        """One plain line for whatever is not a checkpoint."""
        answer = _plain(f"{error.name}.\n", error.code or 500)
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            answer.headers["Allow"] = ", ".join(sorted(allowed))
        return answer

    return app


def _plain(body: str, status: int, content_type: str = PLAIN) -> Response:
    response = Response(body, status)
    response.headers["Content-Type"] = content_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


class Server(BaseApplication):  # type: ignore[misc]
    """A witness under one address. `ready` is called once it can be reached."""

    def __init__(
        self, witness: Witness, address: tuple[str, int], ready: Callable[[], None]
    ) -> None:
        self._witness = witness
        self._options = {
            "bind": f"{address[0]}:{address[1]}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": _THREADS,
            "control_socket_disable": True,
            "accesslog": None,
            "loglevel": "warning",
            "limit_request_line": 1024,
            "limit_request_fields": 50,
            "graceful_timeout": _SECONDS_TO_FINISH,
            "when_ready": lambda _arbiter: self._be_ready(ready),
            "post_worker_init": lambda _worker: signal.signal(signal.SIGINT, signal.SIG_IGN),
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to Gunicorn, in place of its command line."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application."""
        return create_app(self._witness)

    def _be_ready(self, ready: Callable[[], None]) -> None:
        # Gunicorn breaks off what is being served at Ctrl-C; SIGTERM lets it finish.
        signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        ready()
