"""Reads the text out of a square code's matrix, as ISO/IEC 18004 says a reader does.

It corrects no errors, since the matrix is the one that was made, and reads level L only. Which
blocks a version has, and where its alignment patterns lie, are tables of the standard.
"""

from collections.abc import Iterator, Sequence

from segno import consts

Matrix = Sequence[Sequence[int]]
_MASKS = (
    lambda r, c: (r + c) % 2,
    lambda r, _: r % 2,
    lambda _, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)
_FORMAT_MASK = 0b101010000010010
_NUMERIC, _BYTE = 1, 4


def read_code(matrix: Matrix) -> str:
    """The text in a code of level L made of byte and numeric segments."""
    version = (len(matrix) - 17) // 4
    words = list(_words(matrix, version))
    bits = "".join(f"{word:08b}" for word in _in_order(words, version))
    return "".join(_segments(bits, version))


def _mask_of(matrix: Matrix) -> int:
    # The 15 bits beside the upper left corner, the highest first.
    places = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    value = int("".join(str(int(matrix[r][c])) for r, c in places), 2) ^ _FORMAT_MASK
    assert value >> 13 == 0b01, "level L"
    return value >> 10 & 7


def _is_function(r: int, c: int, version: int) -> bool:
    """Whether a module belongs to a pattern, and so holds no data."""
    side = version * 4 + 17
    corner = (r < 9 and c < 9) or (r < 9 and c >= side - 8) or (r >= side - 8 and c < 9)
    if corner or 6 in (r, c):
        return True
    if version >= 7 and ((r < 6 and c >= side - 11) or (c < 6 and r >= side - 11)):
        return True
    centres = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    finders = {(centres[0], centres[0]), (centres[0], centres[-1]), (centres[-1], centres[0])}
    return any(
        abs(r - y) < 3 and abs(c - x) < 3 for y in centres for x in centres if (y, x) not in finders
    )


def _words(matrix: Matrix, version: int) -> Iterator[int]:
    """The codewords as they lie in the matrix: two columns at a time, up and down, unmasked."""
    side, mask = len(matrix), _MASKS[_mask_of(matrix)]
    bits: list[int] = []
    upward = True
    for right in (c for c in range(side - 1, 0, -1) if c % 2 == (0 if c > 6 else 1)):
        for r in range(side - 1, -1, -1) if upward else range(side):
            for c in (right, right - 1):
                if not _is_function(r, c, version):
                    bits.append(int(matrix[r][c]) ^ (mask(r, c) == 0))
        upward = not upward
    for at in range(0, len(bits) - 7, 8):
        yield int("".join(map(str, bits[at : at + 8])), 2)


def _in_order(words: Sequence[int], version: int) -> list[int]:
    """The data words, which lie interleaved by block."""
    blocks = consts.ECC[version][consts.ERROR_LEVEL_L]
    sizes = [info.num_data for info in blocks for _ in range(info.num_blocks)]
    found: list[list[int]] = [[] for _ in sizes]
    rest = iter(words)
    for place in range(max(sizes)):
        for number, size in enumerate(sizes):
            if place < size:
                found[number].append(next(rest))
    return [word for block in found for word in block]


def _segments(bits: str, version: int) -> Iterator[str]:
    at = 0

    def take(count: int) -> int:
        nonlocal at
        at += count
        return int(bits[at - count : at], 2)

    while mode := take(4):
        if mode == _BYTE:
            count = take(8 if version < 10 else 16)
            yield bytes(take(8) for _ in range(count)).decode("ascii")
            continue
        assert mode == _NUMERIC
        left = take(10 if version < 10 else 12 if version < 27 else 14)
        while left:
            digits = min(left, 3)
            yield str(take(digits * 3 + 1)).zfill(digits)
            left -= digits
