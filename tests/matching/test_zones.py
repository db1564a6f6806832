from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.matching.levels import Levels, compare
from portal.matching.model import load_model
from portal.matching.posterior import weigh
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.zones import (
    GATE_WORDS,
    Gate,
    can_tell,
    closed_gates,
    number_typed,
    only_they_know,
    state_of,
    zone_of,
)
from tests.rig.pairs import person, record, report

MODEL = load_model()
LIMITS = MODEL.limits["any"]


def gates(one: ReportSide, other: RecordSide) -> tuple[Gate, ...]:
    levels = compare(one, other, MODEL)
    return closed_gates(one, other, levels, weigh(levels, MODEL), LIMITS)


def test_the_record_of_the_report_meets_no_closed_gate() -> None:
    assert gates(report(), record()) == ()


def test_an_incident_is_no_crime_record_and_what_was_removed_is_none_any_more() -> None:
    assert gates(report(), record(is_incident=True)) == ("no-crime",)
    assert gates(report(), record(is_removed=True)) == ("removed",)


def test_what_police_had_before_it_happened_is_for_a_person() -> None:
    at = datetime(2024, 2, 2, 21, 0, tzinfo=UTC)
    had = record(received=at - timedelta(hours=9), recorded=at - timedelta(hours=8))
    assert gates(report(began=at), had) == ("early",)
    assert gates(report(), had) == ()
    # Whose number it is, they are not asked: of a time that is wrong a yes tells nothing.
    assert not only_they_know("likely", ["early"], Levels(reference="apart/same"))


def test_an_incident_number_alone_is_never_enough_for_everybody_there_has_it() -> None:
    nobody = person(name="", birth_date="", telephones=[], emails=[])
    other = record(victims=[nobody], incident_numbers=["712"])
    assert "personal" in gates(report(references=[], incident_numbers=["712"]), other)
    assert "personal" not in gates(report(), other)


def test_another_first_name_on_a_crime_against_the_person_is_somebody_else() -> None:
    bob = person(name="Bob Example", telephones=["01793 496001"], emails=[])
    hurt: dict[str, Any] = {"offence_codes": ["8N"]}
    assert "forename" in gates(report(**hurt), record(offence_code="8N", victims=[bob]))
    reached = person(name="Bob Example", telephones=["01793 496001"])
    assert "forename" not in gates(report(**hurt), record(offence_code="8N", victims=[reached]))


@given(st.floats(-1000, 1000), st.lists(st.sampled_from(sorted(GATE_WORDS)), max_size=2))
def test_a_closed_gate_never_lets_a_match_be_automatic(log_odds: float, closed: list[Gate]) -> None:
    zone = zone_of(log_odds, tuple(closed), LIMITS)
    # Of a removed record, that stops no clock, there is nothing to decide for a person.
    held = set(closed) - {"removed"}
    assert (zone == "automatic") == (log_odds >= LIMITS.automatic and not held)
    assert (zone == "none") == (log_odds < LIMITS.alert)


def test_a_report_that_names_nobody_and_nothing_needs_an_answer_first() -> None:
    nobody = person(name="", birth_date="1990-02-28", telephones=[], emails=[])
    silent = report(references=[], victim=nobody)
    assert not can_tell(silent)
    assert state_of(["possible"], silent) == "ask"
    assert state_of(["automatic"], silent) == "automatic"
    assert can_tell(report(references=[]))


@pytest.mark.parametrize(
    ("zones", "state"),
    [
        ([], "alert"),
        (["none", "none"], "alert"),
        (["none", "possible"], "review"),
        (["likely"], "review"),
        (["likely", "automatic"], "automatic"),
    ],
)
def test_a_report_waits_for_what_its_best_candidate_leaves_open(
    zones: list[Any], state: str
) -> None:
    assert state_of(zones, report()) == state


@pytest.mark.parametrize(
    ("zone", "gates", "number", "force", "known"),
    [
        ("likely", ["another"], "apart/same", "same", True),
        ("likely", [], "together/run", "missing", True),
        ("possible", ["another"], "apart/same", "same", False),
        ("automatic", [], "apart/same", "same", False),
        ("likely", ["another", "housemate"], "apart/same", "same", False),
        ("likely", ["removed", "another"], "apart/same", "same", True),
        ("likely", ["taken"], "apart/same", "same", False),
        ("likely", ["another"], "together/incident", "same", True),
        ("likely", ["another"], "apart/slip", "same", True),
        ("likely", ["another"], "apart/tail", "same", True),
        ("likely", ["another"], "apart/near-incident", "same", False),
        ("likely", ["another"], "apart/same", "different", False),
        ("likely", ["another"], "apart/slip", "different", False),
        ("likely", ["another"], "apart/incident", "different", False),
    ],
)
def test_only_they_can_know_which_of_their_crimes_has_the_number_that_they_typed(
    zone: str, gates: list[str], number: str, force: str, known: bool
) -> None:
    levels = Levels(reference=number, force=force)
    assert only_they_know(zone, gates, levels) is known


@pytest.mark.parametrize(
    ("number", "offence", "typed"),
    [
        *(("apart/same", "apart/other", "event"), ("together/run", "missing", "event")),
        *(("unknown/slip", "exact/other", "near"), ("together/incident", "missing", "call")),
        ("together/incident", "exact/same", "call"),
        ("together/incident", "exact/downgrade", "call"),
        *(("together/incident", "exact/other", ""), ("together/incident", "near/related", "")),
        *(("apart/incident", "exact/same", ""), ("unknown/incident", "exact/same", "")),
        *(("apart/different", "exact/same", ""), ("missing", "exact/same", "")),
    ],
)
def test_of_a_call_they_are_asked_where_another_crime_was_not_written_down_after_it(
    number: str, offence: str, typed: str
) -> None:
    assert number_typed(Levels(reference=number, offence=offence)) == typed


@pytest.mark.parametrize(
    ("when", "typed"),
    [("same-day", "call"), ("same-week", "call"), ("same-season", ""), ("next-day", "")],
)
def test_of_a_call_that_was_not_told_at_once_they_are_asked_where_it_happened_at_once(
    when: str, typed: str
) -> None:
    levels = Levels(reference="apart/incident", when=when, offence="exact/same")
    assert number_typed(levels) == typed


def test_a_report_waits_for_a_yes_or_no_unless_it_is_matched_or_says_too_little() -> None:
    silent = report(references=[], victim=person(name="", telephones=[], emails=[]))
    assert state_of(["likely", "possible"], report(), first=True) == "confirm"
    assert state_of(["likely", "automatic"], report(), first=True) == "automatic"
    assert state_of(["likely"], silent, first=True) == "ask"
