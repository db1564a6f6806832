"""A rule for each field that an entry about a report can have, and only one."""

import re

import pytest

from portal.web.report.field_rules import RULES, plain

# What the services write beside the answers: matching, alerts, looks and forces' answers.
NAMES = [
    *("kind", "at", "subject", "sequence", "previous", "after"),
    *("clock.starts_at", "clock.event", "clock.basis", "answers.agrees_now"),
    *("force", "crime_reference", "words", "role", "organisation", "reason"),
    *("allegation", "record.force", "record.reference", "record.version"),
    *("match.zone", "match.model", "decided.role", "decided.organisation", "decided.reason"),
    *("alert", "alert.kind", "alert.cause", "alert.stage", "action", "facts.limit_at"),
]


@pytest.mark.parametrize("name", NAMES)
def test_each_field_that_is_written_has_one_rule(name: str) -> None:
    assert len([rule for rule in RULES if re.fullmatch(rule.pattern, name)]) == 1


def say(name: str, value: object) -> str:
    (rule,) = (rule for rule in RULES if re.fullmatch(rule.pattern, name))
    caught = re.fullmatch(rule.pattern, name)
    assert caught
    return rule.say({caught[1] if caught.re.groups else name: value})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("kind", "submitted", "Something was put on record"),
        ("kind", "of-later", "of-later"),
        ("at", "2026-07-01T09:30:00.000000Z", "1 July 2026, 10:30am BST"),
        ("sequence", 3, "Number 3"),
        ("answers.allegations.12.what.category", "in-no-list", "in-no-list"),
        ("answers.allegations.1.force.force", "kent", "Kent Police"),
        ("answers.about.birth_year", "1980", "1980"),
        ("answers.way.way", "keep", "Keep it here for now"),
        ("answers.pass.agrees", "yes", "Yes"),
        ("clock.basis", "The police were told.", "The police were told."),
        ("facts.late_by_hours", 3, "late by hours: 3"),
        ("facts.recorded_day_only", True, "recorded day only: Yes"),
        ("role", "liaison", "The police force"),
        ("decided.role", "pcc", "The office that watches over the police force"),
        ("action", "resolved", "The people who watch over the police ended their check."),
    ],
)
def test_a_value_is_said_in_words(name: str, value: object, words: str) -> None:
    assert say(name, value) == words


def test_yes_and_no_are_words_and_one_is_a_number() -> None:
    assert [plain({"x": value}) for value in (True, False, 1, 0)] == ["Yes", "No", "1", "0"]
