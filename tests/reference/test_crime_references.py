"""References typed by people and by systems: what counts as the same, and what never may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reference.crime_references import (
    may_be_of_call,
    normalise_incident_number,
    normalise_reference,
    number_keys,
    reference_keys,
)


@pytest.mark.parametrize(
    "typed",
    [
        "54240012345",
        "54 240012345",
        "0054240012345",
        "54/240012345/",
        "54/24/0012345",
        "5424-0012345",
        "crime ref no: 54240012345",
        "#54240012345.",
        "54\u200b240012345",
        "\u202e54240012345",
        "５４２４００１２３４５",
        "54\u00a0240012345",
    ],
)
def test_the_ways_a_victim_types_a_national_reference_are_one(typed: str) -> None:
    assert normalise_reference(typed) == "54240012345"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cr/0012345/24", "CR 12345 24"),
        ("46/0012345/24", "46-12345-24"),
        ("20BW/0123F/24", "20 bw 123f 24"),
        ("01/240012345", "1240012345"),
    ],
)
def test_case_spaces_slashes_and_leading_zeros_make_no_difference(one: str, other: str) -> None:
    assert normalise_reference(one) == normalise_reference(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("54/00123/24", "54/0012/324"),
        ("54/123/24", "5412324"),
        ("1/23", "12/3"),
        ("54240012345", "54240012346"),
        ("54240012345", "5424001234"),
        ("A123", "B123"),
        ("54/24/2024", "54/24/24"),
        ("12345/24", "1234524"),
    ],
)
def test_two_references_of_different_crimes_never_come_out_equal(one: str, other: str) -> None:
    assert reference_keys(one)
    assert reference_keys(one).isdisjoint(reference_keys(other))


def test_a_year_in_four_digits_also_finds_the_year_in_two() -> None:
    assert normalise_reference("46/012345/24") in reference_keys("46/012345/2024")


@given(
    st.one_of(
        st.text(max_size=20),
        st.lists(
            st.sampled_from(("LOG ", "ref ", "0614", "-", "150825", "54/1234567/2025", "²", "٣"))
        ).map("".join),
    )
)
def test_a_number_in_the_box_for_calls_is_read_as_a_call_and_as_a_crime(typed: str) -> None:
    either = reference_keys(typed) | {normalise_incident_number(typed)}
    assert number_keys(typed) == either - {""}


def test_words_in_front_of_an_incident_number_are_dropped() -> None:
    assert normalise_incident_number("CAD 1234") == normalise_incident_number("log no. 01234")


@pytest.mark.parametrize(
    "typed",
    [
        *("0585-010125", "585 010125", "585010125", "0585", "Log 585"),
        *("20250101-0585", "0585-01012025", "250101/12345", "4153030725"),
    ],
)
def test_a_number_in_a_log_with_its_day_may_be_that_of_a_call(typed: str) -> None:
    assert may_be_of_call(normalise_incident_number(typed))


@pytest.mark.parametrize(
    "typed",
    [
        *("54240012345", "54/24/0012345", "52/1526328/25", "CR/632172/25", "632172/25"),
        *("0585-324125", "0585-011325", "123456-010125", "26328", "585/1/1", "585-01012", ""),
        *("10124/24", "010124/24", "LOG", "LOG/A"),
    ],
)
def test_a_crime_reference_or_a_day_that_never_was_is_not_that_of_a_call(typed: str) -> None:
    assert not may_be_of_call(normalise_reference(typed))


@given(st.text(max_size=40) | st.text("0123456789/", max_size=20))
def test_whether_it_may_be_of_a_call_can_be_asked_of_anything(text: str) -> None:
    assert may_be_of_call(text) in (True, False)


@pytest.mark.parametrize(
    "text", ["", "   ", "0", "000/00", "not known", "ref", "Дело12", "é1", "9" * 10_000, "\0"]
)
def test_text_that_is_no_reference_gives_nothing_to_compare(text: str) -> None:
    assert normalise_reference(text) == ""
    assert reference_keys(text) == frozenset()


@given(st.text(max_size=300))
def test_normalising_never_fails_and_twice_is_once(text: str) -> None:
    for normalise in (normalise_reference, normalise_incident_number):
        once = normalise(text)
        assert normalise(once) == once
        assert once.isascii()


@given(st.text(alphabet="0123456789ABZ/- .", max_size=30))
def test_what_looks_like_a_reference_is_read_the_same_twice_in_any_case_and_spacing(
    text: str,
) -> None:
    once = normalise_reference(text)
    assert normalise_reference(once) == once
    assert normalise_reference(text.lower()) == once
    assert normalise_reference(f"  {text.replace('-', '/').replace(' ', '  ')}\t") == once


@given(st.lists(st.integers(1, 99_999), min_size=3, max_size=3))
def test_references_of_three_short_numbers_are_equal_only_if_the_numbers_are(
    numbers: list[int],
) -> None:
    typed = "/".join(str(number).zfill(5) for number in numbers)
    assert normalise_reference(typed) == "/".join(map(str, numbers))
