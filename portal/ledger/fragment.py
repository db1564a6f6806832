"""A receipt as decimal digits: what stands behind the # of the address that a printed code opens.

Digits are what a QR code holds most densely, and a browser sends nothing behind the # to anyone.
`docs/log-format.md` section 11 describes the bytes. A reader rebuilds the ordinary receipt and has
it judged like any other; here it only refuses what is not written in the one way there is.
"""

import base64
import json
import re
from collections.abc import Iterator
from typing import Never

from portal.errors import Refused
from portal.ledger.entry import COMMITMENT_BYTES, KEY_BYTES, BadField, canonical
from portal.ledger.merkle import HASH_BYTES, MAX_SIZE
from portal.ledger.note import MalformedNote, decode_base64
from portal.ledger.receipt import FORMAT, PROOF_HEADER, FieldOpening, Receipt, format_proof

VERSION = 1
_GROUP_BYTES, _GROUP_DIGITS = 5, 13
_LAST_DIGITS = {1: 3, 2: 5, 3: 8, 4: 10}
_LAST_BYTES = {digits: count for count, digits in _LAST_DIGITS.items()}


class BadFragment(Refused):
    """The digits are no receipt, or a receipt does not go into digits."""


def encode(receipt: Receipt) -> str:
    """The digits of a receipt that `build_receipt` made.

    Raises BadFragment when a part is too long or too many for its count.
    """
    index, hashes, note = _take_apart(receipt["proof"])
    parts = [bytes([VERSION]), _number(len(receipt["fields"]), 1)]
    for field in receipt["fields"]:
        name, value = field["name"].encode(), canonical(field["value"])
        parts += [_number(len(name), 1), name, _number(len(value), 2), value]
        parts.append(decode_base64(field["key"]))
    hidden = sorted(decode_base64(one) for one in receipt["hidden"])
    parts += [_number(len(hidden), 2), *hidden, _number(index, 8)]
    parts += [_number(len(hashes), 1), *hashes, _number(len(note), 2), note]
    return to_digits(b"".join(parts))


def decode(digits: str) -> Receipt:
    """The receipt in these digits, its hidden commitments sorted. It is not judged yet.

    Raises BadFragment for whatever `encode` would not have written.
    """
    reader = _Reader(from_digits(digits))
    if reader.number(1) != VERSION:
        _refuse("is of a version that is not known here")
    fields = [_field(reader) for _ in range(reader.number(1))]
    if len({field["name"] for field in fields}) != len(fields):
        _refuse("shows one part twice")
    hidden = [reader.take(COMMITMENT_BYTES) for _ in range(reader.number(2))]
    if hidden != sorted(set(hidden)):
        _refuse("has its hidden parts out of order")
    index = reader.number(8)
    if index > MAX_SIZE:
        _refuse("names an entry that no list has")
    hashes = [reader.take(HASH_BYTES) for _ in range(reader.number(1))]
    note = _text(reader.take(reader.number(2)))
    reader.end()
    return {
        "format": FORMAT,
        "fields": fields,
        "hidden": [_base64(one) for one in hidden],
        "proof": format_proof(index, hashes, note),
    }


def to_digits(data: bytes) -> str:
    """Bytes as digits: each 5 become 13, and 1, 2, 3 or 4 at the end 3, 5, 8 or 10."""
    groups = (data[at : at + _GROUP_BYTES] for at in range(0, len(data), _GROUP_BYTES))
    return "".join(
        str(int.from_bytes(group)).zfill(_LAST_DIGITS.get(len(group), _GROUP_DIGITS))
        for group in groups
    )


def from_digits(digits: str) -> bytes:
    """The bytes that `to_digits` was given. Raises BadFragment for any other digits."""
    if not re.fullmatch(r"[0-9]*", digits, re.ASCII):
        _refuse("holds something that is not a digit")
    return b"".join(_groups(digits))


def _groups(digits: str) -> Iterator[bytes]:
    for at in range(0, len(digits), _GROUP_DIGITS):
        group = digits[at : at + _GROUP_DIGITS]
        count = _GROUP_BYTES if len(group) == _GROUP_DIGITS else _LAST_BYTES.get(len(group))
        if count is None:
            _refuse("is cut short")
        if int(group) >= 256**count:
            _refuse("has digits that stand for nothing")
        yield int(group).to_bytes(count)


class _Reader:
    """Takes bytes one part after the other. Raises BadFragment where they end too soon or late."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        end = self._at + count
        if end > len(self._data):
            _refuse("is cut short")
        part, self._at = self._data[self._at : end], end
        return part

    def number(self, count: int) -> int:
        """The next `count` bytes as a number, big-endian."""
        return int.from_bytes(self.take(count))

    def end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._data):
            _refuse("is longer than it says")


def _field(reader: _Reader) -> FieldOpening:
    name = _text(reader.take(reader.number(1)))
    if not name:
        _refuse("shows a part without a name")
    value = _value(reader.take(reader.number(2)))
    return {"name": name, "value": value, "key": _base64(reader.take(KEY_BYTES))}


def _value(data: bytes) -> object:
    try:
        value: object = json.loads(_text(data))
        # The one canonical form: so there are no doubled keys, no spaces and no fractions either.
        is_canonical = canonical(value) == data
    except (ValueError, RecursionError, BadField):
        _refuse("shows a part that cannot be read")
    if not is_canonical:
        _refuse("shows a part that is not written as it must be")
    return value


def _take_apart(proof: str) -> tuple[int, list[bytes], bytes]:
    """Index, hashes and checkpoint of a tlog-proof without extra data."""
    head, _, note = proof.partition("\n\n")
    header, numbered, *hashes = head.split("\n")
    index = re.fullmatch(r"index (0|[1-9][0-9]*)", numbered, re.ASCII)
    if header != PROOF_HEADER or index is None:
        _refuse("has a proof that cannot be read")
    try:
        return int(index[1]), [decode_base64(one) for one in hashes], note.encode()
    except MalformedNote:
        _refuse("has a proof that cannot be read")


def _number(value: int, count: int) -> bytes:
    if value >= 256**count:
        _refuse("has too many parts for a code")
    return value.to_bytes(count)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        _refuse("holds text that cannot be read")


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _refuse(why: str) -> Never:
    raise BadFragment(f"This receipt {why}.")
