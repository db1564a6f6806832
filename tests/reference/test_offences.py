"""Offences: what counts as rape, what is the same offence, and what is the same written as less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reference.offences import (
    Relation,
    all_kinds,
    all_offences,
    find_offence,
    has_flag,
    is_against_household,
    is_against_person,
    is_child,
    is_fraud,
    is_rape,
    is_sexual,
    normalise_offence_code,
    relation,
)

CODES = sorted(all_kinds())


def test_rape_is_every_code_from_19c_to_19k_and_no_other() -> None:
    rapes = {code for code in CODES if is_rape(code)}
    assert rapes == {"19C", "19D", "19E", "19F", "19G", "19H", "19J", "19K"}
    assert rapes == {one.code for one in all_offences().values() if "Rape" in one.title}


def test_sexual_offences_are_those_of_the_home_office_group() -> None:
    group = {one.code for one in all_offences().values() if one.group == "sexual offences"}
    assert {code for code in CODES if is_sexual(code)} == group


def test_a_child_in_the_title_is_a_child_in_the_flags() -> None:
    titled = {
        one.code
        for one in all_offences().values()
        if "child" in one.title.lower() and "unborn" not in one.title and one.code != "4.7"
    }
    assert titled <= {code for code in CODES if is_child(code)}


def test_fraud_is_known_by_its_old_codes_and_by_the_national_ones() -> None:
    assert is_fraud("53C")
    assert is_fraud("nfib3a")
    assert not is_fraud("61")
    assert not is_fraud("28E")


def test_robbery_is_against_the_person_and_criminal_damage_is_not() -> None:
    assert is_against_person("34B")
    assert not is_against_person("58A")


def test_what_a_home_owns_together_is_told_from_what_one_of_it_carries() -> None:
    assert all(map(is_against_household, ("28E", "29A", "45", "48", "58A", "58C")))
    assert not any(map(is_against_household, ("39", "34B", "49", "8N", "19C", "")))


def test_an_unknown_code_carries_no_flag_and_is_not_found() -> None:
    assert not is_rape("999Z")
    assert find_offence("999Z") is None


def test_a_flag_that_does_not_exist_is_an_error_and_not_a_no() -> None:
    with pytest.raises(ValueError, match="no such flag"):
        has_flag("19C", "rap")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("019c", "19C"),
        (" 8/N ", "8N"),
        ("4.10", "4.10"),
        ("4.1", "4.1"),
        ("37/2", "37.2"),
        ("105 a", "105A"),
        ("802", "802"),
    ],
)
def test_the_ways_forces_write_a_code_are_one(written: str, code: str) -> None:
    assert normalise_offence_code(written) == code
    assert find_offence(written) is not None


@given(st.text(max_size=60))
def test_normalising_a_code_never_fails_stays_short_and_twice_is_once(text: str) -> None:
    once = normalise_offence_code(text)
    assert len(once) <= 20
    assert normalise_offence_code(once) == once


@pytest.mark.parametrize(
    ("reported", "recorded", "expected"),
    [
        ("28E", "28E", "same"),
        ("28E", "28F", "related"),
        ("28E", "58A", "downgrade"),
        ("28E", "49", "downgrade"),
        ("58A", "28E", "related"),
        ("19C", "20A", "downgrade"),
        ("19C", "22B", "downgrade"),
        ("34B", "39", "downgrade"),
        ("8N", "105A", "downgrade"),
        ("5D", "8N", "downgrade"),
        ("8Q", "8L", "downgrade"),
        ("8Q", "8R", "downgrade"),
        ("56B", "58B", "downgrade"),
        ("3B", "8L", "downgrade"),
        ("19C", "8N", "other"),
        ("19C", "58A", "other"),
        ("44", "28E", "other"),
        ("8U", "8N", "other"),
        ("8U", "8U", "same"),
        ("rape", "19C", "related"),
        ("rape", "sexual-assault", "downgrade"),
    ],
)
def test_a_record_relates_to_a_report(reported: str, recorded: str, expected: Relation) -> None:
    assert relation(reported, recorded) == expected


@given(st.sampled_from(CODES), st.sampled_from(CODES))
def test_what_is_a_downgrade_one_way_is_never_one_the_other_way(one: str, other: str) -> None:
    there, back = relation(one, other), relation(other, one)
    if there == "downgrade":
        assert back == "related"
    if there in ("same", "other"):
        assert back == there
