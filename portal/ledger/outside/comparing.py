"""Whether one head of a log continues another, and from which entry on it does not."""

from collections.abc import Sequence

from portal.ledger.checkpoint import Checkpoint
from portal.ledger.merkle import EMPTY_ROOT, MerkleError, root, verify_consistency
from portal.ledger.outside.memory import Memory
from portal.ledger.outside.remote import RemoteTree
from portal.ledger.tiles import TILE_WIDTH


def continues(tree: RemoteTree, new: Checkpoint, old: Checkpoint) -> bool:
    """Whether the log at head `new`, whose tree this is, begins with the log at head `old`.

    Raises AlteredTiles, Unreachable.
    """
    if old.size == 0:
        return old.root == EMPTY_ROOT
    proof = tree.proof_from(old.size)
    try:
        verify_consistency(old.size, new.size, old.root, new.root, proof)
    except MerkleError:
        return False
    return True


def first_difference(tree: RemoteTree, memory: Memory, seen: int) -> tuple[int, int] | None:
    """The first entries, within one bundle, that the tree has otherwise than the monitor saw them;
    of `seen` entries, as far as the tree goes. Raises AlteredTiles, Unreachable.
    """
    end = min(seen, tree.size)
    for number in range(-(-end // TILE_WIDTH)):
        start = number * TILE_WIDTH
        kept = memory.read_leaves(start, min(end, start + TILE_WIDTH))
        if len(kept) == TILE_WIDTH and tree.node(8, number) == root(kept):
            continue
        found = range_of_differences(start, kept, tree.tile(0, number))
        if found:
            return found
    return None


def range_of_differences(
    start: int, wanted: Sequence[bytes], found: Sequence[bytes]
) -> tuple[int, int] | None:
    """The numbers of the first and last entry that differ, as far as `wanted` goes; or None."""
    pairs = enumerate(zip(wanted, found, strict=False), start)
    places = [number for number, (one, other) in pairs if one != other]
    return (places[0], places[-1]) if places else None
