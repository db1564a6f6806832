"""What an analyst's file becomes: rows, refusals and notices."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.police.feed import (
    COLUMNS,
    BrokenFile,
    CrimeRow,
    Notice,
    Refusal,
    decode,
    parse,
)

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
TOKEN = "aB3_-" + "x" * 17
PLAIN = {
    "force": "wiltshire",
    "crime_reference": "54240012345",
    "recorded_at": "2024-01-15T10:30:00",
    "offence_code": "28E",
}


def known(code: str) -> bool:
    return code in {"28E", "19C", "58A"}


def read(lines: list[str]) -> list[CrimeRow | Refusal | Notice]:
    return list(parse(lines, force_id="wiltshire", offence_known=known, now=NOW))


def file_of(*rows: dict[str, str]) -> list[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    quoted = [
        ",".join('"' + row.get(name, "").replace('"', '""') + '"' for name in names) for row in rows
    ]
    return [",".join(names) + "\r\n", *(line + "\r\n" for line in quoted)]


def read_one(**cells: str) -> tuple[CrimeRow, list[Notice]]:
    """The row of a file of one, and its notices; fails when the row was refused."""
    found = read(file_of({**PLAIN, **cells}))
    row = found[-1]
    assert isinstance(row, CrimeRow), row
    return row, [one for one in found[:-1] if isinstance(one, Notice)]


def refused(**cells: str) -> Refusal:
    """The only thing that a file of one wrong row gives."""
    (found,) = read(file_of({**PLAIN, **cells}))
    assert isinstance(found, Refusal), found
    return found


def test_a_full_row_is_read_with_every_column_in_any_order() -> None:
    cells = {
        **PLAIN,
        "incident_number": "54240000987",
        "reported_at": "2024-01-15T09:00:00+00:00",
        "occurred_from": "14/01/2024 22:00",
        "occurred_to": "2024-01-15 06:30",
        "postcode": "sn11aa",
        "place": "High Street, Swindon",
        "victim_name": "Zoë O'Neill",
        "victim_date_of_birth": "3/2/1990",
        "outcome_type": "18",
        "outcome_date": "2024-06-12",
        "removal_code": "",
        "victim_telephone": "+44 (0)7700 900123",
        "victim_email": "zoe@example.org",
        "token_key": "2026-1",
        "victim_name_tokens": f"f:{TOKEN} s:{TOKEN}",
        "victim_birth_tokens": f"b:{TOKEN} z:{TOKEN}",
        "victim_telephone_tokens": f"t:{TOKEN}",
        "victim_email_tokens": f"e:{TOKEN}",
        "place_tokens": f"u:{TOKEN} w:{TOKEN}",
    }
    assert set(cells) == set(COLUMNS)
    (row,) = read(file_of(dict(reversed(cells.items()))))
    assert row == CrimeRow(
        line=2,
        force="wiltshire",
        crime_reference="54240012345",
        reference_key="54240012345",
        incident_number="54240000987",
        recorded_at=datetime(2024, 1, 15, 10, 30, tzinfo=UTC),
        recorded_day_only=False,
        reported_at=datetime(2024, 1, 15, 9, tzinfo=UTC),
        reported_day_only=False,
        occurred_from=datetime(2024, 1, 14, 22, tzinfo=UTC),
        occurred_to=datetime(2024, 1, 15, 6, 30, tzinfo=UTC),
        offence_code="28E",
        offence_known=True,
        postcode="SN1 1AA",
        place="High Street, Swindon",
        victim_name="Zoë O'Neill",
        victim_date_of_birth=date(1990, 2, 3),
        outcome_type=18,
        outcome_at=datetime(2024, 6, 11, 23, tzinfo=UTC),
        removal_code=None,
        is_incident=False,
        incident_code=None,
        victim_telephone="+44 (0)7700 900123",
        victim_email="zoe@example.org",
        victim_tokens="2026-1 " + " ".join(f"{letter}:{TOKEN}" for letter in "fsbzte"),
        place_tokens=f"2026-1 u:{TOKEN} w:{TOKEN}",
    )


def test_the_four_required_columns_are_enough() -> None:
    row, notices = read_one()
    assert (row.victim_name, row.occurred_from, row.outcome_type) == (None, None, None)
    assert notices == []


def test_a_byte_order_mark_does_not_hide_the_first_column() -> None:
    lines = file_of(PLAIN)
    assert isinstance(read(["\ufeff" + lines[0], *lines[1:]])[0], CrimeRow)
    raw = ("\ufeff" + "".join(lines)).encode().splitlines(keepends=True)
    assert isinstance(read(list(decode(raw)))[0], CrimeRow)


def test_one_crime_on_several_rows_gives_each_row_for_the_service_to_merge() -> None:
    found = read(
        file_of({**PLAIN, "victim_name": "Ann Example"}, {**PLAIN, "victim_name": "Bo Example"})
    )
    rows = [row for row in found if isinstance(row, CrimeRow)]
    assert [row.victim_name for row in rows] == ["Ann Example", "Bo Example"]
    assert [row.line for row in rows] == [2, 3]


def test_no_incident_linked_is_no_incident_number_and_no_date() -> None:
    words = "No incident linked"
    row, notices = read_one(incident_number=words, reported_at=words)
    assert (row.incident_number, row.reported_at) == (None, None)
    assert {one.field for one in notices} == {"incident_number", "reported_at"}


@pytest.mark.parametrize("words", ["CANCELLED", "No outcome date", "n/a", "-"])
def test_words_in_a_date_column_are_taken_as_no_date(words: str) -> None:
    row, notices = read_one(outcome_date=words)
    assert row.outcome_at is None
    assert [one.field for one in notices] == ["outcome_date"]


def test_words_instead_of_the_recorded_time_refuse_the_row() -> None:
    assert refused(recorded_at="CANCELLED").field == "recorded_at"


def test_an_offence_after_its_report_is_taken_with_a_notice() -> None:
    row, notices = read_one(reported_at="2024-01-15 09:00", occurred_from="2024-01-16 09:00")
    assert row.occurred_from == datetime(2024, 1, 16, 9, tzinfo=UTC)
    assert notices == [Notice(2, "occurred_from", "occurred after it was reported; taken as it is")]


def test_an_unknown_offence_code_is_taken_so_that_no_false_alert_follows() -> None:
    row, notices = read_one(offence_code="8U")
    assert (row.offence_code, row.offence_known) == ("8U", False)
    assert [one.field for one in notices] == ["offence_code"]


@pytest.mark.parametrize("written", ["N100/1", "N1001", "n100 1", "N100-1"])
@pytest.mark.parametrize("column", ["offence_code", "outcome_type", "removal_code"])
def test_an_n100_is_never_a_crime_record_in_whichever_column(written: str, column: str) -> None:
    row, _ = read_one(**{"offence_code": "19C", column: written})
    assert (row.is_incident, row.incident_code) == (True, "N100/1")
    assert (row.outcome_type, row.removal_code) == (None, None)


def test_a_rape_that_was_recorded_is_not_taken_for_an_n100() -> None:
    assert read_one(offence_code="19C")[0].is_incident is False


@pytest.mark.parametrize("spoiled", ["5.424E+10", "5E+10", "5.42400123e10"])
def test_a_reference_that_excel_shortened_is_refused_and_says_so(spoiled: str) -> None:
    refusal = refused(crime_reference=spoiled)
    assert refusal.field == "crime_reference"
    assert "Excel has shortened" in refusal.reason


def test_a_reference_that_excel_made_a_date_is_refused() -> None:
    assert "made a date" in refused(crime_reference="24-Jan").reason


@pytest.mark.parametrize("wrapped", ['="54240012345"', "'54240012345", "54240012345.0"])
def test_what_excel_puts_around_a_reference_comes_off(wrapped: str) -> None:
    row, notices = read_one(crime_reference=wrapped)
    assert row.crime_reference == "54240012345"
    assert [one.field for one in notices] == ["crime_reference"]


@pytest.mark.parametrize("text", ["000", "unknown", "Дело 12", "/"])
def test_a_reference_that_nothing_can_be_compared_with_is_refused(text: str) -> None:
    assert refused(crime_reference=text).field == "crime_reference"


@pytest.mark.parametrize("column", ["place", "victim_name", "crime_reference", "offence_code"])
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", " =", "'=", "\u200b="])
def test_a_formula_refuses_its_row_whichever_column_holds_it(column: str, start: str) -> None:
    refusal = refused(**{column: start + "1+1"})
    assert refusal.field == column
    assert "formula" in refusal.reason


def test_a_formula_inside_excels_wrapping_is_still_a_formula() -> None:
    assert "formula" in refused(place='="=1+1"').reason


@pytest.mark.parametrize(("old", "new"), [("1A", 1), ("2a", 2), ("3A", 3)])
def test_old_outcome_types_with_an_a_become_the_type_of_today(old: str, new: int) -> None:
    row, notices = read_one(outcome_type=old)
    assert row.outcome_type == new
    assert [one.field for one in notices] == ["outcome_type"]


@pytest.mark.parametrize(("written", "notices"), [("", 0), ("0", 0), ("66", 1), ("99", 1)])
def test_an_outcome_that_is_none_is_taken_as_none(written: str, notices: int) -> None:
    row, found = read_one(outcome_type=written)
    assert row.outcome_type is None
    assert len(found) == notices


def test_a_removal_code_in_the_outcome_column_is_a_removal() -> None:
    row, notices = read_one(outcome_type="c3")
    assert (row.outcome_type, row.removal_code) == (None, "C3")
    assert [one.field for one in notices] == ["outcome_type"]


def test_a_removal_code_that_nobody_knows_refuses_its_row() -> None:
    assert refused(removal_code="C9").field == "removal_code"


@pytest.mark.parametrize("column", ["place", "victim_name", "crime_reference", "recorded_at"])
def test_a_cell_of_ten_thousand_characters_is_refused(column: str) -> None:
    assert refused(**{column: "1" * 10_000}).field == column


@pytest.mark.parametrize("column", ["recorded_at", "reported_at", "occurred_to", "outcome_date"])
@pytest.mark.parametrize("day", ["3000-01-01", "1899-12-31", "2024-07-03 00:00", "01/01/0001"])
def test_a_time_before_1900_or_more_than_a_day_ahead_is_refused(column: str, day: str) -> None:
    assert refused(**{column: day}).field == column


@pytest.mark.parametrize(
    "text",
    ["2024-13-01", "31/02/2024", "45413.5", "1/2/24", "20240501", "2024-W18-1", "5 May 2024"],
)
def test_a_date_in_another_form_is_refused_and_not_guessed(text: str) -> None:
    assert refused(recorded_at=text).field == "recorded_at"


def test_a_time_without_a_zone_is_london_time() -> None:
    row, _ = read_one(recorded_at="15/06/2024 10:30:15")
    assert row.recorded_at == datetime(2024, 6, 15, 9, 30, 15, tzinfo=UTC)


def test_the_hour_that_comes_twice_in_october_is_the_first_one_and_says_so() -> None:
    row, notices = read_one(recorded_at="2023-10-29T01:30:00")
    assert row.recorded_at == datetime(2023, 10, 29, 0, 30, tzinfo=UTC)
    assert "came twice" in notices[0].reason


def test_the_hour_that_never_was_in_march_is_an_hour_later_and_says_so() -> None:
    row, notices = read_one(recorded_at="2024-03-31 01:30")
    assert row.recorded_at == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert "forward" in notices[0].reason


def test_a_recorded_day_without_a_time_is_marked() -> None:
    row, notices = read_one(recorded_at="2024-06-15", reported_at="2024-06-14")
    assert row.recorded_at == datetime(2024, 6, 14, 23, tzinfo=UTC)
    assert (row.recorded_day_only, row.reported_day_only) == (True, True)
    assert [one.field for one in notices] == ["recorded_at"]


def test_a_day_of_occurrence_lasts_to_its_end() -> None:
    row, _ = read_one(occurred_from="2024-03-31")
    assert row.occurred_from == datetime(2024, 3, 31, tzinfo=UTC)
    assert row.occurred_to == datetime(2024, 3, 31, 22, 59, 59, tzinfo=UTC)


def test_a_range_written_backwards_is_turned_round() -> None:
    row, notices = read_one(occurred_from="2024-02-02 12:00", occurred_to="2024-02-01 12:00")
    assert row.occurred_from == datetime(2024, 2, 1, 12, tzinfo=UTC)
    assert row.occurred_to == datetime(2024, 2, 2, 12, tzinfo=UTC)
    assert [one.field for one in notices] == ["occurred_to"]


def test_a_record_of_another_force_is_refused() -> None:
    assert refused(force="kent").field == "force"
    assert read_one(force="Wiltshire")[0].force == "wiltshire"


@pytest.mark.parametrize("column", list(PLAIN))
def test_an_empty_required_cell_refuses_the_row(column: str) -> None:
    refusal = refused(**{column: ""})
    assert (refusal.line, refusal.field) == (2, column)
    assert refusal.reason == "empty, and every row needs it"


def test_a_refused_row_names_its_crime_so_that_it_does_not_count_as_missing() -> None:
    assert refused(recorded_at="soon").reference_key == "54240012345"
    assert refused(crime_reference="5.424E+10").reference_key == ""
    assert refused(force="kent").reference_key == ""


def test_a_row_with_the_wrong_number_of_cells_is_refused_and_the_rest_taken() -> None:
    lines = file_of(PLAIN, PLAIN)
    found = read([lines[0], "wiltshire,1\r\n", "\r\n", ",,,\r\n", lines[1]])
    assert [type(one) for one in found] == [Refusal, Notice, CrimeRow]
    assert [one.line for one in found] == [2, 4, 5]


def test_a_line_break_inside_a_cell_refuses_that_row_and_names_all_its_lines() -> None:
    lines = file_of(PLAIN, {**PLAIN, "place": ""})
    found = read([lines[0], 'wiltshire,54240012345,"2024\n', '-01-15",28E,\n', lines[2]])
    assert found[0] == Refusal(2, "row", "a cell holds a line break: lines 2 to 3")
    assert isinstance(found[1], CrimeRow)
    assert found[1].line == 4


def test_a_column_outside_the_format_is_passed_over_with_a_notice() -> None:
    row, notices = read_one(Officer="=HYPERLINK()")
    assert row.crime_reference == "54240012345"
    assert [(one.line, one.field) for one in notices] == [(1, "officer")]


SECRET = "Quetzal"


def test_nothing_personal_shows_when_a_row_is_written_to_a_log() -> None:
    row, _ = read_one(victim_name=SECRET, place=SECRET, postcode="SN1 1AA")
    assert row.victim_name == row.place == SECRET
    assert SECRET not in repr(row)
    assert "SN1" not in repr(row)


@given(
    column=st.sampled_from([c for c in COLUMNS if c not in ("place", "victim_name")]),
    around=st.sampled_from(["", "=", "2024-01-01", "5E+10", "\x01", "9" * 600]),
)
def test_no_reason_ever_repeats_what_a_cell_held(column: str, around: str) -> None:
    for found in read(file_of({**PLAIN, column: around + SECRET})):
        if not isinstance(found, CrimeRow):
            assert SECRET.casefold() not in found.reason.casefold()


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=40)))
def test_whatever_the_cells_hold_a_row_is_read_or_refused_once(cells: dict[str, str]) -> None:
    try:
        found = read(file_of({**PLAIN, **cells}))
    except BrokenFile:
        assert any("\0" in cell for cell in cells.values())
        return
    assert sum(not isinstance(one, Notice) for one in found) <= 1
    for row in found:
        if isinstance(row, CrimeRow):
            assert row.reference_key
            assert row.recorded_at.tzinfo is UTC


def test_the_example_that_analysts_are_given_names_every_column_and_is_taken() -> None:
    text = (Path(__file__).parents[2] / "docs/crime-records-format.md").read_text(encoding="utf-8")
    example = text.split("```")[1].strip().splitlines(keepends=True)
    assert set(example[0].strip().split(",")) == {
        column for column in COLUMNS if "token" not in column
    }
    assert all(f"| `{column}` |" in text for column in COLUMNS)
    found = parse(example, force_id="wiltshire", offence_known=bool, now=NOW)
    assert [type(one) for one in found] == [CrimeRow] * (len(example) - 1)
