"""An office's own gateway: each message as signed JSON to one address of theirs.

    POST, Content-Type: application/json
    On-Record-Time: 1767225600
    On-Record-Signature: v1=<hex HMAC-SHA256 of the time, a full stop and the body>

    {"id": "…", "channel": "email" or "text", "to": "…", "subject": "…", "body": "…"}

Any answer from 200 to 299 means that it was taken. The gateway refuses a signature that does not
fit, a time more than some minutes off, and an `id` that it has seen: each try has its own.
A message whose answer was lost is sent again. Redirects are not followed, so none goes elsewhere.
"""

import hmac
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from hashlib import sha256
from typing import IO
from uuid import uuid4

from portal.config import Mail
from portal.notifications.addresses import number_of
from portal.notifications.leaving import NotSentError

TIME_HEADER, SIGNATURE_HEADER = "On-Record-Time", "On-Record-Signature"
_TIMEOUT_SECONDS = 20
_MOST_READ = 1024


def sign(secret: bytes, stamp: str, body: bytes) -> str:
    """The signature over a time and a body, as it stands in the header."""
    return "v1=" + hmac.new(secret, stamp.encode() + b"." + body, sha256).hexdigest()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        """Follow none: whoever answers with one was not meant to get the message."""


class GatewaySender:
    """Posts each message to the gateway. `seconds` is the wall clock, for the signature."""

    def __init__(self, mail: Mail, seconds: Callable[[], float] = time.time) -> None:
        self._mail = mail
        self._seconds = seconds
        self._opener = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))

    def send(self, address: str, subject: str, body: str) -> None:
        """Send one message. Raises NotSentError when the gateway does not take it in 20 seconds."""
        number = number_of(address)
        channel = "text" if number else "email"
        if channel not in self._mail.webhook_sends:
            raise NotSentError
        content = _pack(channel, number or address, subject, body)
        stamp = str(int(self._seconds()))
        request = urllib.request.Request(  # noqa: S310 - the settings allow http to this machine
            self._mail.webhook_url,
            data=content,
            method="POST",
            headers={
                "Content-Type": "application/json",
                TIME_HEADER: stamp,
                SIGNATURE_HEADER: sign(self._mail.webhook_secret, stamp, content),
            },
        )
        try:
            with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                answer.read(_MOST_READ)
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
            raise NotSentError(type(error).__name__) from None


def _pack(channel: str, to: str, subject: str, body: str) -> bytes:
    told = {"id": str(uuid4()), "channel": channel, "to": to, "subject": subject, "body": body}
    return json.dumps(told, ensure_ascii=False).encode()
