"""Sealing: what the database must never show in clear (DESIGN section 7).

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce under a data key made for one subject (a
report, a supply). Data keys are wrapped by a configured key, which can be rotated by rewrapping
alone. The context, bound as associated data, stops a sealed value from being moved elsewhere.
"""

import hmac
import json
import os
import struct
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.errors import Busy, Unavailable
from portal.languages.translating import lazy

if TYPE_CHECKING:
    from hashlib import _Hash

_NONCE = 12
_KEY = 32
_TAG = 16
_NUMBER = 8
_BLOCK = 64
_INNER = bytes(one ^ 0x36 for one in range(256))
_OUTER = bytes(one ^ 0x5C for one in range(256))
_VERSION = b"\x01"
TAG_BYTES = 4
_MOST_RECENT = 4096
_WRAP_CONTEXT = b"on-record/v1/data-key"
_TOKEN_PURPOSE = b"on-record/v1/token-purpose\x00"
_REQUEST_SEED = b"on-record/v1/request-seed\x00"
_BUSY = lazy(
    "Many people are here at the same time. Nothing was lost. Wait a few seconds, then try again."
)
_CANNOT_OPEN = lazy(
    "This content cannot be opened with the configured key. It has not been changed."
)


def _encrypt(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context)


def _decrypt(cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
    except (InvalidTag, ValueError) as error:
        raise Unavailable(_CANNOT_OPEN) from error


@dataclass(frozen=True)
class DataKey:
    """A 32-byte key that seals everything about one subject. Never stored in clear."""

    key: bytes

    def __repr__(self) -> str:
        return "DataKey(...)"

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """Seal bytes for one place, named by `context`; 29 bytes longer than the plaintext."""
        return _VERSION + _encrypt(self.key, plaintext, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Open what `seal` made for the same context. Raises Unavailable for anything else."""
        if sealed[:1] != _VERSION:
            raise Unavailable(_CANNOT_OPEN)
        return _decrypt(self._cipher, sealed[1:], context.encode())

    def bind(self, purpose: str, *parts: bytes) -> bytes:
        """32 bytes that only this key gives for these parts: HMAC-SHA256 under a key of its own.

        They stand beside a row, so that it cannot be made to say something else without the key.
        """
        key = hmac.digest(self.key, b"on-record/v1/bound\x00" + purpose.encode(), "sha256")
        message = b"".join(struct.pack(">I", len(part)) + part for part in parts)
        return hmac.digest(key, message, "sha256")

    def seal_json(self, value: Any, context: str) -> bytes:  # noqa: ANN401 - any JSON value
        """Seal a JSON value."""
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return self.seal(text.encode(), context)

    def open_json(self, sealed: bytes, context: str) -> Any:  # noqa: ANN401 - any JSON value
        """Open a JSON value sealed by `seal_json`."""
        return json.loads(self.open(sealed, context).decode())

    @cached_property
    def _cipher(self) -> AESGCM:
        # Made once: the key of a supply opens thousands of records.
        return AESGCM(self.key)


class Keyring:
    """The configured wrapping keys, newest first: the first wraps, all of them unwrap."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys or any(len(key) != _KEY for key in keys.values()):
            raise ValueError("sealing keys are 32 bytes each, and there is at least one")
        self._keys = {_key_id(name): key for name, key in keys.items()}
        self._current = next(iter(self._keys))

    def __repr__(self) -> str:
        return f"Keyring({len(self._keys)} keys)"

    def new_data_key(self) -> tuple[DataKey, bytes]:
        """A fresh data key and its wrapped form (64 bytes) for the database."""
        data_key = DataKey(os.urandom(_KEY))
        return data_key, self._wrap(data_key)

    def unwrap(self, wrapped: bytes) -> DataKey:
        """The data key in its wrapped form. Raises Unavailable when no configured key opens it."""
        key = self._keys.get(wrapped[:4])
        if key is None:
            raise Unavailable(_CANNOT_OPEN)
        return DataKey(_decrypt(AESGCM(key), wrapped[4:], _WRAP_CONTEXT))

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same data key under the newest wrapping key; unchanged when it already is."""
        if wrapped[:4] == self._current:
            return wrapped
        return self._wrap(self.unwrap(wrapped))

    def seal_alone(self, plaintext: bytes, context: str) -> bytes:
        """Seal one value that belongs to no report under a data key that travels with it."""
        data_key, wrapped = self.new_data_key()
        return struct.pack(">B", len(wrapped)) + wrapped + data_key.seal(plaintext, context)

    def open_alone(self, sealed: bytes, context: str) -> bytes:
        """Open what `seal_alone` made for the same context. Raises Unavailable otherwise."""
        if not sealed:
            raise Unavailable(_CANNOT_OPEN)
        cut = 1 + sealed[0]
        return self.unwrap(sealed[1:cut]).open(sealed[cut:], context)

    def _wrap(self, data_key: DataKey) -> bytes:
        wrapping = self._keys[self._current]
        return self._current + _encrypt(wrapping, data_key.key, _WRAP_CONTEXT)


def _key_id(name: str) -> bytes:
    return sha256(b"on-record/v1/key-id\x00" + name.encode()).digest()[:4]


@dataclass(frozen=True)
class Tokens:
    """Keyed tokens: equality without the value (HMAC-SHA256, RFC 2104, cut to 128 bits).

    One key for one purpose; a dump without the key lets nobody look up a name or a reference.
    """

    key: bytes

    def __repr__(self) -> str:
        return "Tokens(...)"

    def token(self, kind: str, value: str) -> bytes:
        """The 16-byte token of a normalised value; equal values of two kinds differ."""
        return hmac.digest(self.key, f"{kind}\x00{value}".encode(), "sha256")[:_TAG]

    def for_purpose(self, purpose: str) -> "Tokens":
        """Tokens under a key of their own, made from this one: they tell nothing about others."""
        return Tokens(hmac.digest(self.key, _TOKEN_PURPOSE + purpose.encode(), "sha256"))

    def number(self, kind: str, value: str) -> int:
        """A token as a signed 64-bit number, for an index of many millions of them.

        Cut so short two values may share one, though hardly ever: compare what it finds.
        """
        return self.numbers([(kind, value)])[0]

    def numbers(self, values: Iterable[tuple[str, str]]) -> tuple[int, ...]:
        """As `number`, of many kinds with their values."""
        first, second = self._started
        cut: list[bytes] = []
        for kind, value in values:
            inner, outer = first.copy(), second.copy()
            inner.update(f"{kind}\x00{value}".encode())
            outer.update(inner.digest())
            cut.append(outer.digest()[:_NUMBER])
        # All at once: one by one this costs as much as a hash.
        return struct.unpack(f">{len(cut)}q", b"".join(cut))

    @cached_property
    def _started(self) -> "tuple[_Hash, _Hash]":
        # RFC 2104 with the key hashed in once: a supply needs hundreds of thousands of these.
        key = self.key if len(self.key) <= _BLOCK else sha256(self.key).digest()
        padded = key.ljust(_BLOCK, b"\x00")
        return sha256(padded.translate(_INNER)), sha256(padded.translate(_OUTER))


@dataclass(frozen=True)
class SlowHash:
    """A slow keyed hash (Argon2id, RFC 9106) of a secret that must be found again by its hash.

    The salt is fixed and keyed, so equal secrets give equal hashes; the secret itself must carry
    the entropy (a return code holds 90 bits). At most two run at once: each takes its memory.
    Whoever waits longer than `longest_wait`, in seconds, for a turn is told so: a flood of tries
    slows the rest down, and never stops them for good.
    """

    key: bytes = field(repr=False)
    memory_kib: int
    passes: int
    longest_wait: float = 2.0
    _turns: BoundedSemaphore = field(
        default_factory=lambda: BoundedSemaphore(2), repr=False, compare=False
    )
    _recent: OrderedDict[bytes, bytes] = field(
        default_factory=OrderedDict, repr=False, compare=False
    )
    _recent_lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def digest(self, secret: bytes) -> bytes:
        """The 32-byte hash of a secret. Raises Busy when too many others wait."""
        return self.derive(secret).digest

    def derive(self, secret: bytes) -> "Derived":
        """The hash of a secret and a seed that only the secret gives, from one slow hash.

        Neither tells the other. Raises Busy when too many others wait.
        """
        salt = hmac.digest(self.key, b"on-record/v1/slow-hash-salt", "sha256")[:16]
        if not self._turns.acquire(timeout=self.longest_wait):
            raise Busy(_BUSY)
        try:
            slow = hash_secret_raw(secret, salt, self.passes, self.memory_kib, 1, 32, Type.ID)
        finally:
            self._turns.release()
        return Derived(
            hmac.digest(self.key, slow, "sha256"),
            hmac.digest(self.key, _REQUEST_SEED + slow, "sha256"),
        )

    def tag(self, secret: bytes) -> bytes:
        """4 keyed bytes of a secret, in microseconds: HMAC-SHA256 under a key of its own.

        Another tag proves that the secret is another; an equal one proves nothing.
        """
        return hmac.digest(self._key_for(b"tag"), secret, "sha256")[:TAG_BYTES]

    def digest_typed(self, secret: bytes) -> bytes:
        """As `digest`, for what strangers type: the same secret again does not wait a second time.

        So whoever sends one code over and over takes nobody's turn. What is remembered, in memory
        alone, is keyed hashes of the newest few thousand.
        """
        name = hmac.digest(self._key_for(b"recent"), secret, "sha256")
        with self._recent_lock:
            known = self._recent.get(name)
        if known is None:
            known = self.digest(secret)
            with self._recent_lock:
                self._recent[name] = known
                if len(self._recent) > _MOST_RECENT:
                    self._recent.popitem(last=False)
        return known

    def _key_for(self, purpose: bytes) -> bytes:
        return hmac.digest(self.key, b"on-record/v1/code-" + purpose, "sha256")


@dataclass(frozen=True)
class Derived:
    """What one slow hash gives: 32 bytes to find a secret by, and a 32-byte Ed25519 seed.

    The digest is stored; the seed never is.
    """

    digest: bytes = field(repr=False)
    seed: bytes = field(repr=False)
