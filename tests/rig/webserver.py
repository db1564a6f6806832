"""The site under a real Gunicorn, as an installation runs it, on a loopback port of its own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from portal.config import Settings

_ROOT = Path(__file__).parents[2]
_SECONDS_TO_START = 60
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@contextmanager
def serving(settings: Settings, threads: int = 8) -> Iterator[str]:
    """The address of one more server on this installation, with demonstration settings.

    It stops when the block ends. Raises AssertionError if it cannot be reached.
    """
    environment = os.environ | {
        "ON_RECORD_DEMONSTRATION": "1",
        "ON_RECORD_INSTANCE": str(settings.instance),
        "ON_RECORD_DATABASE_URL": settings.database_url,
    }
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        number = listening.fileno()
        words = ["--bind", f"fd://{number}", "--worker-class", "gthread", "--log-level", "error"]
        words += ["--threads", str(threads), "--preload", "--no-control-socket"]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *words, "wsgi:app"],
            cwd=_ROOT,
            env=environment,
            pass_fds=[number],
        )
        try:
            _wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while server.poll() is None and time.monotonic() < until:
        try:
            build_opener().open(address, timeout=_SECONDS_TO_START).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


class Browser:
    """Somebody at a server: it keeps cookies and sends each form with the page's own token."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open

    def sees(self, path: str) -> str:
        """The text of a page."""
        with self._open(self._address + path, timeout=60) as response:
            return str(response.read().decode())

    def sends(self, path: str, token: str, **fields: str) -> str:
        """Send a form with a token read before; the path where that leads."""
        data = urlencode(fields | {"csrf_token": token}).encode()
        try:
            response = self._open(self._address + path, data, timeout=60)
        except HTTPError as error:
            raise AssertionError(f"{path}: {error.code}: {error.read().decode()}") from error
        with response:
            return str(response.url).removeprefix(self._address)

    def token_on(self, path: str) -> str:
        """The token of the form on a page."""
        found = _TOKEN.search(self.sees(path))
        assert found, f"no form on {path}"
        return found[1]
