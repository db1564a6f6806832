"""The tables of reports refuse the wrong row, on both databases."""

from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal.alerts.service import sweep
from portal.db import Database
from portal.matching.service import propose
from portal.reports.contact_models import SafeContact
from portal.reports.models import (
    Allegation,
    CodeChange,
    ForceAnswer,
    Handover,
    Look,
    LostCode,
    Report,
    ReportKey,
    ReturnCode,
    Visit,
)
from portal.site import Site
from tests.rig.filed import file_report
from tests.rig.plans import plans_of
from tests.rig.rows import NOW, add, can_be_left_out, can_point_nowhere, fill_every_table, refuse

MODELS = (
    *(Report, ReportKey, Allegation, Handover, ForceAnswer, Look, Visit),
    *(ReturnCode, CodeChange, SafeContact, LostCode),
)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


def report_id(filled: Database) -> UUID:
    with filled.reading() as session:
        return session.scalars(select(Report.id)).one()


def test_what_a_row_needs_cannot_be_left_out(filled: Database) -> None:
    assert can_be_left_out(filled, *MODELS) == []


def test_nothing_belongs_to_a_report_person_or_entry_that_is_not_there(filled: Database) -> None:
    assert can_point_nowhere(filled, *MODELS) == []


@pytest.mark.parametrize("state", ["kept", "told", "passed"])
def test_a_filed_report_has_the_time_of_its_filing(filled: Database, state: str) -> None:
    add(filled, Report, state=state)
    refuse(filled, Report, state=state, filed_at=None)


def test_a_draft_has_no_time_of_filing(filled: Database) -> None:
    add(filled, Report, state="draft", filed_at=None)
    refuse(filled, Report, state="draft", filed_at=NOW)


@pytest.mark.parametrize("state", ["erased", "withdrawn", "closed", "Told", ""])
def test_there_is_no_other_state_of_a_report(filled: Database, state: str) -> None:
    refuse(filled, Report, state=state)
    refuse(filled, Report, state=state, filed_at=None)


def test_one_return_code_opens_one_report(filled: Database) -> None:
    add(filled, Report, code_hash=b"a" * 32)
    refuse(filled, Report, code_hash=b"a" * 32)


def test_a_report_has_one_open_change_of_its_code_and_any_number_that_are_over(
    filled: Database,
) -> None:
    add(filled, CodeChange, cancelled_at=None, done_at=NOW)
    add(filled, CodeChange, cancelled_at=NOW, done_at=None)
    add(filled, CodeChange, cancelled_at=None, done_at=None)
    refuse(filled, CodeChange, cancelled_at=None, done_at=None)


def test_a_report_has_one_safe_contact(filled: Database) -> None:
    refuse(filled, SafeContact, tries=3)


def test_no_two_codes_that_open_something_are_alike(filled: Database) -> None:
    add(filled, ReturnCode, code_hash=b"b" * 32)
    refuse(filled, ReturnCode, code_hash=b"b" * 32)


def test_a_report_has_one_key(filled: Database) -> None:
    refuse(filled, ReportKey, wrapped=b"another")


def test_two_allegations_of_a_report_never_share_a_number(filled: Database) -> None:
    add(filled, Allegation, ordinal=2)
    refuse(filled, Allegation, ordinal=2)


def test_a_report_is_in_a_forces_inbox_once(filled: Database) -> None:
    add(filled, Handover, force_id="kent")
    refuse(filled, Handover, force_id="kent")


def test_two_visits_never_share_a_cookie(filled: Database) -> None:
    add(filled, Visit, token_hash=b"v" * 32)
    refuse(filled, Visit, token_hash=b"v" * 32)


def test_a_report_with_anything_left_of_it_cannot_be_deleted(filled: Database) -> None:
    own = report_id(filled)
    with pytest.raises(IntegrityError), filled.transaction() as session:
        session.execute(delete(Report).where(Report.id == own))
    assert report_id(filled) == own


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_matching_and_sweeping_walk_only_the_allegations_that_wait(site: Site) -> None:
    for _ in range(3):
        file_report(site)
    with site.database.transaction() as session:
        session.execute(update(Allegation).values(to_match=True, to_sweep=True))
    with plans_of(site.database.engine) as plans:
        propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())
        sweep(site.database, keyring=site.keyring, now=site.now())
    for index in ("ix_allegations_to_match", "ix_allegations_to_sweep"):
        assert any(index in plan for plan in plans), plans
    assert not [plan for plan in plans if "SCAN allegations" in plan and "INDEX" not in plan]
