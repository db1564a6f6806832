"""The return code: the secret that opens a report again. It is never part of a receipt.

18 Crockford base32 symbols hold 90 random bits; 2 more are the check symbols of a Reed-Solomon
code over GF(32), made by the primitive polynomial x^5 + x^2 + 1, with the generator polynomial
(x - a)(x - a^2), a = 2. Any one or two wrong symbols, and so any swap of two, are noticed.

A code is found by its slow keyed hash. Beside that a 4-byte keyed tag (`SlowHash.tag`) says in
microseconds that no report has it, so that a flood of guesses never waits for the slow hash. A
copy of the database without the key gives neither; with the key, a tag rules out all but one in
2^32 codes at once and leaves about 2^58 for each report's tag, each behind the slow hash:
docs/return-code.md has the arithmetic.
"""

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.errors import OnRecordError
from portal.languages.translating import WELSH, _, lazy, spoken
from portal.reports.code_words import read_mixed, read_words
from portal.sealing import SlowHash

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
DATA_LENGTH = 18
RANDOM_BYTES = 12
_GROUP = 5
LONGEST_TYPED = 300  # characters, before anything is made of them: twenty words take 180
_BITS = 5
_FIELD = 0b100101
_ROOTS = (2, 4)
_FORGIVEN = {"O": "0", "I": "1", "L": "1"}


class WrongCode(OnRecordError):
    """What was typed cannot be a return code. The message never repeats it."""


@dataclass(frozen=True)
class NewCode:
    """A fresh return code, and all that is stored of it.

    `digest` are the 32 bytes by which it is found again, `tag` the 4 bytes that say at once that
    a code is none of ours, `request_key` the public half (32 bytes, Ed25519) of the key with which
    its holder signs a request.
    """

    text: str = field(repr=False)
    digest: bytes = field(repr=False)
    tag: bytes = field(repr=False)
    request_key: bytes


@dataclass(frozen=True)
class TypedCode:
    """A code that was typed: the bytes that find it, and what signs in its holder's name."""

    digest: bytes = field(repr=False)
    sign: Callable[[bytes], bytes] = field(repr=False)


def make_code(codes: SlowHash) -> NewCode:
    """A fresh code with its slow hash.

    Call it before a transaction: on SQLite every other writer would wait for the hash.
    """
    text = new_code()
    secret = key_material(text)
    derived = codes.derive(secret)
    public = Ed25519PrivateKey.from_private_bytes(derived.seed).public_key()
    return NewCode(text, derived.digest, codes.tag(secret), public.public_bytes_raw())


def read_code(text: str, *, codes: SlowHash) -> TypedCode:
    """What a typed code gives: nobody without the code can sign as its holder does.

    Raises WrongCode as `parse_code` does, and Busy. Call it before a transaction, as `make_code`.
    """
    derived = codes.derive(key_material(text))
    return TypedCode(derived.digest, Ed25519PrivateKey.from_private_bytes(derived.seed).sign)


def _times(left: int, right: int) -> int:
    """The product of two elements of GF(32)."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= _FIELD
        right >>= 1
    return product


# Precomputed, because a page checks a code on every try and the tests try every error there is.
_TIMES_ROOT = {root: tuple(_times(value, root) for value in range(32)) for root in _ROOTS}
_GENERATOR = (_ROOTS[0] ^ _ROOTS[1], _times(*_ROOTS))
_TIMES_GENERATOR = tuple(
    tuple(_times(value, factor) for value in range(32)) for factor in _GENERATOR
)
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}


_TOO_FEW = lazy(
    "A return code has %(length)s letters and numbers. You typed %(typed)s. Check whether some are "
    "missing."
)
_TOO_MANY = lazy(
    "A return code has %(length)s letters and numbers. You typed %(typed)s. Check whether some are "
    "extra."
)


def new_code(random: bytes | None = None) -> str:
    """A fresh code of 20 symbols without hyphens, from the system's randomness.

    `random`, for tests, is 12 bytes of which the first 90 bits count. Raises ValueError for fewer.
    """
    if random is None:
        random = secrets.token_bytes(RANDOM_BYTES)
    if len(random) < RANDOM_BYTES:
        raise ValueError(f"a return code needs {RANDOM_BYTES} random bytes")
    number = int.from_bytes(random[:RANDOM_BYTES]) >> (8 * RANDOM_BYTES - DATA_LENGTH * _BITS)
    data = [(number >> shift) & 31 for shift in range((DATA_LENGTH - 1) * _BITS, -1, -_BITS)]
    return "".join(ALPHABET[value] for value in [*data, *_check_values(data)])


def format_code(code: str) -> str:
    """The code as people read it, XXXXX-XXXXX-XXXXX-XXXXX. Raises WrongCode for no such code."""
    symbols = parse_code(code)
    return "-".join(symbols[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def parse_code(text: str) -> str:
    """The code that was typed, in its one plain form of 20 symbols.

    Small letters, spaces and hyphens do not matter; O is read as 0, and I and L as 1. The words of
    `reports.code_words` may stand for symbols, also beside groups of symbols. Raises WrongCode,
    saying what failed (a word, the length, the check), for anything else.
    """
    text = text.strip()
    if len(text) > LONGEST_TYPED:
        raise WrongCode(
            _(
                "A return code has %(length)s letters and numbers. You typed many more. Type it "
                "alone.",
                length=LENGTH,
            )
        )
    text = unicodedata.normalize("NFKC", text)
    symbols = "".join(map(_forgive, text))
    # A group of five can look like a word ("SEVEN"), so what fits as it stands is taken so.
    if len(symbols) == LENGTH and not _fault(symbols):
        return symbols
    words, unknown = read_words(text) or (symbols, 0)
    symbols = "".join(map(_forgive, words))
    fault = _fault(symbols)
    if not unknown and not fault:
        return symbols
    # Groups of symbols, also beside words, if all of it can be read in one way only.
    mixed = {"".join(map(_forgive, each)) for each in read_mixed(text, LENGTH)}
    fitting = [each for each in mixed if not _fault(each)]
    if len(fitting) == 1:
        return fitting[0]
    if unknown:
        raise WrongCode(
            _(
                "We could not read the %(ordinal)s word. There are two ways to type the code: its "
                "20 letters and numbers, or the word for each of them with spaces between. Check "
                "it and try again.",
                ordinal=_ordinal(unknown),
            )
        )
    raise WrongCode(fault)


def _fault(symbols: str) -> str:
    """What is wrong with the symbols, in words; "" when they are a code."""
    if "U" in symbols:
        return _("A return code never has the letter U in it. It may be a V. Check it.")
    if any(symbol not in _VALUES for symbol in symbols):
        return _("A return code has only letters and numbers in it. Check what you typed.")
    if len(symbols) != LENGTH:
        said = _TOO_FEW if len(symbols) < LENGTH else _TOO_MANY
        return said % {"length": LENGTH, "typed": len(symbols)}
    if not _is_consistent([_VALUES[symbol] for symbol in symbols]):
        return _(
            "At least one letter or number in the return code is wrong. Check each one and try "
            "again."
        )
    return ""


def _ordinal(place: int) -> str:
    if spoken() == WELSH:
        return str(place)  # "gair 3": the ordinals of Welsh have a gender
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{place}{'th' if place % 100 in (11, 12, 13) else ends.get(place % 10, 'th')}"


def key_material(code: str) -> bytes:
    """The bytes to put through the slow keyed hash: the same however the code was typed.

    Raises WrongCode as `parse_code` does.
    """
    return parse_code(code).encode("ascii")


def _forgive(character: str) -> str:
    if character.isspace() or unicodedata.category(character) in ("Pd", "Cf"):
        return ""
    symbol = character.upper()
    return _FORGIVEN.get(symbol, symbol)


def _check_values(data: list[int]) -> tuple[int, int]:
    """The remainder of data(x) * x^2 divided by the generator polynomial."""
    high = low = 0
    for value in data:
        lead = value ^ high
        high, low = low ^ _TIMES_GENERATOR[0][lead], _TIMES_GENERATOR[1][lead]
    return high, low


def _is_consistent(values: list[int]) -> bool:
    """Whether the word, as a polynomial, is 0 at both roots of the generator."""
    for times in _TIMES_ROOT.values():
        remainder = 0
        for value in values:
            remainder = times[remainder] ^ value
        if remainder:
            return False
    return True
