"""Every command of `flask --app wsgi`, in one list."""

import click
from flask import Flask
from flask.cli import AppGroup

from portal.cli import demonstration, jobs, ledger, people, records, schema
from portal.cli.demonstration_data import seed
from portal.site import Site


def install(app: Flask, site: Site) -> None:
    """Give the application its commands."""
    app.cli.add_command(schema.group(site.database, site.keyring))
    app.cli.add_command(people.group(site))
    app.cli.add_command(records.group(site))
    app.cli.add_command(jobs.group(site))
    app.cli.add_command(ledger.group(site))
    app.cli.add_command(demonstration.command(app, site, seed))


class Tools(AppGroup):
    """The commands that need no site; any other says why there is none.

    `message` is that reason.
    """

    def __init__(self, message: str, name: str | None = None) -> None:
        super().__init__(name)
        self._message = message
        if name is None:
            self.add_command(ledger.without_site(Tools(message, "ledger")))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or one that ends with the reason."""
        return super().get_command(ctx, cmd_name) or click.Command(
            cmd_name,
            callback=self._refuse,
            context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
            add_help_option=False,
        )

    def _refuse(self) -> None:
        raise click.ClickException(self._message)
