"""The clocks of the Victims' Code begin with what is known, and never touch the recording limit."""

from datetime import UTC, date, datetime

import pytest

from portal.alerts.rights import Begun, begun_with, work_out_rights
from portal.reference.code_rights import all_rights
from portal.reference.working_days import bank_holidays

FRIDAY = datetime(2026, 3, 6, 12, tzinfo=UTC)


def clocks(begun: list[Begun], *, surely: bool = False) -> list[tuple[str, date, date | None]]:
    found = work_out_rights(begun, all_rights(), surely_enhanced=surely, holidays=bank_holidays())
    return [(one.right.id, one.until, one.enhanced.last if one.enhanced else None) for one in found]


def test_what_police_were_told_begins_two_working_days_for_everybody() -> None:
    assert clocks([Begun("told", FRIDAY)]) == [("support-referral", date(2026, 3, 10), None)]
    assert clocks([Begun("told", FRIDAY)], surely=True) == [
        ("support-referral", date(2026, 3, 10), None)
    ]


@pytest.mark.parametrize("starts", ["charge", "end"])
def test_a_decision_is_told_in_five_days_or_one_and_both_are_said_when_it_is_not_known(
    starts: str,
) -> None:
    begun = [Begun(starts, FRIDAY)]  # type: ignore[arg-type]
    assert clocks(begun)[0][1:] == (date(2026, 3, 13), date(2026, 3, 9))
    assert clocks(begun, surely=True)[0][1:] == (date(2026, 3, 9), None)


def test_days_are_those_of_london() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert clocks([Begun("told", late)]) == [("support-referral", date(2026, 7, 3), None)]


def test_what_cannot_be_counted_is_left_out() -> None:
    assert clocks([Begun("told", datetime(2027, 12, 31, tzinfo=UTC))]) == []
    assert clocks([Begun("told", datetime(2020, 5, 1, tzinfo=UTC))]) == []


@pytest.mark.parametrize(
    ("outcome", "starts"), [(1, ["told", "charge"]), (16, ["told", "end"]), (8, ["told"])]
)
def test_an_outcome_begins_its_own_clock_when_it_has_a_time(
    outcome: int, starts: list[str]
) -> None:
    assert [one.starts for one in begun_with(FRIDAY, outcome, FRIDAY)] == starts
    assert [one.starts for one in begun_with(FRIDAY, outcome, None)] == ["told"]


def test_nothing_begins_while_nothing_is_known() -> None:
    assert begun_with(None, None, None) == []
