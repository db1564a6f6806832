"""Matching from the command line: `flask matching rerun`, and what stands in the files beside.

Exit code 0: every report stands as it should, or does now. 1: with --check, some do not. 2: the
run could not be done, or not of all: it says of how many, and what was changed.
"""

import logging
import re
import sys

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from portal.cli.matching_checks import add_checking_commands
from portal.cli.matching_models import add_model_commands
from portal.cli.schema import explain_tables
from portal.errors import OnRecordError
from portal.matching.choosing import current_model
from portal.matching.comparing import Comparer
from portal.matching.in_processes import Untold
from portal.matching.keying import PURPOSE
from portal.matching.opening import Supplies
from portal.matching.rerunning import (
    Differences,
    Whole,
    compare_all,
    count_work,
    write_differences,
)
from portal.site import Site

_LOG = logging.getLogger(__name__)
DIFFERENT, COULD_NOT_RUN = 1, 2
_SIZE = re.compile(r"[1-9][0-9]{0,5} ?(MB|GB|MiB|GiB)")


class Size(click.ParamType[str]):
    """An amount of memory: 4GB."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The same, if it is one."""
        if not _SIZE.fullmatch(str(value)):
            self.fail("Write it like 512MB or 4GB.", param, ctx)
        return str(value)


def group(site: Site) -> AppGroup:
    """The `flask matching` commands for one installation."""
    commands = AppGroup("matching", help="Match reports with crime records.")

    @commands.command("rerun")
    @click.option("--check", is_flag=True, help="Change nothing; say how many stand otherwise.")
    @click.option(
        "--memory-limit", type=Size(), default="2GB", help="What DuckDB may take, besides ours."
    )
    @click.option(
        "--processes",
        type=click.IntRange(min=1),
        help="So many at most, each with its part of the limit; else one a core and 500 MB.",
    )
    @click.pass_context
    def rerun(
        context: click.Context, *, check: bool, memory_limit: str, processes: int | None
    ) -> None:
        """Compare every report with every crime record anew, and put right what differs.

        Everything is compared in memory: nothing that is sealed is written to disk. The matching
        job waits meanwhile. Exit code 1: with --check, some reports stand otherwise.
        """
        try:
            with site.database.only_one("job-match") as mine:
                ran = (
                    _run(site, check=check, memory_limit=memory_limit, processes=processes)
                    if mine
                    else None
                )
        except OnRecordError as error:
            click.echo(error.message, err=True)
            context.exit(COULD_NOT_RUN)
        # Whatever it was: a 1 would say that it ran, and that some reports stand otherwise.
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001
            click.echo(_why(site, error), err=True)
            context.exit(COULD_NOT_RUN)
        if ran is None:
            click.echo("The matching job is at work. Try again in a minute.", err=True)
            context.exit(COULD_NOT_RUN)
        whole, done = ran
        _say(whole, done, check=check)
        if whole.closed or whole.closed_reports:
            context.exit(COULD_NOT_RUN)
        context.exit(DIFFERENT if check and done.other else 0)

    add_model_commands(commands, site)
    add_checking_commands(commands, site)
    return commands


def _run(
    site: Site, *, check: bool, memory_limit: str, processes: int | None
) -> tuple[Whole, Differences]:
    tokens = site.tokens.for_purpose(PURPOSE)
    supplies = Supplies(site.keyring, site.settings.shared_keys)
    with site.database.reading() as session:
        steps, model = count_work(session), current_model(session)
    comparer = Comparer(model, supplies, tokens, site.now())
    with tqdm(total=steps, unit=" rows", unit_scale=True, disable=not sys.stderr.isatty()) as bar:

        def advance(rows: int) -> None:
            bar.update(rows)

        whole = compare_all(
            site.database,
            comparer,
            memory_limit=memory_limit,
            processes=processes,
            advance=advance,
        )
        done = write_differences(site.database, whole, comparer, write=not check, advance=advance)
    return whole, done


def _why(site: Site, error: BaseException) -> str:
    if isinstance(error, SQLAlchemyError) and (words := explain_tables(site.database)):
        return words
    if isinstance(error, KeyboardInterrupt):
        why = "it was stopped"
    else:
        _LOG.error("matching not rerun", exc_info=error)
        kind = error.args[0] if isinstance(error, Untold) else type(error).__name__
        why = f"{_what_failed(error)} ({kind}). The log says where"
    return (
        f"The run did not come to its end: {why}. Each report stands as it did, or was put right "
        "as a whole. It is safe to run it again."
    )


def _what_failed(error: BaseException) -> str:
    """In words of our own: those of the error can hold a path, or what was in hand."""
    if isinstance(error, MemoryError):
        return "the memory of this machine did not suffice"
    if isinstance(error, SQLAlchemyError):
        return "the database did not do what it was asked"
    # By its name, for DuckDB is loaded late, and may not be there.
    if type(error).__module__.split(".")[0] in ("duckdb", "_duckdb"):
        return "DuckDB did not do what it was asked"
    if isinstance(error, OSError | EOFError):
        return "this machine, or a connection, failed"
    return "there is a fault in this program"


def _say(whole: Whole, done: Differences, *, check: bool) -> None:
    click.echo(
        f"Reports: {len(whole.kept):,}. Crime records: {whole.records:,}. "
        f"Pairs that share a key: {whole.pairs:,}."
    )
    what = "stand otherwise" if check else "stood otherwise, and were put right"
    click.echo(f"{done.same:,} stand as they should; {done.other:,} {what}.")
    if done.left:
        click.echo(f"{done.left:,} wait for the matching job anyhow, and were left to it.")
    if whole.closed or whole.closed_reports:
        click.echo(
            f"{whole.closed_reports:,} reports and {len(whole.closed):,} crime records do not open "
            "with the keys of this site. What stands about them was left as it is. Put the older "
            "keys into ON_RECORD_OLDER_SEALING_KEYS, then run this again.",
            err=True,
        )
