"""Checks an On Record receipt. Nothing but this file and Python (3.8 or later) is needed.

    python3 verify.py RECEIPT --policy POLICY
    python3 verify.py --address "https://.../receipts/check#123..." --policy POLICY

It works without a network and without trusting whoever gave you the receipt. The keys to trust
come from the policy file (C2SP tlog-policy) and from nowhere else. Without a policy it can only
say whether the receipt is consistent. docs/log-format.md describes every format read here.

It ends with 0: proved. 1: not proved. 2: it cannot be read. 3: consistent, signer unknown.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import sys
import time
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

PROVED, NOT_PROVED, UNREADABLE, SIGNER_UNKNOWN = 0, 1, 2, 3
MAX_BYTES = 1_000_000
FORMAT = "on-record-receipt/v1"
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 16
MAX_NESTING = 100
NEARBY = 500
ED25519, COSIGNATURE_V1 = 1, 4

NOT_SAID = (
    "Who wrote it.",
    "That what it says is true.",
    "That anyone read it or acted on it.",
)
NO_TIME = "When it was written. No time is claimed, because the policy asks for no witness."
NO_TIME_UNSIGNED = "When it was written. Without a policy no time is claimed."
NO_TIME_CLOCKS = "When it was written. The witnesses' clocks contradict each other."
ONE_VIEW = "That everyone is shown the same log. Only witnesses can vouch for that."
OUTSIDE = "The entry number lies outside the log that the proof is for."
WRONG_COUNT = "Malformed proof: it has the wrong number of hashes for its tree size."
NOT_THE_ENTRY = "The fields do not give the entry that the proof is for."
NOT_JSON = "The receipt is not JSON in UTF-8. It may be damaged or cut short."
BLANKS = b" \t\r\n"
# What is often chosen by mistake, by how it begins; and what should have been chosen.
OTHER_KINDS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8": "a picture",
    b"PK\x03\x04": "a zip or Word file",
    b"{\\rtf": "a Word file",
    b"\xff\xfe": "in UTF-16",
    b"<": "a web page",
}
NEEDED = {
    "receipt": "A receipt file is plain text in UTF-8. If you have only the sheet, check the"
    " address in its square code instead.",
    "policy": "A policy file is plain text in UTF-8.",
}


class Unreadable(Exception):
    """The file is not a receipt or a policy at all."""


class NotProved(Exception):
    """The file is a receipt, but something in it does not hold."""


class Key(NamedTuple):
    """A public key from the policy."""

    name: str
    kind: int
    public: bytes
    key_id: bytes


class Policy(NamedTuple):
    """Whom the reader trusts. `members` has (how many are needed, of whom) for every group."""

    logs: list[Key]
    witnesses: dict[str, Key]
    groups: dict[str, tuple[int, list[str]]]
    quorum: str


class Note(NamedTuple):
    """A signed note taken apart."""

    text: str
    signatures: dict[tuple[str, bytes], bytes]


class Head(NamedTuple):
    """A signed checkpoint taken apart: the state of a log."""

    note: Note
    origin: str
    size: int
    root: bytes


class Proof(NamedTuple):
    """A tlog-proof taken apart."""

    entry_index: int
    hashes: list[bytes]
    head: Head


class Verdict(NamedTuple):
    """What a receipt proves and what not. `code` is the exit code of the command.

    `entry_index`, `size` and `origin` are None unless the proof holds; `not_before` and
    `not_after` are in POSIX seconds, and None where no such time can be claimed.
    """

    code: int
    summary: str
    proved: list[str]
    not_proved: list[str]
    fields: list[tuple[str, Any]]
    hidden: int = 0
    origin: str | None = None
    entry_index: int | None = None
    size: int | None = None
    not_before: int | None = None
    not_after: int | None = None


# --- Reading ---------------------------------------------------------------------------------


def plain(data: bytes, what: str) -> bytes:
    """A file without the byte order mark and the line ends that programs on Windows put into it.

    They are no part of what is signed: in a receipt that stands inside a JSON text, where line ends
    are escaped. `what` is "receipt" or "policy". Raises Unreadable for what cannot be either.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The {what} file is larger than 1 MB. It should be much smaller.")
    whole = (data[3:] if data[:3] == b"\xef\xbb\xbf" else data).replace(b"\r\n", b"\n")
    start = whole.lstrip(BLANKS)
    if not start:
        raise Unreadable(f"The {what} file is empty.")
    for mark, kind in OTHER_KINDS.items():
        if start.startswith(mark):
            raise Unreadable(f"The {what} file is {kind}. {NEEDED[what]}")
    return whole


def read_receipt(data: bytes) -> object:
    """What a receipt file holds, or a file with the address of a square code. Raises as others."""
    text = plain(data, "receipt")
    if re.match(b"https?://", text.lstrip(BLANKS)):
        return read_address(text.decode("latin-1"))
    if _first_word(text) in READERS:
        raise Unreadable("You chose a policy file as the receipt.")
    return read_json(text)


def _first_word(text: bytes) -> str:
    """The first word that is not in a comment."""
    for line in text.split(b"\n"):
        word = re.split(b"[ \t]", line.strip(b" \t"), maxsplit=1)[0]
        if word and word[:1] != b"#":
            return word.decode("latin-1")
    return ""


def read_json(data: bytes) -> object:
    """JSON without fractions, doubled keys or half characters. Raises Unreadable, NotProved."""
    try:
        text = data.decode("utf-8")
        _check_nesting(text)
        return json.loads(
            text,
            object_pairs_hook=_without_doubles,
            parse_int=_whole_number,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except ValueError:
        raise Unreadable(NOT_JSON) from None


def _check_nesting(text: str) -> None:
    """Raise Unreadable where brackets stand deeper than any receipt needs.

    Without this, how deep a file may be would depend on the version of Python.
    """
    depth = 0
    for found in re.finditer(r'"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|[\[\]{}]', text):
        if found[0] in ("[", "{"):
            depth += 1
        elif found[0] in ("]", "}"):
            depth -= 1
        if depth > MAX_NESTING:
            raise Unreadable("The receipt is nested more deeply than a receipt can be.")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotProved("Malformed receipt: something in it is given twice.")
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise NotProved("Malformed receipt: a number in it is too large.")
    return int(digits)


def _no_fraction(_: str) -> object:
    raise NotProved("Malformed receipt: a number in it is not a whole number.")


def from_base64(text: object, what: str, length: int | None = None) -> bytes:
    """The bytes of canonical standard base64. Raises NotProved, naming `what` is malformed."""
    quads = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
    if not isinstance(text, str) or not re.fullmatch(quads, text):
        raise NotProved(f"Malformed {what}: its base64 is broken.")
    raw = base64.b64decode(text)
    if base64.b64encode(raw).decode("ascii") != text:
        raise NotProved(f"Malformed {what}: its base64 is not written in the one right way.")
    if length is not None and len(raw) != length:
        raise NotProved(f"Malformed {what}: it is not {length} bytes long.")
    return raw


def _number(text: str, what: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise NotProved(f"Malformed {what}: it is not written as a whole number must be.")
    return int(text)


def parse_note(note: str) -> Note:
    """A signed note (C2SP signed-note v1.0.0). Raises NotProved."""
    text, found, block = note.rpartition("\n\n")
    if not found or not block.endswith("\n"):
        raise NotProved("Malformed checkpoint: its text and signatures cannot be told apart.")
    signatures: dict[tuple[str, bytes], bytes] = {}
    lines = block[:-1].split("\n")
    if len(lines) > 100:
        raise NotProved("Malformed checkpoint: it has more than 100 signatures.")
    for line in lines:
        name, _, encoded = line[2:].partition(" ")
        if line[:2] != "\u2014 " or not _is_key_name(name):
            raise NotProved("Malformed signature line: it is not of the form it must have.")
        raw = from_base64(encoded, "signature line")
        if len(raw) < 5:
            raise NotProved("Malformed signature line: it is cut short.")
        if (name, raw[:4]) in signatures:
            raise NotProved("Malformed checkpoint: it has two signatures by the same key.")
        signatures[name, raw[:4]] = raw[4:]
    return Note(text + "\n", signatures)


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(char.isspace() for char in name)


def parse_head(checkpoint: str) -> Head:
    """A signed checkpoint (C2SP tlog-checkpoint v1.0.0). Raises NotProved."""
    note = parse_note(checkpoint)
    body = note.text[:-1].split("\n")
    if len(body) < 3 or not all(body):
        raise NotProved("Malformed checkpoint: it does not have its three lines.")
    root = from_base64(body[2], "checkpoint root", 32)
    return Head(note, body[0], _number(body[1], "tree size"), root)


def parse_proof(proof: object) -> Proof:
    """A tlog-proof with its checkpoint. Raises NotProved."""
    if not _is_lines(proof):
        raise NotProved("Malformed proof: it is not plain lines of text.")
    head, _, checkpoint = str(proof).partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2 or lines[1][:6] != "index ":
        raise NotProved("Malformed proof: its first two lines are not those of a proof.")
    index = _number(lines[1][6:], "entry number")
    hashes = [from_base64(line, "proof", 32) for line in lines[2:]]
    return Proof(index, hashes, parse_head(checkpoint))


def _is_lines(text: object) -> bool:
    control = "[\x00-\x09\x0b-\x1f\ud800-\udfff]"
    return isinstance(text, str) and re.search(control, text) is None


# --- The entry and the tree ------------------------------------------------------------------


def canonical(value: object) -> bytes:
    """RFC 8785 bytes of a JSON value without fractions. Raises NotProved."""
    ordered = _ordered(value, MAX_DEPTH)
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _ordered(value: object, depth: int) -> object:
    if depth < 0:
        raise NotProved("Malformed field: it is nested too deeply.")
    if isinstance(value, str):
        return _whole_text(value)
    if isinstance(value, list):
        return [_ordered(item, depth - 1) for item in value]
    if isinstance(value, dict):
        keys = sorted((_whole_text(key) for key in value), key=lambda key: key.encode("utf-16-be"))
        return {key: _ordered(value[key], depth - 1) for key in keys}
    return value


def _whole_text(text: str) -> str:
    if re.search("[\ud800-\udfff]", text):
        raise NotProved("Malformed field: its text holds half of a character.")
    return text


def read_fields(receipt: dict[str, Any]) -> list[tuple[str, Any, bytes]]:
    """The shown fields as (name, value, key). Raises NotProved."""
    fields: list[tuple[str, Any, bytes]] = []
    if not isinstance(receipt["fields"], list) or not isinstance(receipt["hidden"], list):
        raise NotProved("Malformed receipt: its fields are not a list.")
    for field in receipt["fields"]:
        if not isinstance(field, dict) or set(field) != {"name", "value", "key"}:
            raise NotProved("Malformed field: it does not have a name, a value and a key only.")
        name = field["name"]
        if not isinstance(name, str) or not _whole_text(name):
            raise NotProved("Malformed field: it has no name.")
        fields.append((name, field["value"], from_base64(field["key"], "field key", 32)))
    if len({name for name, _, _ in fields}) != len(fields):
        raise NotProved("Malformed receipt: two fields have the same name.")
    return fields


def leaf_from(fields: list[tuple[str, Any, bytes]], hidden: list[Any]) -> bytes:
    """The 33 bytes that the log holds for an entry of these fields. Raises NotProved."""
    commitments = [from_base64(one, "hidden field", 32) for one in hidden]
    for name, value, key in fields:
        commitments.append(hmac.new(key, canonical([name, value]), "sha256").digest())
    if not commitments or len(set(commitments)) != len(commitments):
        raise NotProved("Malformed receipt: it has no field, or one of them twice.")
    joined = b"on-record/v1/entry\0" + b"".join(sorted(commitments))
    return b"\x01" + hashlib.sha256(joined).digest()


def root_from(leaf: bytes, entry_index: int, proof: Proof) -> bytes | None:
    """The root that the hashes lead to; None if their number does not fit. RFC 9162 2.1.3.2."""
    inner = (entry_index ^ (proof.head.size - 1)).bit_length()
    if len(proof.hashes) != inner + bin(entry_index >> inner).count("1"):
        return None
    result = hashlib.sha256(b"\x00" + leaf).digest()
    for level, other in enumerate(proof.hashes):
        on_the_right = level >= inner or entry_index >> level & 1
        pair = other + result if on_the_right else result + other
        result = hashlib.sha256(b"\x01" + pair).digest()
    return result


def find_fault(leaf: bytes, proof: Proof) -> str:
    """What is wrong with the place of the leaf under the root, or ""."""
    if proof.entry_index >= proof.head.size:
        return OUTSIDE
    found = root_from(leaf, proof.entry_index, proof)
    if found is None:
        return WRONG_COUNT
    return "" if found == proof.head.root else NOT_THE_ENTRY


def find_other_number(leaf: bytes, proof: Proof) -> int | None:
    """The entry number near the one given with which the leaf does lead to the root, if any."""
    first = max(0, proof.entry_index - NEARBY)
    for number in range(first, min(proof.head.size, proof.entry_index + NEARBY)):
        if root_from(leaf, number, proof) == proof.head.root:
            return number
    return None


# --- Ed25519 (RFC 8032), checking only -------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def _add(one: tuple[int, ...], two: tuple[int, ...]) -> tuple[int, ...]:
    """Add points (X, Y, Z, T) of the twisted Edwards curve; right for every pair of points."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _multiply(scalar: int, point: tuple[int, ...]) -> tuple[int, ...]:
    result: tuple[int, ...] = IDENTITY
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


def _decode_point(encoded: bytes) -> tuple[int, ...] | None:
    """The point, or None if the bytes are not the one right encoding of a point on the curve."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def _encode_point(point: tuple[int, ...]) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _is_weak(point: tuple[int, ...]) -> bool:
    """True for the eight points of small order, which would fit signatures by nobody."""
    x, y, z, _ = _multiply(8, point)
    return x % P == 0 and (y - z) % P == 0


def is_public_key(public: bytes) -> bool:
    """True if the 32 bytes are a public key that only one private key can sign for."""
    point = _decode_point(public) if len(public) == 32 else None
    return point is not None and not _is_weak(point)


def check_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """RFC 8032 section 5.1.7 without cofactor; refuses S >= L and every unusual or weak point."""
    if len(signature) != 64 or not is_public_key(public):
        return False
    r_point = _decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    a_point = _decode_point(public)
    if s >= ORDER or r_point is None or a_point is None or _is_weak(r_point):
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % ORDER
    minus_a = (P - a_point[0], a_point[1], 1, P - a_point[3])
    return _encode_point(_add(_multiply(s, BASE), _multiply(k, minus_a))) == signature[:32]


BASE = _decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or IDENTITY


# --- The policy ------------------------------------------------------------------------------


def parse_policy(data: bytes) -> Policy:
    """A policy file (C2SP tlog-policy). Raises Unreadable, naming the line."""
    text = plain(data, "policy")
    if text.lstrip(BLANKS)[:1] == b"{":
        raise Unreadable("You chose a receipt as the policy file. Perhaps the two are swapped.")
    if re.search(b"[^\t\n\x20-\x7e\x80-\xff]", text):
        raise Unreadable("Malformed policy: it holds control characters.")
    if not text.endswith(b"\n"):
        raise Unreadable("Malformed policy: its last line does not end. It may be cut short.")
    policy = Policy([], {}, {}, "")
    used: set[str] = set()
    for number, line in enumerate(text.split(b"\n"), 1):
        words = [word.decode("utf-8", "surrogateescape") for word in re.split(b"[ \t]+", line)]
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            continue
        reader = READERS.get(words[0])
        try:
            policy = reader(policy, words[1:], used) if reader else _refuse("is not known here")
        except (NotProved, Unreadable) as error:
            raise Unreadable(f"Malformed policy, line {number}: {error}") from None
    if not policy.quorum:
        raise Unreadable("Malformed policy: it has no quorum line.")
    return policy


def _refuse(why: str) -> Policy:
    raise Unreadable(f"the line {why}.")


def _parse_vkey(vkey: str, kind: int) -> Key:
    parts = vkey.split("+", 2)
    if len(parts) != 3 or not _is_key_name(parts[0]):
        raise Unreadable("the key is not of the form name+number+key.")
    raw = from_base64(parts[2], "key")
    try:
        name = parts[0].encode("utf-8")
    except UnicodeEncodeError:
        raise Unreadable("the name of the key is not UTF-8.") from None
    key_id = hashlib.sha256(name + b"\n" + raw).digest()[:4]
    if parts[1] != key_id.hex():
        raise Unreadable("the number of the key does not fit its name and key.")
    if raw[:1] != bytes([kind]) or not is_public_key(raw[1:]):
        raise Unreadable(f"the key is not a safe Ed25519 key of the right type ({kind}).")
    return Key(parts[0], kind, raw[1:], key_id)


def _read_log(policy: Policy, words: list[str], _: set[str]) -> Policy:
    if len(words) not in (1, 2):
        return _refuse("has too many or too few words")
    key = _parse_vkey(words[0], ED25519)
    if any(key.public == other.public for other in policy.logs):
        return _refuse("gives a key that an earlier line gave")
    return policy._replace(logs=[*policy.logs, key])


def _read_witness(policy: Policy, words: list[str], _: set[str]) -> Policy:
    if len(words) not in (2, 3):
        return _refuse("has too many or too few words")
    _check_new(policy, words[0])
    key = _parse_vkey(words[1], COSIGNATURE_V1)
    if any(key.public == other.public for other in policy.witnesses.values()):
        return _refuse("gives a key that an earlier line gave")
    return policy._replace(witnesses={**policy.witnesses, words[0]: key})


def _read_group(policy: Policy, words: list[str], used: set[str]) -> Policy:
    if len(words) < 3:
        return _refuse("has too few words")
    name, rule, members = words[0], words[1], words[2:]
    _check_new(policy, name)
    for member in members:
        if member in used or not _is_defined(policy, member):
            return _refuse("names a member that is not defined above, or has a group already")
        used.add(member)
    if re.fullmatch("[1-9][0-9]{0,8}", rule) and int(rule) <= len(members):
        needed = int(rule)
    elif rule in ("any", "all"):
        needed = 1 if rule == "any" else len(members)
    else:
        return _refuse("does not say how many members are needed")
    return policy._replace(groups={**policy.groups, name: (needed, members)})


def _read_quorum(policy: Policy, words: list[str], _: set[str]) -> Policy:
    if len(words) != 1 or policy.quorum:
        return _refuse("is not the one quorum line of one name")
    if words[0] != "none" and not _is_defined(policy, words[0]):
        return _refuse("names a quorum that is not defined above")
    return policy._replace(quorum=words[0])


def _is_defined(policy: Policy, name: str) -> bool:
    return name in policy.witnesses or name in policy.groups


def _check_new(policy: Policy, name: str) -> None:
    if name == "none" or _is_defined(policy, name):
        _refuse("defines a name that is taken")


READERS: dict[str, Callable[..., Policy]] = {
    "log": _read_log,
    "witness": _read_witness,
    "group": _read_group,
    "quorum": _read_quorum,
}


# --- The address in a QR code ----------------------------------------------------------------

BROKEN_ADDRESS = "The address does not hold a whole receipt of a version known here."
NO_DIGITS = (
    "The address lacks the digits after the #. Copy the whole of what the square code holds."
)


def read_address(address: str) -> dict[str, Any]:
    """The receipt in the digits after the # of an address (docs/log-format.md, section 11).

    Raises Unreadable, or NotProved for a value that no receipt may hold.
    """
    _, mark, digits = address.strip(" \t\r\n").rpartition("#")
    if not digits or (not mark and re.match("https?://", digits)):
        raise Unreadable(NO_DIGITS)
    raw = Reader(_from_digits(digits))
    if raw.number(1) != 1:
        raise Unreadable(BROKEN_ADDRESS)
    fields = []
    for _ in range(raw.number(1)):
        name = raw.text(raw.number(1))
        written = raw.take(raw.number(2))
        value = read_json(written)
        if canonical(value) != written:
            raise Unreadable(BROKEN_ADDRESS)
        fields.append({"name": name, "value": value, "key": raw.base64()})
    hidden = [raw.base64() for _ in range(raw.number(2))]
    lines = ["c2sp.org/tlog-proof@v1", f"index {raw.number(8)}"]
    lines += [raw.base64() for _ in range(raw.number(1))]
    checkpoint = raw.text(raw.number(2))
    decoded = [base64.b64decode(one) for one in hidden]
    if not raw.at_end or decoded != sorted(decoded):
        raise Unreadable(BROKEN_ADDRESS)
    proof = "\n".join([*lines, "", checkpoint])
    return {"format": FORMAT, "fields": fields, "hidden": hidden, "proof": proof}


def _from_digits(digits: str) -> bytes:
    """Each 13 digits are 5 bytes; 3, 5, 8 or 10 at the end are 1 to 4. Raises Unreadable."""
    if len(digits) > MAX_BYTES or not re.fullmatch("[0-9]+", digits):
        raise Unreadable(BROKEN_ADDRESS)
    found = []
    for start in range(0, len(digits), 13):
        group = digits[start : start + 13]
        width = {13: 5, 10: 4, 8: 3, 5: 2, 3: 1}.get(len(group))
        if width is None or int(group) >= 256**width:
            raise Unreadable(BROKEN_ADDRESS)
        found.append(int(group).to_bytes(width, "big"))
    return b"".join(found)


class Reader:
    """Bytes that are read from the front. Each step raises Unreadable where too few are left."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    @property
    def at_end(self) -> bool:
        """Whether everything was read."""
        return self.place == len(self.data)

    def take(self, count: int) -> bytes:
        """The next bytes."""
        taken = self.data[self.place : self.place + count]
        if len(taken) < count:
            raise Unreadable(BROKEN_ADDRESS)
        self.place += count
        return taken

    def number(self, width: int) -> int:
        """A number of so many bytes, the highest first."""
        return int.from_bytes(self.take(width), "big")

    def text(self, count: int) -> str:
        """So many bytes of UTF-8."""
        try:
            return self.take(count).decode("utf-8")
        except ValueError:
            raise Unreadable(BROKEN_ADDRESS) from None

    def base64(self) -> str:
        """The next 32 bytes as a receipt file holds them."""
        return base64.b64encode(self.take(32)).decode("ascii")


# --- Signatures ------------------------------------------------------------------------------


def find_log_key(head: Head, policy: Policy) -> Key | None:
    """The first key of the policy for this log that a line of the note claims to be by."""
    for key in policy.logs:
        if key.name == head.origin and (key.name, key.key_id) in head.note.signatures:
            return key
    return None


def log_signatures_fit(head: Head, policy: Policy, text: str) -> bool:
    """True if every line by a key of the policy for this log is a signature of `text`."""
    return all(
        check_ed25519(key.public, head.note.signatures[key.name, key.key_id], text.encode("utf-8"))
        for key in policy.logs
        if key.name == head.origin and (key.name, key.key_id) in head.note.signatures
    )


def check_witnesses(head: Head, policy: Policy) -> tuple[dict[str, int], list[str]]:
    """Which witnesses of the policy cosigned, and when (POSIX seconds); whose line does not fit."""
    times: dict[str, int] = {}
    wrong: list[str] = []
    for name, key in policy.witnesses.items():
        value = head.note.signatures.get((key.name, key.key_id))
        if value is None:
            continue
        stamp = int.from_bytes(value[:8], "big")
        message = f"cosignature/v1\ntime {stamp}\n{head.note.text}"
        good = len(value) == 72 and stamp < 2**63
        if good and check_ed25519(key.public, value[8:], message.encode("utf-8")):
            times[name] = stamp
        else:
            wrong.append(name)
    return times, wrong


def quorum_time(policy: Policy, times: dict[str, int], latest: bool = False) -> int | None:
    """The earliest time by which the quorum had cosigned; None if it has not, or none is asked.

    With `latest` it is the latest time since which the quorum cosigned.
    """
    reached: dict[str, int] = dict(times)
    # Groups name only what stands above them, so one pass in file order settles them all.
    for name, (needed, members) in policy.groups.items():
        stamps = sorted((reached[one] for one in members if one in reached), reverse=latest)
        if len(stamps) >= needed:
            reached[name] = stamps[needed - 1]
    return reached.get(policy.quorum)


def lacks_quorum(policy: Policy, times: dict[str, int]) -> bool:
    """True if the policy asks for witnesses and those of `times` are too few.

    Only then does a line that does not fit spoil anything: one bad witness must not be able to.
    """
    return policy.quorum != "none" and quorum_time(policy, times) is None


def check_signed(leaf: bytes, proof: Proof, policy: Policy) -> Key:
    """The key of the policy that signed the checkpoint in which the entry has its place.

    Raises NotProved, and says there which part was changed as far as the signatures can tell.
    """
    head, fault = proof.head, find_fault(leaf, proof)
    key = find_log_key(head, policy)
    if key is None:
        raise NotProved(f"{fault} {_unknown_signer(head, policy)}".strip())
    if log_signatures_fit(head, policy, head.note.text):
        if fault:
            raise NotProved(_what_was_changed(leaf, proof, fault))
        return key
    if not fault:
        raise NotProved(_wrong_signature(head, policy))
    found = root_from(leaf, proof.entry_index, proof) if fault == NOT_THE_ENTRY else None
    lines = head.note.text.split("\n")
    if found is not None:
        lines[2] = base64.b64encode(found).decode("ascii")
    if found is not None and log_signatures_fit(head, policy, "\n".join(lines)):
        raise NotProved(
            "The root in the checkpoint was changed. The log's signature fits the root that the"
            " fields lead to."
        )
    raise NotProved(
        f"{fault} Signature wrong: the log's signature does not fit the checkpoint either. The"
        " size of the log was changed, or more than one part, or somebody made it up."
    )


def _what_was_changed(leaf: bytes, proof: Proof, fault: str) -> str:
    """Where the fault must lie, given that the checkpoint is genuine."""
    other = find_other_number(leaf, proof)
    if other is not None:
        return f"The entry number was changed. Everything fits entry number {other} instead."
    genuine = f"{fault} The log's signature fits, so the checkpoint is genuine: "
    if fault == NOT_THE_ENTRY:
        parts = "a field, a field key, a hidden field, a hash of the proof or the entry number"
        return f"{genuine}{parts} was changed."
    if fault == WRONG_COUNT:
        return genuine + "a hash was left out or added, or the entry number was changed."
    return genuine + "the entry number was changed."


def _unknown_signer(head: Head, policy: Policy) -> str:
    for key in policy.logs:
        signature = head.note.signatures.get((key.name, key.key_id))
        text = "\n".join([key.name, *head.note.text.split("\n")[1:]])
        if signature and check_ed25519(key.public, signature, text.encode("utf-8")):
            return f"The name of the log was changed. The signature fits the name {key.name}."
    if not any(key.name == head.origin for key in policy.logs):
        return "Signer not in policy: your policy has no key for this log."
    return "Signer not in policy: no key of your policy signed this."


def _wrong_signature(head: Head, policy: Policy) -> str:
    wrong = "Signature wrong: the log's signature does not fit the checkpoint."
    for name in check_witnesses(head, policy)[0]:
        return f"{wrong} Witness {name} cosigned this very state, so the signature was changed."
    return (
        f"{wrong} The fields do lead to its root, so its size, another line or the signature was"
        " changed, or somebody else made it."
    )


def lower_bound(fields: list[tuple[str, Any]], proof: Proof, policy: Policy) -> int | str:
    """The time before which the entry cannot have been written, or why none can be told.

    It rests on the field `after`: a checkpoint with cosignatures that nobody could make up before
    the witnesses made them. Raises NotProved where that field contradicts itself or the receipt.
    """
    shown = [value for name, value in fields if name == "after"]
    if not shown:
        return "The receipt does not show the field after, which could tell."
    if shown[0] is None:
        return "The field after is empty: the log says that no witness had signed it yet."
    head = read_after(shown[0], proof)
    if find_log_key(head, policy) is None:
        return "Your policy has no key that signed the checkpoint in the field after."
    times, wrong = check_witnesses(head, policy)
    wrong = wrong if lacks_quorum(policy, times) else []
    if wrong or not log_signatures_fit(head, policy, head.note.text):
        whose = f"the cosignature of witness {wrong[0]}" if wrong else "the log's signature"
        raise NotProved(f"Signature wrong: in the field after, {whose} does not fit.")
    found = quorum_time(policy, times, latest=True)
    if found is None:
        return "Too few witnesses of your policy cosigned the checkpoint in the field after."
    return found


def read_after(value: object, proof: Proof) -> Head:
    """The checkpoint that a field `after` holds. Raises NotProved."""
    if not _is_lines(value):
        raise NotProved("Malformed field after: it is not plain lines of text.")
    try:
        head = parse_head(str(value))
    except NotProved as error:
        raise NotProved(f"Malformed field after: it is not a signed checkpoint. {error}") from None
    if head.origin == proof.head.origin and head.size > proof.entry_index:
        raise NotProved("The field after holds a state of the log that is later than the entry.")
    return head


# --- The verdict -----------------------------------------------------------------------------


def judge(receipt: bytes, policy: bytes | None = None) -> Verdict:
    """What the receipt proves under the policy. Never raises, whatever the bytes are."""
    return _judged(lambda: read_receipt(receipt), policy)


def judge_address(address: str, policy: bytes | None = None) -> Verdict:
    """The same for the address in a QR code, whose last part holds a receipt."""
    return _judged(lambda: read_address(address), policy)


def _judged(read: Callable[[], object], policy: bytes | None) -> Verdict:
    try:
        trusted = None if policy is None else parse_policy(policy)
        found = read()
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise Unreadable("This is not an On Record receipt of a version known here.")
        return _judge(found, trusted)
    except Unreadable as error:
        return Verdict(UNREADABLE, f"Cannot be read. {error}", [], [], [])
    except NotProved as error:
        return Verdict(NOT_PROVED, f"Not proved. {error}", [], [], [])


def _judge(receipt: dict[str, Any], policy: Policy | None) -> Verdict:
    if set(receipt) != {"format", "fields", "hidden", "proof"}:
        raise NotProved("Malformed receipt: it lacks a part, or has one that proves nothing.")
    fields = read_fields(receipt)
    leaf = leaf_from(fields, receipt["hidden"])
    proof = parse_proof(receipt["proof"])
    head = proof.head
    where = f"entry number {proof.entry_index} (counted from 0) of the log {head.origin}"
    where += f" when it held {head.size} entries"
    verdict = Verdict(
        code=SIGNER_UNKNOWN,
        summary="Consistent, signer unknown.",
        proved=[f"If it is genuine, an entry with the fields below is {where}."],
        not_proved=["That such a log exists: no policy was given, so no signature was checked."],
        fields=[(name, value) for name, value, _ in fields],
        hidden=len(receipt["hidden"]),
        origin=head.origin,
        entry_index=proof.entry_index,
        size=head.size,
    )
    if policy is not None:
        key = check_signed(leaf, proof, policy)
        return _with_policy(verdict, proof, policy, f"{key.name}+{key.key_id.hex()}", where)
    fault = find_fault(leaf, proof)
    if fault:
        raise NotProved(f"{fault} A part of it was changed since it was made.")
    for value in (value for name, value in verdict.fields if name == "after" and value is not None):
        read_after(value, proof)
    return verdict._replace(not_proved=[*verdict.not_proved, *NOT_SAID, NO_TIME_UNSIGNED])


def _with_policy(verdict: Verdict, proof: Proof, policy: Policy, key: str, where: str) -> Verdict:
    times, wrong = check_witnesses(proof.head, policy)
    if wrong and lacks_quorum(policy, times):
        raise NotProved(
            f"Signature wrong: the cosignature of witness {wrong[0]} does not fit. The log's own"
            " does, so the cosignature or its time was changed."
        )
    if lacks_quorum(policy, times):
        raise NotProved(
            "Quorum not met: too few witnesses of your policy cosigned this. If the receipt is new,"
            " get it again later: witnesses sign the log at fixed times."
        )
    not_before = lower_bound(verdict.fields, proof, policy)
    proved = [
        f"An entry with the fields below is {where}.",
        f"The key {key} of your policy signed that state of the log.",
    ]
    for name, stamp in times.items():
        proved.append(f"Witness {name} of your policy says it saw that state at {in_words(stamp)}.")
    verdict = verdict._replace(code=PROVED, summary="Proved.", proved=proved)
    verdict = _with_times(verdict, not_before, quorum_time(policy, times))
    absent = [f"That witness {name} saw it: its cosignature does not fit." for name in wrong]
    return verdict._replace(not_proved=[*verdict.not_proved, *absent])


def _with_times(verdict: Verdict, not_before: int | str, not_after: int | None) -> Verdict:
    """The verdict with both bounds; for `not_before`, a text says why there is none."""
    if not_after is None:
        return verdict._replace(not_proved=[*NOT_SAID, NO_TIME, ONE_VIEW])
    if isinstance(not_before, int) and not_before > not_after:
        return verdict._replace(not_proved=[*NOT_SAID, NO_TIME_CLOCKS])
    proved = [
        *verdict.proved,
        f"By the witnesses' clocks, it was in the log not after {in_words(not_after)}.",
    ]
    if isinstance(not_before, str):
        not_proved = [*NOT_SAID, f"How long before that time it was written. {not_before}"]
        return verdict._replace(proved=proved, not_proved=not_proved, not_after=not_after)
    proved.append(
        f"By the witnesses' clocks, it was written not before {in_words(not_before)}. It holds"
        " signatures of theirs that nobody could know earlier."
    )
    return verdict._replace(
        proved=proved,
        not_proved=[*NOT_SAID, "When between these two times it was written."],
        not_before=not_before,
        not_after=not_after,
    )


def in_words(stamp: int) -> str:
    """A time in UTC, or plain seconds where no calendar goes so far."""
    if stamp > 253402300799:
        return f"{stamp} seconds after the start of 1970"
    return time.strftime("%d %B %Y, %H:%M:%S UTC", time.gmtime(stamp))


# --- Showing it ------------------------------------------------------------------------------


def printable(text: str) -> str:
    """The text with every character spelt out that could hide, move or reorder what is shown."""
    return "".join(
        char
        if unicodedata.category(char)[0] != "C" and unicodedata.category(char) not in ("Zl", "Zp")
        else f"<U+{ord(char):04X}>"
        for char in text
    )


def value_lines(value: object) -> list[str]:
    """A field's value in lines for a person. Line breaks in a text become lines."""
    if value is None:
        return ["(nothing)"]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return ["- " + line for item in value for line in value_lines(item)] or ["(empty list)"]
    if isinstance(value, dict):
        parts = value.items()
        return [printable(k) + ": " + line for k, v in parts for line in value_lines(v)] or ["{}"]
    return [printable(line) for line in str(value).split("\n")]


def show(verdict: Verdict) -> str:
    """The verdict as text for a terminal."""
    lines = [printable(verdict.summary)]
    for title, sentences in (
        ("What this proves:", verdict.proved),
        ("What this does not prove:", verdict.not_proved),
    ):
        if sentences:
            lines += ["", title] + ["  * " + printable(sentence) for sentence in sentences]
    if verdict.code in (PROVED, SIGNER_UNKNOWN):
        lines += ["", "The fields that this receipt shows:"]
        for name, value in verdict.fields:
            lines += ["  " + printable(name)] + ["    | " + line for line in value_lines(value)]
        lines += ["", f"Fields of this entry that stay hidden: {verdict.hidden}"]
    return "\n".join(lines) + "\n"


def _read_file(path: str, what: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable(
            f"There is no {what} file {path} here. Look at its name, and go to its folder first."
        ) from None
    except (OSError, ValueError):
        raise Unreadable(f"The {what} file {path} cannot be opened.") from None


NOTHING_GIVEN = """name the receipt file and the policy file, for example:
  python3 verify.py receipt.json --policy on-record-policy.txt
or, if you have only a sheet, the address that its square code holds:
  python3 verify.py --address "https://..." --policy on-record-policy.txt"""


def main(arguments: list[str] | None = None) -> int:
    """Check the receipt named on the command line, print the verdict, give the exit code."""
    parser = argparse.ArgumentParser(
        description="Check an On Record receipt, without a network.",
        epilog="Ends with 0: proved, 1: not proved, 2: cannot be read, 3: signer unknown.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("receipt", metavar="FILE", nargs="?", help="the receipt file")
    what.add_argument("--address", help="instead of a file: the address that a QR code holds")
    parser.add_argument("--policy", metavar="POLICY", help="the file of keys that you trust")
    options = parser.parse_args(arguments)
    if options.receipt is None and options.address is None:
        parser.error(NOTHING_GIVEN)
    try:
        policy = None if options.policy is None else _read_file(options.policy, "policy")
        if options.address is not None:
            verdict = judge_address(options.address, policy)
        else:
            verdict = judge(_read_file(options.receipt, "receipt"), policy)
    except Unreadable as error:
        verdict = Verdict(UNREADABLE, f"Cannot be read. {error}", [], [], [])
    return verdict.code if _write(show(verdict)) else UNREADABLE


def _write(text: str) -> bool:
    """Write to standard output; False if nobody can read it there."""
    try:
        # A terminal that cannot show a character gets its number instead of an error.
        raw = text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
        sys.stdout.buffer.write(raw)
        sys.stdout.flush()
    except (AttributeError, OSError):
        # Otherwise Python tries once more while it ends, and reports that as well.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
