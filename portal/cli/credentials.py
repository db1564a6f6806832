"""Credentials of forces: `flask credentials add`, `flask credentials list`, `... end`.

With one, a force's own system sends crime records (docs/supply-api.md).
"""

from uuid import UUID

import click
from flask.cli import AppGroup

from portal.clock import to_london
from portal.errors import OnRecordError
from portal.police.credentials import add_credential, end_credential, list_credentials
from portal.police.models import ForceCredential
from portal.site import Site


def group(site: Site) -> AppGroup:
    """The `flask credentials` commands for one installation."""
    commands = AppGroup("credentials", help="Add, list and end what forces send records with.")

    @commands.command("add")
    @click.option("--force", required=True, help="The force that will hold it: wiltshire.")
    @click.option("--name", prompt="Which system of the force will hold it")
    def add(force: str, name: str) -> None:
        """Add a credential and print it. It is printed this once."""
        try:
            with site.database.transaction() as session:
                credential, secret = add_credential(session, force, name=name, now=site.now())
        except OnRecordError as error:
            raise click.ClickException(error.message) from error
        click.echo(f"Added credential {credential.id} for {credential.force_id}.")
        click.echo(f"The secret: {secret}")
        click.echo("It is not shown again, and kept nowhere here. Hand it over safely.")

    @commands.command("list")
    def list_() -> None:
        """List every credential: its number, state, force, when it was made, what holds it."""
        with site.database.reading() as session:
            credentials = list_credentials(session)
        for credential in credentials:
            click.echo(_line(credential))
        if not credentials:
            click.echo("There are no credentials yet. Add one with: flask credentials add")

    @commands.command("end")
    @click.argument("credential", type=click.UUID)
    def end(credential: UUID) -> None:
        """End CREDENTIAL, named by its number, for good. What it sent stays."""
        try:
            with site.database.transaction() as session:
                ended = end_credential(session, credential, now=site.now())
        except OnRecordError as error:
            raise click.ClickException(error.message) from error
        click.echo(f"Ended the credential of {ended.force_id} held by {ended.name}.")

    return commands


def _line(credential: ForceCredential) -> str:
    state = "ended" if credential.ended_at else "open"
    made = f"{to_london(credential.created_at):%Y-%m-%d %H:%M}"
    return "  ".join((str(credential.id), state, credential.force_id, made, credential.name))
