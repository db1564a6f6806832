"""Checking the matching from the command line: an audit by hand, drift, and errors by group.

Exit code 0: done, and nothing moved. 1: something moved. 2: it could not be done.
"""

import csv
import sys
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup
from tqdm import tqdm

from portal.errors import OnRecordError, Refused
from portal.matching.auditing import Checked, StatedError, clean_needed, stated_error
from portal.matching.card import fairness_part
from portal.matching.checking import (
    LATELY,
    ToCheck,
    Totals,
    draw_audit,
    find_drift,
    measure_fairness,
    totals,
)
from portal.matching.drifting import Moved
from portal.matching.opening import Supplies
from portal.matching.rerunning import count_work
from portal.site import Site

MOVED, COULD_NOT_RUN = 1, 2
COLUMNS = ("match", "allegation", "force", "crime_reference", "log_odds", "chance", "right")
_SAYS = {"yes": True, "no": False}
_HIDDEN = 0.005


def add_checking_commands(commands: AppGroup, site: Site) -> None:
    """Add `audit-sample`, `audit-result`, `drift` and `fairness` to `flask matching`."""
    _add_audit(commands, site)
    _add_watch(commands, site)


def _add_audit(commands: AppGroup, site: Site) -> None:
    @commands.command("audit-sample")
    @click.option("--size", type=click.IntRange(min=1), default=300)
    @click.option("--seed", type=int, default=1, help="The same seed draws the same.")
    @click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
    def sample(*, size: int, seed: int, file: TextIO) -> None:
        """Draw automatic matches to be checked by hand, most of those accepted by the least.

        FILE is CSV, without anything about a person but the references. Write yes or no into the
        column "right", and give the file to `flask matching audit-result`.
        """
        with site.database.reading() as session:
            drawn = draw_audit(session, size, seed=seed)
        write_sample(drawn, file)
        click.echo(f"{len(drawn):,} matches to check.", err=True)

    @commands.command("audit-result")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.pass_context
    def result(context: click.Context, file: Path) -> None:
        """Say what a checked sample allows to be said of all automatic matches."""
        try:
            checked = read_checked(file)
        except OnRecordError as error:
            click.echo(error.message, err=True)
            context.exit(COULD_NOT_RUN)
        with site.database.reading() as session:
            counted = totals(session)
        found = stated_error(
            checked, automatic=counted.automatic, unrecorded=max(1, counted.unrecorded)
        )
        click.echo(say_error(found, counted))


def _add_watch(commands: AppGroup, site: Site) -> None:
    @commands.command("drift")
    @click.pass_context
    def drift(context: click.Context) -> None:
        """Say which levels of agreement came out otherwise in the last 30 days than before."""
        with site.database.reading() as session:
            moved = find_drift(session, now=site.now())
        for one in moved:
            click.echo(say_moved(one))
        if moved:
            click.echo("The model may be out of date: audit a sample, then fit a new one.")
            context.exit(MOVED)
        click.echo(f"Nothing moved in the last {LATELY.days} days, or too little came to tell.")

    @commands.command("fairness")
    @click.option("--seed", type=int, default=1)
    @click.option("--reports", type=click.IntRange(min=100), default=6_000, help="At most so many.")
    def fairness(*, seed: int, reports: int) -> None:
        """Errors by age, offence and force, on reports whose record is known for sure."""
        supplies = Supplies(site.keyring, site.settings.shared_keys)
        with site.database.reading() as session:
            steps = count_work(session)
            with tqdm(total=steps, unit=" rows", disable=not sys.stderr.isatty()) as bar:

                def advance(rows: int) -> None:
                    bar.update(rows)

                cells = measure_fairness(
                    session, supplies=supplies, seed=seed, most_reports=reports, advance=advance
                )
        click.echo(fairness_part(cells) or "There is nothing to say it of yet.")


def write_sample(drawn: list[ToCheck], file: TextIO) -> None:
    """Write a sample as CSV, the column "right" empty."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for one in drawn:
        words = (one.match_id, one.allegation_id, one.force_id, _plain(one.reference))
        writer.writerow((*words, f"{one.log_odds:.4f}", repr(one.chance), ""))


def read_checked(path: Path) -> list[Checked]:
    """The matches of a sample that somebody checked; rows left empty are not counted.

    Raises Refused, with the line, for anything else.
    """
    checked: list[Checked] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                said = (row.get("right") or "").strip().lower()
                if not said:
                    continue
                chance = float(row.get("chance") or "")
                if said not in _SAYS or not 0 < chance <= 1:
                    raise ValueError(number)
                checked.append(Checked(chance, _SAYS[said]))
    except (ValueError, OSError, csv.Error):
        raise Refused(
            f"Line {len(checked) + 2} or one near it cannot be read. The column right holds yes, "
            "no, or nothing, and chance stays as it was written."
        ) from None
    if not checked:
        raise Refused('No match is checked yet. Write yes or no into the column "right".')
    return checked


def say_error(found: StatedError, counted: Totals) -> str:
    """What an audit found, in words and with its arithmetic."""
    low, high = (f"{100 * one:.2f} %" for one in found.error_limits)
    least, most = (f"{100 * one:.2f} %" for one in found.hidden_limits)
    lines = [
        f"Checked: {found.checked:,}, of which wrong: {found.wrong:,} (worth an even draw of "
        f"{found.counts_as:.0f}).",
        f"Automatic matches that are wrong: {100 * found.error:.2f} % (95 %: {low} to {high}).",
        f"There are {counted.automatic:,} automatic matches beside {counted.unrecorded:,} "
        "allegations without a record. If every wrong match hides a crime that was never "
        f"recorded, that hides {100 * found.hidden:.2f} % of those (95 %: {least} to {most}).",
    ]
    if 0 < _HIDDEN * counted.unrecorded < counted.automatic:
        needed = clean_needed(_HIDDEN, automatic=counted.automatic, unrecorded=counted.unrecorded)
        lines.append(f"To say that no more than 0.5 % is hidden takes {needed:,} right ones.")
    return "\n".join(lines)


def say_moved(one: Moved) -> str:
    """A level that moved, in a line."""
    return (
        f"{one.field}, {one.level}: from {100 * one.before:.1f} % to {100 * one.now:.1f} % "
        f"({one.sureness:.1f} standard errors)"
    )


def _plain(reference: str) -> str:
    """A reference that no spreadsheet takes for a formula."""
    return f"'{reference}" if reference[:1] in ("=", "+", "-", "@") else reference
