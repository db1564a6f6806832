"""A person is asked once after a milestone, about the newest alone, and never again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.reports.milestones import quarter_of, reached, waiting

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOLD = ("submitted", START, {"answers.way.way": "told"})


def names(*entries: tuple[str, datetime, dict[str, Any]], days: int = 0) -> list[str]:
    found = reached(entries, now=START + timedelta(days=days))
    return [one.milestone for one in found]


def test_nothing_is_asked_while_the_police_were_not_told() -> None:
    assert names(("submitted", START, {"answers.way.way": "keep"}), days=40) == []


@pytest.mark.parametrize("kind", ["told_police", "handed_over"])
def test_a_kept_report_that_is_told_later_counts_from_then(kind: str) -> None:
    kept = ("submitted", START, {"answers.way.way": "keep"})
    assert names(kept, (kind, START + timedelta(days=20), {}), days=40) == ["sent"]


def test_each_milestone_is_reached_once_in_its_order() -> None:
    later = START + timedelta(days=1)
    entries = [
        TOLD,
        ("force_answered", later, {"force": "wiltshire"}),
        ("matched", later + timedelta(days=1), {"record.force": "dorset"}),
        ("matched", later + timedelta(days=2), {"record.force": "kent"}),
        ("alert_changed", later + timedelta(days=3), {"action": "acknowledged"}),
        ("alert_changed", later + timedelta(days=4), {"action": "resolved"}),
        ("looked_at", later, {}),
    ]
    assert names(*entries, days=40) == ["sent", "answered", "found", "resolved", "later"]
    found = reached(entries, now=START)
    assert [one.force_id for one in found] == ["", "wiltshire", "dorset", ""]


def test_only_the_newest_is_asked_about_and_none_that_was_let_pass() -> None:
    found = reached([TOLD, ("matched", START + timedelta(days=1), {})], now=START)
    asked = waiting(found, ())
    assert asked is not None
    assert asked.milestone == "found"
    assert waiting(found, {"sent", "found"}) is None
    assert waiting(found, {"found"}) is None
    assert waiting([], ()) is None


def test_of_the_time_only_the_quarter_is_kept() -> None:
    assert quarter_of(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-Q1"
    assert quarter_of(datetime(2026, 12, 31, tzinfo=UTC)) == "2026-Q4"
