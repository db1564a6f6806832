"""The many reports go wrong as often as is assumed, and no more of them is filed than there was."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from portal.cli.story.everyday import Everyday
from portal.cli.story.numbers import Numbers
from portal.cli.story.plans import Plan, PlannedRecord
from portal.reference.categories import get_category

END = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
SIZE = 3000


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Enough of everything to see the shares."""
    rng = Random(1)
    made = Plan(END - timedelta(weeks=4), END)
    Everyday(made, rng, Numbers(rng)).fill(SIZE)
    return made


@pytest.fixture(scope="module")
def records(plan: Plan) -> dict[str, PlannedRecord]:
    """Every record by its reference."""
    return {one.reference: one for one in plan.records}


def share(of: list[bool]) -> float:
    return sum(of) / len(of)


def test_it_is_as_large_as_was_asked(plan: Plan) -> None:
    assert SIZE <= len(plan.reports) <= SIZE + 1
    assert len(plan.records) == pytest.approx(4 * SIZE, abs=2)


def test_one_crime_in_seven_is_not_recorded_and_one_sexual_offence_in_four(plan: Plan) -> None:
    followed = [one for one in plan.reports if one.way != "keep"]
    sexual = [one for one in followed if "sexual" in get_category(one.happened[0].category).flags]
    assert share([not one.truly for one in followed]) == pytest.approx(0.14, abs=0.025)
    assert share([not one.truly for one in sexual]) == pytest.approx(0.26, abs=0.06)


def test_people_leave_out_what_they_do_not_know(plan: Plan) -> None:
    assert share([not one.gives_name for one in plan.reports]) == pytest.approx(0.17, abs=0.03)
    assert share([not one.gives_birth for one in plan.reports]) == pytest.approx(0.46, abs=0.03)
    told = [one for one in plan.reports if one.way == "told" and one.truly]
    assert share([not one.reference for one in told]) == pytest.approx(0.4, abs=0.05)


def test_records_are_late_and_cancelled_as_often_as_assumed(plan: Plan) -> None:
    limit = timedelta(hours=24)
    late = share([one.recorded - one.reported > limit for one in plan.records])
    cancelled = share([any(each.removal for each in one.changes) for one in plan.records])
    assert late == pytest.approx(0.08, abs=0.02)
    assert cancelled == pytest.approx(0.03, abs=0.01)


def test_some_victims_without_a_record_hold_the_number_of_another_of_their_crimes(
    plan: Plan,
) -> None:
    told = [one for one in plan.reports if one.way == "told" and not one.truly]
    assert 0.02 < share([bool(one.reference) for one in told]) < 0.15


def test_nothing_is_passed_to_a_force_that_did_not_agree(plan: Plan) -> None:
    ways = {(one.force, one.way) for one in plan.reports}
    assert ("wiltshire", "pass") in ways
    assert ("dorset", "pass") not in ways


def test_a_housemate_is_named_in_the_same_record(
    plan: Plan, records: dict[str, PlannedRecord]
) -> None:
    shared = [one for one in plan.records if len(one.victims) > 1]
    assert len(shared) > 20
    for one in plan.reports:
        for reference in one.truly:
            assert one.victim in records[reference].victims
