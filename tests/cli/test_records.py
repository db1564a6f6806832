"""Loading a force's records from the command line: what is said, and what is left unchanged."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.cli.records import group
from portal.police.models import CrimeRecord
from portal.site import Site
from tests.rig.supplies import Row, file_of, row


def run(site: Site, *words: str) -> Result:
    return Flask("test").test_cli_runner().invoke(group(site), list(words))


def load(site: Site, path: Path, *, rows: int, force: str = "wiltshire", **more: str) -> Result:
    options = {"covers-from": "2026-02-01", "covers-to": "2026-02-28"} | more
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return run(site, "load", str(path), "--force", force, "--full", "--rows", str(rows), *words)


@pytest.fixture
def write(tmp_path: Path) -> "Write":
    return Write(tmp_path / "records.csv")


class Write:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, rows: list[Row]) -> Path:
        self.path.write_bytes(file_of(rows))
        return self.path


def test_a_loaded_file_says_what_it_changed(site: Site, write: Write) -> None:
    said = load(site, write([row(), row("54/2/26")]), rows=2)
    assert said.exit_code == 0, said.output
    assert "Rows taken: 2. Rows refused: 0." in said.output
    assert "Records: 2 new, 0 changed, 0 as before." in said.output


def test_each_refused_row_is_named_up_to_fifty_and_the_rest_counted(
    site: Site, write: Write
) -> None:
    rows = [row(f"54/{number}/26", recorded_at="Tuesday") for number in range(1, 61)]
    said = load(site, write([row("54/99/26"), *rows]), rows=61)
    assert said.exit_code == 0, said.output
    assert "line 3, recorded_at: not a date and time" in said.output
    assert said.output.count("recorded_at:") == 50
    assert "… and 10 more" in said.output
    assert "Tuesday" not in said.output


def test_a_wrong_count_stops_the_command_with_words_and_changes_nothing(
    site: Site, write: Write
) -> None:
    said = load(site, write([row()]), rows=7)
    assert said.exit_code == 1
    assert "7 rows; it holds 1" in said.output
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CrimeRecord)) == 0


def test_loading_again_says_that_nothing_changed(site: Site, write: Write) -> None:
    path = write([row()])
    assert load(site, path, rows=1).exit_code == 0
    said = load(site, path, rows=1)
    assert said.exit_code == 0
    assert "taken before" in said.output


def test_an_unknown_force_is_refused_in_words(site: Site, write: Write) -> None:
    said = load(site, write([row()]), rows=1, force="atlantis")
    assert said.exit_code == 1
    assert "atlantis" in said.output
    assert "Traceback" not in said.output


def test_a_day_that_does_not_exist_is_refused_with_an_example(site: Site, write: Write) -> None:
    said = load(site, write([row()]), rows=1, **{"covers-to": "2026-02-30"})
    assert said.exit_code == 2
    assert "2026-01-31" in said.output


def test_the_supplies_are_listed_newest_first(site: Site, write: Write) -> None:
    assert "No supply was taken yet" in run(site, "supplies").output
    load(site, write([row()]), rows=1)
    load(site, write([row(), row("54/2/26")]), rows=2)
    lines = run(site, "supplies", "--force", "wiltshire").output.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "1"]
    assert "2026-02-01 00:00 to 2026-03-01 00:00" in lines[0]
