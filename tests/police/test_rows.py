"""A whole row: the quick way through it hides nothing, and what its cells say together."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.police.cells import RefusedCell, clean
from portal.police.rows import COLUMNS, REQUIRED, CrimeRow, RowReader

CELLS = {
    "force": "wiltshire",
    "crime_reference": "54240012345",
    "recorded_at": "2024-01-15T10:30:00",
    "offence_code": "28E",
}


def read(cells: dict[str, str], now: datetime = datetime(2024, 7, 1, tzinfo=UTC)) -> CrimeRow:
    reader = RowReader(force_id="wiltshire", offence_known=bool, now=now)
    return reader.read(7, row_of(cells), unheard)


def row_of(cells: dict[str, str]) -> Sequence[str]:
    return [cells.get(column, "") for column in COLUMNS]


def unheard(_field: str, _reason: str) -> None:
    """A person who needs no notices."""


def test_the_required_columns_are_columns() -> None:
    assert set(REQUIRED) == set(CELLS) <= set(COLUMNS)


@given(st.text(alphabet=st.sampled_from("=+-@'\"| \t\x00\x1f\u200b\u202eaé1.,"), max_size=6))
def test_no_cell_that_needs_cleaning_gets_past_the_quick_look(text: str) -> None:
    try:
        expected: str | None = clean("place", text, unheard)
    except RefusedCell:
        expected = None
    row = {**CELLS, "place": text}
    if expected is None:
        with pytest.raises(RefusedCell, match="place"):
            read(row)
    else:
        assert read(row).place == (None if expected in ("", "-") else expected)


def test_a_time_is_in_the_future_from_a_day_ahead_on() -> None:
    recorded = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    assert read(CELLS, now=recorded.replace(day=14)).recorded_at == recorded
    with pytest.raises(RefusedCell, match="future"):
        read(CELLS, now=recorded.replace(day=14, minute=29))


def test_a_victim_cannot_be_born_in_the_future() -> None:
    with pytest.raises(RefusedCell, match="future"):
        read({**CELLS, "victim_date_of_birth": "2030-01-01"})


@pytest.mark.parametrize(
    "written", ["Avon and Somerset", "AVON-AND-SOMERSET", "avon  and somerset"]
)
def test_a_force_may_be_written_as_people_write_it(written: str) -> None:
    reader = RowReader(
        force_id="avon-and-somerset", offence_known=bool, now=datetime(2024, 7, 1, tzinfo=UTC)
    )
    assert reader.read(2, row_of({**CELLS, "force": written}), unheard).force == "avon-and-somerset"


def test_an_end_alone_says_until_when_it_can_have_happened() -> None:
    row = read({**CELLS, "occurred_to": "2024-01-14"})
    assert row.occurred_from is None
    assert row.occurred_to == datetime(2024, 1, 14, 23, 59, 59, tzinfo=UTC)


def test_a_start_with_its_time_and_no_end_leaves_the_end_open() -> None:
    assert read({**CELLS, "occurred_from": "2024-01-14 10:00"}).occurred_to is None
