"""Writes the address of a QR code, for those who read it. docs/log-format.md, section 11."""

import base64
from typing import Any

from portal.ledger.entry import canonical

HOME = "https://record.example/receipts/check#"
_DIGITS = {5: 13, 4: 10, 3: 8, 2: 5, 1: 3}


def to_address(receipt: dict[str, Any], home: str = HOME) -> str:
    """The address that holds a receipt."""
    return home + to_digits(to_raw(receipt))


def to_raw(receipt: dict[str, Any]) -> bytes:
    """The bytes that the digits stand for."""
    head, _, checkpoint = receipt["proof"].partition("\n\n")
    _, index, *hashes = head.split("\n")
    note = checkpoint.encode()
    parts = [b"\x01", _number(len(receipt["fields"]), 1)]
    for field in receipt["fields"]:
        name, value = field["name"].encode(), canonical(field["value"])
        parts += [_number(len(name), 1), name, _number(len(value), 2), value]
        parts.append(base64.b64decode(field["key"]))
    hidden = sorted(base64.b64decode(one) for one in receipt["hidden"])
    parts += [_number(len(hidden), 2), *hidden]
    parts += [_number(int(index.removeprefix("index ")), 8), _number(len(hashes), 1)]
    parts += [base64.b64decode(one) for one in hashes]
    return b"".join([*parts, _number(len(note), 2), note])


def to_digits(raw: bytes) -> str:
    """Each 5 bytes are 13 digits; 1 to 4 at the end are 3, 5, 8 or 10."""
    groups = [raw[start : start + 5] for start in range(0, len(raw), 5)]
    return "".join(str(int.from_bytes(one, "big")).zfill(_DIGITS[len(one)]) for one in groups)


def _number(number: int, width: int) -> bytes:
    return number.to_bytes(width, "big")
