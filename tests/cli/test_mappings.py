"""Promises about `flask mappings`: a force's own export is read by the shape chosen for it."""

from pathlib import Path

from click.testing import Result
from flask import Flask

from portal.cli import records
from portal.cli.mappings import group
from portal.site import Site


def _run(site: Site, *words: str) -> Result:
    return Flask("test").test_cli_runner().invoke(group(site), list(words))


def test_every_shape_is_listed_with_the_forces_that_use_it(site: Site) -> None:
    assert "from now on" in _run(site, "use", "wiltshire", "crime-urn").output
    listed = _run(site, "list").output
    assert "crime-urn  wiltshire  " in listed
    assert "sub-group  -  " in listed
    assert "in the format itself" in _run(site, "use", "wiltshire", "none").output
    assert "wiltshire" not in _run(site, "list").output


def test_a_shape_or_a_force_that_is_not_there_is_said_in_words(site: Site) -> None:
    unknown = _run(site, "use", "wiltshire", "none-such")
    assert unknown.exit_code == 1
    assert "There are: crime-ref-no" in unknown.output
    assert "no such force" in _run(site, "use", "atlantis", "crime-urn").output


def test_a_file_of_that_shape_is_then_loaded(site: Site, tmp_path: Path) -> None:
    _run(site, "use", "wiltshire", "crime-urn")
    file = tmp_path / "export.csv"
    file.write_text(
        "CrimeURN,Created.Date,HO.Text,Disposal.Code\n"
        "54240012345,03/02/2026 10:15,Burglary - Residential,\n"
    )
    options = ["--covers-from", "2026-02-01", "--covers-to", "2026-02-28", "--full", "--rows", "1"]
    words = ["load", str(file), "--force", "wiltshire", *options]
    said = Flask("test").test_cli_runner().invoke(records.group(site), words)
    assert "Rows taken: 1. Rows refused: 0." in said.output, said.output
