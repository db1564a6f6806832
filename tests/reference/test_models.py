"""What forces agreed: one row for each force, on both databases."""

import pytest
from sqlalchemy import insert, select

from portal.db import Database
from portal.reference.models import ForceTerms
from tests.rig.rows import add, can_be_left_out, fill_every_table, refuse


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


def test_terms_are_some_forces_terms(filled: Database) -> None:
    assert can_be_left_out(filled, ForceTerms) == []


def test_a_force_has_one_set_of_terms(filled: Database) -> None:
    add(filled, ForceTerms, force_id="kent")
    refuse(filled, ForceTerms, force_id="kent")


def test_a_force_can_be_known_and_have_agreed_to_nothing(database: Database) -> None:
    with database.transaction() as session:
        session.execute(insert(ForceTerms).values(force_id="kent"))
    with database.reading() as session:
        terms = session.scalars(select(ForceTerms)).one()
    assert terms.inbox_agreed_at is None
    assert terms.supply_interval_hours is None
    assert terms.notice_address is None
