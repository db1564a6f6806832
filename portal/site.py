"""What an installation holds while it runs: settings, database and keys, made once from settings.

It stands between `web` and `cli`, which are given it, and the packages below, whose functions
take only the part that they need.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, create_engine

from portal.accounts.passwords import Hasher
from portal.clock import utc_now
from portal.config import Settings
from portal.db import Database
from portal.errors import Misconfigured
from portal.ledger.guard import Guard
from portal.ledger.note import ED25519, MalformedNote, Signer
from portal.ledger.policy import NO_QUORUM, MalformedPolicy, Policy, parse_policy
from portal.ledger.signing import LogSigner
from portal.ledger.store import LEDGER
from portal.ledger.witnessing import Ask, ask_over_http
from portal.sealing import Keyring, SlowHash, Tokens


@dataclass(frozen=True)
class Site:
    """One running installation. `now` is the clock; tests and demonstrations pass their own."""

    settings: Settings
    database: Database
    keyring: Keyring
    tokens: Tokens
    codes: SlowHash
    signer: LogSigner
    hasher: Hasher
    witnesses: Policy | None = None
    ask_witness: Ask = ask_over_http
    now: Callable[[], datetime] = utc_now

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        now: Callable[[], datetime] = utc_now,
        make_engine: Callable[..., Engine] = create_engine,
    ) -> "Site":
        """Open the database and load the keys that the settings name. Raises Misconfigured."""
        signer = _log_signer(settings)
        return cls(
            settings=settings,
            database=Database(
                settings.database_url, carried={LEDGER: signer}, make_engine=make_engine
            ),
            keyring=Keyring(settings.sealing_keys),
            tokens=Tokens(settings.token_key),
            codes=SlowHash(
                settings.code_key, settings.code_hash_memory_kib, settings.code_hash_passes
            ),
            signer=signer,
            hasher=Hasher(settings.password_memory_kib, settings.password_passes),
            witnesses=_witnesses(settings),
            now=now,
        )


def _log_signer(settings: Settings) -> LogSigner:
    try:
        keys = tuple(_signing_key(settings, key) for key in settings.ledger_keys)
    except MalformedNote as error:
        raise Misconfigured(f"The site does not start. A key of the log: {error.message}") from None
    if not keys or keys[0].name != settings.ledger_name:
        raise Misconfigured(
            "The site does not start. The newest key of the log is not named like "
            "ON_RECORD_LEDGER_NAME."
        )
    if len({key.vkey for key in keys}) < len(keys):
        raise Misconfigured("The site does not start. Two of the log's keys are the same.")
    return LogSigner(keys, Guard(settings.guard_path))


def _signing_key(settings: Settings, key: bytes | str) -> Signer:
    if isinstance(key, bytes):
        return Signer(settings.ledger_name, Ed25519PrivateKey.from_private_bytes(key))
    signer = Signer.from_text(key)
    if signer.kind != ED25519:
        raise MalformedNote("It is a witness's key, and a log needs one of its own kind.")
    return signer


def _witnesses(settings: Settings) -> Policy | None:
    """The policy file that says which witnesses this site asks; None when it asks none."""
    if settings.witness_policy is None:
        return None
    try:
        policy = parse_policy(settings.witness_policy.read_bytes())
    except OSError:
        raise Misconfigured(
            "The site does not start. The file that ON_RECORD_WITNESS_POLICY names cannot be read."
        ) from None
    except MalformedPolicy as error:
        raise Misconfigured(
            f"The site does not start. ON_RECORD_WITNESS_POLICY: {error.message}"
        ) from None
    if policy.quorum == NO_QUORUM:
        raise Misconfigured(
            "The site does not start. The policy that ON_RECORD_WITNESS_POLICY names asks for no "
            "witness. Leave the setting out, or name a quorum in it."
        )
    return policy
