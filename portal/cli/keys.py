"""`flask ledger key new`: a fresh key for a log or a witness. It needs no site."""

import os
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger.note import COSIGNATURE_V1, ED25519, MalformedNote, Signer


@click.group("key")
def key() -> None:
    """Make keys that sign."""


@key.command("new")
@click.argument("name")
@click.option("--witness", "is_witness", is_flag=True, help="The key of a witness, not of a log.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the private key goes: a new file, readable by you alone.",
)
def new(name: str, is_witness: bool, out: Path | None) -> None:
    """Make an Ed25519 key named NAME, such as record.example/log.

    The private key goes to the file; without --out it is printed. The public key is printed.
    """
    kind = COSIGNATURE_V1 if is_witness else ED25519
    try:
        signer = Signer(name, Ed25519PrivateKey.generate(), kind)
    except MalformedNote as error:
        raise click.UsageError(error.message) from error
    if out is None:
        click.echo("Keep the next line secret. It is not kept anywhere else.", err=True)
        click.echo(signer.to_text())
    else:
        write_key(out, signer.to_text())
        click.echo(f"The private key is in {out}.", err=True)
    click.echo(f"Public key: {signer.vkey}", err=out is None)


def write_key(path: Path, text: str) -> None:
    """Write a private key to a new file that its owner alone can read, durably.

    Raises click.ClickException for a file that is there, or cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise click.ClickException(
            f"{path} is there already. Nothing was written: a key that is overwritten is lost."
        ) from None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
