from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.levels import (
    Levels,
    add_numbers,
    compare,
    compare_near,
    compare_people,
    offence_level,
)
from portal.matching.model import LEVELS, load_model
from portal.matching.settling import is_worth_keeping
from portal.matching.sides import PersonSide, RecordSide, ReportSide, place_side, tokenise_person
from portal.matching.weighing import kind_of
from tests.benchmarks.matching.generating import Plan, generate
from tests.benchmarks.matching.ours import side_of_record, side_of_report
from tests.matching.test_sides import token
from tests.rig.pairs import BOB, DAY, person, record, report

# The names that count as common are those of the test, whatever the model was fitted on.
MODEL = replace(load_model(), forename_bands={}, surname_bands={"smith": 1})


def people(one: dict[str, Any], other: dict[str, Any]) -> Levels:
    return Levels(*compare_people(person(**one), person(**other), MODEL))


def test_the_fields_are_those_of_the_model() -> None:
    assert tuple(LEVELS) == Levels._fields


def test_the_record_of_the_report_agrees_in_every_field() -> None:
    levels = compare(report(), record(), MODEL)
    assert levels == Levels(
        *("same-5", "same-5", "same", "same", "same"),
        *("together/same", "unit", "same-day", "exact/recorded/day-after"),
        *("exact/same", "missing"),
    )


@pytest.mark.parametrize(
    ("one", "other", "forename", "surname"),
    [
        ("William Smith", "Bill Smith", "nickname", "same-1"),
        ("Mary Ann Zeal", "Ann Zeal", "middle", "same-5"),
        ("A Zeal", "Ann Zeal", "initial", "same-5"),
        ("Qasim Zeal", "Qassim Zeal", "sounds", "same-5"),
        ("Smith Wilf", "Wilf Smith", "swapped", "swapped"),
        ("Smith", "Wilf Smith", "missing", "same-1"),
        ("Wilf", "Wilf Smith", "same-5", "missing"),
        ("Ann Zeal", "Ann Zeal-Jones", "same-5", "part"),
        ("Ann Zeal", "Ann Seal", "same-5", "sounds"),
        ("Ann Zeal", "Bob Crow", "different", "different"),
        ("", "Bob Crow", "missing", "missing"),
    ],
)
def test_names_agree_as_people_write_them(
    one: str, other: str, forename: str, surname: str
) -> None:
    found = people({"name": one}, {"name": other})
    assert (found.forename, found.surname) == (forename, surname)


def test_a_common_name_says_less_than_a_rare_one() -> None:
    assert people({"name": "Wilf Smith"}, {"name": "Wilf Smith"}).surname == "same-1"
    assert people({"name": "Wilf Zeal"}, {"name": "Wilf Zeal"}).surname == "same-5"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1990-02-28", "1990-02-28", "same"),
        ("1990-01-01", "1990-01-01", "same-new-year"),
        ("1990-02-03", "1990-03-02", "turned"),
        ("1990-02-28", "1990-02-18", "slip"),
        ("1990", "1990-02-28", "year"),
        ("1991", "1990-02-28", "different"),
        ("1990-02-28", "1985-07-15", "different"),
        ("", "1985-07-15", "missing"),
    ],
)
def test_birth_dates_agree_up_to_one_slip(one: str, other: str, level: str) -> None:
    assert people({"birth_date": one}, {"birth_date": other}).birth_date == level


def test_one_number_in_common_is_enough_and_one_slip_is_told_apart() -> None:
    both = ["07700 900123", "01793 496001"]
    assert people({"telephones": both}, {}).telephone == "same"
    assert people({"telephones": ["07700 900132"]}, {}).telephone == "slip"
    assert people({"telephones": ["01793 496001"]}, {}).telephone == "different"
    assert people({"telephones": []}, {}).telephone == "missing"


@pytest.mark.parametrize(
    ("reported", "level"),
    [
        ({"references": ["54240012345"]}, "same"),
        ({"references": ["54240012354"]}, "slip"),
        ({"references": ["12345"]}, "tail"),
        ({"references": ["54240099999"]}, "different"),
        ({"references": ["CAD 712"], "incident_numbers": ["CAD 712"]}, "incident"),
        ({"references": [], "incident_numbers": ["54240012345"]}, "same"),
        ({"references": [], "incident_numbers": ["712"]}, "incident"),
        ({"references": [], "incident_numbers": ["713"]}, "different"),
        ({"references": []}, "missing"),
        ({"references": ["54240012354"], "force_id": "kent"}, "slip"),
        ({"references": ["12345"], "force_id": "kent"}, "different"),
        ({"references": [], "incident_numbers": ["2402-0077"]}, "incident"),
        ({"references": [], "incident_numbers": ["2402-0078"]}, "near-incident"),
    ],
)
def test_a_number_in_the_wrong_box_counts_as_what_it_looks_like(
    reported: dict[str, Any], level: str
) -> None:
    found = compare(
        report(**reported), record(incident_numbers=["712", "LOG 712", "24020077"]), MODEL
    )
    assert found.reference == f"together/{level}" or level == found.reference == "missing"


@pytest.mark.parametrize(
    ("reported", "recorded", "level"),
    [
        ((0, 0), (0, 0), "same-day"),
        ((0, 0), (0, 5), "same-week"),
        ((0, 20), (3, 3), "same-month"),
        ((0, 200), (3, 3), "same-season"),
        ((0, 0), (1, 1), "next-day"),
        ((5, 5), (1, 2), "days-apart"),
        ((0, 0), (7, 7), "week-apart"),
        ((0, 0), (31, 31), "month-apart"),
        ((0, 0), (92, 92), "season-apart"),
        ((0, 0), (500, 500), "far-apart"),
    ],
)
def test_what_happened_on_another_day_is_told_by_how_far(
    reported: tuple[int, int], recorded: tuple[int, int], level: str
) -> None:
    first = [DAY + timedelta(days=one) for one in reported]
    last = [DAY + timedelta(days=one) for one in recorded]
    pair = report(occurred=tuple(first)), record(occurred=tuple(last))
    assert compare(*pair, MODEL).when == level


@pytest.mark.parametrize(
    ("days", "level"),
    [(-40, "impossible"), (0, "same-day"), (1, "day-after"), (3, "days-after"), (60, "later")],
)
def test_a_record_made_before_it_happened_is_of_another_event(days: int, level: str) -> None:
    day = DAY + timedelta(days=days)
    assert compare(report(), record(recorded=day), MODEL).delay == f"exact/recorded/{level}"
    assert compare(report(), record(received=day), MODEL).delay == f"exact/received/{level}"


def test_a_day_that_is_known_is_told_from_one_that_is_remembered_and_from_one_of_several() -> None:
    known, several = report(is_handed_over=True), report(told=(DAY, DAY + timedelta(days=6)))
    other = record(received=DAY)
    assert compare(known, other, MODEL).delay == "exact/handed/same-day"
    assert compare(known, record(), MODEL).delay == "exact/recorded/day-after"
    assert compare(several, other, MODEL).delay == "exact/received/within"
    assert compare(several, other, MODEL).reference == "apart/same"


@pytest.mark.parametrize(
    ("occurred", "received", "level"),
    [(0, 0, "exact"), (0, 40, "exact"), (1, 0, "near"), (60, 0, "near"), (60, 40, "apart")],
)
def test_two_crimes_told_at_once_are_of_two_kinds_so_that_one_kind_says_more_there(
    occurred: int, received: int, level: str
) -> None:
    day, told = DAY + timedelta(days=occurred), DAY + timedelta(days=received)
    other = record(occurred=(day, day), received=told)
    assert compare(report(), other, MODEL).offence == f"{level}/same"
    wide = record(occurred=(DAY - timedelta(days=5), DAY), received=told)
    if level == "exact":
        expected = "overlap" if received == 0 else "apart"
        assert compare(report(), wide, MODEL).offence == f"{expected}/same"


def test_the_place_agrees_from_the_fine_to_the_coarse() -> None:
    places = {
        "SN1 1AA": "unit",
        "SN1 1AB": "sector",
        "SN1 2AB": "district",
        "SN5 2AB": "town",
        "": "town",
    }
    for postcode, level in places.items():
        found = compare(report(), record(place=place_side(postcode, "Swindon")), MODEL)
        assert found.place == level
    assert compare(report(), record(place=place_side("", "Bath")), MODEL).place == "different"
    assert compare(report(), record(place=place_side()), MODEL).place == "missing"


def test_of_several_victims_the_one_who_fits_is_compared() -> None:
    both = record(victims=[person(**(BOB | {"emails": []})), person()])
    assert compare(report(), both, MODEL) == compare(report(), record(), MODEL)


def test_names_as_tokens_agree_like_names() -> None:
    ann, other = person(name="Bill Zeal"), person(name="William Zeal")
    sealed = [tokenise_person(one, token) for one in (ann, other)]
    assert compare_people(*sealed, MODEL) == ("nickname", "same-2", "same", "same", "same")


text = st.text(max_size=40) | st.sampled_from(["Ann", "Ann Example", "A", "1990", "07700 900123"])


@settings(max_examples=60, deadline=None)
@given(text, text, text, text)
def test_every_level_is_one_that_the_model_weighs(a: str, b: str, c: str, d: str) -> None:
    one = report(victim=person(name=a, birth_date=b), references=[c], place=place_side(d, a))
    other = record(victims=[person(name=c, telephones=[d])], references=[a], offence_code=d)
    for field, level in compare(one, other, MODEL)._asdict().items():
        assert level in MODEL.weights[field]


@settings(max_examples=60, deadline=None)
@given(text, text)
def test_comparing_people_is_mutual(a: str, b: str) -> None:
    one, other = person(name=a, birth_date=b), person(name=b, emails=[a])
    assert compare_people(one, other, MODEL) == compare_people(other, one, MODEL)


def test_nobody_is_compared_with_nobody() -> None:
    assert set(compare_people(PersonSide(), person(), MODEL)) == {"missing"}
    assert compare(report(occurred=None, told=None), record(recorded=date(2024, 2, 2)), MODEL)


def test_a_stranger_is_left_out_early_and_nobody_who_could_matter() -> None:
    reports: list[ReportSide] = []
    records: list[RecordSide] = []
    for batch in generate(Plan(records=1_500, reports=40)):
        reports += map(side_of_report, batch.reports)
        records += map(side_of_record, batch.records)
    left_out = 0
    for one, other in product(reports, records):
        kind, levels = kind_of(one), compare(one, other, MODEL)
        near = compare_near(one, other, MODEL, kind=kind)
        left_out += near is None
        if near is None:
            assert not is_worth_keeping(levels, MODEL, kind=kind)
        else:
            assert add_numbers(near, one, other) == levels
            assert one.has_numbers or near == levels
    assert left_out > 0.75 * len(reports) * len(records)


@pytest.mark.parametrize(
    ("reported", "recorded", "level"),
    [
        (["9A"], "9B", "related"),
        (["9A", "8N"], "8N", "same"),
        (["8N"], "105A", "downgrade"),
        (["8N"], "9A", "rare-downgrade"),
        # Related to one of those that it may have been, and a lesser one than the other.
        (["8N", "11A"], "105A", "downgrade"),
        (["8N"], "46", "other"),
        (["19C"], "20A", "downgrade"),
        ([], "46", "missing"),
    ],
)
def test_a_lesser_offence_than_was_told_says_more_where_it_is_seldom_recorded(
    reported: list[str], recorded: str, level: str
) -> None:
    common = frozenset({"105A", "46", "8N"})
    assert offence_level(frozenset(reported), recorded, common) == level


def test_a_model_that_tells_no_rare_offences_has_one_level_for_all_lesser_ones() -> None:
    assert offence_level(frozenset({"8N"}), "9A", None) == "downgrade"
