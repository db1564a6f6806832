"""The plain-word categories: kind to the person who chooses, and right about what police record."""

from itertools import pairwise

import pytest

from portal.reference.categories import (
    all_categories,
    find_category,
    get_category,
)
from portal.reference.files import NotInReference
from portal.reference.offences import all_offences, find_offence, is_rape, is_sexual

ALL = all_categories()
A_THIRD = 1 / 3


def test_whoever_is_not_sure_has_an_answer_and_it_comes_last() -> None:
    assert [one.slug for one in ALL[-2:]] == ["something-else", "not-sure"]
    assert all(one.is_open for one in ALL[-2:])


def test_whoever_was_raped_is_found_whatever_their_age_and_sex() -> None:
    raped = get_category("raped")
    assert raped.codes == {code for code in all_offences() if is_rape(code)}
    assert {"rape", "sexual", "gentle"} <= raped.flags


def test_only_the_answer_about_rape_is_flagged_as_rape() -> None:
    assert [one.slug for one in ALL if "rape" in one.flags] == ["raped"]


@pytest.mark.parametrize("category", ALL, ids=lambda one: one.slug)
def test_no_record_that_counts_as_the_same_is_far_less_grave_than_the_answer(category) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    weight = category.severity_weight
    for code in category.codes if weight else ():
        offence = find_offence(code)
        assert offence is None or offence.severity_weight > weight * A_THIRD, code


@pytest.mark.parametrize("category", ALL, ids=lambda one: one.slug)
def test_whatever_is_sexual_is_treated_gently(category) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    if "sexual" in category.flags:
        assert "gentle" in category.flags
        assert all(is_sexual(code) for code in category.codes)


def test_every_answer_reads_differently_and_in_plain_words() -> None:
    assert len({one.words for one in ALL}) == len({one.name for one in ALL}) == len(ALL)
    for one in ALL:
        assert len(one.words) <= 75
        assert one.words[0].isupper()
        assert not one.words.endswith(".")
        assert "please" not in f"{one.words} {one.hint}".casefold()


def test_answers_of_one_group_stand_together() -> None:
    groups = [one.group for one in ALL]
    changes = sum(a != b for a, b in pairwise(groups))
    assert changes + 1 == len(set(groups))


def test_fraud_names_no_gravity_because_the_list_of_offences_has_none() -> None:
    assert get_category("fraud").severity_weight is None


def test_an_answer_that_is_not_in_the_list_is_not_found() -> None:
    assert find_category("nonsense") is None
    with pytest.raises(NotInReference):
        get_category("nonsense")
