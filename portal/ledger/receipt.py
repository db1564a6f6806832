"""The receipt: the opening of one entry, and the proof that the log holds it.

`portal.ledger.verify` is the other half: one file that checks what is built here, and that
imports nothing of this project. The proof is a C2SP tlog-proof (draft; see docs/log-format.md).
"""

import base64
import json
from collections.abc import Sequence
from typing import TypedDict

from portal.errors import Refused
from portal.ledger.checkpoint import parse_checkpoint
from portal.ledger.entry import Disclosure, leaf_of
from portal.ledger.merkle import leaf_hash, verify_inclusion
from portal.ledger.note import parse_note

FORMAT = "on-record-receipt/v1"
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
MAX_RECEIPT_BYTES = 1_000_000


class ReceiptTooLarge(Refused):
    """The receipt would be larger than any verifier agrees to read."""


class FieldOpening(TypedDict):
    """One shown field; `key` is the base64 of its 32 bytes."""

    name: str
    value: object
    key: str


class Receipt(TypedDict):
    """The receipt file: shown fields, base64 commitments of the others, and the proof."""

    format: str
    fields: list[FieldOpening]
    hidden: list[str]
    proof: str


def format_proof(index: int, hashes: Sequence[bytes], checkpoint: str) -> str:
    """The tlog-proof text of entry `index` (from 0): no extra data, the signed checkpoint last."""
    lines = [PROOF_HEADER, f"index {index}", *(_encode(one) for one in hashes), "", checkpoint]
    return "\n".join(lines)


def build_receipt(
    disclosure: Disclosure, *, index: int, hashes: Sequence[bytes], checkpoint: str
) -> Receipt:
    """The receipt for an entry. `hashes` is its inclusion proof in the signed `checkpoint`.

    Raises MalformedNote, BadField, BadCommitment or a MerkleError when the parts do not belong
    together: a receipt that does not verify must never reach anyone.
    """
    head = parse_checkpoint(parse_note(checkpoint).text)
    verify_inclusion(leaf_hash(leaf_of(disclosure)), index, head.size, hashes, head.root)
    return {
        "format": FORMAT,
        "fields": [
            {"name": field.name, "value": field.value, "key": _encode(field.key)}
            for field in disclosure.fields
        ],
        "hidden": [_encode(one) for one in disclosure.hidden],
        "proof": format_proof(index, hashes, checkpoint),
    }


def to_bytes(receipt: Receipt) -> bytes:
    """The receipt file: UTF-8 JSON, indented for people who open it. Raises ReceiptTooLarge."""
    data = json.dumps(receipt, ensure_ascii=False, indent=1).encode() + b"\n"
    if len(data) > MAX_RECEIPT_BYTES:
        raise ReceiptTooLarge("The receipt is larger than 1 MB. Show fewer fields in it.")
    return data


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
