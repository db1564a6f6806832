"""The Merkle tree of RFC 6962 (section 2.1) over SHA-256: roots, proofs, and their checking.

Proofs are computed from `node(level, index)`, the hash of the complete subtree that covers the
leaves `index * 2**level` up to `(index + 1) * 2**level`. `portal.ledger.tiles.StoredTree` gives
such a function over what the database holds.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from portal.errors import Refused

HASH_BYTES = 32
MAX_SIZE = 2**63 - 1
EMPTY_ROOT = hashlib.sha256(b"").digest()

NodeReader = Callable[[int, int], bytes]


class MerkleError(Refused):
    """Something about a tree or a proof does not hold. The subclasses name what."""


class WrongHashLength(MerkleError):
    """A hash is not exactly 32 bytes."""


class OutOfRange(MerkleError):
    """A size or an index lies outside the tree that it speaks of."""


class WrongProofLength(MerkleError):
    """A proof holds more or fewer hashes than the sizes call for."""


class RootMismatch(MerkleError):
    """The hashes of a proof do not lead to the root."""


class Subtree(NamedTuple):
    """A newly complete subtree of 256**tile_level leaves; `number` counts those of its size."""

    tile_level: int
    number: int
    hash: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf's bytes: SHA-256(0x00 || leaf), RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two 32-byte children: SHA-256(0x01 || left || right), RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order; SHA-256 of nothing for an empty tree."""
    frontier, _ = Frontier().extend(leaf_hashes)
    return frontier.root()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed to append to a tree of `size` leaves and to name its root.

    `hashes` are the roots of the complete subtrees that make up the tree, largest first: one for
    each 1 bit of `size`. Raises OutOfRange, WrongHashLength or WrongProofLength when they cannot
    belong together.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        _check_size(self.size)
        _check_hashes(self.hashes)
        if len(self.hashes) != self.size.bit_count():
            raise WrongProofLength("The frontier holds the wrong number of hashes for its size.")

    def append(self, leaf: bytes) -> Self:
        """The frontier after one more leaf hash (32 bytes)."""
        return self.extend((leaf,))[0]

    def extend(self, leaf_hashes: Iterable[bytes]) -> tuple[Self, tuple[Subtree, ...]]:
        """The frontier after these leaf hashes, and every 256**n subtree that they completed.

        The subtrees come in the order in which they were completed; they are what a store of
        tiles has to keep beside the leaves.
        """
        size, stack, complete = self.size, list(self.hashes), list[Subtree]()
        for leaf in leaf_hashes:
            _check_hashes((leaf,))
            carry, level = leaf, 0
            while size >> level & 1:
                carry, level = node_hash(stack.pop(), carry), level + 1
                if level % 8 == 0:
                    complete.append(Subtree(level // 8, size >> level, carry))
            stack.append(carry)
            size += 1
        return type(self)(size, tuple(stack)), tuple(complete)

    def root(self) -> bytes:
        """The root of the tree, 32 bytes."""
        return _fold(self.hashes) if self.hashes else EMPTY_ROOT

    def to_bytes(self) -> bytes:
        """8 bytes of size (big-endian) and then the hashes, for a column or a file."""
        return self.size.to_bytes(8, "big") + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote. Raises WrongProofLength, OutOfRange."""
        body = data[8:]
        if len(data) < 8 or len(body) % HASH_BYTES:
            raise WrongProofLength("The stored frontier is cut short or has bytes too many.")
        hashes = tuple(body[at : at + HASH_BYTES] for at in range(0, len(body), HASH_BYTES))
        return cls(int.from_bytes(data[:8], "big"), hashes)


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1: the leaf's sibling first. Raises OutOfRange.

    `index` counts from 0. Reads at most about log2(size) squared halves of nodes.
    """
    _check_index(index, size)
    low, high, path = 0, size, list[bytes]()
    while high - low > 1:
        middle = low + _left_width(high - low)
        if index < middle:
            path.append(range_root(middle, high, node))
            high = middle
        else:
            path.append(range_root(low, middle, node))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: NodeReader) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 section 2.1.2; empty when the sizes are equal.

    Raises OutOfRange unless 1 <= old <= new.
    """
    _check_sizes(old, new)
    low, high, path, old_is_whole = 0, new, list[bytes](), True
    while old != high:
        middle = low + _left_width(high - low)
        if old <= middle:
            path.append(range_root(middle, high, node))
            high = middle
        else:
            path.append(range_root(low, middle, node))
            low, old_is_whole = middle, False
    if not old_is_whole:
        path.append(range_root(low, high, node))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes
) -> None:
    """Raise a MerkleError unless `proof` shows that the leaf hash `leaf` is entry `index` of the
    tree of `size` leaves with this root. RFC 9162 section 2.1.3.2, which fits RFC 6962 trees.
    """
    _check_index(index, size)
    _check_hashes((leaf, root_hash, *proof))
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        raise WrongProofLength("The proof holds the wrong number of hashes for its tree size.")
    result = leaf
    for level, sibling in enumerate(proof):
        on_the_right = level >= inner or index >> level & 1
        result = node_hash(sibling, result) if on_the_right else node_hash(result, sibling)
    if result != root_hash:
        raise RootMismatch("The proof does not lead from this entry to the root.")


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise a MerkleError unless `proof` shows that the tree of `new` leaves begins with the tree
    of `old` leaves. RFC 9162 section 2.1.4.2. A tree of size 0 begins every tree and so proves
    nothing: it is refused.
    """
    _check_sizes(old, new)
    _check_hashes((old_root, new_root, *proof))
    if old == new:
        if proof:
            raise WrongProofLength("Two trees of one size need no hashes between them.")
        _match(old_root, new_root)
        return
    # A whole old tree is its own first hash, and the proof leaves it out.
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise WrongProofLength("The proof holds no hashes, but the sizes differ.")
    _climb(old - 1, new - 1, path, old_root, new_root)


def _climb(last_old: int, last_new: int, path: list[bytes], old_root: bytes, new: bytes) -> None:
    """Walk from the last whole subtree of the old tree to both roots at once."""
    while last_old & 1:
        last_old, last_new = last_old >> 1, last_new >> 1
    old_hash = new_hash = path[0]
    for sibling in path[1:]:
        if last_new == 0:
            raise WrongProofLength("The proof holds more hashes than the sizes call for.")
        if last_old & 1 or last_old == last_new:
            old_hash, new_hash = node_hash(sibling, old_hash), node_hash(sibling, new_hash)
            while last_old and not last_old & 1:
                last_old, last_new = last_old >> 1, last_new >> 1
        else:
            new_hash = node_hash(new_hash, sibling)
        last_old, last_new = last_old >> 1, last_new >> 1
    if last_new:
        raise WrongProofLength("The proof holds fewer hashes than the sizes call for.")
    _match(old_hash, old_root)
    _match(new_hash, new)


def range_root(start: int, end: int, node: NodeReader) -> bytes:
    """The RFC 6962 hash over leaves `start` up to `end`, where `start` is a multiple of the
    smallest power of two that is not below `end - start`. Raises OutOfRange for an empty range.
    """
    if not 0 <= start < end:
        raise OutOfRange("The range holds no leaves.")
    hashes = list[bytes]()
    while start < end:
        level = (end - start).bit_length() - 1
        hashes.append(node(level, start >> level))
        start += 1 << level
    return _fold(hashes)


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Join subtree roots, largest first, from the right."""
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result


def _left_width(width: int) -> int:
    """The largest power of two below `width` (k in RFC 6962 section 2.1)."""
    return 1 << (width - 1).bit_length() - 1


def _check_size(size: int) -> None:
    if not 0 <= size <= MAX_SIZE:
        raise OutOfRange("A tree size lies between 0 and 2**63 - 1.")


def _check_index(index: int, size: int) -> None:
    _check_size(size)
    if not 0 <= index < size:
        raise OutOfRange("The entry number lies outside the tree.")


def _check_sizes(old: int, new: int) -> None:
    _check_size(new)
    if not 1 <= old <= new:
        raise OutOfRange("The older tree must hold at least one entry and no more than the newer.")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise WrongHashLength("A hash is exactly 32 bytes long.")


def _match(found: bytes, wanted: bytes) -> None:
    if found != wanted:
        raise RootMismatch("The proof does not lead to both roots.")
