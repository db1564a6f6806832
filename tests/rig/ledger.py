"""A small log with fixed keys, for receipts that come out the same in every run."""

import json
from collections.abc import Collection, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger.checkpoint import sign_checkpoint
from portal.ledger.entry import disclose, leaf
from portal.ledger.merkle import inclusion_proof, leaf_hash, root
from portal.ledger.note import COSIGNATURE_V1, ED25519, Signer, cosign
from portal.ledger.receipt import Receipt, build_receipt, to_bytes
from portal.ledger.tiles import StoredTree


def signer(name: str, seed: int, kind: int = ED25519) -> Signer:
    """A signer whose private key is the byte `seed`, 32 times."""
    return Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), kind)


LOG = signer("log.example/on-record", 1)
OTHER_LOG = signer("log.example/on-record", 2)
PCC = signer("witness.example/pcc", 3, COSIGNATURE_V1)
INSPECTOR = signer("witness.example/inspector", 4, COSIGNATURE_V1)
COURT = signer("witness.example/court", 5, COSIGNATURE_V1)
WITNESSES = {"pcc": PCC, "inspector": INSPECTOR, "court": COURT}

SALT = bytes(range(32))
FIELDS: Mapping[str, object] = {
    "kind": "submitted",
    "sequence": 1,
    "previous": None,
    "at": "2026-11-02T09:30:00Z",
    "what": "Somebody broke in.\nThey took a bicycle \U0001f6b2 worth £300.",
    "told_police": True,
    "items": ["bicycle", {"lock": "broken", "count": 2}],
}
LEAVES = [leaf(bytes([number]) * 32, {"kind": "padding"}) for number in range(6)]
INDEX = 4
LEAVES[INDEX] = leaf(SALT, FIELDS)
SIZE = len(LEAVES)
ROOT = root(map(leaf_hash, LEAVES))


def make_note(log: Signer = LOG, cosigned: Mapping[str, int] | None = None) -> str:
    """The signed checkpoint of the small log, cosigned at these POSIX seconds by witness."""
    note = sign_checkpoint(SIZE, ROOT, log)
    lines = [cosign(note, WITNESSES[name], at) for name, at in (cosigned or {}).items()]
    return note + "".join(lines)


def make_receipt(names: Collection[str] | None = None, note: str | None = None) -> Receipt:
    """The receipt of the one entry that is no padding; without `names` every field is shown."""
    tree = StoredTree(lambda start, end: LEAVES[start:end], lambda *_: [], SIZE)
    return build_receipt(
        disclose(SALT, FIELDS, FIELDS if names is None else names),
        index=INDEX,
        hashes=inclusion_proof(INDEX, SIZE, tree.node),
        checkpoint=note or make_note(),
    )


def make_file(names: Collection[str] | None = None, note: str | None = None) -> bytes:
    """The same as a file."""
    return to_bytes(make_receipt(names, note))


def make_policy(*lines: str, log: Signer = LOG, quorum: str = "none") -> bytes:
    """A policy file that trusts one log and knows all three witnesses."""
    known = [f"witness {name} {one.vkey}" for name, one in WITNESSES.items()]
    return "\n".join([f"log {log.vkey}", *known, *lines, f"quorum {quorum}", ""]).encode()


def changed(receipt: bytes, **parts: object) -> bytes:
    """The receipt file with some of its top-level parts replaced."""
    return json.dumps({**json.loads(receipt), **parts}).encode()
