"""The tables of alerts refuse the wrong row, on both databases."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from portal.alerts.models import KINDS, Alert, AlertAction, Clock
from portal.alerts.service import sweep
from portal.db import Database
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, file_report
from tests.rig.plans import plans_of
from tests.rig.rows import add, can_be_left_out, can_point_nowhere, fill_every_table, refuse

MODELS = (Clock, Alert, AlertAction)
STATES = ("open", "acknowledged", "asked", "resolved")


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


def another_allegation(filled: Database) -> UUID:
    made = uuid4()
    add(filled, Allegation, id=made)
    return made


def test_what_a_row_needs_cannot_be_left_out(filled: Database) -> None:
    assert can_be_left_out(filled, *MODELS) == []


def test_nothing_belongs_to_an_allegation_alert_or_person_that_is_not_there(
    filled: Database,
) -> None:
    assert can_point_nowhere(filled, *MODELS) == []


def test_an_allegation_has_one_clock(filled: Database) -> None:
    refuse(filled, Clock, rule_version="another")
    add(filled, Clock, allegation_id=another_allegation(filled))


def test_an_alert_is_raised_once_for_a_subject_kind_and_cause(filled: Database) -> None:
    one = {"subject": uuid4(), "kind": "downgraded", "cause": "version 2"}
    add(filled, Alert, **one)
    refuse(filled, Alert, **one)
    refuse(filled, Alert, **one, state="resolved", stage="lead")
    add(filled, Alert, **(one | {"subject": uuid4()}))
    add(filled, Alert, **(one | {"kind": "cancelled"}))
    add(filled, Alert, **(one | {"cause": "version 3"}))


def test_every_kind_stage_and_state_has_its_place_and_there_is_no_other(filled: Database) -> None:
    for column, known in (
        ("kind", KINDS),
        ("stage", ("awaiting_review", "lead", "full")),
        ("state", STATES),
    ):
        for value in known:
            add(filled, Alert, **{column: value})
        for value in ("", "other", known[0].upper()):
            refuse(filled, Alert, **{column: value})


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_sweep_walks_only_the_clocks_that_are_due(site: Site, clock: HandClock) -> None:
    for _ in range(3):
        file_report(site, told=clock() - timedelta(hours=1))
    sweep(site.database, keyring=site.keyring, now=clock())
    clock.advance(days=3)
    with plans_of(site.database.engine) as plans:
        sweep(site.database, keyring=site.keyring, now=clock())
    assert any("ix_clocks_due" in plan for plan in plans), plans
    assert [alert.kind for alert in alerts_of(site)] == ["unrecorded"] * 3
    assert not [plan for plan in plans if "SCAN clocks" in plan and "INDEX" not in plan]
