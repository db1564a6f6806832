"""What people made of a case, and asked, cannot be changed or put in past the log."""

import pytest
from sqlalchemy import Connection, text

from portal.accounts.models import Account
from portal.matching.asking import answer_by_victim, ask
from portal.site import Site
from tests.rig.audited import audit, found_after
from tests.rig.clock import HandClock
from tests.rig.people import add_person
from tests.rig.reviewed import case_of, reads, waiting_case

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def reviewed(site: Site, clock: HandClock) -> Site:
    """A rape that two people read, who differ, and about which its person was asked."""
    filed = waiting_case(site, clock, category="raped")
    inspector = add_person(site, "inspector")
    case = case_of(site, filed, inspector)
    keys = {"keyring": site.keyring, "now": site.now()}
    with site.database.transaction() as session:
        account = session.get_one(Account, inspector)
        record = case.proposed[0].record.id
        made = ask(session, case.allegation.id, record, "victim", account=account, **keys)  # type: ignore[arg-type]
    reads(site, filed, inspector, "record")
    reads(site, filed, add_person(site, "pcc", force_id="wiltshire"), "none")
    with site.database.transaction() as session:
        answer_by_victim(session, filed.id, made.id, "no", **keys)  # type: ignore[arg-type]
    return site


def test_what_was_really_said_is_found_to_be_so(reviewed: Site) -> None:
    assert audit(reviewed) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM readings",
        "UPDATE readings SET verdict = 'cannot_tell' WHERE verdict = 'none'",
        "UPDATE readings SET is_double = 0",
        "UPDATE readings SET role = 'registrar'",
        "UPDATE readings SET model_version = 'another'",
        "UPDATE readings SET version_id = NULL",
        "UPDATE readings SET at = '2026-03-03 09:00:00.000000'",
        "DELETE FROM questions",
        "UPDATE questions SET answer = 'yes'",
        "UPDATE questions SET answer = NULL, answered_at = NULL",
        "UPDATE questions SET kind = 'record'",
        "UPDATE questions SET asked_by = (SELECT account_id FROM readings WHERE verdict = 'none')",
    ],
)
def test_no_row_is_changed_without_a_finding(reviewed: Site, statement: str) -> None:
    def change(connection: Connection) -> None:
        connection.execute(text(statement))

    assert found_after(reviewed, change)
