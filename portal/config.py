"""Settings, frozen, from the environment. A missing or weak secret stops the start and is named."""

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from portal.errors import Misconfigured
from portal.mail_settings import Mail, read_mail

__all__ = ["Mail", "Settings"]

_SECRETS = {
    "ON_RECORD_COOKIE_KEY": "signs the session cookie",
    "ON_RECORD_SEALING_KEY": "seals names, contacts and words",
    "ON_RECORD_TOKEN_KEY": "makes the keyed tokens that matching compares",
    "ON_RECORD_CODE_KEY": "keys the hashes of return codes",
    "ON_RECORD_LEDGER_KEY": "signs the ledger",
}
_LEDGER_KEY = "ON_RECORD_LEDGER_KEY"
_SIGNING = "PRIVATE+" + "KEY+"
_LEAST_DISTINCT_BYTES = 12
_GUARD = "ledger-guard.json"


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. Secrets are 32 bytes and never printed.

    `ledger_keys`, newest first, are seeds of 32 bytes or signing keys as text (`ledger.note`).
    `guard_path` is where the newest signed head is kept; `witness_policy` a tlog-policy file.
    `shared_keys`, newest first, by name, make the tokens of forces that share no names.
    `backup_days` is how long backups are kept, in days; None while nobody has said it.
    """

    database_url: str
    instance: Path
    public_url: str
    ledger_name: str
    cookie_key: bytes = field(repr=False)
    sealing_keys: dict[str, bytes] = field(repr=False)
    token_key: bytes = field(repr=False)
    code_key: bytes = field(repr=False)
    ledger_keys: tuple[bytes | str, ...] = field(repr=False)
    shared_keys: dict[str, bytes] = field(default_factory=dict, repr=False)
    demonstration: bool = False
    secure_cookies: bool = True
    mail: Mail = field(default_factory=Mail)
    code_hash_memory_kib: int = 19 * 1024
    code_hash_passes: int = 2
    password_memory_kib: int = 64 * 1024
    password_passes: int = 3
    publish_every_seconds: int = 3600
    publish_multiple: int = 64
    backup_days: int | None = None
    leave_url: str = "https://www.bbc.co.uk/weather"
    guard_path: Path = Path("instance/ledger-guard.json")
    witness_policy: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read ON_RECORD_* variables. Raises Misconfigured naming each missing or weak one."""
        env = os.environ if environment is None else environment
        instance = Path(env.get("ON_RECORD_INSTANCE", "instance")).absolute()
        if env.get("ON_RECORD_DEMONSTRATION") == "1":
            return cls.for_demonstration(instance, database_url=env.get("ON_RECORD_DATABASE_URL"))
        ledger_keys, faults = _read_ledger_keys(env)
        found, more_faults = _read_secrets(env, ledger_keys)
        faults += more_faults
        for name in ("ON_RECORD_DATABASE_URL", "ON_RECORD_PUBLIC_URL", "ON_RECORD_LEDGER_NAME"):
            if not env.get(name):
                faults.append(f"{name} is not set.")
        mail, more_faults = read_mail(env)
        faults += more_faults
        older, more_faults = _older_sealing_keys(env)
        faults += more_faults
        shared, more_faults = _shared_keys(env)
        faults += more_faults
        backup_days = env.get("ON_RECORD_BACKUP_DAYS", "")
        if backup_days and not (backup_days.isdecimal() and len(backup_days) < 5):
            faults.append("ON_RECORD_BACKUP_DAYS is not a number of days.")
        if faults:
            raise Misconfigured("The site does not start. " + " ".join(faults))
        return cls(
            database_url=env["ON_RECORD_DATABASE_URL"],
            instance=instance,
            public_url=env["ON_RECORD_PUBLIC_URL"].rstrip("/"),
            ledger_name=env["ON_RECORD_LEDGER_NAME"],
            cookie_key=found["ON_RECORD_COOKIE_KEY"],
            sealing_keys={_name(found["ON_RECORD_SEALING_KEY"]): found["ON_RECORD_SEALING_KEY"]}
            | older,
            token_key=found["ON_RECORD_TOKEN_KEY"],
            code_key=found["ON_RECORD_CODE_KEY"],
            ledger_keys=ledger_keys,
            shared_keys=shared,
            mail=mail,
            guard_path=_path(env, "ON_RECORD_LEDGER_GUARD") or instance / _GUARD,
            witness_policy=_path(env, "ON_RECORD_WITNESS_POLICY"),
            backup_days=int(backup_days) if backup_days else None,
        )

    @classmethod
    def for_demonstration(cls, instance: Path, *, database_url: str | None = None) -> "Settings":
        """Settings of a demonstration: secrets are made once and kept under `instance`."""
        kept = _kept_secrets(instance / "demonstration-secrets.json")
        return cls(
            database_url=database_url or f"sqlite:///{instance / 'on-record.sqlite'}",
            instance=instance,
            public_url="http://127.0.0.1:8080",
            ledger_name="demonstration.invalid/on-record",
            cookie_key=kept["ON_RECORD_COOKIE_KEY"],
            sealing_keys={_name(kept["ON_RECORD_SEALING_KEY"]): kept["ON_RECORD_SEALING_KEY"]},
            token_key=kept["ON_RECORD_TOKEN_KEY"],
            code_key=kept["ON_RECORD_CODE_KEY"],
            ledger_keys=(kept[_LEDGER_KEY],),
            guard_path=instance / _GUARD,
            demonstration=True,
            secure_cookies=False,
            mail=Mail(sender="on-record@example.invalid", folder=instance / "messages"),
            publish_every_seconds=60,
            backup_days=30,
        )


def _name(key: bytes) -> str:
    """A sealing key's name, derived from it so that keys cannot be mixed up by their order."""
    return hashlib.sha256(b"on-record/v1/sealing-key-name\x00" + key).hexdigest()[:16]


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]).absolute() if env.get(name) else None


def _read_secrets(
    env: Mapping[str, str], ledger_keys: tuple[bytes | str, ...]
) -> tuple[dict[str, bytes], list[str]]:
    found: dict[str, bytes] = {}
    faults: list[str] = []
    for name, purpose in _SECRETS.items():
        if name == _LEDGER_KEY and ledger_keys:
            continue
        text = env.get(name, "")
        if not text:
            faults.append(f"{name} is not set (it {purpose}).")
            continue
        fault = _weakness(text)
        if fault:
            faults.append(f"{name} {fault} (it {purpose}).")
        else:
            found[name] = _decode(text)
    seeds = [*found.values(), *(key for key in ledger_keys if isinstance(key, bytes))]
    if len(set(seeds)) < len(seeds):
        faults.append("Two of the keys are the same; each needs its own.")
    return found, faults


def _read_ledger_keys(env: Mapping[str, str]) -> tuple[tuple[bytes | str, ...], list[str]]:
    """Every key that signs the log, newest first: from a file, or from the environment."""
    newest, faults = env.get(_LEDGER_KEY, ""), list[str]()
    path = _path(env, f"{_LEDGER_KEY}_FILE")
    keys: list[bytes | str] = []
    if path is not None:
        keys, faults = _read_key_file(path)
        if newest:
            faults.append(f"{_LEDGER_KEY} and {_LEDGER_KEY}_FILE are both set: choose one.")
    elif newest.startswith(_SIGNING):
        keys = [newest]
    elif newest and not _weakness(newest):
        keys = [_decode(newest)]
    older = env.get("ON_RECORD_OLDER_LEDGER_KEYS", "").split()
    if not all(key.startswith(_SIGNING) for key in older):
        faults.append(
            "ON_RECORD_OLDER_LEDGER_KEYS holds something that is not a signing key. Each begins "
            f"with {_SIGNING} and there are spaces between them."
        )
    return (*keys, *older), faults


def _read_key_file(path: Path) -> tuple[list[bytes | str], list[str]]:
    name = f"{_LEDGER_KEY}_FILE"
    try:
        if path.stat().st_mode & 0o077:
            return [], [f"The file that {name} names can be read by others: chmod 600 it."]
        lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    except (OSError, ValueError):
        return [], [f"The file that {name} names cannot be read."]
    if not lines or not all(line.startswith(_SIGNING) for line in lines):
        return [], [f"The file that {name} names does not hold signing keys, one a line."]
    return list(lines), []


def _weakness(text: str) -> str | None:
    try:
        key = _decode(text)
    except (binascii.Error, ValueError):
        return "is not base64"
    if len(key) != 32:
        return f"is {len(key)} bytes long; it must be 32 random bytes in base64"
    if len(set(key)) < _LEAST_DISTINCT_BYTES:
        return "is too regular to be random"
    return None


def _older_sealing_keys(env: Mapping[str, str]) -> tuple[dict[str, bytes], list[str]]:
    texts = env.get("ON_RECORD_OLDER_SEALING_KEYS", "").split()
    if any(_weakness(text) for text in texts):
        return {}, ["ON_RECORD_OLDER_SEALING_KEYS holds a key that is not 32 bytes in base64."]
    return {_name(_decode(text)): _decode(text) for text in texts}, []


def _shared_keys(env: Mapping[str, str]) -> tuple[dict[str, bytes], list[str]]:
    told = [each.partition(":") for each in env.get("ON_RECORD_SHARED_KEYS", "").split()]
    names = [name for name, _, _ in told]
    if len(set(names)) < len(names) or not all(names):
        return {}, ["ON_RECORD_SHARED_KEYS does not name each key once, as in 2026-1:KEY."]
    if any(_weakness(text) for _, _, text in told):
        return {}, ["ON_RECORD_SHARED_KEYS holds a key that is not 32 bytes in base64."]
    return {name: _decode(text) for name, _, text in told}, []


def _kept_secrets(path: Path) -> dict[str, bytes]:
    if not path.exists():
        _make_secrets(path)
    return {name: _decode(text) for name, text in json.loads(path.read_text()).items()}


def _make_secrets(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in _SECRETS}
    # Written whole before it gets its name, so that two first starts at once agree on one file.
    own = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(own, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file)
    with suppress(FileExistsError):
        os.link(own, path)
    own.unlink()
