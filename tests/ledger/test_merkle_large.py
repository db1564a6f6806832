"""Proofs over a million different entries, and what a proof must never be taken for."""

import random

import pytest

from portal.ledger.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from portal.ledger.merkle import (
    RootMismatch,
    WrongHashLength,
    WrongProofLength,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    range_root,
    root,
    verify_consistency,
    verify_inclusion,
)
from portal.ledger.note import VerifierKey
from tests.rig.ledger import LOG

MILLION = 1_000_000
LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(70)]


@pytest.fixture(scope="module")
def levels() -> list[list[bytes]]:
    """Every complete subtree of a tree of a million different leaves, by level."""
    hashes = [leaf_hash(number.to_bytes(4, "big")) for number in range(MILLION)]
    made = [hashes]
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        hashes = [node_hash(left, right) for left, right in pairs]
        made.append(hashes)
    return made


def test_proofs_hold_between_any_two_sizes_up_to_a_million(levels: list[list[bytes]]) -> None:
    def node(level: int, index: int) -> bytes:
        return levels[level][index]

    chance = random.Random(9162)
    edges = [1, 2, 2**19 - 1, 2**19, 2**19 + 1, MILLION - 1, MILLION]
    pairs = [(old, new) for old in edges for new in edges if old <= new]
    pairs += [
        (old, chance.randint(old, MILLION))
        for old in (chance.randint(1, MILLION) for _ in range(500))
    ]
    for old, new in pairs:
        new_root = range_root(0, new, node)
        proof = consistency_proof(old, new, node)
        verify_consistency(old, new, range_root(0, old, node), new_root, proof)
        index = chance.randrange(new)
        path = inclusion_proof(index, new, node)
        verify_inclusion(levels[0][index], index, new, path, new_root)
        # Its neighbour is another leaf, and must not do in this place.
        with pytest.raises(RootMismatch):
            verify_inclusion(levels[0][index - 1], index, new, path, new_root)


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33), bytes(64)])
def test_a_proof_with_a_hash_that_is_not_32_bytes_is_refused_wherever_it_stands(
    wrong: bytes,
) -> None:
    roots = {size: root(LEAVES[:size]) for size in (5, 6, 7)}

    def node(level: int, index: int) -> bytes:
        return root(LEAVES[index << level : (index + 1) << level])

    consistency = consistency_proof(5, 7, node)
    inclusion = inclusion_proof(3, 7, node)
    for at in range(len(consistency)):
        changed = [*consistency[:at], wrong, *consistency[at + 1 :]]
        with pytest.raises(WrongHashLength):
            verify_consistency(5, 7, roots[5], roots[7], changed)
    for at in range(len(inclusion)):
        changed = [*inclusion[:at], wrong, *inclusion[at + 1 :]]
        with pytest.raises(WrongHashLength):
            verify_inclusion(LEAVES[3], 3, 7, changed, roots[7])
    with pytest.raises(WrongHashLength):
        verify_consistency(5, 7, roots[5], wrong, consistency)
    with pytest.raises(WrongHashLength):
        verify_inclusion(LEAVES[3], 3, 7, inclusion, wrong)


def test_two_hashes_run_together_are_not_taken_for_two() -> None:
    # 64 bytes in one piece hash like two of 32: the number of hashes must be right as well.
    left, right = LEAVES[:2]
    joined = left + right
    with pytest.raises(WrongHashLength):
        verify_inclusion(joined, 0, 1, [], root(LEAVES[:2]))
    with pytest.raises(WrongProofLength):
        verify_inclusion(left, 0, 1, [right], root(LEAVES[:2]))


def test_two_signed_heads_of_one_size_are_proof_that_the_log_showed_two_stories() -> None:
    truth = root(LEAVES[:7])
    lie = root([*LEAVES[:6], LEAVES[50]])
    key = VerifierKey.parse(LOG.vkey)
    seen = [verify_checkpoint(sign_checkpoint(7, one, LOG), key) for one in (truth, lie)]
    assert seen == [Checkpoint(LOG.name, 7, truth), Checkpoint(LOG.name, 7, lie)]
    with pytest.raises(RootMismatch):
        verify_consistency(7, 7, seen[0].root, seen[1].root, [])


def test_no_proof_joins_a_log_to_the_continuation_of_its_other_story() -> None:
    forked = [*LEAVES[:6], LEAVES[50], *LEAVES[7:12]]

    def node(level: int, index: int) -> bytes:
        return root(forked[index << level : (index + 1) << level])

    proof = consistency_proof(7, 12, node)
    verify_consistency(7, 12, root(forked[:7]), root(forked), proof)
    for old_root, new_root in (
        (root(LEAVES[:7]), root(forked)),
        (root(forked[:7]), root(LEAVES[:12])),
    ):
        with pytest.raises(RootMismatch):
            verify_consistency(7, 12, old_root, new_root, proof)
