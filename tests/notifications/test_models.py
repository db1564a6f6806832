"""The outbox refuses the wrong row, on both databases."""

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.notifications.models import OutboxMessage
from portal.notifications.service import Letter, enqueue, has_due, send_due
from portal.site import Site
from tests.rig.plans import plans_of
from tests.rig.rows import add, can_be_left_out, fill_every_table, refuse


class Post:
    """A sender that counts what it is given."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, address: str, subject: str, body: str) -> None:
        """Take one message."""
        self.sent.append(address)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


def test_what_a_message_needs_cannot_be_left_out(filled: Database) -> None:
    assert can_be_left_out(filled, OutboxMessage) == []


def test_one_event_sends_one_message(filled: Database) -> None:
    add(filled, OutboxMessage, cause="handover:1")
    refuse(filled, OutboxMessage, cause="handover:1")
    refuse(filled, OutboxMessage, cause="handover:1", sent_at=None, failed_at=None)
    add(filled, OutboxMessage, cause="handover:2")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_who_sends_looks_only_at_messages_that_wait(site: Site) -> None:
    post = Post()
    with site.database.transaction() as session:
        for number in range(3):
            enqueue(
                session,
                Letter(f"{number}@example.org", "Something new", "Sign in."),
                kind="notice",
                cause=f"event:{number}",
                about=None,
                keyring=site.keyring,
                now=site.now(),
            )
    with plans_of(site.database.engine) as plans:
        with site.database.reading() as session:
            assert has_due(session, now=site.now())
        send_due(site.database, post, keyring=site.keyring, clock=site.now)
    assert sorted(post.sent) == ["0@example.org", "1@example.org", "2@example.org"]
    about_all = [plan for plan in plans if "outbox_messages" in plan]
    assert len(about_all) >= 4
    assert all("ix_outbox_messages_waiting" in plan for plan in about_all), about_all
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 3
