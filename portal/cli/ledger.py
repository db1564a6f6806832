"""The log from the command line: everything under `flask ledger`."""

import base64
from datetime import timedelta

import click
from flask.cli import AppGroup

from portal.cli import keys, ledger_audit, monitor, witness
from portal.cli.schema import TableCommands
from portal.clock import timestamp
from portal.errors import OnRecordError
from portal.ledger.erasure import check_erasure
from portal.ledger.guard import GuardMissing, SignedHead
from portal.ledger.policy import policy_of
from portal.ledger.publication import find_published, publish_signed, sign_new
from portal.ledger.store import Head, find_head
from portal.ledger.succession import COMPROMISED, RESTORED, open_next
from portal.site import Site


def without_site(commands: AppGroup) -> AppGroup:
    """Add the commands that need neither settings nor database: others run them too."""
    for command in (keys.key, witness.witness, monitor.monitor):
        commands.add_command(command)
    return commands


def group(site: Site) -> AppGroup:
    """The `flask ledger` commands for one installation."""
    commands = TableCommands(site.database, "ledger", "Look at the log, publish it, check it.")
    without_site(commands)

    @commands.command("policy")
    def policy() -> None:
        """Print the policy file, with which anyone can check a receipt of this log."""
        click.echo(policy_of(site.signer, site.witnesses), nl=False)

    @commands.command("head")
    def head() -> None:
        """Say how far the log goes, how far it is published, and whether it may be signed."""
        with site.database.reading() as session:
            newest = find_head(session)
            published = find_published(session)
        click.echo(f"log        {newest.origin or site.signer.name} (number {newest.log})")
        click.echo(f"entries    {newest.size}")
        click.echo(f"root       {base64.b64encode(newest.root).decode()}")
        if published is None:
            click.echo("published  nothing yet")
        else:
            click.echo(f"published  {published.size} entries at {timestamp(published.at)}")
        click.echo(f"signing    {_state(site, newest)}")

    @commands.command("publish")
    def publish() -> None:
        """Publish the log now, padded, whenever it was published last."""
        try:
            published = publish_signed(
                site.database,
                seal_alone=site.keyring.seal_alone,
                signer=site.signer,
                now=site.now(),
                multiple=site.settings.publish_multiple,
                every=timedelta(0),
            )
        except OnRecordError as error:
            raise click.ClickException(error.message) from error
        if published is None:
            raise click.ClickException("Nothing was published: the clock stands before the last.")
        click.echo(f"Published {published.size} entries.")

    commands.add_command(ledger_audit.command(site, check_erasure))
    _add_guard(commands, site)
    _add_succeed(commands, site)
    return commands


def _add_guard(commands: AppGroup, site: Site) -> None:
    @commands.command("guard")
    @click.option("--accept", type=int, help="Take the database as it is: how many entries it has.")
    def guard(accept: int | None) -> None:
        """Say what was signed last; or, if that file is lost, begin it anew from the database.

        Before you do so, compare the head with what witnesses and monitors saw last.
        """
        with site.database.reading() as session:
            newest = find_head(session)
        if accept is None:
            click.echo(_state(site, newest))
            return
        if _knows(site):
            raise click.ClickException(
                "What was signed last is known, so there is nothing to accept. If the database is "
                "behind it, restore a newer backup, or close this log: docs/operation.md."
            )
        if accept != newest.size:
            raise click.ClickException(
                f"The database holds {newest.size} entries, not {accept}. Nothing was changed."
            )
        site.signer.guard.accept(site.signer.name, SignedHead(newest.size, newest.root))
        click.echo(f"From now on no head with fewer than {newest.size} entries is signed.")


def _add_succeed(commands: AppGroup, site: Site) -> None:
    @commands.command("succeed")
    @click.option(
        "--because",
        type=click.Choice([COMPROMISED, RESTORED]),
        required=True,
        help="Whether the key may be in other hands, or an older backup was restored.",
    )
    @click.confirmation_option(prompt="A closed log is closed for good. Go on?")
    def succeed(because: str) -> None:
        """Close the log in the database, and open the one that the settings name."""
        try:
            with site.database.transaction() as session:
                opened = open_next(
                    session,
                    because=because,
                    seal_alone=site.keyring.seal_alone,
                    signer=site.signer,
                    multiple=site.settings.publish_multiple,
                    now=site.now(),
                )
            sign_new(site.database, signer=site.signer)
        except OnRecordError as error:
            raise click.ClickException(error.message) from error
        click.echo(f"The log {opened.origin} is open. It is served under /log/{opened.log}/.")
        click.echo("Tell the witnesses and everybody who has a policy file its key:")
        click.echo(site.signer.vkey)


def _knows(site: Site) -> bool:
    try:
        return site.signer.guard.find_newest(site.signer.name) is not None
    except GuardMissing:
        return False


def _state(site: Site, head: Head) -> str:
    """In words, whether the database may be signed."""
    try:
        with site.database.reading() as session:
            site.signer.check_database(session, head)
        known = site.signer.guard.find_newest(site.signer.name)
    except OnRecordError as error:
        return f"refused. {error.message}"
    return f"good, {known.size if known else 0} entries were signed last"
