"""A wrong data file stops the product with the file, the line and the reason."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.reference.categories import all_categories
from portal.reference.files import DATA, BadDataFile
from portal.reference.forces import all_forces, forces_for_place, forces_for_postcode
from portal.reference.offences import all_offences, family_links
from portal.reference.outcomes import all_outcomes, all_removals
from portal.reference.rules import all_rules

Loader = Callable[[Path], object]


def forces_of_areas(directory: Path) -> object:
    return forces_for_postcode("SN1", directory)


def forces_of_places(directory: Path) -> object:
    return forces_for_place("Swindon", directory)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the data for an administrator to spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def refusal(load: Loader, directory: Path) -> BadDataFile:
    with pytest.raises(BadDataFile) as caught:
        load(directory)
    return caught.value


@pytest.mark.parametrize(
    ("load", "file", "old", "new", "reason"),
    [
        (all_offences, "offences.csv", ",5.3967", ",much", "not a number"),
        (all_offences, "offences.csv", ",5.3967", ",-1", "more than 0"),
        (all_offences, "offences.csv", ",5.3967", ",nan", "more than 0"),
        (all_offences, "offences.csv", "58A,", "58B,", "58B comes twice"),
        (all_offences, "offences.csv", "58A,", "058a,", "the code is written 58A"),
        (all_offences, "offences.csv", "58A,", "58Z,", "offence_kinds.csv has no row for 58Z"),
        (all_offences, "offences.csv", "58A,", "58A,,", "5 cells instead of 4"),
        (all_offences, "offences.csv", "58A,", '"58A,', "not CSV"),
        (all_offences, "offence_kinds.csv", "rape sexual person", "rapes", "unknown flag rapes"),
        (family_links, "downgrades.csv", "rape,sexual", "rape,sexy", "no offence belongs"),
        (
            family_links,
            "downgrades.csv",
            "arson,criminal-damage",
            "arson,arson",
            "names one family",
        ),
        (family_links, "related.csv", "child-sexual,", ",", "family is empty"),
        (all_forces, "forces.csv", "wiltshire,", "Wilt shire,", "small letters"),
        (forces_of_areas, "postcode_areas.csv", "SN,wilt", "SN,kilt", "no such force"),
        (forces_of_areas, "postcode_areas.csv", "SR,", "SN,", "SN comes twice"),
        (forces_of_places, "places.csv", "Swindon,wilt", "Swindon,kilt", "no such force"),
        (all_outcomes, "outcomes.csv", "\n8,", "\neight,", "not a whole number"),
        (all_removals, "removals.csv", "C4,", "X4,", "neither C"),
        (all_rules, "recording_rules.csv", "2015-04-01,,", "2015-04-02,,", "the day after"),
        (all_rules, "recording_rules.csv", ",24,24,48,", ",24,25,48,", "at most 24"),
        (all_rules, "recording_rules.csv", ",24,24,48,", ",0,24,48,", "whole hours"),
        (all_rules, "recording_rules.csv", "2015-03-31,", ",", "the day after"),
        (all_rules, "recording_rules.csv", "2015-04-01,,", "2015-04-01,2020-01-01,", "be empty"),
        (all_categories, "categories.csv", "28E,gentle", "58A,gentle", "lead_code"),
        (all_categories, "categories.csv", ",39,39,", ",39 1Z,39,", "no code 1Z"),
        (all_categories, "categories.csv", "gentle open", "gentle", "not both"),
    ],
)
def test_a_spoiled_file_is_refused_with_its_name_line_and_reason(
    copied: Path, load: Loader, file: str, old: str, new: str, reason: str
) -> None:
    text = (copied / file).read_text(encoding="utf-8")
    assert old in text
    (copied / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    error = refusal(load, copied)
    assert (error.file, reason in error.reason) == (file, True), error
    assert error.line > 1
    assert file in error.message
    assert str(error.line) in error.message


def test_a_missing_file_is_refused(copied: Path) -> None:
    (copied / "forces.csv").unlink()
    assert refusal(all_forces, copied).reason == "there is no such file"


def test_a_missing_column_is_refused(copied: Path) -> None:
    (copied / "forces.csv").write_text("force_id\nwiltshire\n", encoding="utf-8")
    assert "the columns must be" in refusal(all_forces, copied).reason


def test_a_file_without_rows_is_refused(copied: Path) -> None:
    (copied / "outcomes.csv").write_text("outcome_type,title,group\n", encoding="utf-8")
    assert refusal(all_outcomes, copied).reason == "it holds no rows"


def test_a_file_that_is_not_utf_8_is_refused(copied: Path) -> None:
    (copied / "outcomes.csv").write_bytes(b"outcome_type,title,group\n1,\xff,x\n")
    assert "UTF-8" in refusal(all_outcomes, copied).reason


def test_a_file_saved_by_a_spreadsheet_with_a_byte_order_mark_is_read(copied: Path) -> None:
    text = (copied / "outcomes.csv").read_text(encoding="utf-8")
    (copied / "outcomes.csv").write_text(text, encoding="utf-8-sig")
    assert all_outcomes(copied) == all_outcomes()


def test_every_data_file_is_explained_with_its_source() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in DATA.iterdir()} - {"README.md"}
    assert {file for file in files if f"`{file}`" not in readme} == set()
    assert "Open Government Licence v3.0" in readme
