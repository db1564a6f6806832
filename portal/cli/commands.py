"""Every command of `flask --app wsgi`, in one list."""

from flask import Flask

from portal.cli import demonstration, jobs, ledger, people, records, schema
from portal.cli.demonstration_data import seed
from portal.site import Site


def install(app: Flask, site: Site) -> None:
    """Give the application its commands."""
    app.cli.add_command(schema.group(site.database))
    app.cli.add_command(people.group(site))
    app.cli.add_command(records.group(site))
    app.cli.add_command(jobs.group(site))
    app.cli.add_command(ledger.group(site))
    app.cli.add_command(demonstration.command(app, site, seed))
