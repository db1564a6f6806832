from collections.abc import Hashable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.assignment import Wish, assign, merge_duplicates


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


def test_duplicates_lead_to_the_first() -> None:
    leads = merge_duplicates(["ann 1", "bob 1", "ann 2"], lambda a, b: str(a)[:3] == str(b)[:3])
    assert leads == {"ann 1": "ann 1", "bob 1": "bob 1", "ann 2": "ann 1"}


def test_in_a_crowd_each_stands_for_itself() -> None:
    crowd = [str(number) for number in range(500)]
    assert merge_duplicates(crowd, lambda a, b: True) == {one: one for one in crowd}


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
