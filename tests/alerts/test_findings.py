import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.alerts.deadline import Due, work_out
from portal.alerts.findings import (
    Finding,
    SupplyFacts,
    backdated,
    recorded_late,
    say,
    supply_stale,
    undelivered,
    unrecorded,
    vanished,
    words,
)
from portal.reference.rules import RecordingRule
from portal.reports.starts import Start

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
DEADLINE = work_out(
    RecordingRule("limit", "1", MONDAY, None, 24 * HOUR, 24 * HOUR, 48 * HOUR, ""),
    Start(MONDAY, "told_police", "The police were told."),
)


def supply(day: int, *, covers: int = 1, is_full: bool = False) -> SupplyFacts:
    """A supply that arrives `day` days after Monday and covers the `covers` days before."""
    received = MONDAY + day * DAY
    return SupplyFacts(f"supply-{day}", received, received - covers * DAY, received, is_full)


def found(finding: Finding | None) -> Finding:
    assert finding is not None
    return finding


def test_a_record_made_at_the_limit_is_in_time_and_a_moment_later_is_late() -> None:
    limit = DEADLINE.limit_at
    assert recorded_late("a", limit_at=limit, recorded_at=limit) is None
    late = found(recorded_late("a", limit_at=limit, recorded_at=limit + 90 * HOUR / 60))
    assert late.facts["late_by_hours"] == 1.5
    assert late.cause == "deadline:a"
    assert "10:30am on Tuesday 3 November 2026" in words(late)


def test_an_alert_without_records_to_check_says_since_when() -> None:
    checked = unrecorded("a", DEADLINE, Due("full"))
    unchecked = unrecorded("a", DEADLINE, Due("full", cannot_be_checked_since=MONDAY))
    assert "9am on Wednesday 4 November 2026" in words(checked)
    assert "cannot be checked since 9am on Monday 2 November 2026" in words(unchecked)
    assert checked.cause == unchecked.cause


def test_a_record_that_an_earlier_supply_should_have_held_is_backdated() -> None:
    recorded = MONDAY + 1.5 * DAY
    supplies = [supply(day) for day in range(1, 6)]
    finding = found(
        backdated("v1", recorded_at=recorded, first_seen=supplies[4], supplies=supplies)
    )
    assert finding.facts["absent_from"] == "supply-2"
    assert finding.cause == "record_version:v1"


def test_a_record_first_seen_in_the_supply_of_its_day_is_not_backdated() -> None:
    supplies = [supply(day) for day in range(1, 6)]
    recorded = MONDAY + 1.5 * DAY
    assert not backdated("v1", recorded_at=recorded, first_seen=supplies[1], supplies=supplies)


def test_a_supply_cannot_be_blamed_for_what_came_after_it() -> None:
    early = SupplyFacts("early", MONDAY, MONDAY - DAY, MONDAY + 5 * DAY, is_full=True)
    recorded = MONDAY + HOUR
    assert not backdated("v1", recorded_at=recorded, first_seen=supply(2), supplies=[early])
    assert not early.covers(MONDAY)


def test_a_record_with_no_time_of_day_is_not_blamed_on_a_supply_that_ended_within_the_day() -> None:
    midnight = MONDAY + DAY - 9 * HOUR
    supplies = [supply(1), supply(3)]

    def judged(*, day_only: bool) -> Finding | None:
        return backdated(
            "v",
            recorded_at=midnight,
            recorded_day_only=day_only,
            first_seen=supplies[1],
            supplies=supplies,
        )

    assert judged(day_only=False)
    assert judged(day_only=True) is None


def test_a_record_missing_from_a_later_full_supply_has_vanished() -> None:
    recorded = MONDAY + 0.5 * DAY
    full, again = supply(3, covers=9, is_full=True), supply(4, covers=9, is_full=True)
    finding = found(
        vanished("v1", recorded_at=recorded, last_seen=supply(1), supplies=[again, full])
    )
    assert finding.facts["absent_from"] == "supply-3"
    only_one = found(vanished("v1", recorded_at=recorded, last_seen=supply(1), supplies=[again]))
    assert finding.cause == only_one.cause


def test_a_supply_of_changes_or_of_another_period_makes_nothing_vanish() -> None:
    recorded = MONDAY + 0.5 * DAY
    others = [supply(3, covers=9), supply(4, is_full=True), supply(0, covers=9, is_full=True)]
    assert not vanished("v1", recorded_at=recorded, last_seen=supply(1), supplies=others)


def test_a_notice_that_failed_for_good_is_undelivered_and_holds_nothing_up() -> None:
    assert undelivered("h", delivered_at=MONDAY, failed_at=None, attempts=3) is None
    finding = found(undelivered("h", delivered_at=MONDAY, failed_at=MONDAY + DAY, attempts=9))
    assert finding.cause == "handover:h"
    assert "all the same" in words(finding)


def test_a_record_without_a_time_of_day_is_spoken_of_by_its_day_alone() -> None:
    midnight = datetime(2026, 11, 3, tzinfo=UTC)
    finding = found(
        recorded_late("a", limit_at=MONDAY, recorded_at=midnight, recorded_day_only=True)
    )
    assert "made on Tuesday 3 November 2026, after" in words(finding)
    timed = found(recorded_late("a", limit_at=MONDAY, recorded_at=midnight))
    assert "made at midnight" in words(timed)


def stale(covered: datetime | None, now: datetime) -> Finding | None:
    due_at = (covered or MONDAY - 30 * DAY) + DAY
    return supply_stale(covered_until=covered, due_at=due_at, now=now)


def test_staleness_runs_from_the_end_of_the_period_covered() -> None:
    assert stale(MONDAY, MONDAY + DAY) is None
    finding = found(stale(MONDAY, MONDAY + DAY + HOUR))
    assert finding.cause == "supply:due/2026-11-03T09:00:00.000000Z"
    assert "reach only to 9am on Monday 2 November 2026" in words(finding)


def test_a_force_that_agreed_to_no_interval_owes_nothing() -> None:
    assert supply_stale(covered_until=None, due_at=None, now=MONDAY) is None


def test_a_force_that_never_sent_anything_is_stale_after_its_first_interval() -> None:
    assert stale(None, MONDAY - 29 * DAY) is None
    assert "sent us no records" in words(found(stale(None, MONDAY)))


EVERY = [
    unrecorded("a", DEADLINE, Due("full")),
    unrecorded("a", DEADLINE, Due("awaiting_review", cannot_be_checked_since=MONDAY)),
    found(recorded_late("a", limit_at=MONDAY, recorded_at=MONDAY + DAY)),
    found(
        backdated("v", recorded_at=MONDAY + 0.5 * DAY, first_seen=supply(2), supplies=[supply(1)])
    ),
    found(
        vanished(
            "v",
            recorded_at=MONDAY + 0.5 * DAY,
            last_seen=supply(1),
            supplies=[supply(3, covers=9, is_full=True)],
        )
    ),
    found(undelivered("h", delivered_at=MONDAY, failed_at=MONDAY, attempts=1)),
    found(stale(MONDAY, MONDAY + 9 * DAY)),
    found(stale(None, MONDAY + 9 * DAY)),
]


@pytest.mark.parametrize("finding", EVERY, ids=lambda finding: finding.kind)
def test_every_finding_says_check_and_not_breach_and_can_be_kept(finding: Finding) -> None:
    said = words(finding)
    assert "must check" in said
    assert "does not show that anyone broke a rule" in said
    assert said.count(". ") == 1
    assert "None" not in said
    assert "{" not in said
    kept = json.loads(json.dumps(finding.facts))
    assert say(finding.kind, kept) == said


offsets = st.integers(-200, 200).map(lambda hours: MONDAY + hours * HOUR)


@given(offsets, offsets)
def test_lateness_is_never_negative(limit: datetime, recorded: datetime) -> None:
    finding = recorded_late("a", limit_at=limit, recorded_at=recorded)
    assert (finding is None) == (recorded <= limit)
    if finding:
        late_by = finding.facts["late_by_hours"]
        assert isinstance(late_by, float)
        assert late_by > 0


@given(offsets, st.lists(st.integers(-9, 9), unique=True, min_size=1))
def test_the_order_in_which_supplies_are_listed_does_not_matter(
    recorded: datetime, days: list[int]
) -> None:
    supplies = [supply(day, covers=3, is_full=True) for day in days]
    last = max(supplies, key=lambda one: one.received_at)
    first = min(supplies, key=lambda one: one.received_at)
    backwards = supplies[::-1]
    assert backdated("v", recorded_at=recorded, first_seen=last, supplies=supplies) == backdated(
        "v", recorded_at=recorded, first_seen=last, supplies=backwards
    )
    assert vanished("v", recorded_at=recorded, last_seen=first, supplies=supplies) == vanished(
        "v", recorded_at=recorded, last_seen=first, supplies=backwards
    )
