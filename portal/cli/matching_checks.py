"""Checks."""

from flask.cli import AppGroup

from portal.site import Site


def add_checking_commands(commands: AppGroup, site: Site) -> None:
    """Add."""
