"""Promises about asking whether a way is still safe."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.errors import Refused
from portal.notifications.deliveries import ask_deliveries
from portal.notifications.leaving import Delivery
from portal.notifications.models import OutboxMessage
from portal.notifications.service import send_due
from portal.reports.code_changes import change_now
from portal.reports.codes import make_code, read_code
from portal.reports.notices import write_notices
from portal.reports.safe_changes import CodeNeeded
from portal.reports.safe_ways import EMAIL, Way
from portal.reports.still_safe import Why, say_safe, say_unsafe, way_failed_at, why_ask
from portal.reports.visits import start_visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft
from tests.rig.filed import file_report
from tests.rig.letters import ADDRESS
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reached import (
    as_draft,
    choose,
    code_of,
    contact_of,
    keys,
    kinds_of,
    sent,
    supporter_writes,
    to_person,
    wants_news,
)


@pytest.fixture
def inspector(site: Site) -> object:
    return add_person(site, "inspector")


@pytest.fixture
def report(site: Site) -> Draft:
    made = as_draft(site, file_report(site))
    wants_news(made)
    return made


def why(draft: Draft) -> Why | None:
    with draft.site.database.reading() as session:
        return why_ask(session, draft.id, now=draft.site.now())


def says(draft: Draft, *, safe: bool, code: bytes | None = None) -> None:
    with draft.site.database.transaction() as session:
        if safe:
            say_safe(session, draft.id, code=code, **keys(draft.site))
        else:
            say_unsafe(session, draft.id, **keys(draft.site))


def fails(site: Site, clock: HandClock) -> None:
    """Try until it is given up, in the daytime."""
    for _ in range(5):
        sent(site, broken=True)
        clock.advance(hours=6)


def test_nobody_is_asked_before_90_days_nor_without_a_way(
    site: Site, report: Draft, clock: HandClock
) -> None:
    clock.advance(days=89, hours=23)
    assert why(report) is None
    clock.advance(hours=1)
    assert why(report) == "old"
    says(report, safe=True)
    assert why(report) is None
    assert kinds_of(site, report.id)[-1] == "contact_still_safe"
    assert why(as_draft(site, file_report(site))) is None


def test_after_a_failed_delivery_nothing_is_sent_before_the_answer(
    site: Site, report: Draft, clock: HandClock, inspector: object
) -> None:
    supporter_writes(site, report.id, inspector, "One")  # type: ignore[arg-type]
    fails(site, clock)
    assert why(report) == "failed"
    clock.advance(days=2)
    supporter_writes(site, report.id, inspector, "Two")  # type: ignore[arg-type]
    assert not to_person(sent(site))
    says(report, safe=True)
    assert why(report) is None
    supporter_writes(site, report.id, inspector, "Three")  # type: ignore[arg-type]
    assert len(to_person(sent(site))) == 1


def test_no_stops_everything_at_once_and_yes_begins_again(
    site: Site, report: Draft, clock: HandClock, inspector: object
) -> None:
    supporter_writes(site, report.id, inspector, "One")  # type: ignore[arg-type]
    says(report, safe=False)
    says(report, safe=False)
    assert not to_person(sent(site))
    assert contact_of(report).usable(clock() + timedelta(days=9)) is None
    assert why(report) is None
    assert kinds_of(site, report.id).count("contact_paused") == 1
    says(report, safe=True, code=code_of(report))
    supporter_writes(site, report.id, inspector, "Two")  # type: ignore[arg-type]
    assert len(to_person(sent(site))) == 1


def test_whoever_finds_the_page_open_cannot_undo_a_no_without_the_code(
    site: Site, report: Draft
) -> None:
    says(report, safe=False)
    for code in (None, b"another"):
        with pytest.raises(CodeNeeded):
            says(report, safe=True, code=code)
    assert contact_of(report).paused_at is not None
    assert "contact_still_safe" not in kinds_of(site, report.id)
    says(report, safe=True, code=code_of(report))
    assert contact_of(report).paused_at is None


def test_while_an_erasure_waits_there_is_no_answer(site: Site) -> None:
    filed = file_report(site)
    draft = as_draft(site, filed)
    wants_news(draft)
    Own(site, filed).ask_to_erase()
    for safe in (True, False):
        with pytest.raises(Refused, match="going to be erased"):
            says(draft, safe=safe)
    assert contact_of(draft).paused_at is None


def test_a_new_code_asks_once_more(site: Site, report: Draft, clock: HandClock) -> None:
    clock.advance(hours=1)
    with site.database.transaction() as session:
        token = start_visit(session, report.id, code=None, **keys(site))
    made = make_code(site.codes)
    with site.database.transaction() as session:
        old = read_code(report.code, codes=site.codes)
        change_now(session, report.id, made, old=old, visit=token, **keys(site))
    assert why(report) == "code"
    clock.advance(hours=1)
    says(report, safe=True)
    assert why(report) is None


def test_without_a_way_there_is_nothing_to_answer(site: Site) -> None:
    bare = as_draft(site, file_report(site))
    says(bare, safe=True)
    says(bare, safe=False)
    assert kinds_of(site, bare.id) == ["submitted"]
    choose(bare, Way(EMAIL, ADDRESS), confirm=False)
    says(bare, safe=True)
    assert kinds_of(site, bare.id) == ["submitted"]


def test_saying_it_again_unasked_adds_nothing_to_the_log(
    site: Site, report: Draft, clock: HandClock
) -> None:
    before = kinds_of(site, report.id)
    for _ in range(3):
        says(report, safe=True)
    assert kinds_of(site, report.id) == before
    clock.advance(days=91)
    for _ in range(3):
        says(report, safe=True)
    assert kinds_of(site, report.id) == [*before, "contact_still_safe"]


class Notify:
    """Takes what is sent, and says later that it can never arrive."""

    def send(self, _address: str, _subject: str, _body: str) -> str:
        return "1"

    def delivery(self, _reference: str) -> Delivery:
        return "never"


def never_arrives(site: Site, clock: HandClock) -> int:
    """What waits is taken and turns out never to arrive; how many messages."""
    parts = {"keyring": site.keyring, "clock": site.now}
    write_notices(site.database, **keys(site))
    send_due(site.database, Notify(), **parts)  # type: ignore[arg-type]
    clock.advance(minutes=2)
    return ask_deliveries(site.database, Notify(), **parts)  # type: ignore[arg-type]


def failed_at(draft: Draft) -> object:
    with draft.site.database.reading() as session:
        return way_failed_at(session, draft.id)


def outbox(site: Site) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def test_what_never_arrived_is_asked_about_until_she_answers_and_nobody_else_is_told(
    site: Site, report: Draft, inspector: object, clock: HandClock
) -> None:
    sent(site)
    supporter_writes(site, report.id, inspector, "Hello.")
    assert never_arrives(site, clock) == 1
    assert why(report) == "failed"
    assert failed_at(report) == clock()
    before = outbox(site)
    supporter_writes(site, report.id, inspector, "Again.")
    clock.advance(days=2)
    assert to_person(sent(site)) == []
    assert outbox(site) == before
    says(report, safe=True)
    assert (why(report), failed_at(report)) == (None, None)


def test_what_went_to_an_earlier_way_says_nothing_of_the_one_there_is_now(
    site: Site, report: Draft, inspector: object, clock: HandClock
) -> None:
    sent(site)
    supporter_writes(site, report.id, inspector, "Hello.")
    write_notices(site.database, **keys(site))
    parts = {"keyring": site.keyring, "clock": site.now}
    send_due(site.database, Notify(), **parts)  # type: ignore[arg-type]
    clock.advance(minutes=1)
    choose(report, Way(EMAIL, "other@example.org"))
    clock.advance(minutes=5)
    assert ask_deliveries(site.database, Notify(), **parts) >= 1  # type: ignore[arg-type]
    assert (why(report), failed_at(report)) == (None, None)


def test_a_number_for_a_lost_code_that_never_arrived_is_told_and_one_that_confirms_is_not(
    site: Site, report: Draft, clock: HandClock
) -> None:
    for cause, expected in (("safe-contact:1", None), ("lost-code:1", "failed")):
        with site.database.transaction() as session:
            session.add(
                OutboxMessage(
                    cause=cause,
                    kind="number",
                    about=report.id,
                    sealed=b"",
                    created_at=clock(),
                    due_at=clock(),
                    attempts=1,
                    failed_at=clock() + timedelta(minutes=1),
                )
            )
        assert why(report) == expected
