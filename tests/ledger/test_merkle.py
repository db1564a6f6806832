"""The tree is RFC 6962's, its proofs convince, and nothing else does."""

import hashlib
import random
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    MerkleError,
    OutOfRange,
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

# The inputs and roots that the Certificate Transparency project published with RFC 6962.
REFERENCE_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(70)]
ROOTS = [root(LEAVES[:size]) for size in range(71)]


def plain_root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    width = 1
    while width * 2 < len(hashes):
        width *= 2
    return node_hash(plain_root(hashes[:width]), plain_root(hashes[width:]))


def plain_inclusion(index: int, hashes: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1, word for word."""
    if len(hashes) == 1:
        return []
    width = 1
    while width * 2 < len(hashes):
        width *= 2
    left, right = hashes[:width], hashes[width:]
    if index < width:
        return [*plain_inclusion(index, left), plain_root(right)]
    return [*plain_inclusion(index - width, right), plain_root(left)]


def plain_consistency(old: int, hashes: list[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2, word for word."""
    if old == len(hashes):
        return [] if whole else [plain_root(hashes)]
    width = 1
    while width * 2 < len(hashes):
        width *= 2
    left, right = hashes[:width], hashes[width:]
    if old <= width:
        return [*plain_consistency(old, left, whole=whole), plain_root(right)]
    return [*plain_consistency(old - width, right, whole=False), plain_root(left)]


def node_over(hashes: list[bytes]) -> Callable[[int, int], bytes]:
    @cache
    def node(level: int, index: int) -> bytes:
        assert (index + 1) << level <= len(hashes), "an incomplete subtree was asked for"
        if level == 0:
            return hashes[index]
        return node_hash(node(level - 1, index * 2), node(level - 1, index * 2 + 1))

    return node


@cache
def same_leaves(level: int) -> bytes:
    """The subtree of 2**level equal leaves: a tree of any size that costs nothing to hash."""
    if level == 0:
        return leaf_hash(b"the same")
    return node_hash(same_leaves(level - 1), same_leaves(level - 1))


def same(level: int, _index: int) -> bytes:
    return same_leaves(level)


@pytest.mark.parametrize("size", range(9))
def test_the_reference_trees_of_rfc_6962_have_the_reference_roots(size: int) -> None:
    assert root(map(leaf_hash, REFERENCE_LEAVES[:size])).hex() == REFERENCE_ROOTS[size]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 71))
def test_every_entry_of_a_small_tree_can_be_proved_to_be_in_it(size: int) -> None:
    node = node_over(LEAVES[:size])
    assert plain_root(LEAVES[:size]) == ROOTS[size]
    for index in range(size):
        proof = inclusion_proof(index, size, node)
        assert proof == plain_inclusion(index, LEAVES[:size])
        verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize("new", range(1, 71))
def test_every_small_tree_can_be_proved_to_begin_with_every_smaller_one(new: int) -> None:
    node = node_over(LEAVES[:new])
    for old in range(1, new + 1):
        proof = consistency_proof(old, new, node)
        assert proof == plain_consistency(old, LEAVES[:new])
        verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)


def test_no_proof_works_for_another_place_another_leaf_or_another_root() -> None:
    for size in range(1, 33):
        node = node_over(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, node)
            for other in range(size):
                if other != index:
                    with pytest.raises(MerkleError):
                        verify_inclusion(LEAVES[index], other, size, proof, ROOTS[size])
            with pytest.raises(RootMismatch):
                verify_inclusion(leaf_hash(b"other"), index, size, proof, ROOTS[size])
            with pytest.raises(RootMismatch):
                verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size + 1])


def test_no_tree_passes_for_the_continuation_of_another() -> None:
    for new in range(2, 33):
        node = node_over(LEAVES[:new])
        for old in range(1, new):
            proof = consistency_proof(old, new, node)
            with pytest.raises(RootMismatch):
                verify_consistency(old, new, ROOTS[old + 1], ROOTS[new], proof)
            with pytest.raises(RootMismatch):
                verify_consistency(old, new, ROOTS[old], ROOTS[new + 1], proof)
            for wrong in (proof[:-1], [*proof, ROOTS[1]]):
                with pytest.raises(MerkleError):
                    verify_consistency(old, new, ROOTS[old], ROOTS[new], wrong)


def test_proofs_hold_in_trees_of_up_to_a_million_entries() -> None:
    chance = random.Random(6962)
    for _ in range(300):
        new = chance.randint(1, 1_000_000)
        old, index = chance.randint(1, new), chance.randrange(new)
        new_root, old_root = range_root(0, new, same), range_root(0, old, same)
        verify_inclusion(same(0, 0), index, new, inclusion_proof(index, new, same), new_root)
        verify_consistency(old, new, old_root, new_root, consistency_proof(old, new, same))


@given(st.integers(1, 2**63 - 1), st.data())
def test_proofs_hold_in_trees_of_any_size(new: int, data: st.DataObject) -> None:
    old, index = data.draw(st.integers(1, new)), data.draw(st.integers(0, new - 1))
    new_root, old_root = range_root(0, new, same), range_root(0, old, same)
    verify_inclusion(same(0, 0), index, new, inclusion_proof(index, new, same), new_root)
    verify_consistency(old, new, old_root, new_root, consistency_proof(old, new, same))


@given(st.integers(1, 70), st.data())
def test_one_flipped_bit_anywhere_spoils_a_proof(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof = consistency_proof(old, size, node_over(LEAVES[:size]))
    parts = [ROOTS[old], ROOTS[size], *proof]
    which = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    number = int.from_bytes(parts[which], "big") ^ 1 << bit
    parts[which] = number.to_bytes(32, "big")
    with pytest.raises(RootMismatch):
        verify_consistency(old, size, parts[0], parts[1], parts[2:])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (7, 7), (8, 7), (-1, 7), (0, 2**63)])
def test_an_entry_outside_the_tree_is_refused(index: int, size: int) -> None:
    with pytest.raises(OutOfRange):
        inclusion_proof(index, size, same)
    with pytest.raises(OutOfRange):
        verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 7), (8, 7), (-1, 7), (1, 2**63)])
def test_an_older_tree_that_is_empty_or_larger_is_refused(old: int, new: int) -> None:
    with pytest.raises(OutOfRange):
        consistency_proof(old, new, same)
    with pytest.raises(OutOfRange):
        verify_consistency(old, new, ROOTS[1], ROOTS[1], [])


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33)])
def test_a_hash_that_is_not_32_bytes_is_refused(wrong: bytes) -> None:
    with pytest.raises(WrongHashLength):
        verify_inclusion(wrong, 0, 1, [], ROOTS[1])
    with pytest.raises(WrongHashLength):
        verify_inclusion(LEAVES[0], 0, 2, [wrong], ROOTS[2])
    with pytest.raises(WrongHashLength):
        verify_consistency(1, 2, wrong, ROOTS[2], [LEAVES[1]])
    with pytest.raises(WrongHashLength):
        Frontier().append(wrong)


def test_extra_and_missing_hashes_are_refused() -> None:
    proof = inclusion_proof(3, 7, node_over(LEAVES[:7]))
    for wrong in (proof[:-1], [*proof, ROOTS[1]], []):
        with pytest.raises(WrongProofLength):
            verify_inclusion(LEAVES[3], 3, 7, wrong, ROOTS[7])
    with pytest.raises(WrongProofLength):
        verify_consistency(5, 5, ROOTS[5], ROOTS[5], [ROOTS[1]])
    with pytest.raises(WrongProofLength):
        verify_consistency(5, 7, ROOTS[5], ROOTS[7], [])
    with pytest.raises(RootMismatch):
        verify_consistency(5, 5, ROOTS[5], ROOTS[6], [])


def test_a_range_without_leaves_has_no_root() -> None:
    with pytest.raises(OutOfRange):
        range_root(3, 3, same)


@given(st.integers(0, 70), st.integers(0, 70))
def test_appending_later_gives_the_same_root_as_hashing_at_once(one: int, two: int) -> None:
    first, last = sorted((one, two))
    frontier = Frontier.from_bytes(root_after(first).to_bytes())
    for leaf in LEAVES[first:last]:
        frontier = frontier.append(leaf)
    assert (frontier.size, frontier.root()) == (last, ROOTS[last])


def root_after(size: int) -> Frontier:
    return Frontier().extend(LEAVES[:size])[0]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", WrongProofLength),
        (bytes(7), WrongProofLength),
        (bytes(7) + b"\x01", WrongProofLength),
        (bytes(7) + b"\x01" + bytes(31), WrongProofLength),
        (bytes(7) + b"\x03" + bytes(32), WrongProofLength),
        (bytes(8) + bytes(32), WrongProofLength),
        (b"\xff" * 8 + bytes(64 * 32), OutOfRange),
    ],
)
def test_a_damaged_frontier_is_refused(data: bytes, error: type[MerkleError]) -> None:
    with pytest.raises(error):
        Frontier.from_bytes(data)
