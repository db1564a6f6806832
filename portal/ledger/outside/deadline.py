"""HTTP connections that end by a deadline, however slowly the other side sends.

The time-out of a socket begins anew with each byte that comes, so whoever sends a byte now and then
could hold its reader for ever: in the headers, in the text of an error, or anywhere else.
"""

import io
import socket
import ssl
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import Any
from urllib.request import HTTPHandler, HTTPSHandler, Request


class TimedRequest(Request):
    """A request whose whole answer must have come by `deadline`, in seconds of `monotonic`."""

    deadline = float("inf")


def _left(deadline: float, at_most: float | None) -> float:
    """The seconds that are left, for the next step. Raises TimeoutError when none are."""
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    return left if at_most is None else min(left, at_most)


def _connect(
    deadline: float, address: tuple[str, int], timeout: float, source: tuple[str, int] | None = None
) -> socket.socket:
    """Connect to the first address of a host that takes it, all within the deadline."""
    host, port = address
    problem: OSError = OSError("the name leads to no address")
    for *_, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            return socket.create_connection(
                (str(found[0]), int(found[1])), _left(deadline, timeout), source
            )
        except OSError as error:
            problem = error
    raise problem


class _TimedBytes(io.RawIOBase):
    """What comes from a socket, each read within what is left."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._raw = connection.makefile("rb", buffering=0)
        self._deadline = deadline
        self._at_most = connection.gettimeout()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - whatever io hands over
        """Read what has come, or wait for it. Raises TimeoutError after the deadline."""
        self._connection.settimeout(_left(self._deadline, self._at_most))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let the socket go."""
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, deadline: float, **named: Any) -> None:  # noqa: ANN401
        super().__init__(sock, *args, **named)
        # Headers and body are read from here.
        self.fp.close()
        self.fp = io.BufferedReader(_TimedBytes(sock, deadline))


class _Timed(HTTPConnection):
    def __init__(self, *args: Any, deadline: float, **named: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **named)
        # The class calls what it finds under these two names.
        self._create_connection = partial(_connect, deadline)
        response: Any = partial(_Response, deadline=deadline)
        self.response_class = response


class _Connection(_Timed):
    pass


class _TlsConnection(_Timed, HTTPSConnection):
    pass


class TimedHandler(HTTPHandler):
    """Opens a `TimedRequest` over http."""

    def http_open(self, req: Request) -> HTTPResponse:
        """Ask, and read the headers. Raises TimeoutError after the deadline."""
        return self.do_open(_within(_Connection, req), req)


class TimedTlsHandler(HTTPSHandler):
    """Opens a `TimedRequest` over https."""

    def __init__(self) -> None:
        context = ssl.create_default_context()
        super().__init__(context=context)
        self._trusted = context

    def https_open(self, req: Request) -> HTTPResponse:
        """Ask, and read the headers. Raises TimeoutError after the deadline."""
        return self.do_open(_within(_TlsConnection, req), req, context=self._trusted)


def _within(kind: type[_Timed], request: Request) -> Any:  # noqa: ANN401 - urllib's own
    return partial(kind, deadline=getattr(request, "deadline", float("inf")))
