"""Gunicorn as the demonstration runs it: one worker, which also does the background work.

It is imported only when it is about to serve: the site under another server needs none of it.
"""

import os
import signal
from collections.abc import Callable
from threading import Event, Thread

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from portal.cli.jobs import run_forever
from portal.site import Site

_THREADS = 8
_SECONDS_TO_FINISH = 20


class Server(BaseApplication):  # type: ignore[misc]
    """The site on one port of this machine. `ready` is called once it can be reached."""

    def __init__(self, app: Flask, site: Site, port: int, ready: Callable[[], None]) -> None:
        self._app = app
        self._site = site
        self._options = {
            "bind": f"127.0.0.1:{port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": _THREADS,
            "preload_app": True,
            "control_socket_disable": True,
            # No access log: who asked for which page, and when, is nobody's business.
            "accesslog": None,
            "loglevel": "warning",
            "graceful_timeout": _SECONDS_TO_FINISH,
            "when_ready": lambda _arbiter: self._be_ready(ready),
            "post_worker_init": lambda _worker: self._begin_jobs(),
            "worker_exit": lambda _arbiter, _worker: self._end_jobs(),
        }
        self._stop = Event()
        self._jobs = Thread(target=run_forever, args=(site, self._stop), name="jobs", daemon=True)
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to Gunicorn, in place of its command line."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, which was made before the fork."""
        return self._app

    def _be_ready(self, ready: Callable[[], None]) -> None:
        # Gunicorn breaks off what is being served at Ctrl-C; SIGTERM lets it finish.
        signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        ready()

    def _begin_jobs(self) -> None:
        # A terminal sends Ctrl-C to every process; the parent tells this one when to end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._jobs.start()

    def _end_jobs(self) -> None:
        self._stop.set()
        if self._jobs.is_alive():
            self._jobs.join(_SECONDS_TO_FINISH)
