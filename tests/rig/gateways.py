"""A server on this machine that takes what is posted to it, or answers as it is told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Posted:
    """One request: its path, headers by lower-case name, and body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """The body as JSON."""
        told: dict[str, Any] = json.loads(self.body)
        return told


@dataclass
class Fake:
    """What came, and what is answered."""

    address: str = ""
    status: int = 201
    answer: bytes = b"{}"
    location: str = ""
    came: list[Posted] = field(default_factory=list)


@contextmanager
def gateway() -> Iterator[Fake]:
    """The server, while it runs."""
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.came.append(Posted(self.path, headers, body))
            self.send_response(fake.status)
            if fake.location:
                self.send_header("Location", fake.location)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(fake.answer)))
            self.end_headers()
            self.wfile.write(fake.answer)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_args: object) -> None:  # type: ignore[override]
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
