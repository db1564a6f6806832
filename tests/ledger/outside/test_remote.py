"""No hash of a tree that is known by its tiles is believed unless it leads to the signed root."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    OutOfRange,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from portal.ledger.outside.fetching import NotServed, Unreachable
from portal.ledger.outside.remote import (
    AlteredTiles,
    RemoteTree,
    fetch_leaf_hashes,
    fetch_note,
    fetch_tile,
)
from portal.ledger.tiles import StoredTree, parse_tile_path
from tests.rig.tiny_log import TinyLog, make_leaves

SIZE = 66_000
LEAVES = make_leaves(SIZE)
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
_, COMPLETE = Frontier().extend(HASHES)
KEPT = {(one.tile_level, one.number): one.hash for one in COMPLETE}
TREE = StoredTree(
    lambda start, end: LEAVES[start:end],
    lambda level, start, end: [KEPT[level, number] for number in range(start, end)],
    SIZE,
)
ROOTS: dict[int, bytes] = {}


def tile_of(path: str, _limit: int) -> bytes:
    tile = parse_tile_path(path)
    assert tile.level is not None
    start = tile.number * 256
    return b"".join(TREE.tile_hashes(tile.level, start, start + tile.width))


def root_of(size: int) -> bytes:
    if size not in ROOTS:
        ROOTS[size] = Frontier().extend(HASHES[:size])[0].root()
    return ROOTS[size]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 65_793, SIZE])
def test_proofs_from_tiles_alone_lead_to_the_root(size: int) -> None:
    tree = RemoteTree(tile_of, size, root_of(size))
    for old in {1, 2, 255, 256, 300, 65_536, size // 2, size - 1, size}:
        if 1 <= old <= size:
            verify_consistency(old, size, root_of(old), root_of(size), tree.proof_from(old))
    for index in {0, size // 3, size - 1}:
        proof = inclusion_proof(index, size, tree.node)
        verify_inclusion(HASHES[index], index, size, proof, root_of(size))


@given(
    st.sampled_from(["tile/0/000", "tile/0/256", "tile/1/000", "tile/0/257.p/208"]),
    st.integers(0, 207),
)
def test_one_wrong_hash_anywhere_never_gets_out(path: str, place: int) -> None:
    def lie(asked: str, limit: int) -> bytes:
        content = bytearray(tile_of(asked, limit))
        if asked == path:
            content[place * 32] ^= 1
        return bytes(content)

    def ask() -> None:
        tree = RemoteTree(lie, SIZE, root_of(SIZE))
        tile = parse_tile_path(path)
        assert tile.level is not None
        tree.tile(tile.level, tile.number)

    with pytest.raises(AlteredTiles):
        ask()


def test_an_empty_tree_has_the_empty_root_and_no_tiles() -> None:
    log = TinyLog([])
    assert RemoteTree(log.get, 0, EMPTY_ROOT).size == 0
    with pytest.raises(AlteredTiles):
        RemoteTree(log.get, 0, bytes(32))
    with pytest.raises(OutOfRange):
        RemoteTree(log.get, 0, EMPTY_ROOT).proof_from(1)
    assert not log.asked


def test_the_partial_tile_is_asked_first_and_the_full_one_after() -> None:
    log = TinyLog(make_leaves(256))
    assert fetch_tile(log.get, 0, 0, 7) == [leaf_hash(leaf) for leaf in log.leaves[:7]]
    log.replaced |= {"tile/0/000.p/7": None, "tile/entries/000.p/7": None}
    assert fetch_tile(log.get, 0, 0, 7) == [leaf_hash(leaf) for leaf in log.leaves[:7]]
    assert fetch_leaf_hashes(log.get, 0, 7) == [leaf_hash(leaf) for leaf in log.leaves[:7]]
    log.replaced |= {"tile/0/000": None}
    with pytest.raises(NotServed):
        fetch_tile(log.get, 0, 0, 7)


def test_a_bundle_with_other_entries_than_promised_is_altered() -> None:
    log = TinyLog(make_leaves(9))
    log.replaced["tile/entries/000.p/9"] = b"\x00\x01a" * 8
    with pytest.raises(AlteredTiles, match="no bundle of 9 entries") as raised:
        fetch_leaf_hashes(log.get, 0, 9)
    assert (raised.value.first, raised.value.last) == (0, 8)


def test_a_checkpoint_that_is_not_text_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="not text"):
        fetch_note(lambda *_: b"\xff\xfe")
