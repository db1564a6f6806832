"""Reading a log over HTTP, and sending a cosignature back: bounded in size and in time."""

import ipaddress
import zlib
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from time import monotonic
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, build_opener

from portal.errors import Refused, Unavailable
from portal.ledger.outside.deadline import TimedHandler, TimedRequest, TimedTlsHandler

Fetch = Callable[[str, int], bytes]
"""Reads what lies under a path of a log, at most so many bytes. Raises Unreachable, NotServed."""

_SECONDS = 20
_SECONDS_IN_ALL = 60
_ANSWER_BYTES = 4096
_STEP = 65_536


class BadAddress(Refused):
    """The address is not one that may be asked."""


class Unreachable(Unavailable):
    """The log does not answer, or not with what was asked for."""


class Answered(Unreachable):
    """The other side answers with a status that means no: the status, and how its text begins."""

    status = 0
    body = b""


class NotServed(Answered):
    """The log answers that it has nothing under this path (404 or 410)."""


class _NoRedirect(HTTPRedirectHandler):
    """Whom to believe was decided by whoever typed the address, so it is not left for another."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        """Follow nothing; the redirect becomes an error."""


class HttpLog:
    """A log (or a portal) under an address. Raises BadAddress unless it is https, or http on this
    machine, or `allow_http` was asked for.

    The other side may be silent for `seconds`, and an answer has come after `seconds_in_all` from
    connecting to its last byte, or counts as none.
    """

    def __init__(
        self,
        url: str,
        *,
        allow_http: bool = False,
        seconds: float = _SECONDS,
        seconds_in_all: float = _SECONDS_IN_ALL,
    ) -> None:
        is_here = _check(url, allow_http=allow_http)
        self._prefix = url.rstrip("/")
        self._seconds = seconds
        self._seconds_in_all = seconds_in_all
        # A proxy cannot reach what only this machine can.
        timed = [TimedHandler(), TimedTlsHandler()]
        handlers = [_NoRedirect(), *timed, *([ProxyHandler({})] if is_here else [])]
        self._opener: OpenerDirector = build_opener(*handlers)

    def get(self, path: str, limit: int) -> bytes:
        """What lies under `path`, at most `limit` bytes. Raises Unreachable, NotServed."""
        headers = {"Accept-Encoding": "gzip, identity", "User-Agent": "on-record"}
        return self._ask(TimedRequest(f"{self._prefix}/{path}", headers=headers), limit)

    def post(self, path: str, body: bytes) -> bytes:
        """Send plain text; what is answered. Raises Unreachable, NotServed."""
        headers = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "on-record"}
        request = TimedRequest(f"{self._prefix}/{path}", data=body, headers=headers, method="POST")
        return self._ask(request, _ANSWER_BYTES)

    def exchange(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Send plain text; the status and what is answered with it. Raises Unreachable."""
        try:
            return 200, self.post(path, body)
        except Answered as answered:
            return answered.status, answered.body

    def _ask(self, request: TimedRequest, limit: int) -> bytes:
        place = request.full_url
        request.deadline = monotonic() + self._seconds_in_all
        try:
            with self._opener.open(request, timeout=self._seconds) as answer:
                return _read(answer, limit, place)
        except HTTPError as error:
            with error:
                kind = NotServed if error.code in (404, 410) else Answered
                answered = kind(f"{place} answers with {error.code}.")
                answered.status, answered.body = error.code, _begin_of(error)
            raise answered from None
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise Unreachable(f"{place} takes too long.") from None
            raise Unreachable(f"{place} cannot be reached: {error.reason}.") from None
        except TimeoutError:
            raise Unreachable(f"{place} takes too long.") from None
        except (OSError, HTTPException) as error:
            raise Unreachable(f"{place} broke off: {type(error).__name__}.") from None


def _begin_of(error: HTTPError) -> bytes:
    try:
        return error.read(_ANSWER_BYTES)
    except (OSError, HTTPException):
        return b""


def _read(answer: HTTPResponse, limit: int, place: str) -> bytes:
    coding = answer.headers.get("Content-Encoding", "identity").lower()
    if coding not in ("identity", "gzip"):
        raise Unreachable(f"{place} is packed in a way that was not asked for.")
    unpack = zlib.decompressobj(31) if coding == "gzip" else None
    content = bytearray()
    while part := answer.read1(_STEP):
        try:
            content += unpack.decompress(part, limit + 1 - len(content)) if unpack else part
        except zlib.error:
            raise Unreachable(f"{place} is packed in a broken way.") from None
        if len(content) > limit:
            raise Unreachable(f"{place} is larger than it may be.")
    length = answer.headers.get("Content-Length", "")
    if answer.length or (unpack and not unpack.eof):
        raise Unreachable(f"{place} broke off before its end ({length} bytes were promised).")
    return bytes(content)


def _check(url: str, *, allow_http: bool) -> bool:
    """Whether the address is of this machine. Raises BadAddress."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or not url.isascii():
        raise BadAddress("The address is not one like https://log.example/.")
    if parts.query or parts.fragment or parts.username or " " in url:
        raise BadAddress("The address holds more than a host and a path.")
    is_here = host == "localhost" or _is_loopback(host)
    if parts.scheme == "http" and not (is_here or allow_http):
        raise BadAddress(
            "The address begins with http: on the way, anybody could change what is read. "
            "Use https, or say --allow-http."
        )
    return is_here


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
