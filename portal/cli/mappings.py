"""Shapes of exports: `flask mappings list`, `flask mappings use` (docs/crime-records-format.md)."""

import click
from flask.cli import AppGroup

from portal.errors import OnRecordError
from portal.police.mappings import all_mappings, choose_mapping, forces_by_mapping
from portal.site import Site


def group(site: Site) -> AppGroup:
    """The `flask mappings` commands for one installation."""
    commands = AppGroup("mappings", help="Choose by which mapping a force's files are read.")

    @commands.command("list")
    def list_() -> None:
        """List the shapes of export that can be read, and the forces that use each."""
        with site.database.reading() as session:
            used = forces_by_mapping(session)
        for name, mapping in all_mappings().items():
            click.echo(f"{name}  {', '.join(used.get(name, ())) or '-'}  {mapping.title}")

    @commands.command("use")
    @click.argument("force")
    @click.argument("name")
    def use(force: str, name: str) -> None:
        """Read the files of FORCE by the mapping NAME from now on; none: they are in the format."""
        chosen = None if name == "none" else name
        try:
            with site.database.transaction() as session:
                choose_mapping(session, force, chosen, now=site.now())
        except OnRecordError as error:
            raise click.ClickException(error.message) from error
        read = f"by the mapping {chosen}" if chosen else "in the format itself"
        click.echo(f"Files of {force} are read {read} from now on.")

    return commands
