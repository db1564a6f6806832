"""Supplies of crime records from the command line: `flask records load`, `flask records supplies`.

A supply that was taken ends with 0, also when single rows were refused; one that was not, with 1.
"""

import sys
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from flask.cli import AppGroup
from tqdm import tqdm

from portal.cli.schema import TableCommands
from portal.clock import to_london
from portal.errors import OnRecordError, Refused
from portal.police.models import Supply, SupplyRemark
from portal.police.period import read_end, read_start
from portal.police.queries import list_remarks, list_supplies
from portal.police.service import Declaration, SupplyOutcome, take_supply
from portal.reference.forces import all_forces, find_force
from portal.site import Site

_SHOWN = 50


class Moment(click.ParamType[datetime]):
    """A day, or a day and time, in London; as the end of a period a day includes itself."""

    name = "day"

    def __init__(self, *, is_end: bool) -> None:
        self._is_end = is_end

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The instant meant, in UTC."""
        try:
            return read_end(str(value)) if self._is_end else read_start(str(value))
        except Refused as error:
            self.fail(error.message, param, ctx)


def group(site: Site) -> AppGroup:
    """The `flask records` commands for one installation."""
    commands = TableCommands(
        site.database, "records", "Take in the crime records that forces supply."
    )

    @commands.command("load")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--force", required=True, help="The force whose records these are: wiltshire.")
    @click.option("--covers-from", required=True, type=Moment(is_end=False))
    @click.option("--covers-to", required=True, type=Moment(is_end=True))
    @click.option("--full/--changes", required=True, help="All records of the period, or changes.")
    @click.option("--rows", required=True, type=click.IntRange(min=0), help="Rows in the file.")
    def load(
        file: Path, force: str, covers_from: datetime, covers_to: datetime, full: bool, rows: int
    ) -> None:
        """Take FILE, a CSV file, as a supply of a force's crime records.

        The period is the one whose records the file holds: days like 2026-01-31, both included,
        or times like "2026-01-31 14:30". The same file can be loaded again without harm.
        """
        if find_force(force) is None:
            known = ", ".join(one.id for one in all_forces())
            raise click.ClickException(f"There is no force {force}. The forces are: {known}.")
        declaration = Declaration(covers_from, covers_to, full, rows)
        try:
            outcome = _take(site, file, force, declaration)
        except OnRecordError as error:
            raise click.ClickException(error.message) from error
        _say(site, outcome)

    @commands.command("supplies")
    @click.option("--force", help="Only those of one force.")
    def supplies(force: str | None) -> None:
        """List the supplies that were taken, the newest first."""
        with site.database.reading() as session:
            taken = list_supplies(session, force)
        for supply in taken:
            click.echo(_line(supply))
        if not taken:
            click.echo("No supply was taken yet. Take one with: flask records load")

    return commands


def _take(site: Site, file: Path, force: str, declaration: Declaration) -> SupplyOutcome:
    # Each row passes twice: once to see that the file is whole, once to be taken.
    with tqdm(
        total=2 * declaration.rows, unit=" rows", unit_scale=True, disable=not sys.stderr.isatty()
    ) as bar:

        def advance(rows: int) -> None:
            bar.update(rows)

        return take_supply(
            site.database,
            lambda: file.open("rb"),
            force_id=force,
            declaration=declaration,
            loaded_by=None,
            keyring=site.keyring,
            tokens=site.tokens,
            now=site.now(),
            progress=advance,
        )


def _say(site: Site, outcome: SupplyOutcome) -> None:
    if outcome.already_taken:
        click.echo(
            "This file was taken before for the same period, so nothing changed: "
            f"{outcome.taken:,} rows taken, {outcome.refused:,} refused."
        )
        return
    click.echo(f"Rows taken: {outcome.taken:,}. Rows refused: {outcome.refused:,}.")
    click.echo(
        f"Records: {outcome.new_records:,} new, {outcome.new_versions:,} changed, "
        f"{outcome.unchanged:,} as before."
    )
    if outcome.refused:
        _say_refused(site, outcome.supply_id, outcome.refused)


def _say_refused(site: Site, supply_id: UUID, count: int) -> None:
    with site.database.reading() as session:
        remarks = list_remarks(session, supply_id, limit=_SHOWN, refused=True)
    click.echo("Refused:")
    for remark in remarks:
        click.echo(f"  {_said(remark)}")
    if count > len(remarks):
        click.echo(
            f"  … and {count - len(remarks):,} more. All are kept with the supply, on its page."
        )


def _said(remark: SupplyRemark) -> str:
    return f"line {remark.line}, {remark.field}: {remark.reason}"


def _line(supply: Supply) -> str:
    kind = "full" if supply.is_full else "changes"
    period = f"{to_london(supply.covers_from):%Y-%m-%d %H:%M} to "
    period += f"{to_london(supply.covers_to):%Y-%m-%d %H:%M}"
    rows = f"{supply.taken_rows:,} taken, {supply.refused_rows:,} refused"
    return f"{supply.number}  {supply.force_id}  {kind}  {period}  {rows}"
