"""`flask ledger monitor URL`: follow a log from outside, and say in plain words what is wrong.

It needs no site. Exit codes: 0 all well, 1 own files damaged, 2 wrong use, 3 rollback, 4 fork,
5 altered entries, 6 not signed by the key, 7 unreachable.
"""

import sys
import time
from pathlib import Path
from typing import Never

import click
from tqdm import tqdm

from portal.cli.trust import LogKey, trusted_logs
from portal.clock import timestamp, utc_now
from portal.ledger.note import VerifierKey
from portal.ledger.outside.fetching import BadAddress, HttpLog
from portal.ledger.outside.finding import UNREACHABLE, WELL, Finding
from portal.ledger.outside.memory import Memory
from portal.ledger.outside.monitor import Monitor
from portal.ledger.outside.remote import MAX_CHECKPOINT_BYTES

_BIG = 20_000
_LOG_HELP = "The log's verifier key. Required, unless --policy names it."


@click.command("monitor")
@click.argument("url")
@click.option("--log", "logs", type=LogKey(), multiple=True, help=_LOG_HELP)
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A policy file that names the log's key.",
)
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Required. The folder that keeps what was checked last, and evidence. Use the same one "
    "every time: without it nobody notices a rollback. It is made when it is not there.",
)
@click.option("--once", is_flag=True, help="Look once and end; so it is without --every.")
@click.option("--every", type=click.IntRange(min=1), help="Look again after so many seconds.")
@click.option("--all", "from_zero", is_flag=True, help="Rehash everything from the first entry.")
@click.option(
    "--compare",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that was got elsewhere, to compare with what is served here.",
)
@click.option("--allow-http", is_flag=True, help="Read over http, where anybody can change it.")
def monitor(
    url: str,
    logs: tuple[VerifierKey, ...],
    policy: Path | None,
    state: Path | None,
    once: bool,
    every: int | None,
    from_zero: bool,
    compare: Path | None,
    allow_http: bool,
) -> None:
    """Follow the log under URL: rehash its entries, and tell rollback, fork and altered entries
    apart. With --every it ends only when something is wrong with the log.

    Both are required: --state, and the log's key by --log or --policy.
    """
    if state is None or not (logs or policy):
        raise click.UsageError(
            "A monitor needs --state DIR, the folder that keeps what was checked last, and the "
            "log's key: --log VKEY or --policy FILE."
        )
    if every and (once or compare):
        raise click.UsageError("--every cannot be used with --once or --compare.")
    keys = trusted_logs(logs, policy)
    if len({key.name for key in keys}) > 1:
        raise click.UsageError("These keys are of different logs. Follow one log at a time.")
    try:
        log = HttpLog(url, allow_http=allow_http)
        watcher = Monitor(log.get, keys, Memory(state, keys[0].name), _Bar().show)
        if compare is not None:
            finding = watcher.compare(_read_note(compare))
            _say(finding)
        else:
            finding = _follow(watcher, from_zero=from_zero, every=every)
    except BadAddress as error:
        raise click.UsageError(error.message) from error
    except OSError as error:
        raise click.ClickException(f"{state} cannot be used: {error.strerror}.") from error
    sys.exit(finding.code)


def _follow(watcher: Monitor, *, from_zero: bool, every: int | None) -> Finding:
    """Look once, or until something is wrong. A log that does not answer is asked again."""
    while True:
        finding = watcher.look(from_zero=from_zero)
        _say(finding)
        if every is None or finding.code not in (WELL, UNREACHABLE):
            return finding
        time.sleep(every)


def _say(finding: Finding) -> None:
    first, *more = finding.lines()
    click.echo(f"{timestamp(utc_now())} {first}", err=finding.code != WELL)
    for line in more:
        click.echo(line, err=finding.code != WELL)


def _read_note(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MAX_CHECKPOINT_BYTES).decode("utf-8", "replace")


class _Bar:
    """A progress bar, for logs that are big enough to wait for."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None

    def show(self, done: int, total: int) -> None:
        """Show that `done` of `total` entries were rehashed."""
        if self._bar is None and total >= _BIG and done < total and sys.stderr.isatty():
            self._bar = tqdm(total=total, unit=" entries", unit_scale=True)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
            if done >= total:
                self._bar.close()
                self._bar = None
