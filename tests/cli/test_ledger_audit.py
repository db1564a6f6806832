"""Promises about `flask ledger audit`: its exit code and its words are what was found."""

import json
from dataclasses import replace

from click.testing import Result
from flask import Flask
from sqlalchemy import text

from portal.cli.ledger_audit import SHOWN, command
from portal.db import Database
from portal.site import Site
from tests.rig.audited import WITNESS
from tests.rig.superuser import tampering


def run(site: Site, *words: str) -> Result:
    return (
        Flask("test").test_cli_runner().invoke(command(site), ["--witness", str(WITNESS), *words])
    )


def test_a_clean_log_says_so_and_ends_with_0(lived: Site) -> None:
    said = run(lived)
    assert said.exit_code == 0, said.output
    assert "Nothing was found to be wrong." in said.output
    assert json.loads(run(lived, "--json").stdout)["count"] == 0


def test_findings_are_written_and_end_with_1(lived: Site) -> None:
    with tampering(lived.database) as connection:
        connection.execute(text("UPDATE ledger_openings SET kind = 'x'"))
    said = run(lived)
    assert said.exit_code == 1
    assert said.stdout.count("its column “kind” says something else") == SHOWN
    assert "column: … and" in said.stdout
    found = json.loads(run(lived, "--json").stdout)
    assert found["count"] == len(found["findings"]) > SHOWN
    assert {"what", "where", "words"} == set(found["findings"][0])


def test_a_database_that_cannot_be_read_ends_with_2(lived: Site, empty_database_url: str) -> None:
    empty = replace(lived, database=Database(empty_database_url))
    said = run(empty)
    assert said.exit_code == 2
    assert "nothing is known" in said.stderr
    empty.database.engine.dispose()


def test_a_key_that_is_no_witness_ends_with_2(lived: Site) -> None:
    said = Flask("test").test_cli_runner().invoke(command(lived), ["--witness", "x"])
    assert said.exit_code == 2
