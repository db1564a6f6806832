"""Receipts of an entry that holds the newest cosigned checkpoint of its time."""

from collections.abc import Collection, Mapping

from portal.ledger.checkpoint import sign_checkpoint
from portal.ledger.entry import disclose, leaf
from portal.ledger.merkle import inclusion_proof, leaf_hash, root
from portal.ledger.note import Signer, cosign
from portal.ledger.receipt import build_receipt, to_bytes
from portal.ledger.tiles import StoredTree
from tests.rig.ledger import FIELDS, INDEX, LEAVES, LOG, SALT, SIZE, WITNESSES

COSIGNED = {"pcc": 1_762_000_000, "inspector": 1_762_000_600, "court": 1_762_000_300}
EARLIER = {"pcc": 1_761_990_000, "inspector": 1_761_990_600, "court": 1_761_990_300}


def cosigned_note(
    cosigned: Mapping[str, int], *, size: int = 3, log: Signer = LOG, root_byte: int | None = None
) -> str:
    """A checkpoint of the small log, or with `root_byte` of one that holds something else."""
    head = root(map(leaf_hash, LEAVES[:size])) if root_byte is None else bytes([root_byte] * 32)
    note = sign_checkpoint(size, head, log)
    return note + "".join(cosign(note, WITNESSES[name], at) for name, at in cosigned.items())


def make_after_file(
    after: object,
    cosigned: Mapping[str, int] = COSIGNED,
    *,
    names: Collection[str] | None = None,
    log: Signer = LOG,
) -> bytes:
    """The receipt of the entry with a field `after`, in a tree that the witnesses cosigned."""
    fields = {**FIELDS, "after": after}
    leaves = [*LEAVES[:INDEX], leaf(SALT, fields), *LEAVES[INDEX + 1 :]]
    tree = StoredTree(lambda start, end: leaves[start:end], lambda *_: [], SIZE)
    note = sign_checkpoint(SIZE, root(map(leaf_hash, leaves)), log)
    lines = [cosign(note, WITNESSES[name], at) for name, at in cosigned.items()]
    receipt = build_receipt(
        disclose(SALT, fields, fields if names is None else names),
        index=INDEX,
        hashes=inclusion_proof(INDEX, SIZE, tree.node),
        checkpoint=note + "".join(lines),
    )
    return to_bytes(receipt)
