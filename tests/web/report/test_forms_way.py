"""Promises about the ways in and the force that is chosen beforehand, or not."""

from datetime import UTC, datetime

import pytest

from portal.web.report.forms_way import agreed_forces, likely_force
from portal.web.report.page_form import Around
from tests.web.report.conftest import Person

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("insider", "force", "likely"),
    [
        ("no", "wiltshire", "wiltshire"),
        ("rather_not_say", "wiltshire", "wiltshire"),
        ("yes", "wiltshire", ""),
        ("unsure", "wiltshire", ""),
        ("no", "unsure", ""),
    ],
)
def test_a_force_is_likely_only_when_nobody_in_it_may_be_involved(
    insider: str, force: str, likely: str
) -> None:
    answers = {"allegations": [{"force": {"force": force}}], "insider": {"insider": insider}}
    assert likely_force(answers) == likely


def test_nothing_is_likely_before_anything_was_told() -> None:
    assert likely_force({}) == ""


def test_only_forces_that_agreed_are_offered() -> None:
    around = Around({}, 0, frozenset({"kent", "gotham"}), NOW)
    assert [force.id for force in agreed_forces(around)] == ["kent"]


def test_whoever_mixes_the_numbers_up_may_put_them_in_either_box(person: Person) -> None:
    person.starts()
    person.answers("way", way="told")
    assert person.client.get("/start/told-how").text.count("Put it in either box") == 2
