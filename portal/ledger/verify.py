"""Checks an On Record receipt. Nothing but this file and Python (3.8 or later) is needed.

    python3 verify.py RECEIPT --policy POLICY

It works without a network and without trusting whoever gave you the receipt. The keys to trust
come from the policy file (C2SP tlog-policy) and from nowhere else. Without a policy it can only
say whether the receipt is consistent. docs/log-format.md describes every format read here.

It ends with 0: proved. 1: not proved. 2: it cannot be read. 3: consistent, signer unknown.
"""

from __future__ import annotations

import argparse
import base64
import binascii
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
ED25519, COSIGNATURE_V1 = 1, 4

NOT_SAID = (
    "Who wrote it.",
    "That what it says is true.",
    "That anyone read it or acted on it.",
)
NO_TIME = "When it was written. No time is claimed, because the policy asks for no witness."
NO_TIME_UNSIGNED = "When it was written. Without a policy no time is claimed."
ONE_VIEW = "That everyone is shown the same log. Only witnesses can vouch for that."


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


class Proof(NamedTuple):
    """A tlog-proof taken apart."""

    entry_index: int
    hashes: list[bytes]
    note: Note
    origin: str
    size: int
    root: bytes


class Verdict(NamedTuple):
    """What a receipt proves and what not. `code` is the exit code of the command.

    `entry_index`, `size` and `origin` are None unless the proof holds; `not_after` is in POSIX
    seconds, and None where no time can be claimed.
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
    not_after: int | None = None


# --- Reading ---------------------------------------------------------------------------------


def read_json(data: bytes) -> object:
    """JSON without fractions, doubled keys or half characters. Raises Unreadable, NotProved."""
    if len(data) > MAX_BYTES:
        raise Unreadable("The file is larger than 1 MB. A receipt is much smaller.")
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_without_doubles,
            parse_int=_whole_number,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except (ValueError, RecursionError):
        raise Unreadable("The file is not JSON in UTF-8. It may be damaged or cut short.") from None


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
    try:
        raw = base64.b64decode(str(text).encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise NotProved(f"Malformed {what}: its base64 is broken.") from None
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
        raw = from_base64(encoded, "signature line")
        if line[:2] != "\u2014 " or not _is_key_name(name) or len(raw) < 5:
            raise NotProved("Malformed signature line: it is not of the form it must have.")
        if (name, raw[:4]) in signatures:
            raise NotProved("Malformed checkpoint: it has two signatures by the same key.")
        signatures[name, raw[:4]] = raw[4:]
    return Note(text + "\n", signatures)


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(char.isspace() for char in name)


def parse_proof(proof: object) -> Proof:
    """A tlog-proof with its checkpoint. Raises NotProved."""
    if not isinstance(proof, str) or re.search("[\x00-\x09\x0b-\x1f\ud800-\udfff]", proof):
        raise NotProved("Malformed proof: it is not plain lines of text.")
    head, _, checkpoint = proof.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2 or lines[1][:6] != "index ":
        raise NotProved("Malformed proof: its first two lines are not those of a proof.")
    index = _number(lines[1][6:], "entry number")
    hashes = [from_base64(line, "proof", 32) for line in lines[2:]]
    note = parse_note(checkpoint)
    body = note.text[:-1].split("\n")
    if len(body) < 3 or not all(body):
        raise NotProved("Malformed checkpoint: it does not have its three lines.")
    root = from_base64(body[2], "checkpoint root", 32)
    return Proof(index, hashes, note, body[0], _number(body[1], "tree size"), root)


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


def check_inclusion(leaf: bytes, proof: Proof) -> None:
    """Raise NotProved unless the leaf is in its place under the root. RFC 9162 section 2.1.3.2."""
    if proof.entry_index >= proof.size:
        raise NotProved("The entry number lies outside the log that the proof is for.")
    inner = (proof.entry_index ^ (proof.size - 1)).bit_length()
    if len(proof.hashes) != inner + bin(proof.entry_index >> inner).count("1"):
        raise NotProved("Malformed proof: it has the wrong number of hashes for its tree size.")
    result = hashlib.sha256(b"\x00" + leaf).digest()
    for level, other in enumerate(proof.hashes):
        on_the_right = level >= inner or proof.entry_index >> level & 1
        pair = other + result if on_the_right else result + other
        result = hashlib.sha256(b"\x01" + pair).digest()
    if result != proof.root:
        raise NotProved(
            "The fields do not give the entry that the proof is for. A field, a key or the proof"
            " was changed since the receipt was made."
        )


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
    if len(data) > MAX_BYTES or re.search(b"[^\t\n\x20-\x7e\x80-\xff]", data):
        raise Unreadable("Malformed policy: it is too large or holds control characters.")
    if data and not data.endswith(b"\n"):
        raise Unreadable("Malformed policy: its last line does not end. It may be cut short.")
    policy = Policy([], {}, {}, "")
    used: set[str] = set()
    for number, line in enumerate(data.split(b"\n"), 1):
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


def check_log_signature(proof: Proof, policy: Policy) -> Key:
    """The key of the policy that signed the checkpoint. Raises NotProved."""
    keys = [key for key in policy.logs if key.name == proof.origin]
    if not keys:
        raise NotProved("Signer not in policy: your policy has no key for this log.")
    signed = [key for key in keys if (key.name, key.key_id) in proof.note.signatures]
    if not signed:
        raise NotProved("Signer not in policy: no key of your policy signed this.")
    for key in signed:
        signature = proof.note.signatures[key.name, key.key_id]
        if not check_ed25519(key.public, signature, proof.note.text.encode("utf-8")):
            raise NotProved("Signature wrong: the log's signature does not fit the checkpoint.")
    return signed[0]


def check_witnesses(proof: Proof, policy: Policy) -> dict[str, int]:
    """The witnesses of the policy that cosigned, and when (POSIX seconds). Raises NotProved."""
    times: dict[str, int] = {}
    for name, key in policy.witnesses.items():
        value = proof.note.signatures.get((key.name, key.key_id))
        if value is None:
            continue
        stamp = int.from_bytes(value[:8], "big")
        message = f"cosignature/v1\ntime {stamp}\n{proof.note.text}"
        good = len(value) == 72 and stamp < 2**63
        if not good or not check_ed25519(key.public, value[8:], message.encode("utf-8")):
            raise NotProved(f"Signature wrong: the cosignature of witness {name} does not fit.")
        times[name] = stamp
    return times


def quorum_time(policy: Policy, times: dict[str, int]) -> int | None:
    """The earliest time by which the quorum had cosigned, or None if the policy asks for none.

    Raises NotProved when too few witnesses cosigned.
    """
    if policy.quorum == "none":
        return None
    reached: dict[str, int] = dict(times)
    # Groups name only what stands above them, so one pass in file order settles them all.
    for name, (needed, members) in policy.groups.items():
        stamps = sorted(reached[member] for member in members if member in reached)
        if len(stamps) >= needed:
            reached[name] = stamps[needed - 1]
    if policy.quorum not in reached:
        raise NotProved("Quorum not met: too few witnesses of your policy cosigned this.")
    return reached[policy.quorum]


# --- The verdict -----------------------------------------------------------------------------


def judge(receipt: bytes, policy: bytes | None = None) -> Verdict:
    """What the receipt proves under the policy. Never raises, whatever the bytes are."""
    try:
        trusted = None if policy is None else parse_policy(policy)
        found = read_json(receipt)
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
    check_inclusion(leaf, proof)
    where = f"entry number {proof.entry_index} (counted from 0) of the log {proof.origin}"
    where += f" when it held {proof.size} entries"
    verdict = Verdict(
        code=SIGNER_UNKNOWN,
        summary="Consistent, signer unknown.",
        proved=[f"If it is genuine, an entry with the fields below is {where}."],
        not_proved=["That such a log exists: no policy was given, so no signature was checked."],
        fields=[(name, value) for name, value, _ in fields],
        hidden=len(receipt["hidden"]),
        origin=proof.origin,
        entry_index=proof.entry_index,
        size=proof.size,
    )
    if policy is None:
        return verdict._replace(not_proved=[*verdict.not_proved, *NOT_SAID, NO_TIME_UNSIGNED])
    return _with_policy(verdict, proof, policy, where)


def _with_policy(verdict: Verdict, proof: Proof, policy: Policy, where: str) -> Verdict:
    key = check_log_signature(proof, policy)
    times = check_witnesses(proof, policy)
    not_after = quorum_time(policy, times)
    proved = [
        f"An entry with the fields below is {where}.",
        f"The key {key.name}+{key.key_id.hex()} of your policy signed that state of the log.",
    ]
    for name, stamp in times.items():
        proved.append(f"Witness {name} of your policy says it saw that state at {in_words(stamp)}.")
    not_proved = [*NOT_SAID, NO_TIME, ONE_VIEW]
    if not_after is not None:
        proved.append(
            f"By the witnesses' clocks, it was in the log not after {in_words(not_after)}."
        )
        not_proved = [*NOT_SAID, "How long before that time it was written."]
    return verdict._replace(
        code=PROVED, summary="Proved.", proved=proved, not_proved=not_proved, not_after=not_after
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


def _read_file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        raise Unreadable(f"The file {path} cannot be opened.") from None


def main(arguments: list[str] | None = None) -> int:
    """Check the receipt named on the command line, print the verdict, give the exit code."""
    parser = argparse.ArgumentParser(
        description="Check an On Record receipt, without a network.",
        epilog="Ends with 0: proved, 1: not proved, 2: cannot be read, 3: signer unknown.",
    )
    parser.add_argument("receipt", metavar="FILE", help="the receipt file")
    parser.add_argument("--policy", metavar="POLICY", help="the file of keys that you trust")
    options = parser.parse_args(arguments)
    try:
        policy = None if options.policy is None else _read_file(options.policy)
        verdict = judge(_read_file(options.receipt), policy)
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
