"""What an installation holds while it runs: settings, database and keys, made once from settings.

It stands between `web` and `cli`, which are given it, and the packages below, whose functions
take only the part that they need.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.accounts.passwords import Hasher
from portal.clock import utc_now
from portal.config import Settings
from portal.db import Database
from portal.ledger.note import Signer
from portal.sealing import Keyring, SlowHash, Tokens


@dataclass(frozen=True)
class Site:
    """One running installation. `now` is the clock; tests and demonstrations pass their own."""

    settings: Settings
    database: Database
    keyring: Keyring
    tokens: Tokens
    codes: SlowHash
    signer: Signer
    hasher: Hasher
    now: Callable[[], datetime] = utc_now

    @classmethod
    def from_settings(cls, settings: Settings, now: Callable[[], datetime] = utc_now) -> "Site":
        """Open the database and load the keys that the settings name."""
        return cls(
            settings=settings,
            database=Database(settings.database_url),
            keyring=Keyring(settings.sealing_keys),
            tokens=Tokens(settings.token_key),
            codes=SlowHash(
                settings.code_key, settings.code_hash_memory_kib, settings.code_hash_passes
            ),
            signer=Signer(
                settings.ledger_name, Ed25519PrivateKey.from_private_bytes(settings.ledger_key)
            ),
            hasher=Hasher(settings.password_memory_kib, settings.password_passes),
            now=now,
        )
