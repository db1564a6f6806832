"""The 33-byte leaf of one entry, and how single fields of it are disclosed.

A leaf is 0x01 and a SHA-256 over one keyed commitment for each field. The keys come from a random
salt, so a leaf tells nothing of what, who, when or how much, and one field can be opened without
the others. `docs/log-format.md` describes the same for people who write their own verifier.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from portal.errors import Refused

SALT_BYTES = KEY_BYTES = COMMITMENT_BYTES = 32
LEAF_BYTES = 33
LEAF_VERSION = b"\x01"
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 16
# Made once: `json.dumps` would make one for each of a report's fields.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_FIELD_KEY = b"on-record/v1/field-key\0"
_ENTRY = b"on-record/v1/entry\0"


class BadField(Refused):
    """A field's name or value has no canonical encoding, so it cannot be committed to."""


class BadCommitment(Refused):
    """A salt, key or commitment has the wrong length, or a commitment comes twice."""


class DisclosedField(NamedTuple):
    """One opened field: its name, its value and the 32-byte key that opens it alone."""

    name: str
    value: object
    key: bytes


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An entry with some fields opened; `hidden` are the other fields' commitments, sorted."""

    fields: tuple[DisclosedField, ...]
    hidden: tuple[bytes, ...]


def new_salt() -> bytes:
    """32 random bytes: the secret of one entry. Destroying it makes the leaf unreadable."""
    return secrets.token_bytes(SALT_BYTES)


def canonical(value: object) -> bytes:
    """The RFC 8785 bytes of a JSON value without fractions.

    Text, whole numbers of at most 2**53 - 1 either way, true, false, null, lists, and objects,
    nested at most 16 deep. Raises BadField for anything else: fractions and lone surrogates do
    not come out the same from every JSON library.
    """
    ordered = _ordered(value, MAX_DEPTH)
    return _ENCODER.encode(ordered).encode()


def field_key(salt: bytes, name: str) -> bytes:
    """The 32-byte key of one field: HMAC-SHA256(salt, label || name in UTF-8)."""
    _check_length(salt, "salt")
    return hmac.digest(salt, _FIELD_KEY + _name(name).encode(), "sha256")


def commitment(key: bytes, name: str, value: object) -> bytes:
    """32 bytes that bind to the name and the value: HMAC-SHA256(key, canonical([name, value])).

    Raises BadCommitment unless the key is exactly 32 bytes: HMAC takes two keys that differ only
    in trailing zeros for one and the same.
    """
    _check_length(key, "field key")
    return hmac.digest(key, canonical([_name(name), value]), "sha256")


def leaf_from_commitments(commitments: Iterable[bytes]) -> bytes:
    """The 33-byte leaf over the commitments, sorted as bytes so that no order of fields shows.

    Raises BadCommitment for none at all, a wrong length, or the same one twice.
    """
    ordered = sorted(commitments)
    for one in ordered:
        _check_length(one, "commitment")
    if not ordered or len(set(ordered)) != len(ordered):
        raise BadCommitment("An entry has at least one field, and no commitment comes twice.")
    return LEAF_VERSION + hashlib.sha256(_ENTRY + b"".join(ordered)).digest()


def leaf(salt: bytes, fields: Mapping[str, object]) -> bytes:
    """The 33-byte leaf of an entry with these fields. Raises BadField, BadCommitment."""
    return leaf_from_commitments(_commitments(salt, fields).values())


def disclose(salt: bytes, fields: Mapping[str, object], names: Collection[str]) -> Disclosure:
    """Open the fields in `names` (in the order of `fields`) and keep the others closed.

    The salt itself is never part of it. Raises BadField for a name that the entry does not have.
    """
    unknown = set(names) - set(fields)
    if unknown:
        raise BadField("The entry has no field of that name, so it cannot be shown.")
    commitments = _commitments(salt, fields)
    opened = tuple(
        DisclosedField(name, value, field_key(salt, name))
        for name, value in fields.items()
        if name in names
    )
    hidden = sorted(commitments[name] for name in fields if name not in names)
    return Disclosure(opened, tuple(hidden))


def leaf_of(disclosure: Disclosure) -> bytes:
    """The 33-byte leaf that a disclosure gives. Raises BadField, BadCommitment."""
    opened = [commitment(field.key, field.name, field.value) for field in disclosure.fields]
    return leaf_from_commitments([*opened, *disclosure.hidden])


def _commitments(salt: bytes, fields: Mapping[str, object]) -> dict[str, bytes]:
    return {name: commitment(field_key(salt, name), name, value) for name, value in fields.items()}


def _ordered(value: object, depth: int) -> object:
    """The value with the keys of every object in RFC 8785 order, once it is known to be allowed."""
    if depth < 0:
        raise BadField("The value is nested too deeply to go on record.")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, list):
        return [_ordered(item, depth - 1) for item in value]
    if isinstance(value, dict):
        # RFC 8785 sorts by UTF-16 code units, which is not the order of Python's own sort.
        keys = sorted((_text(key) for key in value), key=lambda key: key.encode("utf-16-be"))
        return {key: _ordered(value[key], depth - 1) for key in keys}
    raise BadField("Only text, whole numbers, yes or no, nothing, lists and objects are allowed.")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadField("The keys of an object are text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadField("The text holds half of a character, so it has no one encoding.") from None
    return value


def _whole(value: int) -> int:
    if abs(value) > MAX_INTEGER:
        raise BadField("A number is at most 2**53 - 1 either way; write a longer one as text.")
    return int(value)


def _name(name: str) -> str:
    if not _text(name):
        raise BadField("A field has a name.")
    return name


def _check_length(value: bytes, what: str) -> None:
    if len(value) != KEY_BYTES:
        raise BadCommitment(f"A {what} is exactly 32 bytes long.")
