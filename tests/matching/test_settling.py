"""What becomes of candidates depends on what they say, and a removed record holds back no other."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.levels import compare
from portal.matching.model import load_model
from portal.matching.settling import (
    Kept,
    chance_of_none,
    is_duplicate,
    is_worth_keeping,
    pack,
    rank,
    state_of,
    unpack,
)
from portal.matching.sides import place_side
from tests.rig.pairs import DAY, person, record, report

MODEL = load_model()
SAME = compare(report(), record(), MODEL)
OTHER_DAY = SAME._replace(when="month-apart", reference="together/different")


def zones(*kept: Kept) -> dict[int, str]:
    return {one.record_id: one.zone for one in rank(report(), kept, MODEL)}


def test_levels_are_read_as_they_were_written() -> None:
    assert unpack(pack(SAME)) == SAME


def test_a_record_that_fits_is_automatic_and_two_that_fit_equally_are_not() -> None:
    assert zones(Kept(1, SAME)) == {1: "automatic"}
    assert "automatic" not in zones(Kept(1, SAME), Kept(2, SAME)).values()


def test_records_of_one_event_stand_side_by_side() -> None:
    one = b"e" * 16
    assert zones(Kept(1, SAME, one), Kept(2, SAME, one)) == {1: "automatic", 2: "automatic"}


def test_a_removed_record_and_an_incident_note_hold_back_no_other() -> None:
    found = zones(Kept(1, SAME), Kept(2, SAME, is_removed=True), Kept(3, SAME, is_incident=True))
    assert found[1] == "automatic"
    assert found[3] != "automatic"
    ranked = rank(report(), [Kept(2, SAME, is_removed=True)], MODEL)
    assert [(one.zone, one.gates) for one in ranked] == [("automatic", ("removed",))]


def test_of_two_that_say_the_same_only_what_police_had_before_it_is_held_back() -> None:
    one = b"e" * 16
    ranked = rank(report(), [Kept(1, SAME, one), Kept(2, SAME, one, is_early=True)], MODEL)
    found = {each.record_id: (each.zone, each.gates) for each in ranked}
    assert found == {1: ("automatic", ()), 2: ("likely", ("early",))}
    assert len({each.log_odds for each in ranked}) == 1


def test_the_chance_that_nobody_recorded_it_counts_only_records_that_stand() -> None:
    kept = [Kept(1, SAME, is_removed=True)]
    assert chance_of_none(rank(report(), kept, MODEL), kept) == 1.0
    kept = [Kept(1, SAME)]
    assert chance_of_none(rank(report(), kept, MODEL), kept) < 0.1
    assert chance_of_none([], []) == 1.0


@settings(max_examples=40)
@given(st.permutations(range(7)), st.permutations(range(7)))
def test_no_order_and_no_number_changes_a_figure(order: list[int], numbers: list[int]) -> None:
    all_of_them = [
        Kept(0, SAME),
        Kept(1, SAME),
        Kept(2, OTHER_DAY),
        Kept(3, OTHER_DAY, b"e" * 16),
        Kept(4, OTHER_DAY, is_removed=True),
        Kept(5, SAME._replace(surname="different")),
        Kept(6, SAME, is_early=True),
    ]
    plain = {one.record_id: one for one in rank(report(), all_of_them, MODEL)}
    shuffled = [
        Kept(numbers[one], all_of_them[one].levels, *_rest(all_of_them[one])) for one in order
    ]
    for each in rank(report(), shuffled, MODEL):
        same = plain[numbers.index(each.record_id)]
        assert (each.log_odds, each.chance, each.zone) == (same.log_odds, same.chance, same.zone)


def _rest(one: Kept) -> tuple[bytes | None, bool, bool, bool]:
    return one.event, one.is_incident, one.is_removed, one.is_early


def test_a_pair_that_cannot_matter_is_not_kept() -> None:
    assert is_worth_keeping(SAME, MODEL, kind="any")
    nothing = SAME._replace(
        forename="different",
        surname="different",
        birth_date="different",
        telephone="different",
        email="different",
        reference="together/different",
        when="far-apart",
        place="different",
    )
    assert not is_worth_keeping(nothing, MODEL, kind="any")


def test_one_event_of_one_person_told_twice_is_a_duplicate_and_a_twin_is_none() -> None:
    assert is_duplicate(report(), report(references=[]), MODEL)
    twin = report(victim=person(name="Zoe Example", telephones=[], emails=[]))
    assert not is_duplicate(report(), twin, MODEL)
    assert not is_duplicate(report(), report(offence_codes=["8N"]), MODEL)


def test_told_twice_on_one_day_is_told_once_though_they_no_longer_know_when_it_was() -> None:
    some_time = report(occurred=(DAY - timedelta(days=20), DAY))
    undated = report(occurred=None)
    assert is_duplicate(some_time, report(), MODEL)
    assert is_duplicate(undated, some_time, MODEL)
    other_day = (DAY + timedelta(days=1),) * 2
    assert not is_duplicate(undated, report(told=other_day), MODEL)
    within_days = report(occurred=None, told=(DAY, DAY + timedelta(days=1)))
    assert not is_duplicate(within_days, within_days, MODEL)
    earlier = report(occurred=(DAY - timedelta(days=40),) * 2)
    assert not is_duplicate(earlier, report(), MODEL)
    season = report(occurred=(DAY - timedelta(days=90), DAY))
    assert not is_duplicate(season, report(occurred=(DAY - timedelta(days=60),) * 2), MODEL)


def test_what_happened_in_two_places_or_went_through_us_in_one_evening_is_not_told_once() -> None:
    undated = report(occurred=None)
    assert not is_duplicate(report(occurred=None, place=place_side(town="Bath")), report(), MODEL)
    passed_on = report(occurred=None, is_handed_over=True)
    assert is_duplicate(undated, report(), MODEL)
    assert not is_duplicate(passed_on, report(is_handed_over=True), MODEL)


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        ("54240099999", False),
        ("54/24/0012345", True),
        ("54240012354", True),
        ("12345", True),
        ("712-020224", True),
    ],
)
def test_two_crime_references_are_two_crimes_and_a_slip_or_a_call_is_no_second_one(
    other: str, is_one: bool
) -> None:
    for occurred in ((DAY, DAY), None):
        said = report(references=[other], occurred=occurred)
        assert is_duplicate(said, report(), MODEL) is is_one
        assert is_duplicate(report(), said, MODEL) is is_one


def test_two_sexual_offences_told_on_one_day_are_not_taken_for_one_unless_the_day_is_one() -> None:
    raped = report(offence_codes=["19C"])
    assert is_duplicate(raped, raped, MODEL)
    undated = report(offence_codes=["19C"], occurred=None)
    assert not is_duplicate(undated, raped, MODEL)


NEXT = (DAY + timedelta(days=1),) * 2
BATH = place_side("BA1 1AA", "Bath")


@pytest.mark.parametrize("code", ["8N", "28E", "19C"])
def test_two_nights_running_are_two_crimes(code: str) -> None:
    first = report(offence_codes=[code], references=[])
    assert is_duplicate(first, first, MODEL)
    for told in (NEXT, (DAY, DAY), (DAY, NEXT[1]), None):
        second = report(offence_codes=[code], references=[], occurred=NEXT, told=told)
        assert not is_duplicate(first, second, MODEL)
        assert not is_duplicate(second, first, MODEL)


@pytest.mark.parametrize("code", ["8N", "28E", "19C"])
def test_what_happened_in_two_towns_on_one_day_is_two_crimes(code: str) -> None:
    for references in ([], ["54/24/0012345"]):
        here = report(offence_codes=[code], references=references)
        there = report(offence_codes=[code], references=references, place=BATH)
        assert not is_duplicate(here, there, MODEL)


def test_what_was_told_on_two_days_is_two_crimes_unless_police_gave_one_number() -> None:
    told_first, told_later = report(references=[]), report(references=[], told=NEXT)
    assert not is_duplicate(told_first, told_later, MODEL)
    assert is_duplicate(told_first, report(references=[], told=None), MODEL)
    assert is_duplicate(told_first, report(references=[], told=(DAY, NEXT[1])), MODEL)
    assert is_duplicate(report(), report(told=NEXT), MODEL)
    call, again = (
        report(references=[], incident_numbers=["712-020224"], told=one)
        for one in ((DAY, DAY), NEXT)
    )
    assert is_duplicate(call, again, MODEL)


def test_one_crime_reference_unites_two_days_only_where_police_were_told_once() -> None:
    second = report(occurred=NEXT, told=NEXT)
    for told in ((DAY, DAY), None):
        assert not is_duplicate(report(told=told), second, MODEL)
    assert is_duplicate(report(told=NEXT), second, MODEL)
    told_before_it_happened = report(occurred=NEXT, told=(DAY, DAY))
    assert is_duplicate(report(), told_before_it_happened, MODEL)
    call = {"references": [], "incident_numbers": ["712-020224"], "told": NEXT}
    assert not is_duplicate(report(**call), report(**call, occurred=NEXT), MODEL)


def test_a_rape_never_goes_under_in_another_that_was_told_apart_or_on_no_known_day() -> None:
    morning = report(offence_codes=["19C"])
    for told in (NEXT, None):
        assert not is_duplicate(morning, report(offence_codes=["19C"], told=told), MODEL)
    some_day = report(offence_codes=["19C"], occurred=(DAY - timedelta(days=5), DAY))
    assert not is_duplicate(morning, some_day, MODEL)
    next_day = report(offence_codes=["19C"], occurred=NEXT, told=(DAY, NEXT[1]))
    assert not is_duplicate(morning, next_day, MODEL)


PHONE = {"telephones": ["01793 900123"], "emails": []}
MAIL = {"telephones": [], "emails": ["fens@home.example"]}


@pytest.mark.parametrize("code", ["8N", "19C"])
@pytest.mark.parametrize("contact", [PHONE, MAIL])
@pytest.mark.parametrize(("name", "born"), [("Ann Example", "2008-07-15"), ("Mary Example", None)])
def test_two_people_who_share_a_telephone_or_an_address_are_not_one(
    code: str, contact: dict[str, list[str]], name: str, born: str | None
) -> None:
    one = report(offence_codes=[code], victim=person(**contact))
    other = report(offence_codes=[code], victim=person(name=name, birth_date=born, **contact))
    assert is_duplicate(one, one, MODEL)
    assert not is_duplicate(one, other, MODEL)
    assert not is_duplicate(other, one, MODEL)


def test_whoever_mistyped_a_birthday_or_goes_by_a_short_name_is_one_person_still() -> None:
    one = report(offence_codes=["8N"])
    for changed in ({"birth_date": "1990-02-27"}, {"name": "Annie Example"}, {"birth_date": None}):
        again = report(offence_codes=["8N"], victim=person(**changed))
        assert is_duplicate(one, again, MODEL)


def test_two_people_of_one_home_who_tell_of_one_burglary_told_it_twice() -> None:
    other = person(name="Mary Example", birth_date=None)
    assert is_duplicate(report(), report(victim=other), MODEL)


def test_how_an_allegation_stands() -> None:
    assert state_of(accepted=True, waiting=True, can_tell=False) == "automatic"
    assert state_of(accepted=False, waiting=True, can_tell=False) == "ask"
    assert state_of(accepted=False, waiting=True, can_tell=True) == "review"
    assert state_of(accepted=False, waiting=False, can_tell=True) == "alert"
