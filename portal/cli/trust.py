"""What a witness and a monitor are told on the command line: whom to trust, and with which key."""

from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger import verify
from portal.ledger.note import (
    COSIGNATURE_V1,
    ED25519,
    MalformedNote,
    Signer,
    VerifierKey,
    decode_base64,
)
from portal.ledger.policy import MalformedPolicy, parse_policy

_MAX_BYTES = 1_000_000
_PRIVATE = "PRIVATE+" + "KEY+"


class LogKey(click.ParamType[VerifierKey]):
    """A log's verifier key: name+number+key."""

    name = "vkey"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> VerifierKey:
        """The key, once it is known to be one that only one private key can sign for."""
        try:
            key = VerifierKey.parse(str(value))
        except MalformedNote as error:
            self.fail(error.message, param, ctx)
        if key.kind != ED25519 or not verify.is_public_key(key.public):
            self.fail("This is not a safe key of a log (type 1).", param, ctx)
        return key


class Address(click.ParamType[tuple[str, int]]):
    """Where to listen: host:port, an IPv6 host in brackets."""

    name = "host:port"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """The host, with its brackets if it has any, and the port."""
        host, _, port = str(value).rpartition(":")
        if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
            self.fail("Say where to listen like this: 127.0.0.1:8400", param, ctx)
        return host, int(port)


def trusted_logs(logs: tuple[VerifierKey, ...], policy: Path | None) -> list[VerifierKey]:
    """The log keys that were named, one by one or in a policy file.

    Raises click.UsageError for none, click.ClickException for a policy that cannot be read.
    """
    keys = [*logs]
    if policy is not None:
        try:
            keys += [one.key for one in parse_policy(_read(policy)).logs]
        except MalformedPolicy as error:
            raise click.ClickException(error.message) from error
    if not keys:
        raise click.UsageError("Name the log to follow: --log VKEY, or a --policy with a log.")
    return list(dict.fromkeys(keys))


def read_witness_key(path: Path) -> Signer:
    """The private key of a witness from a file of one line. Raises click.ClickException, which
    never repeats the key.
    """
    if path.stat().st_mode & 0o077:
        click.echo(f"Others on this machine can read {path}. Do: chmod 600 {path}", err=True)
    try:
        signer = parse_signer(_read(path).decode().strip())
    except (UnicodeDecodeError, MalformedNote):
        raise click.ClickException(f"{path} holds no signing key.") from None
    if signer.kind != COSIGNATURE_V1:
        raise click.ClickException(f"{path} holds the key of a log. A witness needs its own kind.")
    return signer


def parse_signer(text: str) -> Signer:
    """A private key as Go's sumdb/note writes it: a prefix, name, key ID, base64(kind || seed).

    Raises MalformedNote, which never repeats the key.
    """
    name, _, rest = text.removeprefix(_PRIVATE).partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = decode_base64(encoded)
    if not text.startswith(_PRIVATE) or len(raw) != 33:
        raise MalformedNote("This is not a signing key.")
    signer = Signer(name, Ed25519PrivateKey.from_private_bytes(raw[1:]), raw[0])
    if signer.key_id.hex() != key_id:
        raise MalformedNote("The signing key's ID does not fit its name and key.")
    return signer


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from None
