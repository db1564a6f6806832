"""The recording limit that held when the force received the report."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.reference.files import NotInReference
from portal.reference.rules import all_rules, get_rule, rule_at

CHANGE = datetime(2015, 3, 31, 23, tzinfo=UTC)


def test_today_police_have_24_hours_and_the_supply_one_day_more() -> None:
    rule = rule_at(datetime(2024, 5, 1, tzinfo=UTC))
    assert rule.limit == timedelta(hours=24)
    assert rule.supply_allowance == timedelta(hours=24)
    assert rule.awaiting_review == timedelta(hours=48)
    assert "24 clock hours" in rule.source


def test_the_limit_changed_at_midnight_in_london_on_1_april_2015() -> None:
    assert rule_at(CHANGE).limit == timedelta(hours=24)
    assert rule_at(CHANGE - timedelta(microseconds=1)).limit == timedelta(hours=72)


def test_a_report_of_long_ago_has_a_rule_too() -> None:
    assert rule_at(datetime(1975, 1, 1, tzinfo=UTC)).limit == timedelta(hours=72)


def test_a_stored_deadline_finds_its_rule_again() -> None:
    for rule in all_rules():
        assert get_rule(rule.version) == rule
    with pytest.raises(NotInReference):
        get_rule("never")


def test_a_time_without_a_zone_has_no_rule() -> None:
    with pytest.raises(ValueError, match="zone"):
        rule_at(datetime(2024, 5, 1))  # noqa: DTZ001
