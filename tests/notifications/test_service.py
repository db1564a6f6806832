"""Promises about the outbox: a message goes with its cause, and once, whatever fails."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from portal.notifications.models import OutboxMessage
from portal.notifications.senders import NotSentError
from portal.notifications.service import (
    LEASE,
    RETRY_AFTER,
    Letter,
    enqueue,
    find_failed,
    has_due,
    send_due,
)
from portal.site import Site
from tests.rig.clock import HandClock

ADDRESS = "inbox@example.org"
LETTER = Letter(ADDRESS, "Something new in your inbox", "Sign in to read it.\n")
Sent = tuple[str, str, str]


@dataclass
class Box:
    """A sender that keeps what it is given. `meanwhile` runs while a message is on its way."""

    broken: bool = False
    meanwhile: Callable[[], object] = lambda: None
    sent: list[Sent] = field(default_factory=list)
    tries: int = 0

    def send(self, address: str, subject: str, body: str) -> None:
        self.tries += 1
        self.meanwhile()
        if self.broken:
            raise NotSentError
        self.sent.append((address, subject, body))


def put(site: Site, cause: str, kind: str = "notice") -> bool:
    with site.database.transaction() as session:
        return enqueue(
            session,
            LETTER,
            kind=kind,
            cause=cause,
            about=uuid4(),
            keyring=site.keyring,
            now=site.now(),
        )


def send(site: Site, box: Box, at_most: int = 100) -> int:
    return send_due(site.database, box, keyring=site.keyring, clock=site.now, at_most=at_most)


def only(site: Site) -> OutboxMessage:
    with site.database.reading() as session:
        return session.scalars(select(OutboxMessage)).one()


def test_a_message_is_sent_once_and_as_it_was_written(site: Site, clock: HandClock) -> None:
    box = Box()
    assert put(site, "handover:1")
    assert send(site, box) == 1
    assert box.sent == [(ADDRESS, "Something new in your inbox", "Sign in to read it.\n")]
    clock.advance(days=30)
    assert send(site, box) == 0
    assert only(site).sent_at is not None


def test_one_cause_makes_one_message(site: Site) -> None:
    assert put(site, "handover:1")
    assert not put(site, "handover:1")
    assert put(site, "handover:2")
    assert send(site, Box()) == 2


def test_a_message_whose_cause_was_undone_is_never_sent(site: Site) -> None:
    with site.database.transaction() as session:
        enqueue(
            session,
            LETTER,
            kind="notice",
            cause="handover:1",
            about=None,
            keyring=site.keyring,
            now=site.now(),
        )
        session.rollback()
    assert send(site, Box()) == 0


def test_the_table_shows_neither_the_address_nor_the_words(site: Site) -> None:
    put(site, "handover:1")
    with site.database.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT * FROM outbox_messages").all()
    shown = b"".join(bytes(v) if isinstance(v, bytes) else str(v).encode() for v in rows[0])
    assert b"example.org" not in shown
    assert b"Sign in" not in shown
    assert b"handover:1" in shown


def test_four_senders_at_once_send_none_twice_and_lose_none(site: Site) -> None:
    for number in range(24):
        put(site, f"handover:{number}")
    boxes = [Box(meanwhile=lambda: time.sleep(0.002)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda box: send(site, box), boxes))
    assert sum(counts) == 24
    assert sum(len(box.sent) for box in boxes) == 24
    assert send(site, Box()) == 0


def test_a_message_on_its_way_is_nobody_elses(site: Site) -> None:
    put(site, "handover:1")
    other = Box()
    assert send(site, Box(meanwhile=lambda: send(site, other))) == 1
    assert other.sent == []


def test_a_slow_server_does_not_let_the_leases_of_those_behind_run_out(
    site: Site, clock: HandClock
) -> None:
    for number in range(5):
        put(site, f"handover:{number}")
    other = Box()
    late = LEASE - timedelta(seconds=1)

    def dawdle() -> None:
        clock.instant += late
        if len(slow.sent) == 3:
            send(site, other)

    slow = Box(meanwhile=dawdle)
    send(site, slow)
    assert len(slow.sent) == 4
    assert len(other.sent) == 1


def test_a_sender_that_died_is_taken_over_when_its_lease_is_out(
    site: Site, clock: HandClock
) -> None:
    put(site, "handover:1")

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(site, Box(meanwhile=die))
    box = Box()
    assert send(site, box) == 0
    clock.advance(minutes=5)
    assert send(site, box) == 0
    clock.advance(seconds=1)
    assert send(site, box) == 1


def test_a_message_that_does_not_leave_is_tried_again_and_at_last_given_up(
    site: Site, clock: HandClock
) -> None:
    put(site, "handover:1")
    box = Box(broken=True)
    for number, wait in enumerate(RETRY_AFTER, 1):
        assert send(site, box) == 0
        assert box.tries == number
        clock.instant += wait - timedelta(seconds=1)
        send(site, box)
        assert box.tries == number, "it waits before it tries again"
        clock.advance(seconds=1)
    assert only(site).failed_at is None
    send(site, box)
    with site.database.reading() as session:
        (failed,) = find_failed(session, "notice")
        assert failed.failed_at == site.now()
        assert find_failed(session, "another kind") == []
    clock.advance(days=30)
    box.broken = False
    assert send(site, box) == 0


def test_a_second_try_that_succeeds_is_the_last(site: Site, clock: HandClock) -> None:
    put(site, "handover:1")
    send(site, Box(broken=True))
    clock.advance(minutes=1)
    assert send(site, Box()) == 1
    assert only(site).attempts == 2
    clock.advance(days=1)
    assert send(site, Box()) == 0


def test_a_message_that_cannot_be_opened_holds_up_no_other(site: Site, clock: HandClock) -> None:
    put(site, "handover:1")
    with site.database.transaction() as session:
        session.execute(update(OutboxMessage).values(sealed=b"\x40" + b"x" * 100))
    clock.advance(seconds=1)
    put(site, "handover:2")
    assert send(site, Box()) == 1
    for wait in RETRY_AFTER:
        clock.instant += wait
        send(site, Box())
    with site.database.reading() as session:
        assert [one.cause for one in find_failed(session, "notice")] == ["handover:1"]


def test_whether_anything_waits_is_seen_without_sending(site: Site, clock: HandClock) -> None:
    def waits() -> bool:
        with site.database.reading() as session:
            return has_due(session, now=site.now())

    assert not waits()
    put(site, "handover:1")
    assert waits()
    send(site, Box(broken=True))
    assert not waits()
    clock.advance(minutes=1)
    assert waits()
    send(site, Box())
    assert not waits()


def test_the_oldest_go_first_and_no_more_than_asked(site: Site, clock: HandClock) -> None:
    causes = []
    for number in range(3):
        put(site, f"handover:{number}")
        clock.advance(seconds=1)
    for _ in range(3):
        assert send(site, Box(), at_most=1) == 1
        with site.database.reading() as session:
            sent = select(OutboxMessage.cause).where(OutboxMessage.sent_at.is_not(None))
            causes.append(len(session.scalars(sent).all()))
            assert f"handover:{len(causes) - 1}" in session.scalars(sent).all()
    assert causes == [1, 2, 3]
