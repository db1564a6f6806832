"""The chain of keys of a report's return codes, as its entries show it, and where it is broken.

The key of the first code stands in `submitted`. A change with the old code is signed by the old
code's key, so nobody makes one without it, whatever else they hold. A change without it follows an
entry that asked for it, and committed to the new key, 72 hours earlier, and that nobody cancelled.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.ledger.entry import canonical

WAIT = timedelta(hours=72)
"""From asking for a new code without the old one until the new one works."""

LABEL = "on-record/v1/change-code"
SUBMITTED, ASKED, CANCELLED, CHANGED = KINDS = (
    "submitted",
    "code_change_asked",
    "code_change_cancelled",
    "code_changed",
)
REQUEST_KEY = "request.key"
SIGNATURE = "request.signature"
CHANGED_WITH, CODE, RECEIPT = "changed.with", "code", "receipt"
WORKS_FROM = "works.from"
ASKED_KEY = "asked.key"
CODE_DIGEST = "code.digest"
FIELDS = (REQUEST_KEY, SIGNATURE, CHANGED_WITH, WORKS_FROM, ASKED_KEY, CODE_DIGEST)
"""What entries of these kinds hold beside the fields that every entry has."""

Fields = Mapping[str, object]


class Breach(NamedTuple):
    """A rule about codes that an entry breaks: its place among those given, from 0, and what."""

    place: int
    words: str


@dataclass(frozen=True)
class Asked:
    """A change that was asked for without the old code, as its entry commits to it."""

    at: datetime
    works_from: datetime
    key: bytes
    code: str


@dataclass(frozen=True)
class Chain:
    """What the entries of a report show of its codes.

    `key` is the newest request key (32 bytes) that the rules lead to, None when the report was
    sent without one; `code` the digest of the newest code since a change; `asked` the change that
    waits; `breaches` what broke a rule, which changes neither key nor code.
    """

    key: bytes | None
    code: str | None
    asked: Asked | None
    breaches: tuple[Breach, ...]


def follow(entries: Iterable[Fields]) -> Chain:
    """The chain in a report's entries, all of them or those of `KINDS`, oldest first."""
    walk = _Walk()
    for place, fields in enumerate(entries):
        step = _STEPS.get(str(fields.get("kind")))
        words = step(walk, fields) if step else ""
        if words:
            walk.breaches.append(Breach(place, words))
    return Chain(walk.key, walk.code, walk.asked, tuple(walk.breaches))


def change_message(subject: str, old: bytes, new: bytes) -> bytes:
    """What the key of the old code signs: which report, that key, and the key that follows it."""
    return canonical([LABEL, subject, _encode(old), _encode(new)])


def changed_with_code(new: bytes, code_hash: bytes, signature: bytes) -> Fields:
    """The fields of a change with the old code; `signature` is over `change_message`."""
    return {
        CHANGED_WITH: CODE,
        REQUEST_KEY: _encode(new),
        CODE_DIGEST: digest_of(code_hash),
        SIGNATURE: _encode(signature),
    }


def asked_fields(works_from: str, new: bytes, code_hash: bytes) -> Fields:
    """The fields of an entry that asks for a change without the old code."""
    return {WORKS_FROM: works_from, ASKED_KEY: _encode(new), CODE_DIGEST: digest_of(code_hash)}


def changed_with_receipt(works_from: str, asked: Asked) -> Fields:
    """The fields of the change that was asked for."""
    return {
        CHANGED_WITH: RECEIPT,
        REQUEST_KEY: _encode(asked.key),
        CODE_DIGEST: asked.code,
        WORKS_FROM: works_from,
    }


def digest_of(code_hash: bytes) -> str:
    """What an entry commits to of a code, from the hash that it is found by."""
    return _encode(sha256(code_hash).digest())


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of an Ed25519 key (32 bytes) signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass
class _Walk:
    """How far the chain was followed. Each step says what is wrong, "" for nothing."""

    sent: bool = False
    key: bytes | None = None
    code: str | None = None
    asked: Asked | None = None
    breaches: list[Breach] = field(default_factory=list)

    def _send(self, fields: Fields) -> str:
        if self.sent:
            return "it says once more that the report was sent"
        self.sent, self.key = True, _decode(fields.get(REQUEST_KEY))
        return ""

    def _ask(self, fields: Fields) -> str:
        at, works_from = _time(fields.get("at")), _time(fields.get(WORKS_FROM))
        key, code = _decode(fields.get(ASKED_KEY)), fields.get(CODE_DIGEST)
        if at is None or works_from is None or key is None or not isinstance(code, str):
            return "it asks for a new return code and does not say which, or from when"
        if works_from < at + WAIT:
            return "it asks for a new return code that works sooner than 72 hours later"
        if self.asked is not None:
            return "it asks for a new return code while another one was waiting"
        self.asked = Asked(at, works_from, key, code)
        return ""

    def _cancel(self, _fields: Fields) -> str:
        waited, self.asked = self.asked, None
        return "" if waited else "it cancels a new return code that nobody had asked for"

    def _change(self, fields: Fields) -> str:
        match fields.get(CHANGED_WITH):
            case "code":
                return self._with_code(fields)
            case "receipt":
                return self._with_receipt(fields)
        return "it does not say with what the return code was changed"

    def _with_code(self, fields: Fields) -> str:
        new, signature = _decode(fields.get(REQUEST_KEY)), _decode(fields.get(SIGNATURE))
        if self.key is None:
            # Sent before codes had keys: nothing could be signed, and it never gets one.
            return "" if new is None else "it gives a key to a report that was sent without one"
        message = change_message(str(fields.get("subject")), self.key, new or b"")
        if new is None or not is_signed(self.key, message, signature or b""):
            return "the return code was changed without the one before it: its key did not sign"
        self.key, self.code, self.asked = new, _text(fields.get(CODE_DIGEST)), None
        return ""

    def _with_receipt(self, fields: Fields) -> str:
        asked, at = self.asked, _time(fields.get("at"))
        if asked is None or _time(fields.get(WORKS_FROM)) != asked.works_from:
            return "the return code was changed, and nobody had asked for that change before"
        if at is None or at < asked.works_from:
            return "the return code was changed before the 72 hours were over"
        if fields.get(CODE_DIGEST) != asked.code or (
            self.key is not None and _decode(fields.get(REQUEST_KEY)) != asked.key
        ):
            return "the return code was changed to another one than was asked for"
        self.asked, self.code = None, asked.code
        if self.key is not None:
            self.key = asked.key
        return ""


_STEPS = {
    SUBMITTED: _Walk._send,
    ASKED: _Walk._ask,
    CANCELLED: _Walk._cancel,
    CHANGED: _Walk._change,
}


def _time(value: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read if read.tzinfo else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decode(value: object) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else None
    except binascii.Error:
        return None
