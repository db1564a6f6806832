"""Promises about audits of what a person did with their report: a row that says else is found."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.db import Base
from portal.ledger.erasure import check_erasure
from portal.ledger.service import NewEntry, append
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation, Report
from portal.site import Site
from tests.rig.audited import audit_in
from tests.rig.clock import HandClock
from tests.rig.erased import erase
from tests.rig.filed import file_report
from tests.rig.own import Own
from tests.rig.people import add_person


def audit(site: Site) -> str:
    """What an audit finds, in one text."""
    with site.database.reading() as session:
        return " | ".join(map(str, audit_in(site, session, check_erasure)))


@pytest.fixture
def own(site: Site, clock: HandClock) -> Own:
    """A report with every mark that a person can leave on it."""
    made = Own(site, file_report(site, told=clock(), filed_by=add_person(site, "advocate")))
    made.correct("what", 1, category="raped", other="")
    made.correct("what", 1, category="damage-home", other="")
    made.correct("when", 1, kind="exact", day="1", month="3", year="2026", time="10:00")
    made.correct("told_how", channel="101", force="kent")
    made.withdraw()
    made.take_up()
    made.withdraw()
    made.stop_supporter()
    made.ask_to_erase()
    return made


def test_a_report_that_was_changed_by_its_own_person_alone_gives_no_finding(
    site: Site, own: Own
) -> None:
    assert audit(site) == ""
    own.keep()
    own.take_up()
    own.allow_supporter()
    assert audit(site) == ""
    erase(site, own.filed)
    assert audit(site) == ""


@pytest.mark.parametrize(
    ("model", "column", "value", "says"),
    [
        (Report, "withdrawn_at", None, "whether and when it was withdrawn"),
        (Report, "supporter_stopped_at", None, "whether its supporter may see it"),
        (Report, "erase_asked_at", None, "whether an erasure waits"),
        (Report, "erase_due_at", "later", "whether an erasure waits"),
        (Report, "erase_due_at", None, "whether an erasure waits"),
        (Allegation, "corrected_at", None, "whether and how it was corrected"),
        (Allegation, "corrected_categories", None, "whether and how it was corrected"),
        (Allegation, "corrected_categories", "damage-home", "whether and how it was corrected"),
        (Allegation, "corrected_categories", "damage-home raped", "whether and how it was correct"),
        (Allegation, "category", "damage-home", "is not what was put on record"),
        (Allegation, "occurred_from", "later", "is not what was put on record"),
        (Allegation, "force_id", "wiltshire", "is not what was put on record"),
    ],
)
def test_whoever_changes_a_row_past_the_log_leaves_a_finding(
    site: Site, clock: HandClock, own: Own, model: type[Base], column: str, value: object, says: str
) -> None:
    assert own.row().erase_due_at
    changed = clock() - timedelta(hours=1) if value == "later" else value
    with site.database.transaction() as session:
        session.execute(update(model).values({column: changed}))
    assert says in audit(site)


def test_an_insider_who_asks_for_a_sooner_time_is_found(site: Site, clock: HandClock) -> None:
    own = Own(site, file_report(site))
    with site.database.transaction() as session:
        data_key = get_data_key(session, own.filed.id, keyring=site.keyring)
        fields = {"erases.from": f"{clock() + timedelta(hours=1):%Y-%m-%dT%H:%M:%S.%fZ}"}
        entry = NewEntry("erase_asked", own.filed.id, fields, data_key.seal)
        append(session, [entry], now=clock())
    assert "sooner or later than the cooling-off time" in audit(site)
