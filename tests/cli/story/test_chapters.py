"""Each chapter is planned as its title says."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from portal.cli.story.chapters import TITLES, Chapters
from portal.cli.story.numbers import Numbers
from portal.cli.story.plans import Plan, PlannedRecord, PlannedReport
from portal.reference.offences import is_rape

END = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


@pytest.fixture
def plan() -> Plan:
    """A plan with nothing but the chapters."""
    made = Plan(END - timedelta(weeks=4), END)
    Chapters(made, Numbers(Random(1))).write()
    return made


def report(plan: Plan, chapter: str) -> PlannedReport:
    (found,) = [one for one in plan.reports if one.chapter == chapter]
    return found


def record(plan: Plan, chapter: str) -> PlannedRecord:
    reference = report(plan, chapter).reference
    (found,) = [one for one in plan.records if one.reference == reference]
    return found


def test_there_is_one_report_for_each_title(plan: Plan) -> None:
    assert sorted(one.chapter for one in plan.reports) == sorted(TITLES)
    assert [one.number for one in plan.reports] == list(range(1, len(TITLES) + 1))


def test_a_rape_has_no_record_at_all(plan: Plan) -> None:
    raped = report(plan, "rape-never-recorded")
    assert raped.incident_number
    assert not raped.reference
    assert raped.victim not in [one for held in plan.records for one in held.victims]


def test_the_other_rape_has_only_the_note_of_an_incident(plan: Plan) -> None:
    assert record(plan, "incident-only").offence == "N100/1"
    assert not any(is_rape(one.offence) for one in plan.records)


def test_the_late_record_is_late_and_the_burglary_is_written_down_as_damage(plan: Plan) -> None:
    late = record(plan, "recorded-late")
    assert late.recorded - late.reported > timedelta(hours=24)
    burglary = record(plan, "burglary-as-damage")
    assert burglary.offence == "58B"
    assert burglary.recorded - burglary.reported < timedelta(hours=24)


def test_the_repeat_victim_holds_the_number_of_another_crime(plan: Plan) -> None:
    waiting, other = report(plan, "waiting-match"), record(plan, "waiting-match")
    assert waiting.victim in other.victims
    assert other.occurred_to < waiting.happened[0].at - timedelta(hours=20)
    assert not waiting.truly


def test_the_transferred_crime_stands_in_the_other_register_under_another_number(
    plan: Plan,
) -> None:
    first = record(plan, "transferred")
    assert [change.removal for change in first.changes] == ["C1"]
    (second,) = [one for one in plan.records if one.victims == first.victims and one is not first]
    assert (first.force, second.force) == ("avon-and-somerset", "wiltshire")
