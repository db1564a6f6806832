"""Promises about the words of oversight's pages: there is one for everything that can be there."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from portal.accounts.models import ROLES
from portal.alerts.deadline import Stage
from portal.alerts.models import KINDS
from portal.alerts.raising import OwnAction
from portal.police.models import CrimeRecordVersion
from portal.reports.models import Allegation
from portal.web.oversight import words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_every_kind_of_alert_has_a_name() -> None:
    assert set(words.KINDS) == set(KINDS)
    assert len(set(words.KINDS.values())) == len(KINDS)


def test_every_stage_is_named_and_explained() -> None:
    assert set(words.STAGES) == {*get_args(Stage), "lead"} == set(words.STAGE_MEANS)
    assert not {"Full", "full alert"} & set(words.STAGES.values())


def test_every_state_has_its_word_and_colour() -> None:
    assert set(words.STATES) == set(words.STATE_COLOURS)
    assert set(words.MATCH_STATES) == set(words.MATCH_COLOURS)
    assert set(words.ROLES) <= set(ROLES)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words.force("wiltshire"), "Wiltshire"),
        (words.force(None), "Not known"),
        (words.force("atlantis"), "atlantis"),
        (words.category("raped"), "Rape"),
        (words.category(None), "The force itself"),
        (words.category("no-longer-offered"), "no-longer-offered"),
        (words.offence("58A"), "Criminal damage to a dwelling (58A)"),
        (words.offence("999Z"), "Code 999Z"),
        (words.outcome(None), "None yet"),
        (words.outcome(0), "None yet"),
        (words.outcome(8), "Community resolution (8)"),
        (words.outcome(99), "Type 99"),
        (words.removal(None), ""),
        (words.removal("C4"), "Recorded in error (C4)"),
        (words.removal("C9"), "C9"),
        (words.stretch(None, None), "Not known"),
        (words.stretch(NOON, NOON), "2 March 2026, noon"),
        (words.stretch(NOON, None), "2 March 2026, noon"),
        (words.stretch(None, NOON), "Up to 2 March 2026, noon"),
        (
            words.stretch(NOON, NOON + timedelta(hours=2)),
            "Between 2 March 2026, noon and 2 March 2026, 2pm",
        ),
    ],
)
def test_what_a_table_says_can_be_read_by_somebody_without_the_codes(
    said: str, expected: str
) -> None:
    assert said == expected


def test_when_it_happened_is_said_by_the_last_row_that_says_so() -> None:
    versions = [
        CrimeRecordVersion(number=1, occurred_from=NOON - timedelta(days=1)),
        CrimeRecordVersion(number=2, occurred_from=NOON),
        CrimeRecordVersion(number=3),
        CrimeRecordVersion(number=4, occurred_from=NOON + timedelta(days=1)),
    ]
    known = [(one, one.number) for one in versions]
    assert words.happened(versions[1], known) == "2 March 2026, noon"
    assert words.happened(versions[2], known) == "By an earlier row: 2 March 2026, noon"
    assert words.happened(versions[2], []) == "Not known"


def test_facts_are_lines_in_london_time_and_what_has_no_words_is_left_out() -> None:
    found = {
        "limit_at": "2026-07-02T12:00:00.000000Z",
        "cannot_be_checked_since": None,
        "attempts": 5,
        "never_supplied": True,
    }
    assert words.facts(found) == [
        ("Recording limit", "2 July 2026, 1pm"),
        ("Tries to send the notice", "5"),
    ]


def test_whatever_the_sweep_does_by_itself_is_said_in_words() -> None:
    assert set(get_args(OwnAction)) <= set(words.DEEDS)


def test_a_corrected_answer_stands_beside_the_first_and_every_one_between() -> None:
    plain = Allegation(category="burglary-home")
    assert words.what(plain) == words.category("burglary-home")
    corrected = Allegation(category="raped", corrected_categories="robbery raped")
    assert words.what(corrected) == "Rape. Corrected to: Robbery, then Rape"
