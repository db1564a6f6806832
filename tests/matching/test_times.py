"""Times: a known day is told from a remembered one, and what cannot be is said to be so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.matching.times import delay_level, is_before_it, when_level
from tests.rig.pairs import DAY, record, report


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ((10, 10), (10, 10), "same-day"),
        ((10, 16), (12, 12), "same-week"),
        ((10, 40), (12, 12), "same-month"),
        ((10, 10), (11, 11), "next-day"),
        ((10, 10), (17, 17), "week-apart"),
        ((10, 10), (500, 500), "far-apart"),
        (None, (10, 10), "missing"),
    ],
)
def test_two_stretches_of_days_meet_or_lie_apart(
    one: tuple[int, int] | None, other: tuple[int, int] | None, level: str
) -> None:
    assert when_level(one, other) == level
    assert when_level(other, one) == level


LATER = DAY + timedelta(days=1)


def test_a_record_of_before_it_happened_is_impossible() -> None:
    early = record(recorded=DAY - timedelta(days=5))
    assert delay_level(report(), early, "same-day").endswith("/impossible")


def test_a_day_within_several_of_telling_is_not_the_same_day() -> None:
    told = report(told=(DAY, DAY + timedelta(days=4)))
    assert delay_level(told, record(recorded=LATER), "same-day") == "exact/recorded/within"


def test_a_report_that_we_passed_on_has_a_day_that_nobody_has_to_remember() -> None:
    passed = replace(report(), is_handed_over=True)
    received = replace(record(), received=passed.told[0] if passed.told else None)
    assert delay_level(passed, received, "same-day") == "exact/handed/same-day"


NINE = datetime(2024, 2, 2, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "is_before"), [(12, True), (2.01, True), (2, False), (0, False), (-20, False)]
)
def test_what_police_had_hours_before_it_happened_is_told_apart(
    hours: float, is_before: bool
) -> None:
    had = record(received=NINE - timedelta(hours=hours), recorded=LATER)
    assert is_before_it(report(began=NINE), had) is is_before


def test_without_an_hour_on_both_sides_nothing_says_that_police_had_it_before() -> None:
    assert not is_before_it(report(), record(received=NINE - timedelta(days=9)))
    assert not is_before_it(report(began=NINE), record(recorded=DAY - timedelta(days=9)))
