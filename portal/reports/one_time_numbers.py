"""The number that is sent to a safe contact and typed once: 8 digits, 30 minutes, 5 tries.

It is stored as a keyed hash only. The hash is quick on purpose: 8 digits can be tried out by
whoever holds the key, however slow the hash, and strangers who type numbers must not take the
turns of the slow hash from people who type their return code.
"""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from portal.sealing import Tokens

DIGITS = 8
VALID_FOR = timedelta(minutes=30)
MOST_TRIES = 5
_SILENT = re.compile(r"[\s\-\u2010-\u2015.]+")


def new_number() -> str:
    """8 digits from the system's randomness."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def say_number(number: str) -> str:
    """The number in two groups of four."""
    return f"{number[:4]} {number[4:]}"


def hash_number(number: str, purpose: str, *, tokens: Tokens) -> bytes:
    """The 16 bytes that are stored of a number; `purpose` says what for and for whom it is."""
    return tokens.token(f"one-time-number/{purpose}", number)


def is_right(
    typed: str,
    expected: bytes | None,
    purpose: str,
    *,
    sent_at: datetime | None,
    tries: int,
    tokens: Tokens,
    now: datetime,
) -> bool:
    """Whether the typed number is the one that was sent, in time and within its tries.

    Spaces and dashes do not matter. It takes equally long whether or not one was sent.
    """
    given = hash_number(_SILENT.sub("", typed), purpose, tokens=tokens)
    fits = hmac.compare_digest(given, expected or bytes(len(given)))
    in_time = sent_at is not None and now < sent_at + VALID_FOR
    return fits and expected is not None and in_time and tries < MOST_TRIES
