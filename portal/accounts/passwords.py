"""Passwords of staff and advocates: how they are kept and which ones are taken.

Kept as Argon2id (RFC 9106, section 4, the second recommended choice: 3 passes over 64 MiB with 4
lanes). The rules follow NIST SP 800-63B: length and guessability, no composition, no expiry.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from portal.errors import Refused

LEAST_LENGTH = 12
MOST_LENGTH = 200
_LEAST_DISTINCT = 5
_LEAST_OWN = 8
_LEAST_WORD = 4

_DATA = Path(__file__).parent / "data"
_COMMONEST = frozenset((_DATA / "commonest.txt").read_text().split())
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "01234567890123456789012345678901234567890",
    "12345678901234567890123456789012345678901",
    "qwertyuiopasdfghjklzxcvbnm" * 2,
    "qwertyuiop" * 4,
    "asdfghjkl" * 4,
    "zxcvbnm" * 5,
    "1234567890qwertyuiopasdfghjklzxcvbnm",
)
_WORDS = (_DATA / "words.txt").read_text().split()


def normalised(password: str) -> str:
    """The password as it is hashed: one form for what looks the same on every keyboard (NFKC)."""
    return unicodedata.normalize("NFKC", password)


class Hasher:
    """Makes and checks password hashes. At most `at_once` run together: each takes its memory."""

    def __init__(
        self, memory_kib: int = 64 * 1024, passes: int = 3, lanes: int = 4, at_once: int = 2
    ) -> None:
        self._argon2 = PasswordHasher(passes, memory_kib, lanes, 32, 16, type=Type.ID)
        self._turns = BoundedSemaphore(at_once)
        # Checked when the name is unknown, so that an answer takes as long as for a known one.
        self._nobody = self.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """The hash to keep, with its salt and parameters in it."""
        with self._turns:
            return self._argon2.hash(normalised(password))

    def check(self, password: str, kept: str | None) -> bool:
        """Whether the password is the right one. None means no such account: False, as slowly."""
        with self._turns:
            try:
                self._argon2.verify(kept or self._nobody, normalised(password))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters and should be made afresh."""
        return self._argon2.check_needs_rehash(kept)


def check_rules(password: str, *, about: Iterable[str]) -> None:
    """Raise Refused when a new password is too short, too long, common or mostly about its owner.

    `about` holds the owner's e-mail address and name.
    """
    fault = _find_fault(normalised(password), tuple(about))
    if fault:
        raise Refused(fault)


def new_password() -> str:
    """A random password of 6 short words (over 40 bits), for somebody to use once."""
    return "-".join(secrets.choice(_WORDS) for _ in range(6))


def _find_fault(password: str, about: tuple[str, ...]) -> str | None:
    if len(password) < LEAST_LENGTH:
        return f"Make the password at least {LEAST_LENGTH} characters long. Three words will do."
    if len(password) > MOST_LENGTH:
        return f"Make the password {MOST_LENGTH} characters or shorter."
    folded = password.casefold()
    if folded in _COMMONEST or len(set(folded)) < _LEAST_DISTINCT or _is_a_row(folded):
        return "Many people use this password, so it is easy to guess. Choose another one."
    if _without_owner(folded, about) < _LEAST_OWN:
        return "This password is too close to the name or e-mail address. Choose another one."
    return None


def _is_a_row(folded: str) -> bool:
    return any(folded in row or folded[::-1] in row for row in _ROWS)


def _without_owner(folded: str, about: tuple[str, ...]) -> int:
    """How many letters and digits are left when the owner's own words are taken out."""
    words = {_bare(text) for text in about}
    words |= {part for text in about for part in re.split(r"[\W_]+", text.casefold())}
    left = _bare(folded)
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _LEAST_WORD:
            left = left.replace(word, "")
    return len(left) if left != _bare(folded) else LEAST_LENGTH


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
