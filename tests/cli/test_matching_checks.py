"""An audit's sample holds references and no more of anybody; its result shows its arithmetic."""

import csv
import io
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask

from portal.cli.jobs import warn_of_drift
from portal.cli.matching import group
from portal.cli.matching_checks import COLUMNS, read_checked, say_moved, write_sample
from portal.errors import Refused
from portal.matching.checking import ToCheck
from portal.matching.drifting import Moved
from portal.site import Site
from tests.matching.test_refitting import town
from tests.rig.town import look

NAMES_OF_ROWS = ("match", "allegation")  # drawn by chance, so they may spell any number


def run(site: Site, *words: str) -> Result:
    return Flask("test").test_cli_runner().invoke(group(site), list(words))


def test_a_sample_goes_out_without_anybody_s_name_and_its_result_comes_back_as_a_stated_error(
    site: Site, tmp_path: Path
) -> None:
    town(site)
    look(site)
    path = tmp_path / "sample.csv"
    said = run(site, "audit-sample", "--size", "500", str(path))
    assert said.exit_code == 0, said.output
    text = path.read_text()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) > 5
    for row in rows:
        said_of = [value for name, value in row.items() if name not in NAMES_OF_ROWS]
        for personal in ("Quill", "Ada", "1941", "SN1", "Harbour"):
            assert not any(personal in value for value in said_of)
    assert {row["force"] for row in rows} == {"wiltshire"}
    for number, row in enumerate(rows):
        row["right"] = "no" if number == 0 else ("YES" if number < 5 else "")
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    judged = run(site, "audit-result", str(path))
    assert judged.exit_code == 0, judged.output
    assert "Checked: 5, of which wrong: 1" in judged.output
    assert "Automatic matches that are wrong: 20.00 %" in judged.output


@pytest.mark.parametrize("cells", ["maybe,1.0", "yes,0", "yes,2", "yes,much", "yes,", ",1.0"])
def test_a_file_that_was_not_filled_in_right_is_refused_in_words(
    site: Site, tmp_path: Path, cells: str
) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(f"right,chance\n{cells}\n")
    with pytest.raises(Refused):
        read_checked(path)
    said = run(site, "audit-result", str(path))
    assert said.exit_code == 2
    assert "Traceback" not in said.output


def test_a_reference_cannot_become_a_formula() -> None:
    text = io.StringIO()
    one = ToCheck(uuid4(), uuid4(), "kent", "=1+1", 5.0, 0.5)
    write_sample([one], text)
    assert ",'=1+1,5.0000,0.5," in text.getvalue()


def test_nothing_moved_is_said_and_the_job_warns_of_nothing(site: Site) -> None:
    said = run(site, "drift")
    assert said.exit_code == 0
    assert "Nothing moved in the last 30 days, or too little came to tell." in said.output
    assert warn_of_drift(site) == 0


def test_a_level_that_moved_is_said_with_how_surely() -> None:
    line = say_moved(Moved("birth_date", "missing", 0.1, 0.5, 9.25))
    assert line == "birth_date, missing: from 10.0 % to 50.0 % (9.2 standard errors)"


def test_errors_by_group_are_a_table_and_small_cells_stay_unpublished(site: Site) -> None:
    assert "nothing to say it of yet" in run(site, "fairness").output
    town(site)
    said = run(site, "fairness", "--reports", "100")
    assert said.exit_code == 0, said.output
    assert "## Errors by group" in said.output
    assert "| force | wiltshire | too few | too few | too few |" in said.output
