"""One cell at a time: times in London, codes, and what a spreadsheet leaves behind."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import LONDON
from portal.police.cells import (
    RefusedCell,
    birth_date,
    clean,
    crime_reference,
    incident_code,
    moment,
    optional_moment,
    optional_text,
    outcome,
    postcode,
    removal,
)


def unheard(_field: str, _reason: str) -> None:
    """A person who needs no notices."""


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_every_london_time_becomes_the_instant_that_the_zone_says(when: datetime) -> None:
    found = moment("recorded_at", when.isoformat(), unheard)
    assert found.at == when.replace(tzinfo=LONDON).astimezone(UTC)
    assert found.at.tzinfo is UTC


@given(st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_time_with_its_zone_is_kept_to_the_second_and_needs_no_notice(when: datetime) -> None:
    heard: list[str] = []
    text = when.astimezone(LONDON).isoformat()
    assert moment("recorded_at", text, lambda field, _: heard.append(field)).at == when
    assert heard == []


@pytest.mark.parametrize(("day", "hours"), [("2024-03-31", 23), ("2024-10-27", 25)])
def test_a_day_on_which_the_clocks_change_ends_when_london_says(day: str, hours: int) -> None:
    found = moment("occurred_from", day, unheard)
    assert found.end - found.at == timedelta(hours=hours) - timedelta(seconds=1)


@given(st.text(max_size=40))
def test_a_time_is_read_or_refused_and_never_fails_otherwise(text: str) -> None:
    try:
        found = optional_moment("reported_at", text, unheard)
    except RefusedCell:
        return
    assert found is None or found.at.tzinfo is UTC


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_a_time_at_the_edge_of_what_can_be_counted_is_refused_and_no_crash(text: str) -> None:
    with pytest.raises(RefusedCell):
        moment("recorded_at", text, unheard)


def test_a_date_of_birth_keeps_its_day_whatever_the_time_zone() -> None:
    born = birth_date("1990-06-01T00:00:00", unheard)
    assert born is not None
    assert born.isoformat() == "1990-06-01"
    with pytest.raises(RefusedCell):
        birth_date("1849-12-31", unheard)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("N100/2", "N100/2"),
        ("n 100 3", "N100/3"),
        ("N100", "N100"),
        ("N1000", None),
        ("100/1", None),
    ],
)
def test_an_n100_is_known_in_every_way_of_writing_it(text: str, code: str | None) -> None:
    assert incident_code(text) == code


@given(st.text(max_size=12))
def test_codes_and_postcodes_are_read_or_refused_and_never_fail_otherwise(text: str) -> None:
    found = outcome(text, unheard)
    assert found is None or 1 <= found <= 22
    area = postcode(text, unheard)
    assert area is None or area.isascii()
    with suppress(RefusedCell):
        assert removal(text, unheard) in (None, "C1", "C2", "C3", "C4", "C5")


def test_a_reference_with_an_e_in_it_is_not_taken_for_a_shortened_number() -> None:
    assert crime_reference("54E/12345/24", unheard) == "54E/12345/24"
    with pytest.raises(RefusedCell):
        crime_reference("5,424E+10", unheard)


def test_words_for_nothing_are_nothing_and_a_number_is_kept() -> None:
    assert optional_text("incident_number", "NO INCIDENT LINKED", unheard) is None
    assert optional_text("incident_number", "12", unheard) == "12"


def test_a_name_that_begins_with_an_apostrophe_keeps_it() -> None:
    assert clean("victim_name", "'t Hooft", unheard) == "'t Hooft"


@given(st.text(max_size=30) | st.text(alphabet="='\"+1 -a", max_size=8))
def test_a_cleaned_cell_is_never_a_formula_and_stays_as_it_is(text: str) -> None:
    try:
        once = clean("place", text, unheard)
    except RefusedCell:
        return
    assert once == "-" or not once.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert clean("place", once, unheard) == once
