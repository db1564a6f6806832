"""`flask demonstration`: tables, made-up data, the site and its jobs, in one process tree.

For trying the site and for showing it. Everything lies in the instance folder; removing that
folder begins again. An installation for real use runs `gunicorn wsgi:app` and `flask jobs run`.
"""

import json
import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import click
from flask import Flask

from portal.cli.demonstration_witness import folder_of, with_witness
from portal.cli.schema import migrate
from portal.errors import OnRecordError, Refused
from portal.reports.codes import format_code
from portal.site import Site


@dataclass(frozen=True)
class SignIn:
    """A made-up person who can sign in: what they are, and with what."""

    role: str
    email: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class SignIns:
    """What a newcomer needs to try everything: people to sign in as, and two return codes.

    `return_code` opens a report that police were told about, `kept_code` one told to nobody.
    """

    people: tuple[SignIn, ...]
    return_code: str = field(repr=False)
    kept_code: str = field(default="", repr=False)


Say = Callable[[str], None]
Seed = Callable[[Site, Say], SignIns]
"""Fills an empty database with the demonstration's story and says how far it is."""


def command(app: Flask, site: Site, seed: Seed) -> click.Command:
    """The `flask demonstration` command for one installation."""

    @click.command("demonstration")
    @click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
    def demonstration(port: int) -> None:
        """Show the site with made-up data, until Ctrl-C."""
        if not site.settings.demonstration:
            raise click.ClickException(
                "This fills the database with made-up people, so it runs in demonstration mode "
                "only. Set ON_RECORD_DEMONSTRATION=1 and run it again."
            )
        _check_port(port)
        there = reached_at(site, port)
        try:
            sign_ins = prepare(there, seed, click.echo)
        except OnRecordError as error:
            raise click.ClickException(error.message) from error
        # Beginning again has removed the witness's key that the application began with.
        there = with_witness(there)
        app.extensions["on_record"] = there
        # A forked process must not share its parent's connections.
        there.database.engine.dispose()
        from portal.cli.serving import Server

        Server(app, there, port, lambda: click.echo(welcome(port, sign_ins))).run()

    return demonstration


def reached_at(site: Site, port: int) -> Site:
    """The same installation, knowing the address at which this port is reached."""
    return replace(site, settings=replace(site.settings, public_url=address_of(port)))


def address_of(port: int) -> str:
    """Where a demonstration on this port is reached, without a slash at the end."""
    return f"http://127.0.0.1:{port}"


def prepare(site: Site, seed: Seed, say: Say) -> SignIns:
    """Make the tables and, the first time, the data; the sign-ins, the same at every start.

    They are kept beside the demonstration's secrets. A first start that was cut short begins
    again; raises click.ClickException when that would empty a database of somebody else's.
    """
    kept = site.settings.instance / "demonstration-sign-ins.json"
    begun = site.settings.instance / "demonstration-begun"
    if begun.exists():
        _begin_again(site, say)
        begun.unlink()
    migrate(site.database, keyring=site.keyring)
    if kept.exists():
        return _read(kept)
    begun.touch()
    try:
        sign_ins = seed(site, say)
    except Refused:
        # What it refuses is not its own first part: the next start must not remove that.
        begun.unlink()
        raise
    _keep(kept, sign_ins)
    begun.unlink()
    return sign_ins


def _begin_again(site: Site, say: Say) -> None:
    database = site.database.url.database
    own = site.settings.instance / "on-record.sqlite"
    if not site.database.is_sqlite or Path(str(database)).absolute() != own:
        raise click.ClickException(
            "The last start was stopped before its data were complete. Empty the database, remove "
            f"the folder {site.settings.instance}, and start again."
        )
    # Nobody has used it yet: it holds the first part of an invented story and nothing else.
    say("The last start was stopped before its data were complete. It begins again.")
    site.database.engine.dispose()
    for path in own.parent.glob(f"{own.name}*"):
        path.unlink()
    (site.settings.instance / "demonstration-sign-ins.json").unlink(missing_ok=True)
    site.settings.guard_path.unlink(missing_ok=True)
    shutil.rmtree(folder_of(site), ignore_errors=True)


def _read(path: Path) -> SignIns:
    kept = json.loads(path.read_text())
    people = tuple(SignIn(**person) for person in kept["people"])
    return SignIns(people, kept["return_code"], kept.get("kept_code", ""))


def _keep(path: Path, sign_ins: SignIns) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(sign_ins), file)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} is taken. Choose another: make run PORT={port + 1}"
            ) from error


def welcome(port: int, sign_ins: SignIns) -> str:
    """What is printed once the site can be reached."""
    address = address_of(port)
    width = max((len(person.role) for person in sign_ins.people), default=0)
    emails = max((len(person.email) for person in sign_ins.people), default=0)
    people = [
        f"  {person.role:<{width}}  {person.email:<{emails}}  {person.password}"
        for person in sign_ins.people
    ]
    return "\n".join(
        (
            "",
            f"On Record is at {address}",
            "",
            f"To sign in, go to {address}/account/sign-in",
            *people,
            "",
            f"To come back to a report, go to {address}/back with the return code",
            f"  {format_code(sign_ins.return_code)}",
            *_kept(sign_ins.kept_code),
            "",
            "Everything is made up. Stop it with Ctrl-C.",
        )
    )


def _kept(code: str) -> list[str]:
    return [f"  {format_code(code)}  (kept, and told to nobody)"] if code else []
