"""Finding the police force of a place without knowing its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reference.files import NotInReference
from portal.reference.forces import (
    all_forces,
    find_force,
    forces_for_place,
    forces_for_postcode,
    get_force,
)


def test_there_are_43_territorial_forces_and_the_railway_police() -> None:
    kinds = [force.kind for force in all_forces()]
    assert (len(kinds), kinds.count("territorial")) == (44, 43)


@pytest.mark.parametrize("typed", ["SN1 1AA", "sn11aa", " sn1 ", "SN", "SN25 4XY"])
def test_a_postcode_or_its_start_finds_the_force(typed: str) -> None:
    assert forces_for_postcode(typed)[0].id == "wiltshire"


def test_a_postcode_area_of_two_forces_offers_both_and_the_likelier_first() -> None:
    assert [one.id for one in forces_for_postcode("BA1 1AA")][:2] == [
        "avon-and-somerset",
        "wiltshire",
    ]


@pytest.mark.parametrize("typed", ["", "Swindon", "G1 1AA", "SN1 1AAA", "1SN", "S" * 1_000])
def test_what_is_no_postcode_of_england_or_wales_offers_none(typed: str) -> None:
    assert forces_for_postcode(typed) == []


def test_every_territorial_force_can_be_found_by_some_postcode() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    areas = [*letters, *(a + b for a in letters for b in letters)]
    found = {force.id for area in areas for force in forces_for_postcode(area)}
    assert found == {force.id for force in all_forces()} - {"btp"}


@pytest.mark.parametrize("typed", ["Swindon", " swindon ", "SWINDON, Wilts", "Old Town, Swindon"])
def test_a_town_finds_its_force(typed: str) -> None:
    assert [one.id for one in forces_for_place(typed)] == ["wiltshire"]


def test_a_town_that_several_counties_have_offers_all_their_forces() -> None:
    assert {one.id for one in forces_for_place("newport")} == {"gwent", "hampshire", "west-mercia"}
    assert [one.id for one in forces_for_place("Stoke on Trent")] == ["staffordshire"]


@given(st.text(max_size=150))
def test_searching_never_fails_whatever_is_typed(text: str) -> None:
    assert set(forces_for_place(text)) <= set(all_forces())
    assert set(forces_for_postcode(text)) <= set(all_forces())


def test_every_force_is_found_by_its_identifier() -> None:
    for force in all_forces():
        assert get_force(force.id) == force


def test_a_force_that_does_not_exist_is_not_found() -> None:
    assert find_force("atlantis") is None
    with pytest.raises(NotInReference):
        get_force("atlantis")
