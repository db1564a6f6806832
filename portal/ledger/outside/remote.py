"""A log that is known by its tiles alone (C2SP tlog-tiles), each checked up to the signed root."""

from portal.errors import Refused
from portal.ledger.checkpoint import Checkpoint, parse_checkpoint
from portal.ledger.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    consistency_proof,
    leaf_hash,
    range_root,
    root,
)
from portal.ledger.note import Note, parse_note
from portal.ledger.outside.fetching import Fetch, NotServed, Unreachable
from portal.ledger.tiles import TILE_WIDTH, tile_path, tile_width

MAX_CHECKPOINT_BYTES = 1_000_000
_MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + 65_535)


class AlteredTiles(Refused):
    """What the log serves does not hash to the root that it signed.

    `first` and `last` are the numbers of the entries that the wrong part covers.
    """

    def __init__(self, message: str, first: int, last: int) -> None:
        super().__init__(message)
        self.first = first
        self.last = last


def fetch_note(fetch: Fetch) -> str:
    """The log's newest signed checkpoint, unchecked. Raises Unreachable."""
    try:
        return fetch("checkpoint", MAX_CHECKPOINT_BYTES).decode()
    except UnicodeDecodeError:
        raise Unreachable("What lies under /checkpoint is not text.") from None


def read_note(note: str) -> tuple[Note, Checkpoint]:
    """Take a signed checkpoint apart; signatures are not checked. Raises MalformedNote."""
    parsed = parse_note(note)
    return parsed, parse_checkpoint(parsed.text)


class RemoteTree:
    """The tree of `size` leaves under a signed `root`. No hash leaves it that does not lead there.

    Made at once from the right edge, which must give the root. Raises AlteredTiles, Unreachable.
    """

    def __init__(self, fetch: Fetch, size: int, signed_root: bytes) -> None:
        self._fetch = fetch
        self._tiles = dict[tuple[int, int], list[bytes]]()
        self.size = size
        level = 0
        while size >> 8 * level:
            number = size >> 8 * (level + 1)
            width = tile_width(level, number, size)
            if width:
                self._tiles[level, number] = fetch_tile(fetch, level, number, width)
            level += 1
        found = range_root(0, size, self.node) if size else EMPTY_ROOT
        if found != signed_root:
            raise AlteredTiles(
                "The tiles of the log do not lead to the root that it signed.", 0, max(size - 1, 0)
            )

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree of 2**level leaves at `index`, for `ledger.merkle`.

        Raises AlteredTiles, Unreachable.
        """
        tile_level, height = divmod(level, 8)
        start, width = index << height, 1 << height
        place = start % TILE_WIDTH
        return root(self.tile(tile_level, start // TILE_WIDTH)[place : place + width])

    def tile(self, level: int, number: int) -> list[bytes]:
        """The hashes of a tile. Raises AlteredTiles unless they lead to the root, Unreachable."""
        if (level, number) in self._tiles:
            return self._tiles[level, number]
        # Whatever is not on the right edge is full, and a hash of the tile above covers it.
        hashes = fetch_tile(self._fetch, level, number, TILE_WIDTH)
        above = self.tile(level + 1, number // TILE_WIDTH)
        if root(hashes) != above[number % TILE_WIDTH]:
            covers = 1 << 8 * (level + 1)
            raise AlteredTiles(
                f"The tile {tile_path(level, number)} does not lead to the root that was signed.",
                number * covers,
                (number + 1) * covers - 1,
            )
        self._tiles[level, number] = hashes
        return hashes

    def proof_from(self, old: int) -> list[bytes]:
        """The consistency proof from `old` entries (at least 1) to this tree, from its tiles.

        Raises OutOfRange, AlteredTiles, Unreachable.
        """
        return consistency_proof(old, self.size, self.node)


def fetch_tile(fetch: Fetch, level: int, number: int, width: int) -> list[bytes]:
    """The hashes of a tile as served, unchecked. Raises Unreachable, AlteredTiles for a length
    that no such tile has.
    """
    limit = TILE_WIDTH * HASH_BYTES
    content, is_full = _fetch_part(fetch, level, number, width, limit)
    wanted = limit if is_full else width * HASH_BYTES
    if len(content) != wanted:
        covers = 1 << 8 * level
        first = number * TILE_WIDTH * covers
        path = tile_path(level, number, width)
        raise AlteredTiles(f"{path} has a wrong length.", first, first + width * covers - 1)
    return [content[at : at + HASH_BYTES] for at in range(0, width * HASH_BYTES, HASH_BYTES)]


def fetch_leaf_hashes(fetch: Fetch, number: int, width: int) -> list[bytes]:
    """The hashes of the entries in a bundle as served, unchecked otherwise. Raises Unreachable,
    AlteredTiles for bytes that are no bundle of so many entries.
    """
    content, is_full = _fetch_part(fetch, None, number, width, _MAX_BUNDLE_BYTES)
    hashes, at = list[bytes](), 0
    while at < len(content):
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        hashes.append(leaf_hash(content[at + 2 : end]))
        at = end
    if at != len(content) or len(hashes) != (TILE_WIDTH if is_full else width):
        first = number * TILE_WIDTH
        path = tile_path(None, number, width)
        raise AlteredTiles(f"{path} is no bundle of {width} entries.", first, first + width - 1)
    return hashes[:width]


def _fetch_part(
    fetch: Fetch, level: int | None, number: int, width: int, limit: int
) -> tuple[bytes, bool]:
    """The bytes, and whether they are of the full tile: a log may drop the partial one for it."""
    try:
        return fetch(tile_path(level, number, width), limit), width == TILE_WIDTH
    except NotServed:
        if width == TILE_WIDTH:
            raise
        return fetch(tile_path(level, number), limit), True
