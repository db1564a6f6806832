"""Tiles have one address each, and what is stored is enough for every proof."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from portal.ledger.tiles import (
    MissingNode,
    StoredTree,
    Tile,
    TilePathError,
    bundle,
    entries_path,
    parse_tile_path,
    tile_path,
    tile_width,
)

SIZE = 70_000
LEAVES = [number.to_bytes(33, "big") for number in range(SIZE)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
FRONTIER, SUBTREES = Frontier().extend(HASHES)


class Store:
    """What the database keeps, and which questions it was asked."""

    def __init__(self) -> None:
        self.kept = {(one.tile_level, one.number): one.hash for one in SUBTREES}
        self.asked = 0

    def leaves(self, start: int, end: int) -> Sequence[bytes]:
        self.asked += 1
        return LEAVES[start:end]

    def subtrees(self, level: int, start: int, end: int) -> Sequence[bytes]:
        self.asked += 1
        found = (self.kept.get((level, number)) for number in range(start, end))
        return [one for one in found if one is not None]

    def tree(self) -> StoredTree:
        return StoredTree(self.leaves, self.subtrees, SIZE)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 999, 1), "tile/1/999.p/1"),
        (Tile(63, 1000, 255), "tile/63/x001/000.p/255"),
        (Tile(None, 1234067, 5), "tile/entries/x001/x234/067.p/5"),
    ],
)
def test_a_tile_has_the_address_that_tlog_tiles_gives_it(tile: Tile, path: str) -> None:
    assert tile_path(*tile) == path
    assert parse_tile_path(path) == tile


def test_entries_are_bundled_under_their_own_address() -> None:
    assert entries_path(1000) == "tile/entries/x001/000"
    assert bundle([b"abc", bytes(33)]) == b"\x00\x03abc\x00\x21" + bytes(33)


@given(st.none() | st.integers(0, 63), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_every_address_is_read_back_as_the_tile_it_names(
    level: int | None, number: int, width: int
) -> None:
    assert parse_tile_path(tile_path(level, number, width)) == (level, number, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "/tile/0/000",
        "tile/0/000/",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/٠٠٠",
        "tile/0/000\n",
        "tile/entry/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/../0/000",
    ],
)
def test_any_other_way_to_write_an_address_is_refused(path: str) -> None:
    with pytest.raises(TilePathError):
        parse_tile_path(path)


@given(st.text(alphabet="tile/0123456789xp.entris", max_size=30))
def test_a_text_is_refused_or_is_the_one_address_of_a_tile(path: str) -> None:
    try:
        tile = parse_tile_path(path)
    except TilePathError:
        return
    assert tile_path(*tile) == path


@pytest.mark.parametrize("tile", [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_a_tile_that_cannot_be_has_no_address(tile: tuple[int, int, int]) -> None:
    with pytest.raises(TilePathError):
        tile_path(*tile)


def test_a_tree_of_70000_has_the_tiles_of_the_tlog_tiles_example() -> None:
    assert [tile_width(0, number, SIZE) for number in (272, 273, 274)] == [256, 112, 0]
    assert [tile_width(1, number, SIZE) for number in (0, 1, 2)] == [256, 17, 0]
    assert [tile_width(2, number, SIZE) for number in (0, 1)] == [1, 0]
    assert tile_width(3, 0, SIZE) == 0
    assert (tile_width(0, 0, 256), tile_width(1, 0, 256)) == (256, 1)


def test_appending_names_each_complete_subtree_once() -> None:
    kept = Store().kept
    assert len(kept) == len(SUBTREES) == 273 + 1
    assert kept[1, 272] == root(HASHES[272 * 256 : 273 * 256])
    assert kept[2, 0] == root(HASHES[: 256 * 256])


@pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, 69_887, 69_888, SIZE - 1])
def test_what_is_stored_proves_that_an_entry_is_in_the_log(index: int) -> None:
    proof = inclusion_proof(index, SIZE, Store().tree().node)
    verify_inclusion(HASHES[index], index, SIZE, proof, FRONTIER.root())


@pytest.mark.parametrize("old", [1, 255, 256, 65_535, 65_536, 65_537, 69_888, SIZE - 1, SIZE])
def test_what_is_stored_proves_that_the_log_only_grew(old: int) -> None:
    old_root = Frontier().extend(HASHES[:old])[0].root()
    proof = consistency_proof(old, SIZE, Store().tree().node)
    verify_consistency(old, SIZE, old_root, FRONTIER.root(), proof)


def test_a_proof_asks_the_store_few_questions() -> None:
    store = Store()
    inclusion_proof(12_345, SIZE, store.tree().node)
    assert store.asked <= 6


def test_a_question_is_asked_once() -> None:
    store = Store()
    tree = store.tree()
    assert tree.node(9, 3) == tree.node(9, 3)
    assert store.asked == 1


def test_a_store_with_a_gap_says_so_instead_of_proving_something_else() -> None:
    store = Store()
    del store.kept[1, 7]
    with pytest.raises(MissingNode):
        store.tree().node(9, 3)
    with pytest.raises(MissingNode):
        store.tree().node(3, SIZE // 8)
