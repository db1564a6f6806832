"""`flask ledger witness`: a witness as C2SP tlog-witness has it, and one that fetches by itself.

It needs no site: neither its settings nor its database.
"""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from portal.cli.trust import Address, LogKey, read_witness_key, trusted_logs
from portal.clock import utc_now
from portal.ledger.note import VerifierKey
from portal.ledger.outside.fetching import BadAddress, HttpLog, Unreachable
from portal.ledger.outside.finding import UNREACHABLE, WELL
from portal.ledger.outside.pull import Pulled, pull
from portal.ledger.outside.state import DamagedState, State
from portal.ledger.outside.witness import Witness, keys_by_origin

_STATE = click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Required. The folder that keeps what was cosigned last, and evidence. Never empty it: a "
    "witness that forgets can be made to lie. It is made when it is not there.",
)
_KEY = click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Required. The file with the witness's private key: flask ledger key new NAME --witness "
    "--out FILE makes one.",
)
_LOG = click.option(
    "--log",
    "logs",
    type=LogKey(),
    multiple=True,
    help="The verifier key of a log to follow; it can come several times. Required, unless "
    "--policy names a log.",
)
_POLICY = click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A policy file whose logs to follow.",
)


@click.group("witness", invoke_without_command=True)
@_STATE
@_KEY
@_LOG
@_POLICY
@click.option("--listen", type=Address(), help="Where to listen: 127.0.0.1:8400")
@click.pass_context
def witness(
    ctx: click.Context,
    state: Path | None,
    key_file: Path | None,
    logs: tuple[VerifierKey, ...],
    policy: Path | None,
    listen: tuple[str, int] | None,
) -> None:
    """Cosign the checkpoints of logs that only ever grow.

    Without a further word: answer add-checkpoint requests until Ctrl-C. Required then: --listen,
    --state, --key-file, and --log or --policy.
    """
    if ctx.invoked_subcommand is not None:
        return
    if listen is None:
        raise click.UsageError("Say where to listen: --listen 127.0.0.1:8400")
    made = _make(state, key_file, trusted_logs(logs, policy))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    from portal.cli.witness_serving import Server

    def ready() -> None:
        for line in _introduce(made):
            click.echo(line)
        click.echo(f"Listening on {listen[0]}:{listen[1]}. Stop it with Ctrl-C.")

    Server(made, listen, ready).run()


@witness.command("pull")
@click.argument("url")
@_STATE
@_KEY
@_LOG
@_POLICY
@click.option("--send-to", metavar="URL", help="The portal that takes it, if it is another.")
@click.option("--print", "print_only", is_flag=True, help="Print the line, and send nothing.")
@click.option("--allow-http", is_flag=True, help="Read and send over http, which anybody can see.")
def pull_command(
    url: str,
    state: Path | None,
    key_file: Path | None,
    logs: tuple[VerifierKey, ...],
    policy: Path | None,
    send_to: str | None,
    print_only: bool,
    allow_http: bool,
) -> None:
    """Fetch the checkpoint and tiles of the log under URL, check them, cosign, send the line back.

    It can be run again at any time, and does nothing twice. Required: --state, --key-file, and
    --log or --policy.
    """
    made = _make(state, key_file, trusted_logs(logs, policy))
    try:
        log = HttpLog(url, allow_http=allow_http)
        receiver = HttpLog(send_to or url, allow_http=allow_http)
    except BadAddress as error:
        raise click.UsageError(error.message) from error
    try:
        pulled = pull(log.get, made)
    except OSError as error:
        raise click.ClickException(
            f"The witness cannot keep its record, so it signed nothing: {error.strerror}."
        ) from error
    for line in pulled.finding.lines():
        click.echo(line, err=True)
    if pulled.line is None:
        sys.exit(pulled.finding.code)
    if print_only:
        click.echo(pulled.line, nl=False)
    else:
        _send(receiver, pulled)
    sys.exit(WELL)


def _make(state: Path | None, key_file: Path | None, keys: Sequence[VerifierKey]) -> Witness:
    if state is None or key_file is None:
        raise click.UsageError("A witness needs --state DIR and --key-file FILE.")
    signer = read_witness_key(key_file)
    try:
        folder = State(state)
    except OSError as error:
        raise click.ClickException(f"{state} cannot be used: {error.strerror}.") from error
    return Witness(signer, keys_by_origin(keys), folder, lambda: int(utc_now().timestamp()))


def _introduce(made: Witness) -> list[str]:
    """What a witness says of itself at its start."""
    lines = [f"Witness {made.signer.vkey}"]
    for origin in made.keys:
        try:
            last = made.find_last(origin)
        except DamagedState as error:
            raise click.ClickException(error.message) from error
        known = f"{last.checkpoint.size} entries cosigned" if last else "nothing cosigned yet"
        lines.append(f"Follows {origin}: {known}.")
    return lines


def _send(receiver: HttpLog, pulled: Pulled) -> None:
    try:
        receiver.post("witness/cosignature", f"{pulled.size}\n{pulled.line}".encode())
    except Unreachable as error:
        click.echo(
            f"The cosignature was made and kept, but not taken. {error.message} Run this again.",
            err=True,
        )
        sys.exit(UNREACHABLE)
    click.echo(f"Sent the cosignature of {pulled.size} entries.", err=True)
