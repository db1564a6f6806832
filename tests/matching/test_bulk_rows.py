"""A side as a plain row: what a slip turns into, and what no row can hold."""

import pytest

from portal.matching.bulk_rows import (
    RECORD_COLUMNS,
    REPORT_COLUMNS,
    record_row,
    report_row,
    turned,
)
from portal.matching.model import load_model
from portal.matching.sides import PersonSide, person_side, record_side, report_side

MODEL = load_model()


def test_a_row_has_the_columns_that_its_table_has() -> None:
    for side in (
        report_side(victim=person_side(name="Alex Fen")),
        report_side(references=["x\x001"]),
    ):
        assert list(sorted(report_row(1, side, 0, MODEL))) == sorted(REPORT_COLUMNS)
    for victims in ((), (person_side(name="Alex Fen"),), (PersonSide(), PersonSide())):
        assert sorted(record_row(1, record_side(victims=victims))) == sorted(RECORD_COLUMNS)


def test_two_neighbours_can_be_turned_and_no_others() -> None:
    assert turned("abca") == ["abac", "acba", "baca"]
    assert turned("aa") == turned("a") == turned("") == []


@pytest.mark.parametrize(
    ("name", "sign"), [("A\u200bB Fen", False), ("Ann\u2028Fen", False), ("Ann Fen", False)]
)
def test_hostile_signs_are_no_part_of_a_name_that_stands_in_a_row(name: str, sign: bool) -> None:
    row = record_row(1, record_side(victims=[person_side(name=name)]))
    assert row["odd"] is sign


def test_a_common_name_says_so_in_its_row() -> None:
    row = report_row(1, report_side(victim=person_side(name="John Brightwater")), 0, MODEL)
    band = MODEL.forename_bands["john"]
    assert (row["forename_same"], row["surname_same"]) == (f"same-{band}", "same-5")
    assert row["forename_as_surname"] == "same-5"
    assert band < 5


def test_a_person_with_two_telephones_or_a_record_with_two_victims_is_no_plain_row() -> None:
    two = person_side(name="Alex Fen", telephones=["07700900123", "07700900124"])
    assert report_row(1, report_side(victim=two), 0, MODEL)["odd"] is True
    both = (person_side(name="Alex Fen"), person_side(name="Jo Fen"))
    assert record_row(1, record_side(victims=both))["odd"] is True
    assert record_row(1, record_side(victims=both[:1]))["odd"] is False
