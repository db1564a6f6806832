"""Outcomes and removals: what each code says, and that an N100 is no crime."""

from portal.reference.outcomes import (
    all_outcomes,
    all_removals,
    find_outcome,
    find_removal,
)


def test_there_are_22_outcomes_and_one_that_is_none() -> None:
    assert set(all_outcomes()) == set(range(23))
    assert "not an outcome" in all_outcomes()[0].group


def test_community_resolution_is_outcome_8() -> None:
    assert all_outcomes()[8].title == "Community resolution"


def test_an_n100_is_an_incident_and_a_removal_is_not() -> None:
    incidents = {code for code, one in all_removals().items() if one.is_incident}
    assert incidents == {"N100/1", "N100/2", "N100/3"}


def test_the_meaning_of_c5_is_marked_as_not_verified() -> None:
    removal = find_removal("C5")
    assert removal is not None
    assert "NOT verified" in removal.verified


def test_a_code_that_does_not_exist_is_not_found() -> None:
    assert find_outcome(23) is None
    assert find_removal("C9") is None
