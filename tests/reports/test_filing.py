"""What is missing is said in words; what was said becomes facts; each answer stands alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Refused
from portal.reference.categories import all_categories
from portal.reports.filing import (
    check_complete,
    flatten,
    force_of,
    interval_of,
    is_agreed,
    start_of,
    way_in,
)
from portal.sealing import Tokens
from tests.rig.filed import when

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOKENS = Tokens(bytes(range(32)))
HAPPENED: dict[str, Any] = {"what": {"category": "burglary-home", "other": ""}}
KEPT: dict[str, Any] = {"allegations": [HAPPENED], "way": {"way": "keep"}}
TOLD: dict[str, Any] = KEPT | {"way": {"way": "told"}}
PASSED: dict[str, Any] = KEPT | {
    "way": {"way": "pass"},
    "pass": {"force": "wiltshire", "agrees": "yes"},
}
NO = {"who_for": "other", "agrees": "no"}
YES = {"who_for": "other", "agrees": "yes"}
NOT_ASKED = {"who_for": "other", "agrees": "cannot_ask"}
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
pages = st.dictionaries(
    st.text("abc_", min_size=1, max_size=4),
    st.recursive(
        scalars,
        lambda one: (
            st.lists(one, max_size=3)
            | st.dictionaries(st.text("abc_", min_size=1, max_size=4), one, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=4,
)


@pytest.mark.parametrize(
    "answers",
    [
        *(KEPT, TOLD, PASSED, KEPT | {"who": NO}, PASSED | {"who": YES}),
        *(KEPT | {"who": NOT_ASKED}, TOLD | {"who": NOT_ASKED}),
    ],
)
def test_few_answers_are_enough(answers: dict[str, Any]) -> None:
    check_complete(answers)


@pytest.mark.parametrize("category", [one.slug for one in all_categories()])
def test_whatever_happened_can_be_sent(category: str) -> None:
    check_complete(KEPT | {"allegations": [{"what": {"category": category}}]})


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Tell us one thing that happened"),
        (KEPT | {"allegations": []}, "Tell us one thing that happened"),
        (KEPT | {"allegations": [{}]}, "Choose what happened in part 1"),
        (KEPT | {"allegations": [HAPPENED, {"what": {}}]}, "Choose what happened in part 2"),
        (KEPT | {"allegations": [{"what": {"category": "x"}}]}, "Choose what happened in part 1"),
        ({"allegations": [HAPPENED]}, "Choose what you want us to do"),
        (KEPT | {"way": {"way": "publish"}}, "Choose what you want us to do"),
        (KEPT | {"way": {"way": "withdraw"}}, "Choose what you want us to do"),
        (KEPT | {"way": {"way": "pass"}}, "Choose who we should pass it to"),
        (PASSED | {"pass": {"force": "", "agrees": "yes"}}, "Choose who we should pass it to"),
        (PASSED | {"pass": {"force": "kent"}}, "Say that you agree"),
        (PASSED | {"pass": {"force": "kent", "agrees": "no"}}, "Say that you agree"),
        (TOLD | {"who": NO}, "does not agree. You can keep it here"),
        (PASSED | {"who": NO}, "does not agree. You can keep it here"),
        (PASSED | {"who": NOT_ASKED}, "only if the person this happened to says yes"),
        (PASSED | {"who": {"who_for": "other"}}, "only if the person this happened to says yes"),
    ],
)
def test_what_is_missing_is_said_in_words(answers: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_complete(answers)
    assert refusal.value.message.startswith("Nothing was sent yet. ")
    assert said in refusal.value.message


@pytest.mark.parametrize(
    ("who", "agreed"),
    [
        (None, True),
        ({}, True),
        ({"who_for": "self", "agrees": "no"}, True),
        ({"who_for": "other", "agrees": "yes"}, True),
        ({"who_for": "other", "agrees": "cannot_ask"}, True),
        ({"who_for": "other", "agrees": ""}, True),
        (NO, False),
    ],
)
def test_only_a_plain_no_for_somebody_else_is_a_no(who: dict[str, str], agreed: bool) -> None:
    assert is_agreed({"who": who}) is agreed


def test_no_way_was_chosen_until_one_was() -> None:
    assert way_in({}) == way_in({"way": None}) == way_in({"way": {}}) == ""
    assert way_in(PASSED) == "pass"


def test_the_force_that_received_it_comes_before_the_force_of_the_place() -> None:
    place = {"force": {"force": "kent"}}
    assert force_of(PASSED, place) == "wiltshire"
    assert force_of(TOLD | {"told_how": {"force": "essex"}}, place) == "essex"
    assert force_of(KEPT | {"told_how": {"force": "essex"}}, place) == "kent"
    assert force_of(KEPT | {"pass": {"force": "essex"}}, place) == "kent"


@pytest.mark.parametrize("told_how", [None, {}, {"force": ""}, {"force": "unsure"}])
def test_who_is_not_sure_whom_they_told_is_still_helped_by_the_place(
    told_how: dict[str, str] | None,
) -> None:
    answers = TOLD | {"told_how": told_how}
    assert force_of(answers, {"force": {"force": "kent"}}) == "kent"
    for nothing in ({}, {"force": None}, {"force": {"force": "unsure"}}, {"force": {"force": ""}}):
        assert force_of(answers, nothing) is None


def test_the_clock_starts_when_police_were_told_and_not_for_what_is_kept() -> None:
    told = TOLD | {"told": when(NOW - timedelta(hours=3))}
    start = start_of(told, now=NOW)
    assert start is not None
    assert (start.at, start.event) == (NOW - timedelta(hours=3), "told_police")
    assert start_of(told | {"way": {"way": "keep"}}, now=NOW) is None


def test_a_time_that_is_not_known_counts_from_sending_and_passing_on_from_delivery() -> None:
    unknown = start_of(TOLD | {"told": {"kind": "unknown"}}, now=NOW)
    passed = start_of(PASSED | {"told": when(NOW - timedelta(days=9))}, now=NOW)
    assert unknown is not None
    assert passed is not None
    assert (unknown.at, unknown.event) == (NOW, "filed")
    assert (passed.at, passed.event) == (NOW, "handed_over")


@pytest.mark.parametrize("answer", [None, {}, {"kind": "unknown"}, {"kind": "rather-not-say"}])
def test_not_knowing_when_is_an_answer(answer: dict[str, str] | None) -> None:
    assert interval_of(answer, now=NOW) is None


def leaves(value: object) -> list[object]:
    """Every single answer in a nest of pages and lists."""
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


@given(pages)
def test_each_answer_becomes_one_field_that_can_be_shown_without_the_others(
    answers: dict[str, Any],
) -> None:
    flat = flatten(answers)
    assert sorted(map(repr, flat.values())) == sorted(
        repr(one) for one in leaves(answers) if one != ""
    )
    assert all(name.startswith("answers.") for name in flat)
    assert not any(isinstance(value, dict | list) for value in flat.values())


def test_a_box_that_was_left_empty_is_no_answer() -> None:
    assert flatten({"about": {"name": "", "mobile": "0"}, "words": {"words": ""}}) == {
        "answers.about.mobile": "0"
    }


def test_a_field_is_named_for_its_page_and_counts_from_one() -> None:
    assert flatten({"way": {"way": "keep"}, "allegations": [HAPPENED, {}, HAPPENED]}) == {
        "answers.way.way": "keep",
        "answers.allegations.1.what.category": "burglary-home",
        "answers.allegations.3.what.category": "burglary-home",
    }


TRURO: dict[str, Any] = {"where": {"postcode": "TR1 1AA"}}


def test_who_was_not_asked_for_the_force_has_the_only_one_of_the_postcode() -> None:
    answers = {"who": {"who_for": "young"}, "way": {"way": "keep"}}
    assert force_of(answers, TRURO) == "devon-and-cornwall"
    assert force_of(answers, {"where": {"postcode": "SN1 1AA"}}) is None, "two forces share it"
    assert force_of(answers, {"where": {"postcode": ""}}) is None
    assert force_of(answers, TRURO | {"force": {"force": "unsure"}}) is None


@pytest.mark.parametrize("insider", ["yes", "unsure"])
def test_no_force_is_guessed_where_somebody_in_the_police_may_be_involved(insider: str) -> None:
    assert force_of({"way": {"way": "keep"}, "insider": {"insider": insider}}, TRURO) is None
