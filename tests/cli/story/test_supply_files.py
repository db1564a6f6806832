"""The forces' files cover what they say, keep each force's habits, and hold every trap."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from portal.cli.demonstration_data import make_plan
from portal.cli.story.plans import Plan
from portal.cli.story.supply_files import Delivery, deliveries, write_file
from portal.police.feed import CrimeRow, Notice, Refusal, decode, parse
from portal.reference.offences import find_offence

END = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
START = END - timedelta(weeks=4)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A small plan with every chapter."""
    return make_plan(END, size=30, number=1)


def of(force: str) -> list[Delivery]:
    return [one for one in deliveries(START, END) if one.force == force]


def read(plan: Plan, delivery: Delivery) -> list[CrimeRow | Refusal | Notice]:
    content, declared = write_file(delivery, plan.records, seed=1)
    found = list(
        parse(
            decode(content.splitlines(keepends=True)),
            force_id=delivery.force,
            offence_known=lambda code: find_offence(code) is not None,
            now=delivery.at,
        )
    )
    rows = [one for one in found if not isinstance(one, Notice)]
    assert len(rows) == declared.rows
    return found


def test_nothing_comes_before_its_period_is_over_or_after_the_end() -> None:
    made = deliveries(START, END)
    assert made == sorted(made, key=lambda one: one.at)
    assert all(one.covers_from < one.covers_to < one.at <= END for one in made)


@pytest.mark.parametrize("force", ["wiltshire", "avon-and-somerset", "dorset"])
def test_the_periods_of_a_force_leave_no_gap(force: str) -> None:
    for one, following in pairwise(of(force)):
        assert following.covers_from <= one.covers_to < following.covers_to


def test_one_force_sends_daily_one_its_changes_and_one_stopped() -> None:
    daily = [one for one in of("wiltshire") if one.at > END - timedelta(days=10)]
    assert len(daily) in (9, 10)
    assert all(one.is_full for one in daily)
    assert not any(one.is_full for one in of("avon-and-somerset")[1:])
    assert END - of("dorset")[-1].at > timedelta(days=8)


def test_every_file_holds_every_trap(plan: Plan) -> None:
    for delivery in deliveries(START, END):
        found = read(plan, delivery)
        said = {(type(one).__name__, one.field) for one in found if not isinstance(one, CrimeRow)}
        assert said == {
            ("Refusal", "crime_reference"),  # Excel shortened it
            ("Refusal", "place"),  # a formula
            ("Notice", "crime_reference"),  # Excel's marks around it
            ("Notice", "incident_number"),  # "No incident linked"
            ("Notice", "reported_at"),  # "No incident linked" as a date
            ("Notice", "outcome_date"),  # "CANCELLED"
            ("Notice", "occurred_from"),  # after it was reported
            ("Notice", "offence_code"),  # not in the list
            ("Notice", "recorded_at"),  # no time of day
        }
        rows = [one for one in found if isinstance(one, CrimeRow)]
        assert any(one.is_incident for one in rows)
        assert len({one.reference_key for one in rows}) < len(rows)
        assert write_file(delivery, plan.records, seed=1)[0].startswith(b"\xef\xbb\xbf")


def held(plan: Plan, chapter: str) -> list[bool]:
    """Whether each of the force's files holds the chapter's record, of those that should."""
    (report,) = [one for one in plan.reports if one.chapter == chapter]
    (record,) = [one for one in plan.records if one.reference == report.reference]
    return [
        any(isinstance(one, CrimeRow) and one.crime_reference == record.reference for one in rows)
        for delivery in of(record.force)
        if delivery.covers_from <= record.recorded < delivery.covers_to
        for rows in [read(plan, delivery)]
    ]


def test_the_backdated_record_comes_late_and_the_vanished_one_goes(plan: Plan) -> None:
    backdated, vanished = held(plan, "backdated"), held(plan, "vanished")
    assert backdated == sorted(backdated)
    assert vanished == sorted(vanished, reverse=True)
    assert set(backdated) == set(vanished) == {True, False}


def test_a_file_written_twice_is_the_same(plan: Plan) -> None:
    delivery = of("wiltshire")[3]
    assert write_file(delivery, plan.records, seed=1) == write_file(delivery, plan.records, seed=1)
