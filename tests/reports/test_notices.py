"""Promises about the one notice: neutral, once a day, in safe hours, to the confirmed way alone."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.notifications.deliveries import ask_deliveries
from portal.notifications.models import OutboxMessage
from portal.reports.notices import NEWS
from portal.reports.safe_changes import put_back
from portal.reports.safe_contacts import remove_contact
from portal.reports.safe_ways import EMAIL, TEXT, Way
from portal.reports.visits import start_visit
from portal.site import Site
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft
from tests.rig.erased import erase
from tests.rig.filed import Filed, alerts_of, file_report, look_again
from tests.rig.letters import ADDRESS, confirm_safe_way
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reached import (
    DAYTIME,
    Lossy,
    as_draft,
    choose,
    code_of,
    keys,
    sent,
    supporter_writes,
    to_person,
    wants_news,
)
from tests.rig.reached import (
    NEWS as RULES,
)


@pytest.fixture
def inspector(site: Site) -> UUID:
    return add_person(site, "inspector")


@pytest.fixture
def filed(site: Site) -> Filed:
    return file_report(site)


@pytest.fixture
def report(site: Site, filed: Filed) -> Draft:
    return as_draft(site, filed)


def waiting(site: Site) -> list[OutboxMessage]:
    with site.database.reading() as session:
        query = select(OutboxMessage).where(
            OutboxMessage.kind == NEWS, OutboxMessage.sent_at.is_(None)
        )
        return list(session.scalars(query))


def test_who_wants_to_know_is_told_that_there_is_something_new_and_no_more(
    site: Site, report: Draft, inspector: UUID
) -> None:
    wants_news(report)
    supporter_writes(site, report.id, inspector, "Quaggamire")
    (letter,) = to_person(sent(site))
    assert letter.subject == "There is something new"
    assert letter.body == "There is something new. Look when it is safe.\n"
    assert not TELLING.search(letter.subject + letter.body)
    assert "://" not in letter.body
    assert not to_person(sent(site))


def test_who_chose_their_return_code_only_is_told_nothing(
    site: Site, report: Draft, inspector: UUID
) -> None:
    confirm_safe_way(report)
    supporter_writes(site, report.id, inspector, "One")
    assert not [each for each in to_person(sent(site)) if "new" in each.subject]


def test_several_events_of_a_day_make_one_notice(
    site: Site, report: Draft, clock: HandClock, inspector: UUID
) -> None:
    wants_news(report)
    counted = []
    for number in range(50):
        supporter_writes(site, report.id, inspector, f"Message {number}")
        counted.append(len(to_person(sent(site))))
        clock.advance(hours=1)
    assert sum(counted) == 3
    assert [number for number, count in enumerate(counted) if count] == [0, 24, 48]


def test_of_several_notices_that_were_lost_only_the_newest_goes_again(
    site: Site, report: Draft, clock: HandClock, inspector: UUID
) -> None:
    wants_news(report)
    lossy = Lossy()
    for number in range(3):
        clock.advance(days=1)
        supporter_writes(site, report.id, inspector, f"Message {number}")
        assert len(to_person(sent(site, through=lossy))) == 1
    clock.advance(minutes=2)
    lost = ask_deliveries(site.database, lossy, keyring=site.keyring, clock=site.now)
    assert lost == 3
    again = 0
    for _ in range(12):
        clock.advance(minutes=1)
        again += len(to_person(sent(site)))
    assert again == 1
    assert waiting(site) == []
    supporter_writes(site, report.id, inspector, "Message 3")
    clock.advance(hours=23)
    assert not to_person(sent(site)), "the day begins with the one that went again"
    clock.advance(hours=1)
    assert len(to_person(sent(site))) == 1


def test_one_that_was_lost_does_not_go_again_when_a_newer_one_waits(
    site: Site, report: Draft, clock: HandClock, inspector: UUID
) -> None:
    wants_news(report)
    lossy = Lossy()
    supporter_writes(site, report.id, inspector, "One")
    assert len(to_person(sent(site, through=lossy))) == 1
    clock.advance(minutes=2)
    supporter_writes(site, report.id, inspector, "Two")
    assert not to_person(sent(site))
    ask_deliveries(site.database, lossy, keyring=site.keyring, clock=site.now)
    counted = 0
    for _ in range(23):
        clock.advance(hours=1)
        counted += len(to_person(sent(site)))
    assert counted == 0
    clock.advance(hours=1)
    assert len(to_person(sent(site))) == 1


def test_nothing_comes_at_night_and_what_is_due_waits_for_the_morning(
    site: Site, report: Draft, clock: HandClock, inspector: UUID
) -> None:
    wants_news(report, DAYTIME)
    clock.advance(hours=9)
    supporter_writes(site, report.id, inspector, "At six in the evening")
    for _ in range(15):
        assert not to_person(sent(site))
        clock.advance(hours=1)
    assert clock().hour == 9
    assert len(to_person(sent(site))) == 1


def test_a_try_that_failed_is_not_repeated_at_night(
    site: Site, report: Draft, clock: HandClock, inspector: UUID
) -> None:
    wants_news(report, DAYTIME)
    clock.advance(hours=7, minutes=59)
    supporter_writes(site, report.id, inspector, "One")
    assert not to_person(sent(site, broken=True))
    clock.advance(minutes=10)
    assert not to_person(sent(site))
    clock.advance(hours=16)
    assert len(to_person(sent(site))) == 1


def test_a_change_a_removal_and_a_withdrawal_stop_what_waits(
    site: Site, clock: HandClock, inspector: UUID
) -> None:
    def to_be_told() -> Draft:
        made = as_draft(site, file_report(site))
        wants_news(made, DAYTIME)
        return made

    changed, removed, withdrawn = to_be_told(), to_be_told(), to_be_told()
    clock.advance(hours=9)
    for each in (changed, removed, withdrawn):
        supporter_writes(site, each.id, inspector, "One")
    sent(site)
    assert len(waiting(site)) == 3
    choose(changed, Way(EMAIL, "other@example.org"), confirm=False)
    with site.database.transaction() as session:
        remove_contact(session, removed.id, code=code_of(removed), **keys(site))
    withdrawn.withdraw()
    clock.advance(hours=15)
    assert not to_person(sent(site))
    assert waiting(site) == []


def test_a_way_that_was_put_back_is_told_what_is_new_from_then_on(
    site: Site, report: Draft, clock: HandClock, inspector: UUID
) -> None:
    wants_news(report)
    with site.database.transaction() as session:
        remove_contact(session, report.id, code=code_of(report), **keys(site))
    supporter_writes(site, report.id, inspector, "Meanwhile")
    with site.database.transaction() as session:
        put_back(session, report.id, code=code_of(report), **keys(site))
    assert not to_person(sent(site))
    supporter_writes(site, report.id, inspector, "Since")
    assert len(to_person(sent(site))) == 1


def test_who_has_looked_meanwhile_is_not_written_to(
    site: Site, report: Draft, clock: HandClock, inspector: UUID
) -> None:
    wants_news(report, DAYTIME)
    clock.advance(hours=9)
    supporter_writes(site, report.id, inspector, "One")
    sent(site)
    clock.advance(minutes=1)
    with site.database.transaction() as session:
        start_visit(session, report.id, code=None, **keys(site))
    clock.advance(hours=15)
    assert not to_person(sent(site))


def test_an_alert_is_news_and_what_a_person_does_themselves_is_not(
    site: Site, clock: HandClock
) -> None:
    add_person(site, "pcc", force_id="wiltshire")
    report = as_draft(site, file_report(site, told=clock() - timedelta(hours=1)))
    wants_news(report)
    look_again(site)
    assert not to_person(sent(site))
    clock.advance(days=3)
    look_again(site)
    assert alerts_of(site)
    assert len(to_person(sent(site))) == 1


def test_a_text_goes_to_the_number(site: Site, report: Draft, inspector: UUID) -> None:
    choose(report, Way(TEXT, "+447700900982", RULES))
    sent(site)
    supporter_writes(site, report.id, inspector, "One")
    assert [each.address for each in sent(site)] == ["tel:+447700900982"]


def test_an_erased_report_is_told_nothing(
    site: Site, filed: Filed, report: Draft, clock: HandClock, inspector: UUID
) -> None:
    wants_news(report, DAYTIME)
    clock.advance(hours=9)
    supporter_writes(site, report.id, inspector, "One")
    sent(site)
    erase(site, filed)
    clock.advance(hours=15)
    assert not to_person(sent(site))
    assert waiting(site) == []


def test_a_number_that_nobody_waits_for_any_more_does_not_leave(
    site: Site, report: Draft, clock: HandClock
) -> None:
    choose(report, Way(EMAIL, ADDRESS), confirm=False)
    clock.advance(minutes=30)
    assert not to_person(sent(site))


def test_while_an_erasure_waits_no_notice_is_written_and_none_that_waits_leaves(
    site: Site, filed: Filed, clock: HandClock, inspector: UUID
) -> None:
    report = as_draft(site, filed)
    wants_news(report, DAYTIME)
    clock.advance(hours=11)
    supporter_writes(site, report.id, inspector, "One")
    assert not to_person(sent(site))
    assert len(waiting(site)) == 1
    Own(site, filed).ask_to_erase()
    clock.advance(hours=15)
    assert not to_person(sent(site))
    assert not waiting(site)
    Own(site, filed).keep()
    supporter_writes(site, report.id, inspector, "Two")
    Own(site, filed).ask_to_erase()
    clock.advance(days=1)
    assert not to_person(sent(site))
    assert not waiting(site)
