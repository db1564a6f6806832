"""What a planned record shows depends on when, and whether the supply is full."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from portal.cli.story.plans import Change, Place, Plan, PlannedRecord

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RECORD = PlannedRecord(
    "wiltshire", "54260000001", "542603000001", "49", AT, AT, AT - DAY, AT, Place("Here", "SN1")
)


def test_a_full_supply_holds_what_was_recorded_in_its_period() -> None:
    assert RECORD.is_held(AT, AT + DAY)
    assert not RECORD.is_held(AT - DAY, AT)
    assert not RECORD.is_held(AT + DAY, AT + 2 * DAY)


def test_a_backdated_record_is_missing_from_supplies_that_should_have_held_it() -> None:
    backdated = replace(RECORD, shown_from=AT + 3 * DAY)
    assert not backdated.is_held(AT - DAY, AT + 2 * DAY)
    assert backdated.is_held(AT - DAY, AT + 4 * DAY)


def test_a_record_that_vanishes_was_there_before() -> None:
    vanishing = replace(RECORD, gone_from=AT + 3 * DAY)
    assert vanishing.is_held(AT - DAY, AT + 2 * DAY)
    assert not vanishing.is_held(AT - DAY, AT + 4 * DAY)


def test_a_supply_of_changes_holds_a_record_when_it_is_made_and_when_it_changes() -> None:
    changed = replace(RECORD, changes=(Change(AT + 5 * DAY, removal="C2"),))
    periods = [changed.is_news(AT + day * DAY, AT + (day + 1) * DAY) for day in range(7)]
    assert periods == [True, False, False, False, False, True, False]


def test_times_are_counted_back_from_the_end_to_the_minute() -> None:
    plan = Plan(AT - 28 * DAY, AT.replace(second=40))
    assert plan.ago(2, hours=3) == AT - 2 * DAY - timedelta(hours=3)
