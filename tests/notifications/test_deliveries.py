"""What was taken is asked about until it is known, a few at a time, and nobody else is told."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from portal.notifications.deliveries import ASK_AFTER, ask_deliveries, has_due
from portal.notifications.leaving import Delivery, NeverArrivesError
from portal.notifications.models import OutboxMessage
from portal.notifications.service import RETRY_AFTER, Letter, enqueue, send_due
from portal.site import Site
from tests.rig.clock import HandClock

LETTER = Letter("narwhal@example.org", "Something new", "There is something new.\n")


class Service:
    """Takes every message and says of each what it is told to say."""

    def __init__(self, says: Delivery = "unknown", *, refuses: bool = False) -> None:
        self.says: Delivery = says
        self.refuses = refuses
        self.taken: list[str] = []
        self.asked: Counter[str] = Counter()

    def send(self, _address: str, _subject: str, _body: str) -> str:
        if self.refuses:
            raise NeverArrivesError
        self.taken.append(f"reference-{len(self.taken)}")
        return self.taken[-1]

    def delivery(self, reference: str) -> Delivery:
        self.asked[reference] += 1
        return self.says


def put(site: Site, cause: str = "news:1") -> None:
    with site.database.transaction() as session:
        keys = {"keyring": site.keyring, "now": site.now()}
        enqueue(session, LETTER, kind="news", cause=cause, about=uuid4(), **keys)  # type: ignore[arg-type]


def send(site: Site, service: Service) -> int:
    return send_due(site.database, service, keyring=site.keyring, clock=site.now)


def ask(site: Site, service: Service, at_most: int = 50) -> int:
    keys = {"keyring": site.keyring, "clock": site.now}
    return ask_deliveries(site.database, service, at_most=at_most, **keys)  # type: ignore[arg-type]


def rows(site: Site) -> list[OutboxMessage]:
    with site.database.reading() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.cause)))


@pytest.fixture
def service(site: Site) -> Service:
    """It has taken one message, whose reference no dump of the database shows."""
    made = Service()
    put(site)
    assert send(site, made) == 1
    (row,) = rows(site)
    assert b"reference" not in (row.sealed_reference or b"reference")
    return made


def test_what_arrived_is_settled_and_never_asked_about_again(
    site: Site, service: Service, clock: HandClock
) -> None:
    service.says = "arrived"
    assert ask(site, service) == 0, "its time has not come"
    clock.advance(minutes=2)
    assert ask(site, service) == 1
    clock.advance(days=30)
    assert ask(site, service) == 0
    (row,) = rows(site)
    assert (row.failed_at, row.ask_at, row.sealed_reference) == (None, None, None)
    assert service.asked == {"reference-0": 1}


def test_what_can_never_arrive_is_given_up_and_no_other_message_is_written(
    site: Site, service: Service, clock: HandClock
) -> None:
    service.says = "never"
    clock.advance(minutes=2)
    assert ask(site, service) == 1
    (row,) = rows(site)
    assert (row.failed_at, row.ask_at) == (clock(), None)
    assert row.sent_at is not None
    clock.advance(days=1)
    assert send(site, service) == 0


def test_what_got_lost_is_sent_again_and_given_up_in_the_end(
    site: Site, service: Service, clock: HandClock
) -> None:
    service.says = "lost"
    for _ in range(2 * len(RETRY_AFTER)):
        clock.advance(days=1)
        ask(site, service)
        clock.advance(days=1)
        send(site, service)
    (row,) = rows(site)
    assert row.failed_at is not None
    assert len(service.taken) == len(RETRY_AFTER) + 1


def test_nobody_is_asked_for_ever(site: Site, service: Service, clock: HandClock) -> None:
    for _ in range(3 * len(ASK_AFTER)):
        clock.advance(days=2)
        assert ask(site, service) == 0
    assert service.asked == {"reference-0": len(ASK_AFTER)}
    assert sum(ASK_AFTER, timedelta()) > timedelta(hours=72), "so long does Notify try"
    with site.database.reading() as session:
        assert not has_due(session, now=clock())


def test_a_round_asks_about_a_few_and_the_next_about_others(
    site: Site, service: Service, clock: HandClock
) -> None:
    for number in range(2, 6):
        put(site, f"news:{number}")
    send(site, service)
    clock.advance(minutes=2)
    ask(site, service, at_most=3)
    assert len(service.asked) == 3
    ask(site, service, at_most=3)
    assert len(service.asked) == 5


def test_an_answer_that_comes_after_it_was_deleted_or_sent_again_changes_nothing(
    site: Site, service: Service, clock: HandClock
) -> None:
    clock.advance(minutes=2)

    class Slow(Service):
        def delivery(self, _reference: str) -> Delivery:
            with site.database.transaction() as session:
                session.execute(update(OutboxMessage).values(sent_at=None, ask_at=None))
            return "never"

    assert ask(site, Slow()) == 0
    (row,) = rows(site)
    assert (row.sent_at, row.failed_at) == (None, None)


def test_an_address_that_is_none_is_given_up_at_once(site: Site) -> None:
    put(site)
    assert send(site, Service(refuses=True)) == 0
    (row,) = rows(site)
    assert (row.failed_at, row.attempts) == (site.now(), 1)


def test_a_reference_that_no_key_opens_is_passed_over(
    site: Site, service: Service, clock: HandClock
) -> None:
    with site.database.transaction() as session:
        session.execute(update(OutboxMessage).values(sealed_reference=b"torn"))
    clock.advance(minutes=2)
    assert ask(site, service) == 0
    assert not service.asked
