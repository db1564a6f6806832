"""The log from the command line: `flask ledger policy`, `head` and `publish`."""

import base64
from datetime import timedelta

import click
from flask.cli import AppGroup

from portal.clock import timestamp
from portal.ledger.policy import policy_of
from portal.ledger.publication import find_published, publish
from portal.ledger.store import find_head
from portal.site import Site


def group(site: Site) -> AppGroup:
    """The `flask ledger` commands for one installation."""
    commands = AppGroup("ledger", help="Look at the log, and publish it.")

    @commands.command("policy")
    def policy() -> None:
        """Print the policy file, with which anyone can check a receipt of this log."""
        click.echo(policy_of(site.signer), nl=False)

    @commands.command("head")
    def head() -> None:
        """Say how far the log goes, and how far it is published."""
        with site.database.reading() as session:
            newest = find_head(session)
            published = find_published(session)
        click.echo(f"entries    {newest.size}")
        click.echo(f"root       {base64.b64encode(newest.root).decode()}")
        if published is None:
            click.echo("published  nothing yet")
        else:
            click.echo(f"published  {published.size} entries at {timestamp(published.at)}")

    @commands.command("publish")
    def publish_now() -> None:
        """Publish the log now, padded, whenever it was published last."""
        with site.database.transaction() as session:
            published = publish(
                session,
                seal_alone=site.keyring.seal_alone,
                signer=site.signer,
                now=site.now(),
                multiple=site.settings.publish_multiple,
                every=timedelta(0),
            )
        if published is None:
            raise click.ClickException("Nothing was published: the clock stands before the last.")
        click.echo(f"Published {published.size} entries.")

    return commands
