"""Tile coordinates of C2SP tlog-tiles, and the tree as a store of tiles holds it.

A tile of level L holds up to 256 hashes, each over 256**L leaves. The database keeps the leaves
and the hash of every complete subtree of 256, 256**2, ... leaves; everything else is computed.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from portal.errors import Refused
from portal.ledger.merkle import leaf_hash, node_hash

TILE_WIDTH = 256
MAX_TILE_LEVEL = 63
_TOO_FEW = "The store does not hold every entry that its size promises."

LeafReader = Callable[[int, int], Sequence[bytes]]
SubtreeReader = Callable[[int, int, int], Sequence[bytes]]

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)"
    r"/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


class TilePathError(Refused):
    """The path names no tile, or names one in a way that is not the only right one."""


class MissingNode(Refused):
    """The store does not hold leaves or subtrees that the tree size says it must."""


class Tile(NamedTuple):
    """Which tile: `level` is None for a bundle of entries; `width` is 1 to 256 hashes."""

    level: int | None
    number: int
    width: int = TILE_WIDTH


def tile_path(level: int | None, number: int, width: int = TILE_WIDTH) -> str:
    """The path of a tile under a log's prefix: `tile/0/x001/x234/067.p/5`.

    `level` 0 to 63, or None for `tile/entries/...`; a full tile (256) has no `.p/` ending.
    Raises TilePathError outside those limits.
    """
    _check(level, number, width)
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    elements = "/".join([f"x{part}" for part in parts[:-1]] + parts[-1:])
    ending = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{'entries' if level is None else level}/{elements}{ending}"


def entries_path(number: int, width: int = TILE_WIDTH) -> str:
    """The path of an entry bundle: `tile/entries/x001/x234/067.p/5`. Raises TilePathError."""
    return tile_path(None, number, width)


def parse_tile_path(path: str) -> Tile:
    """Read a tile's or entry bundle's path. Raises TilePathError unless it is exactly the path
    that `tile_path` would write for it, so that each tile has one address.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise TilePathError("This is not the address of a tile of this log.")
    level = None if found["level"] == "entries" else int(found["level"])
    number = int(found["number"].replace("x", "").replace("/", ""))
    tile = Tile(level, number, int(found["width"] or TILE_WIDTH))
    if tile_path(*tile) != path:
        raise TilePathError("The address of this tile is written in another way.")
    return tile


def tile_width(level: int, number: int, size: int) -> int:
    """How many hashes tile `number` of `level` holds in a tree of `size` leaves: 0 to 256."""
    return max(0, min(TILE_WIDTH, (size >> 8 * level) - number * TILE_WIDTH))


def bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: every entry after its length as two bytes, big-endian (tlog-tiles)."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


class StoredTree:
    """`node(level, index)` for `portal.ledger.merkle`, over leaves and stored 256-subtrees.

    `leaves(start, end)` gives the bytes of the entries start up to end, in order.
    `subtrees(tile_level, start, end)` gives the hashes of the complete subtrees of
    256**tile_level leaves numbered start up to end, in order; tile_level begins at 1.
    A tree of `size` leaves is read a tile at a time, one call each, and a proof needs at most two
    tiles of each level. Answers are kept for the life of the object: make one for each proof, or
    for one transaction.
    """

    def __init__(self, leaves: LeafReader, subtrees: SubtreeReader, size: int) -> None:
        self._leaves = leaves
        self._subtrees = subtrees
        self._size = size
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree of 2**level leaves at `index`. Raises MissingNode."""
        tile_level, height = divmod(level, 8)
        number, place = divmod(index, TILE_WIDTH >> height)
        rows = self._rows(tile_level, number)
        if height >= len(rows) or place >= len(rows[height]):
            raise MissingNode(_TOO_FEW)
        return rows[height][place]

    def tile_hashes(self, tile_level: int, start: int, end: int) -> list[bytes]:
        """The hashes start up to end of a tile level, as tiles hold them. Raises MissingNode."""
        if tile_level == 0:
            hashes = [leaf_hash(leaf) for leaf in self._leaves(start, end)]
        else:
            hashes = list(self._subtrees(tile_level, start, end))
        if len(hashes) != end - start:
            raise MissingNode(_TOO_FEW)
        return hashes

    def _rows(self, tile_level: int, number: int) -> list[list[bytes]]:
        """A tile's hashes, and over them every complete row of nodes up to the tile's own root."""
        if (tile_level, number) not in self._tiles:
            start = number * TILE_WIDTH
            width = tile_width(tile_level, number, self._size)
            rows = [self.tile_hashes(tile_level, start, start + width)]
            while len(rows[-1]) > 1:
                pairs = zip(rows[-1][::2], rows[-1][1::2], strict=False)
                rows.append([node_hash(left, right) for left, right in pairs])
            self._tiles[tile_level, number] = rows
        return self._tiles[tile_level, number]


def _check(level: int | None, number: int, width: int) -> None:
    if level is not None and not 0 <= level <= MAX_TILE_LEVEL:
        raise TilePathError("A tile level lies between 0 and 63.")
    if not 0 <= number < 2**63:
        raise TilePathError("A tile number lies between 0 and 2**63 - 1.")
    if not 1 <= width <= TILE_WIDTH:
        raise TilePathError("A tile holds between 1 and 256 hashes.")
