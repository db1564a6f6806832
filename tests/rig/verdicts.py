"""Receipts and policies of every sort, each with what both verifiers must say of it.

`python -m tests.rig.verdicts` prints what tests/vectors/verdicts_v1.json holds. That file is
frozen: a case may be added, and none may change but in the words of a refusal.
"""

import base64
import json
from dataclasses import asdict, dataclass
from typing import Any

from portal.ledger.note import COSIGNATURE_V1, Signature, VerifierKey, signature_line
from portal.ledger.verify import ORDER, Verdict, judge, judge_address, printable, value_lines
from tests.rig.address import HOME, to_address, to_digits, to_raw
from tests.rig.after import COSIGNED, EARLIER, cosigned_note, make_after_file
from tests.rig.ed25519 import NOT_CANONICAL, neutral_signature
from tests.rig.ledger import (
    LOG,
    OTHER_LOG,
    PCC,
    changed,
    make_file,
    make_note,
    make_policy,
    make_receipt,
    signer,
)
from tests.rig.tampering import TAMPERED, tampered

GROUPS = ("group all3 all pcc inspector court", "group two 2 all3")
OLD_LOG = signer("log.example/before", 9)
WATCHED = make_policy("group two 2 pcc inspector court", quorum="two")
PLAIN = make_policy()


@dataclass(frozen=True)
class Case:
    """One question: a receipt file or an address, and a policy or None."""

    name: str
    receipt: bytes = b""
    policy: bytes | None = PLAIN
    address: str | None = None


def answer(case: Case) -> dict[str, Any]:
    """What verify.py says, in a form that the page can be compared with."""
    if case.address is None:
        return said(judge(case.receipt, case.policy))
    return said(judge_address(case.address, case.policy))


def said(verdict: Verdict) -> dict[str, Any]:
    """A verdict in plain JSON."""

    def number(value: int | None) -> str | None:
        return None if value is None else str(value)

    return {
        "code": verdict.code,
        "summary": printable(verdict.summary),
        "proved": [printable(one) for one in verdict.proved],
        "notProved": [printable(one) for one in verdict.not_proved],
        "fields": [[printable(name), value_lines(value)] for name, value in verdict.fields],
        "hidden": verdict.hidden,
        "origin": None if verdict.origin is None else printable(verdict.origin),
        "entryIndex": number(verdict.entry_index),
        "size": number(verdict.size),
        "notBefore": number(verdict.not_before),
        "notAfter": number(verdict.not_after),
    }


def is_small(case: Case) -> bool:
    """Whether the case is kept in the file; the largest are made anew each time."""
    return len(case.receipt) + len(case.policy or b"") < 100_000


def frozen(case: Case) -> dict[str, Any]:
    """The case and its answer as the file of vectors holds them; bytes are base64."""
    policy = None if case.policy is None else _text(case.policy)
    asked = {**asdict(case), "receipt": _text(case.receipt), "policy": policy}
    return {**asked, "verdict": answer(case)}


def thawed(kept: dict[str, Any]) -> Case:
    """The case that the file of vectors holds."""
    policy = None if kept["policy"] is None else base64.b64decode(kept["policy"])
    return Case(kept["name"], base64.b64decode(kept["receipt"]), policy, kept["address"])


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _good() -> list[Case]:
    cosigned = make_file(None, make_note(cosigned=COSIGNED))
    return [
        Case("good", make_file()),
        Case("good with hidden fields", make_file({"what"})),
        Case("good without a policy", make_file(), None),
        Case("good and cosigned", cosigned, WATCHED),
        Case("good and cosigned, and nobody asks", cosigned, PLAIN),
        Case("good by groups of groups", cosigned, make_policy(GROUPS[0], quorum="all3")),
        Case("cosigned by too few", make_file(None, make_note(cosigned={"pcc": 1})), WATCHED),
        Case("far time", make_file(None, make_note(cosigned={"pcc": 2**63 - 1})), _one_witness()),
        Case("leap day", make_file(None, make_note(cosigned={"pcc": 951782400})), _one_witness()),
        Case("written again", json.dumps(json.loads(make_file()), sort_keys=True).encode()),
        Case("by a stranger", make_file(None, make_note(OTHER_LOG))),
    ]


def _refused_line() -> list[Case]:
    """A witness's line with a neutral R, beside others that are enough or too few without it."""
    text = make_note().split("\n\n")[0] + "\n"
    at = COSIGNED["pcc"]
    message = f"cosignature/v1\ntime {at}\n{text}".encode()
    value = at.to_bytes(8, "big") + neutral_signature(bytes([3]) * 32, PCC.key.public, message)
    line = signature_line(Signature(PCC.name, PCC.key_id, value))
    others = {name: at for name, at in COSIGNED.items() if name != "pcc"}
    receipt = make_file(None, make_note(cosigned=others) + line)
    return [
        Case("refused cosignature beside enough others", receipt, WATCHED),
        Case("refused cosignature that is needed", receipt, _one_witness()),
        Case("refused cosignature, and nobody asks", receipt, PLAIN),
    ]


def _one_witness() -> bytes:
    return make_policy(quorum="pcc")


def _after() -> list[Case]:
    good = cosigned_note(EARLIER)
    other_key = make_policy("group two 2 pcc inspector court", f"log {OLD_LOG.vkey}", quorum="two")
    before = cosigned_note(EARLIER, log=OLD_LOG, size=5, root_byte=7)
    spoilt = good.replace(good[-40:-30], "A" * 10)
    shown = {
        "both bounds": (good, WATCHED),
        "both bounds, witnesses not asked": (good, PLAIN),
        "both bounds, no policy": (good, None),
        "nothing before it": (None, WATCHED),
        "before it, too few": (cosigned_note({"pcc": 5}), WATCHED),
        "before it, by nobody": (cosigned_note({}), WATCHED),
        "before it, spoilt cosignature": (spoilt, WATCHED),
        "before it, other log unknown": (before, WATCHED),
        "before it, other log known": (before, other_key),
        "before it, later than itself": (cosigned_note(EARLIER, size=5), WATCHED),
        "before it, exactly as large": (cosigned_note(EARLIER, size=4), WATCHED),
        "before it, later without a policy": (cosigned_note(EARLIER, size=5), None),
        "before it, a number": (7, WATCHED),
        "before it, a word": ("soon", WATCHED),
        "before it, a word without a policy": ("soon", None),
        "before it, control characters": (good.replace("\n", "\r\n"), WATCHED),
        "before it, clocks that contradict": (cosigned_note(COSIGNED, size=2), WATCHED),
        "before it, wrong log signature": (_resigned(good), WATCHED),
    }
    early = {name: at - 100 for name, at in EARLIER.items()}
    made = [
        Case(f"after: {name}", make_after_file(value, early if "clocks" in name else COSIGNED), by)
        for name, (value, by) in shown.items()
    ]
    hidden = make_after_file(good, names={"kind"})
    return [*made, Case("after: hidden", hidden, WATCHED)]


def _resigned(note: str) -> str:
    own = make_note().split(" ")[-1].strip()
    line = note.split("\n\n")[1].split("\n")[0]
    return note.replace(line, f"{line.rpartition(' ')[0]} {own}")


def _json() -> list[Case]:
    good = make_file()
    texts = {
        "empty": b"",
        "not UTF-8": good.replace(b"bicycle", b"bicycl\xff"),
        "byte order mark": b"\xef\xbb\xbf" + good,
        "cut short": good[:-20],
        "more after it": good + b"x",
        "another version": good.replace(b"receipt/v1", b"receipt/v2"),
        "a list": b"[]",
        "a name given twice": good.replace(b'"hidden"', b'"hidden": [], "hidden"'),
        "a name given twice, once escaped": good.replace(
            b'"hidden"', b'"\\u0068idden": [], "hidden"'
        ),
        "a fraction": good.replace(b": 2", b": 2.0"),
        "an exponent": good.replace(b": 2", b": 2e0"),
        "no number": good.replace(b": 2", b": NaN"),
        "minus infinity": good.replace(b": 2", b": -Infinity"),
        "a number too large": good.replace(b": 2", b": 9007199254740992"),
        "a long number": good.replace(b": 2", b": 00002"),
        "minus nothing": good.replace(b": 2", b": -0"),
        "a comma too many": good.replace(b'"lock"', b',"lock"'),
        "a control character": good.replace(b"bicycle", b"bi\x01cycle"),
        "a tab in a text": good.replace(b"bicycle", b"bi\tcycle"),
        "an unknown escape": good.replace(b"bicycle", b"bi\\xcycle"),
        "an escape of three": good.replace(b"bicycle", b"bi\\u00gcycle"),
        "half a character": good.replace(b"bicycle", b"bi\\ud800cycle"),
        "deep": b"[" * 101 + b"]" * 101,
        "deep and damaged": b'{"a":' * 100_000,
        "as deep as may be": b"[" * 100 + b"]" * 100,
        "brackets in a text": good.replace(b"bicycle", b"[" * 200),
        "too large": b" " * 1_000_001,
    }
    return [Case(f"JSON: {name}", data) for name, data in texts.items()]


def _policies() -> list[Case]:
    weak = VerifierKey(LOG.name, LOG.kind, b"\x01" + bytes(31))
    as_witness = VerifierKey(LOG.name, COSIGNATURE_V1, LOG.key.public)
    texts = {
        "empty": b"",
        "no quorum": f"log {LOG.vkey}\n".encode(),
        "line not ended": PLAIN[:-1],
        "control character": PLAIN.replace(b"\n", b"\x00\n"),
        "unknown line": b"logs x\n" + PLAIN,
        "key given twice": f"log {LOG.vkey}\n".encode() + PLAIN,
        "weak key": f"log {weak}\nquorum none\n".encode(),
        "witness key as log": f"log {as_witness}\nquorum none\n".encode(),
        "wrong number": f"log x{LOG.vkey}\nquorum none\n".encode(),
        "name not UTF-8": b"log \xff" + LOG.vkey.encode() + b"\nquorum none\n",
        "name of a witness not UTF-8": b"witness \xff\xe2\x82 "
        + PCC.vkey.encode()
        + f"\nlog {LOG.vkey}\nquorum ".encode()
        + b"\xff\xe2\x82\n",
        "key cut short": f"log {LOG.vkey[:-1]}\nquorum none\n".encode(),
        "three words": f"log {LOG.vkey} a b\nquorum none\n".encode(),
        "quorum of nobody": PLAIN.replace(b"none", b"nobody"),
        "quorum twice": PLAIN + b"quorum none\n",
        "member twice": make_policy("group g any pcc pcc"),
        "too many needed": make_policy("group g 2 pcc"),
        "needed with a zero": make_policy("group g 01 pcc"),
        "needed by a strange word": make_policy("group g constructor pcc"),
        "name taken": make_policy("group pcc any court"),
        "comments and tabs": b"# who\n\t \n" + PLAIN.replace(b" ", b"\t"),
        "two logs": f"log {OTHER_LOG.vkey} https://log.example/\n".encode() + PLAIN,
    }
    return [Case(f"policy: {name}", make_file(), data) for name, data in texts.items()]


def _chosen() -> list[Case]:
    """Files that programs on Windows wrote again, and files that are no receipt and no policy."""
    good, mark = make_file(), b"\xef\xbb\xbf"
    texts = {
        "with Windows line ends": good.replace(b"\n", b"\r\n"),
        "with a mark and Windows line ends": mark + good.replace(b"\n", b"\r\n"),
        "with two marks": mark + mark + good,
        "with a Windows line end in a text": good.replace(b"bicycle", b"bi\r\ncycle"),
        "blank": mark + b" \r\n\t",
        "PDF": b"%PDF-1.7\n",
        "picture": b"\x89PNG\r\n\x1a\n",
        "photo": b"\xff\xd8\xff\xe1",
        "Word": b"PK\x03\x04",
        "page": b"\n<!DOCTYPE html>",
        "UTF-16": good.decode().encode("utf-16"),
        "policy": PLAIN,
        "policy with comments": b"# whom I trust\r\n\n  # more\n\tquorum\tnone\n",
        "comments alone": b"# log",
        "address": to_address(json.loads(good)).encode() + b"\r\n",
        "address without digits": HOME[:-1].encode(),
        "address not UTF-8": HOME.encode() + b"\xff1",
    }
    policies = {
        "with Windows line ends": PLAIN.replace(b"\n", b"\r\n"),
        "with a mark": mark + PLAIN,
        "with two marks": mark + mark + PLAIN,
        "with doubled returns": PLAIN.replace(b"\n", b"\r\r\n"),
        "with old line ends": PLAIN.replace(b"\n", b"\r"),
        "cut short before its line end": PLAIN[:-1] + b"\r",
        "blank": b"\r\n",
        "PDF": b"%PDF-1.7\n",
        "page": b"<html>\n",
        "RTF": b"{\\rtf1",
        "UTF-16": PLAIN.decode().encode("utf-16"),
        "receipt": good,
        "too large": b"#" * 1_000_001,
    }
    return [
        *(Case(f"receipt file: {name}", data) for name, data in texts.items()),
        *(Case(f"policy file: {name}", good, data) for name, data in policies.items()),
        Case("swapped", PLAIN, good),
    ]


def _addresses() -> list[Case]:
    receipt = json.loads(make_file({"kind", "at"}, make_note(cosigned=COSIGNED)))
    raw = to_raw(receipt)
    digits = to_digits(raw)
    swapped = raw.replace(b'\x00\x0b"submitted"', b'\x00\x0c"submitted" ')
    texts = {
        "good": to_address(receipt),
        "digits alone": f"\n {digits} ",
        "without hidden fields": to_address(json.loads(make_file())),
        "no digits": HOME,
        "no mark": HOME[:-1],
        "letters": f"{HOME}{digits}a",
        "other digits": f"{HOME}{digits[:-1]}\u0663",
        "cut short": f"{HOME}{digits[:-13]}",
        "one digit less": f"{HOME}{digits[:-1]}",
        "group too large": f"{HOME}9999999999999{digits[13:]}",
        "more after it": HOME + to_digits(raw + b"\0"),
        "version 2": HOME + to_digits(b"\2" + raw[1:]),
        "value not canonical": HOME + to_digits(swapped),
        "hidden not sorted": HOME + to_digits(_unsorted(receipt)),
        "changed": HOME + to_digits(raw.replace(b"2026", b"2025")),
    }
    made = [Case(f"address: {name}", b"", WATCHED, text) for name, text in texts.items()]
    return [*made, Case("address: no policy", b"", None, to_address(receipt))]


def _unsorted(receipt: dict[str, Any]) -> bytes:
    raw = to_raw(receipt)
    one, two = sorted(base64.b64decode(each) for each in receipt["hidden"])[:2]
    return raw.replace(one + two, two + one)


def _twisted() -> list[Case]:
    """Signatures that fit the equation and that a strict verifier refuses."""
    text = make_note().split("\n\n")[0] + "\n"
    good = LOG.private.sign(text.encode())
    s = int.from_bytes(good[32:], "little") + ORDER
    kinds = {
        "S too large": good[:32] + s.to_bytes(32, "little"),
        "R neutral": neutral_signature(bytes([1]) * 32, LOG.key.public, text.encode()),
        "R not canonical": bytes.fromhex(NOT_CANONICAL[1]) + good[32:],
        "cut short": good[:63],
        "one byte more": good + b"\0",
    }
    return [
        Case(
            f"signature: {name}",
            make_file(None, f"{text}\n" + signature_line(Signature(LOG.name, LOG.key_id, value))),
        )
        for name, value in kinds.items()
    ]


def cases() -> list[Case]:
    """Every case: good, tampered with, malformed."""
    changes = [Case(f"tampered: {one.__name__}", tampered(one)) for one, _ in TAMPERED]
    unsigned = [
        Case(f"tampered, no policy: {one.__name__}", tampered(one), None) for one, _ in TAMPERED
    ]
    watched = json.loads(make_file(None, make_note(cosigned={"pcc": 1})))
    stolen = make_note(cosigned={"inspector": 1}).rsplit(" ", 1)[1]
    own = make_note(cosigned={"pcc": 1}).rsplit(" ", 1)[1]
    spoilt = watched["proof"].replace(own, own[:8] + stolen[8:])
    line = make_note().split(" ")[-1]
    other = make_receipt(None, make_note(OTHER_LOG))["proof"].split(" ")[-1]
    resigned = watched["proof"].replace(line, line[:6] + other[6:])
    more = [
        Case("tampered: cosignature", changed(make_file(), proof=spoilt)),
        Case("tampered: signature of a witnessed state", changed(make_file(), proof=resigned)),
    ]
    return [
        *(*_good(), *_refused_line(), *_twisted(), *_after(), *changes, *unsigned, *more),
        *(*_json(), *_policies(), *_chosen(), *_addresses()),
    ]


if __name__ == "__main__":
    lines = [json.dumps(frozen(case)) for case in cases() if is_small(case)]
    print("[" + ",\n".join(lines) + "]")
