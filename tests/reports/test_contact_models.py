"""The tables of contact refuse the wrong row, on both databases."""

import pytest

from portal.db import Database
from portal.reports.contact_models import Message, SafeContact
from tests.rig.rows import add, can_be_left_out, can_point_nowhere, fill_every_table, refuse


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


def test_what_a_row_needs_cannot_be_left_out_and_points_somewhere(filled: Database) -> None:
    assert can_be_left_out(filled, SafeContact, Message) == []
    assert can_point_nowhere(filled, SafeContact, Message) == []


def test_a_message_is_with_a_supporter_or_with_oversight(filled: Database) -> None:
    add(filled, Message, correspondent="oversight", account_id=None)
    refuse(filled, Message, correspondent="police")
