"""Promises about the words of oversight's pages: there is one for everything that can be there."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from portal.accounts.models import ROLES
from portal.alerts.deadline import Stage
from portal.alerts.models import KINDS
from portal.alerts.raising import OwnAction
from portal.police.completing import Times
from portal.police.models import CrimeRecordVersion
from portal.reports.dates import Interval
from portal.reports.models import Allegation
from portal.reports.starts import Start, work_out_start
from portal.web.oversight import words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY, LATER = NOON.replace(hour=0), NOON.replace(hour=0, day=3)


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
        (words.offence("N100"), "Note of a reported rape, no crime record (N100)"),
        (
            words.offence("N100/2"),
            "Note of a reported rape, no crime record: credible evidence to the contrary exists "
            "(N100/2)",
        ),
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


def test_times_that_a_row_leaves_empty_are_said_by_the_row_that_it_is_compared_by() -> None:
    full = CrimeRecordVersion(id=2, occurred_from=NOON, reported_at=NOON)
    bare, back = CrimeRecordVersion(id=3), CrimeRecordVersion(id=4)
    taken = Times(NOON, (NOON, None))
    known = {2: taken, 3: taken, 4: Times(None, (None, None))}
    assert words.happened(full, known) == words.received(full, known) == "2 March 2026, noon"
    by_another = "2 March 2026, noon (by an earlier row)"
    assert words.happened(bare, known) == words.received(bare, known) == by_another
    assert words.happened(back, known) == words.received(back, known) == "Not known"
    assert words.happened(bare, {}) == words.received(bare, {}) == "Not known"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (
            work_out_start("told", told=Interval(NOON, NOON), filed_at=LATER, delivered_at=None),
            "2 March 2026, noon",
        ),
        (
            work_out_start("told", told=Interval(DAY, LATER), filed_at=LATER, delivered_at=None),
            "By the end of 2 March 2026, at the latest",
        ),
        (
            work_out_start("told", told=None, filed_at=NOON, delivered_at=None),
            "By 2 March 2026, noon, at the latest",
        ),
        (
            work_out_start("pass", told=None, filed_at=DAY, delivered_at=NOON),
            "2 March 2026, noon",
        ),
        (None, "Not known"),
    ],
)
def test_a_latest_time_of_telling_is_said_to_be_one_and_a_known_one_is_not(
    start: Start | None, expected: str
) -> None:
    said = Allegation(
        clock_starts_at=start and start.at,
        clock_event=start and start.event,
        clock_basis=start and start.basis,
    )
    assert words.told(said) == expected


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.0, "0.0 bits"), (-0.04, "0.0 bits"), (0.04, "0.0 bits"), (-0.06, "-0.1 bits")],
)
def test_no_evidence_has_no_sign(number: float, said: str) -> None:
    assert words.bits(number) == said


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
