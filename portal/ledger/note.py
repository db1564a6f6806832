"""Signed notes: C2SP signed-note v1.0.0, with Ed25519 keys (type 0x01) and the Ed25519 witness
cosignatures of C2SP tlog-cosignature (type 0x04).

A note is text, an empty line, and signature lines. Everything here is stricter than it needs to
be for notes that we wrote, because the same code reads what witnesses send back.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from portal.errors import Refused
from portal.ledger.verify import is_public_key

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
MAX_NOTE_CHARACTERS = 1_000_000
MAX_SIGNATURES = 100
MAX_TIMESTAMP = 2**63 - 1
_DASH = "— "
_PRIVATE = "PRIVATE+" + "KEY+"


class MalformedNote(Refused):
    """The text is not a signed note, or a verifier key is not one."""


class BadSignature(Refused):
    """No signature by the key is there, or it does not fit the text."""


class Signature(NamedTuple):
    """One signature line: who says to have signed, the 4-byte key ID, and the raw signature."""

    name: str
    key_id: bytes
    value: bytes


class Note(NamedTuple):
    """A note taken apart: `text` ends in a newline and is exactly what the signatures cover."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name: 32 bytes of Ed25519 for `kind` ED25519 or COSIGNATURE_V1."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || newline || kind || public key), first 4 bytes (signed-note v1.0.0)."""
        return hashlib.sha256(
            self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        ).digest()[:4]

    def __str__(self) -> str:
        """The vkey: `name+key ID in hexadecimal+base64(kind || public key)`."""
        key = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a vkey. Raises MalformedNote for a wrong key ID, an unknown kind or a bad form."""
        parts = vkey.split("+", 2)
        if len(parts) != 3:
            raise MalformedNote("A verifier key has three parts with + between them.")
        raw = decode_base64(parts[2])
        if len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE_V1):
            raise MalformedNote("The verifier key is not an Ed25519 key of a kind known here.")
        key = cls(check_name(parts[0]), raw[0], raw[1:])
        if parts[1] != key.key_id.hex():
            raise MalformedNote("The verifier key's ID does not fit its name and key.")
        return key


@dataclass(frozen=True, slots=True)
class Signer:
    """A named Ed25519 private key that signs notes: a log's (ED25519), or a witness's
    (COSIGNATURE_V1). Raises MalformedNote for a name that a note cannot hold.
    """

    name: str
    private: Ed25519PrivateKey
    kind: int = ED25519

    def __post_init__(self) -> None:
        check_name(self.name)

    @property
    def key(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    @property
    def key_id(self) -> bytes:
        """The 4-byte key ID."""
        return self.key.key_id

    @property
    def vkey(self) -> str:
        """The public half as policy files and other people's verifiers read it."""
        return str(self.key)

    def to_text(self) -> str:
        """The private key on one line, in the form of Go's sumdb/note:
        `PRIVATE+KEY+name+key ID in hexadecimal+base64(kind || seed)`. Whoever reads it can sign.
        """
        key = base64.b64encode(bytes([self.kind]) + self.private.private_bytes_raw()).decode()
        return f"{_PRIVATE}{self.name}+{self.key_id.hex()}+{key}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote. Raises MalformedNote, which never repeats the key."""
        name, found, rest = text.removeprefix(_PRIVATE).partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = decode_base64(encoded)
        if not text.startswith(_PRIVATE) or not found or len(raw) != 33:
            raise MalformedNote("This is not a signing key as this site writes it.")
        if raw[0] not in (ED25519, COSIGNATURE_V1):
            raise MalformedNote("The signing key is not an Ed25519 key of a kind known here.")
        signer = cls(name, Ed25519PrivateKey.from_private_bytes(raw[1:]), raw[0])
        if signer.key_id.hex() != key_id:
            raise MalformedNote("The signing key's ID does not fit its name and key.")
        return signer


def sign(text: str, *signers: Signer) -> str:
    """A note of `text` (which ends in a newline), signed by each in turn. Raises MalformedNote."""
    check_text(text)
    if not text.endswith("\n") or not signers:
        raise MalformedNote("The text of a note ends in a newline, and somebody signs it.")
    return f"{text}\n{''.join(sign_line(text, signer) for signer in signers)}"


def sign_line(text: str, signer: Signer) -> str:
    """The signature line of a log over a note's text."""
    value = signer.private.sign(text.encode())
    return signature_line(Signature(signer.name, signer.key_id, value))


def cosign(note: str, signer: Signer, timestamp: int) -> str:
    """The signature line of a witness over a note's text, `timestamp` in POSIX seconds.

    Raises MalformedNote for a note or a time that cannot be cosigned.
    """
    if not 0 <= timestamp <= MAX_TIMESTAMP or signer.kind != COSIGNATURE_V1:
        raise MalformedNote("A cosignature needs a witness key and a time that it can hold.")
    message = _cosigned(parse_note(note).text, timestamp)
    value = timestamp.to_bytes(8, "big") + signer.private.sign(message)
    return signature_line(Signature(signer.name, signer.key_id, value))


def signature_line(signature: Signature) -> str:
    """`— name base64(key ID || signature)` and a newline."""
    encoded = base64.b64encode(signature.key_id + signature.value).decode()
    return f"{_DASH}{signature.name} {encoded}\n"


def parse_note(note: str) -> Note:
    """Take a signed note apart. Raises MalformedNote.

    Refused: control characters, no empty line before the signatures, no signature, more than 100,
    a malformed line, base64 that is not the one right way to write the bytes, and two lines of
    the same name and key ID.
    """
    check_text(note)
    text, found, block = note.rpartition("\n\n")
    if not found or not block.endswith("\n"):
        raise MalformedNote("A note has an empty line before its signatures and ends in a newline.")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote("The note has more than 100 signatures.")
    signatures = tuple(_parse_line(line) for line in lines)
    if len({(one.name, one.key_id) for one in signatures}) != len(signatures):
        raise MalformedNote("The note has two signatures by the same key.")
    return Note(text + "\n", signatures)


def find_signature(note: Note, key: VerifierKey) -> Signature | None:
    """The line with this key's name and ID. It is not checked here."""
    for one in note.signatures:
        if (one.name, one.key_id) == (key.name, key.key_id):
            return one
    return None


def verify_signature(note: Note, key: VerifierKey) -> None:
    """Raise BadSignature unless this log key (kind ED25519) signed the note's text."""
    signature = _get_signature(note, key, ED25519)
    _check(key, signature.value, note.text.encode())


def verify_cosignature(note: Note, key: VerifierKey) -> int:
    """The POSIX seconds at which this witness key (kind COSIGNATURE_V1) cosigned the note.

    Raises BadSignature when it did not.
    """
    value = _get_signature(note, key, COSIGNATURE_V1).value
    timestamp = int.from_bytes(value[:8], "big")
    if len(value) != 72 or timestamp > MAX_TIMESTAMP:
        raise BadSignature(f"The cosignature of {key.name} is not a time and a signature.")
    _check(key, value[8:], _cosigned(note.text, timestamp))
    return timestamp


def decode_base64(text: str) -> bytes:
    """Standard base64, only in the one canonical way of writing the bytes. Raises MalformedNote."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise MalformedNote("The base64 is broken.") from None
    if base64.b64encode(raw).decode() != text:
        raise MalformedNote("The base64 is not written in the one right way.")
    return raw


def check_name(name: str) -> str:
    """The key name, once it is known to be one: not empty, no space, no plus sign."""
    check_text(name)
    if not name or "+" in name or any(character.isspace() for character in name):
        raise MalformedNote("A key name is not empty and holds no space and no plus sign.")
    return name


def check_text(text: str) -> None:
    """Raise MalformedNote unless a note may hold this text: no control characters but newlines."""
    if len(text) > MAX_NOTE_CHARACTERS:
        raise MalformedNote("The note is too long.")
    if re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]", text):
        raise MalformedNote("A note holds no control characters and no broken characters.")


def _parse_line(line: str) -> Signature:
    name, _, encoded = line[len(_DASH) :].partition(" ")
    if not line.startswith(_DASH):
        raise MalformedNote("A signature line begins with a long dash and a space.")
    raw = decode_base64(encoded)
    if len(raw) < 5:
        raise MalformedNote("A signature line is cut short.")
    return Signature(check_name(name), raw[:4], raw[4:])


def _cosigned(text: str, timestamp: int) -> bytes:
    """What a witness signs: tlog-cosignature, "Ed25519 signed message"."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def _get_signature(note: Note, key: VerifierKey, kind: int) -> Signature:
    signature = find_signature(note, key) if key.kind == kind else None
    if signature is None:
        raise BadSignature(f"There is no signature by {key.name}.")
    return signature


def _check(key: VerifierKey, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise BadSignature(f"The signature by {key.name} does not fit the text.") from None
    # The library lets points of small order pass. What counts here must count for every verifier,
    # and they hold both points to the rule for keys.
    if not (is_public_key(key.public) and is_public_key(signature[:32])):
        raise BadSignature(f"The signature by {key.name} is one that verifiers refuse.")
