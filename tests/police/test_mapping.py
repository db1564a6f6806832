"""A mapping reads columns and words of another shape, and refuses what could mean two things."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.police.mapping import BadMapping, ColumnMapping, plain_name, read_mapping
from portal.police.rows import COLUMNS

PLAIN = {
    "title": "A shape",
    "columns": {"crime_reference": ["Crime.URN"], "recorded_at": ["Created Date", "Recorded"]},
    "passed_over": ["Gender.1"],
    "values": {"offence_code": {"Rape of a  Female": "19C"}},
}


def read(**parts: object) -> ColumnMapping:
    return read_mapping("plain", json.dumps(PLAIN | parts), offence_titles={"burglary": "30A"})


@pytest.mark.parametrize("name", ["Date.From", "DATE_FROM", " Date-From ", "date..from"])
def test_a_name_is_the_same_whatever_a_tool_made_of_its_blanks(name: str) -> None:
    assert plain_name(name) == "date from"


def test_columns_get_the_formats_names_and_what_is_not_needed_none() -> None:
    header = ["CRIME URN", "created.date", "gender 1", "Something", "Offence Code", "postcode"]
    expected = ["crime_reference", "recorded_at", "", "Something", "offence_code", "postcode"]
    assert read().rename(header) == expected


def test_of_two_columns_for_one_the_first_in_the_mapping_counts() -> None:
    assert read().rename(["Recorded", "Created Date"]) == ["", "recorded_at"]
    assert read().rename(["Recorded"]) == ["recorded_at"]


def test_words_become_the_formats_values_and_others_stay() -> None:
    mapping = read(offence_titles=True)
    assert mapping.change("offence_code", "rape  of a female") == "19C"
    assert mapping.change("offence_code", "BURGLARY") == "30A"
    assert mapping.change("offence_code", "28E") == "28E"
    assert mapping.change("place", "Burglary") == "Burglary"
    assert read().change("offence_code", "burglary") == "burglary"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"more": 1}, "its parts are"),
        ({"columns": {"surname": ["Name"]}}, "no column surname"),
        ({"values": {"surname": {}}}, "no column surname"),
        ({"columns": {"place": ["Where"], "postcode": ["where"]}}, "two columns"),
        ({"columns": {"place": ["Gender 1"]}}, "both taken and passed over"),
    ],
)
def test_a_mapping_that_could_mean_two_things_is_refused_by_name(
    parts: dict[str, object], said: str
) -> None:
    with pytest.raises(BadMapping, match=f"plain.*{said}"):
        read(**parts)


@pytest.mark.parametrize("text", ["", "[]", '"x"', "{}", '{"title": "x"}'])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(BadMapping):
        read_mapping("plain", text, offence_titles={})


@given(st.lists(st.text(max_size=12) | st.sampled_from(["crime urn", "Recorded", *COLUMNS])))
def test_whatever_the_header_no_column_of_the_format_is_read_from_two_shapes_names(
    header: list[str],
) -> None:
    names = read().rename(header)
    assert len(names) == len(header)
    for name, shown in zip(names, header, strict=True):
        assert name in COLUMNS or name in ("", shown)
