from collections.abc import Callable, Hashable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.assignment import Wish, assign, merge_duplicates, rivals


def given_to(
    wishes: list[Wish], merged: dict[Hashable, Hashable] | None = None
) -> dict[Hashable, Hashable]:
    return {one.report: one.claim for one in assign(wishes, merged).given}


def test_the_report_that_fits_a_record_best_is_given_it_and_the_other_sees_a_person() -> None:
    wishes = [Wish("ann", 1, 9.0), Wish("bob", 1, 7.0)]
    found = assign(wishes)
    assert found.given == (wishes[0],)
    assert found.lost == (wishes[1],)


def test_what_is_best_for_all_wins_over_what_is_best_for_one() -> None:
    wishes = [Wish("ann", 1, 9.0), Wish("ann", 2, 8.0), Wish("bob", 1, 8.5)]
    assert given_to(wishes) == {"ann": 2, "bob": 1}


def test_two_victims_of_one_record_are_both_given_it() -> None:
    wishes = [Wish("ann", (1, "ann"), 9.0), Wish("bob", (1, "bob"), 8.0)]
    assert given_to(wishes) == {"ann": (1, "ann"), "bob": (1, "bob")}


def test_a_report_that_was_made_twice_is_given_its_record_twice() -> None:
    wishes = [Wish("ann", 1, 9.0), Wish("again", 1, 7.0), Wish("bob", 1, 8.0)]
    assert given_to(wishes, {"again": "ann"}) == {"ann": 1, "again": 1}


def test_a_wish_that_more_speaks_against_than_for_is_given_nothing() -> None:
    assert given_to([Wish("ann", 1, -2.0)]) == {}


def test_a_crowd_that_all_want_everything_is_given_nothing_and_takes_no_time() -> None:
    wishes = [Wish(f"report {one}", two, 9.0) for one, two in product(range(300), range(30))]
    found = assign(wishes)
    assert found.given == ()
    assert len(found.lost) == len(wishes)


def merged(
    wishes: list[Wish], are_one: Callable[[Hashable, Hashable], bool]
) -> dict[Hashable, Hashable]:
    return merge_duplicates(rivals(wishes), are_one)


def of_one_person(one: Hashable, other: Hashable) -> bool:
    return str(one)[:3] == str(other)[:3]


def test_duplicates_lead_to_the_weightiest_and_of_equals_to_the_first() -> None:
    wishes = [Wish("ann 1", 1, 8.0), Wish("bob 1", 1, 9.5), Wish("ann 2", 1, 9.0)]
    leads = {"bob 1": "bob 1", "ann 2": "ann 2", "ann 1": "ann 2"}
    assert merged(wishes, of_one_person) == leads
    equals = [Wish("ann 2", 1, 8.0), Wish("ann 1", 1, 8.0)]
    assert merged(equals, of_one_person) == {"ann 1": "ann 1", "ann 2": "ann 1"}


def test_two_who_are_not_one_are_not_made_one_by_a_third_who_is_like_both() -> None:
    wishes = [Wish(report, 1, 9.0) for report in ("first", "third", "second")]

    def are_one(one: Hashable, other: Hashable) -> bool:
        return "third" in (one, other)

    leads = merged(wishes, are_one)
    assert leads["first"] != leads["second"]
    assert merged(wishes[::-1], are_one) == leads


def test_nobody_is_one_with_a_report_that_wants_no_record_of_theirs() -> None:
    chain = [Wish("ann 1", 1, 9.0), Wish("ann 2", 1, 8.0), Wish("ann 2", 2, 8.0)]
    chain.append(Wish("ann 3", 2, 7.0))
    leads = {"ann 1": "ann 1", "ann 2": "ann 1", "ann 3": "ann 3"}
    assert merged(chain, of_one_person) == leads


def test_a_report_with_another_number_than_the_record_s_is_no_duplicate_of_who_wants_it() -> None:
    for other in ("ann 1", "ann 2"):
        wishes = [Wish(one, 1, 9.0, has_other_number=one == other) for one in ("ann 1", "ann 2")]
        assert merged(wishes, of_one_person) in ({}, {"ann 1": "ann 1", "ann 2": "ann 2"})
        wishes += [Wish("ann 1", 2, 9.0), Wish("ann 2", 2, 9.0)]
        leads = {"ann 1": "ann 1", "ann 2": "ann 2"}
        assert merged(wishes, of_one_person) == leads


def test_in_a_crowd_each_stands_for_itself() -> None:
    crowd = [Wish(str(number), 1, 9.0) for number in range(500)]
    assert merged(crowd, lambda one, other: True) == {}


some = st.lists(
    st.builds(Wish, st.sampled_from("abcd"), st.sampled_from([1, 2, 3]), st.floats(0.1, 20)),
    max_size=8,
    unique_by=lambda one: (one.report, one.claim),
)


@settings(max_examples=80, deadline=None)
@given(some)
def test_no_other_pairing_is_likelier_as_a_whole(wishes: list[Wish]) -> None:
    found = assign(wishes)
    assert sorted(map(str, found.given + found.lost)) == sorted(map(str, wishes))
    assert len({one.claim for one in found.given}) == len(found.given)
    assert len({one.report for one in found.given}) == len(found.given)
    best = sum(one.log_odds for one in found.given)
    for taken in product([False, True], repeat=len(wishes)):
        kept = [one for one, yes in zip(wishes, taken, strict=True) if yes]
        claims, reports = {one.claim for one in kept}, {one.report for one in kept}
        if len(claims) == len(reports) == len(kept):
            assert sum(one.log_odds for one in kept) <= best + 1e-9


@settings(max_examples=30, deadline=None)
@given(some)
def test_the_order_of_arrival_decides_nothing(wishes: list[Wish]) -> None:
    assert assign(wishes[::-1]) == assign(wishes)


def test_equal_wishes_are_settled_the_same_way_every_time() -> None:
    wishes = [Wish("bob", 1, 5.0), Wish("ann", 1, 5.0)]
    assert given_to(wishes) == given_to(wishes[::-1])
    assert assign([]).given == pytest.approx(())
