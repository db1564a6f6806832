"""Keys and signatures at which Ed25519 verifiers part ways."""

import hashlib

from portal.ledger.verify import ORDER

# The eight points whose order divides 8, and encodings of them that are not the right ones.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
NOT_CANONICAL = [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ff" * 32,
]
NOT_ON_THE_CURVE = "0200000000000000000000000000000000000000000000000000000000000000"


def neutral_signature(seed: bytes, public: bytes, message: bytes) -> bytes:
    """S = k*a and R = the neutral point: it fits the equation, and nobody honest makes it."""
    digest = bytearray(hashlib.sha512(seed).digest()[:32])
    digest[0] &= 248
    digest[31] = digest[31] & 63 | 64
    neutral = bytes.fromhex(SMALL_ORDER[0])
    k = int.from_bytes(hashlib.sha512(neutral + public + message).digest(), "little")
    s = k * int.from_bytes(digest, "little") % ORDER
    return neutral + s.to_bytes(32, "little")
