"""`flask matching rerun` says what it compared, what differed; when asked changes nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import pytest
from click.exceptions import Exit
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from portal.cli.json_lines import JsonLines
from portal.cli.matching import group
from portal.matching.in_processes import Untold
from portal.matching.models import Match
from portal.matching.service import propose
from portal.police.models import Supply
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report
from tests.rig.supplies import row, take

SECRET = "Pangolina Quill of /srv/db.example"


def fill(site: Site, clock: HandClock) -> None:
    file_report(
        site, happened=clock() - timedelta(hours=14), told_how={"crime_reference": "54/7/26"}
    )
    cells = {"offence_code": "28E", "occurred_from": "2026-03-01 18:00"}
    take(site, [row("54/7/26", recorded_at="2026-03-01 23:30", **cells), row("54/8/26")])
    propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())


def run(site: Site, *words: str) -> Result:
    return Flask("test").test_cli_runner().invoke(group(site), ["rerun", *words])


def spoil(site: Site) -> None:
    with site.database.transaction() as session:
        session.scalars(select(Match).where(Match.state == "accepted")).one().total = 1.0


def test_a_run_says_that_everything_stands_as_it_should(site: Site, clock: HandClock) -> None:
    fill(site, clock)
    said = run(site)
    assert said.exit_code == 0, said.output
    assert "Reports: 1. Crime records: 2." in said.output
    assert "1 stand as they should; 0 stood otherwise, and were put right." in said.output


def test_a_check_says_how_many_stand_otherwise_with_a_code_of_its_own_and_changes_nothing(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock)
    spoil(site)
    for words, code, what in (
        (["--check"], 1, "0 stand as they should; 1 stand otherwise."),
        (["--check"], 1, "1 stand otherwise."),
        (["--memory-limit", "300MB", "--processes", "2"], 0, "1 stood otherwise, and were put"),
        (["--check"], 0, "1 stand as they should; 0 stand otherwise."),
    ):
        said = run(site, *words)
        assert (said.exit_code, what in said.output) == (code, True), said.output


def test_a_report_that_waits_for_the_job_is_left_to_it(site: Site, clock: HandClock) -> None:
    fill(site, clock)
    file_report(site)
    said = run(site)
    assert said.exit_code == 0, said.output
    assert "1 wait for the matching job anyhow, and were left to it." in said.output


def test_nobody_runs_it_while_the_job_is_at_work(site: Site) -> None:
    with site.database.only_one("job-match") as mine:
        assert mine
        said = run(site)
    assert said.exit_code == 2
    assert "The matching job is at work. Try again in a minute." in said.output


@pytest.mark.parametrize("limit", ["lots", "", "0GB", "4", "4GB; DROP"])
def test_a_limit_that_is_none_is_told_how_to_write_it(site: Site, limit: str) -> None:
    said = run(site, "--memory-limit", limit)
    assert said.exit_code == 2
    assert "Write it like 512MB or 4GB." in said.output


def test_too_little_memory_is_said_without_a_traceback(site: Site, clock: HandClock) -> None:
    fill(site, clock)
    said = run(site, "--memory-limit", "1MB")
    assert said.exit_code == 2
    assert "Give more: --memory-limit." in said.output


def test_what_does_not_open_is_counted_and_the_run_was_not_of_all(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock)
    with site.database.transaction() as session:
        session.execute(update(Supply).values(wrapped_key=bytes(64)))
    for words in (["--check"], []):
        said = run(site, *words)
        assert said.exit_code == 2
        assert "1 stand as they should; 0 stand otherwise" in said.output.replace("stood", "stand")
        assert "0 reports and 2 crime records do not open" in said.output
        assert "ON_RECORD_OLDER_SEALING_KEYS" in said.output


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (KeyboardInterrupt(), "it was stopped"),
        (MemoryError(), "the memory of this machine did not suffice (MemoryError)"),
        (
            OperationalError("SELECT 1", {}, OSError(f"no route to {SECRET}")),
            "the database did not do what it was asked (OperationalError)",
        ),
        (
            duckdb.ConversionException(f"Could not convert {SECRET}"),
            "DuckDB did not do what it was asked (ConversionException)",
        ),
        (EOFError(SECRET), "this machine, or a connection, failed (EOFError)"),
        (PermissionError(13, SECRET), "this machine, or a connection, failed (PermissionError)"),
        (KeyError(SECRET), "there is a fault in this program (KeyError)"),
        (Untold("LookupError"), "there is a fault in this program (LookupError)"),
        (Exit(0), "there is a fault in this program (Exit)"),
    ],
)
def test_a_run_that_was_cut_short_is_no_difference_and_shows_nothing_of_what_was_in_hand(
    site: Site, caplog: pytest.LogCaptureFixture, fault: BaseException, why: str
) -> None:
    def fail() -> datetime:
        raise fault

    said = run(replace(site, now=fail))
    assert said.exit_code == 2
    assert f"did not come to its end: {why}." in said.output
    assert ("The log says where." in said.output) == (why != "it was stopped")
    assert "It is safe to run it again." in said.output
    assert SECRET not in said.output
    lines = [JsonLines().format(one) for one in caplog.records]
    assert SECRET not in "".join(lines)
    # A stop is no fault. Of all else the log says where it came about.
    assert [":fail" in one for one in lines] == [True] * (why != "it was stopped")


def test_work_is_not_shared_out_among_nobody(site: Site) -> None:
    said = run(site, "--processes", "0")
    assert said.exit_code == 2
    assert "0 is not in the range x>=1" in said.output
