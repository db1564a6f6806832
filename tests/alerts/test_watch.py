"""Supplies are evidence too: what they lack, what they hold too late, and what never came."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.alerts.findings import say
from portal.ledger.models import LedgerOpening
from portal.notifications.senders import NotSentError
from portal.notifications.service import send_due
from portal.reference.terms import set_terms
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import agree_inbox, alerts_of, file_report, look_again
from tests.rig.people import add_person
from tests.rig.reviewed import INCIDENT, allegation_of, reads, waiting_case
from tests.rig.supplies import FIRST, row, take

BEFORE = {"recorded_at": "2026-02-20 10:00", "occurred_from": "2026-02-19 18:00"}


class Unreachable:
    """A sender whose mail server never answers."""

    def send(self, address: str, subject: str, body: str) -> None:
        raise NotSentError


def told_of(site: Site, clock: HandClock, reference: str) -> None:
    file_report(
        site,
        categories=["damage-other"],
        happened=clock.instant.replace(month=2, day=19, hour=18),
        told=clock.instant.replace(month=2, day=19, hour=20),
        told_how={"crime_reference": reference},
    )


def kinds(site: Site) -> list[str]:
    return [alert.kind for alert in alerts_of(site)]


def damage(reference: str, **cells: str) -> dict[str, str]:
    return dict(row(reference, **(BEFORE | {"offence_code": "58D"} | cells)))


def test_a_matched_record_slipped_in_with_an_earlier_time_is_backdated(
    site: Site, clock: HandClock
) -> None:
    told_of(site, clock, "54/1/26")
    take(site, [damage("54/2/26")])
    look_again(site)
    clock.advance(days=1)
    take(site, [damage("54/1/26"), damage("54/2/26")])
    look_again(site)
    assert kinds(site) == ["unrecorded", "backdated"]
    backdated = alerts_of(site)[1]
    assert backdated.allegation_id is not None
    assert "do not have it" in say(backdated.kind, backdated.facts)


def test_backdated_records_that_nobody_reported_raise_one_alert_about_the_force(
    site: Site, clock: HandClock
) -> None:
    take(site, [damage("54/2/26")])
    clock.advance(days=1)
    take(site, [damage(f"54/{number}/26") for number in range(2, 40)])
    look_again(site)
    look_again(site)
    (alert,) = alerts_of(site)
    assert (alert.kind, alert.allegation_id, alert.facts["count"]) == ("backdated", None, 37)
    assert "There are 37, among them 54/3/26" in say(alert.kind, alert.facts)


def test_a_matched_record_missing_from_a_later_full_supply_has_vanished(
    site: Site, clock: HandClock
) -> None:
    told_of(site, clock, "54/1/26")
    take(site, [damage("54/1/26", recorded_at="2026-02-19 21:00"), damage("54/2/26")])
    look_again(site)
    assert kinds(site) == []
    clock.advance(days=1)
    take(site, [damage("54/2/26")])
    look_again(site)
    assert kinds(site) == ["vanished"]
    clock.advance(days=1)
    take(site, [damage("54/2/26"), damage("54/3/26", recorded_at="2026-03-03 10:00")])
    look_again(site)
    assert kinds(site) == ["vanished"]


def test_a_record_missing_from_a_supply_of_changes_has_not_vanished(
    site: Site, clock: HandClock
) -> None:
    take(site, [damage("54/1/26")])
    clock.advance(days=1)
    take(site, [damage("54/3/26", recorded_at="2026-03-03 08:00")], is_full=False)
    look_again(site)
    assert kinds(site) == []


def test_a_notice_that_never_arrives_raises_undelivered_and_holds_nothing_up(
    site: Site, clock: HandClock
) -> None:
    agree_inbox(site, notice="inbox@example.org")
    file_report(site, way="pass")
    for _ in range(6):
        send_due(site.database, Unreachable(), keyring=site.keyring, clock=clock)
        clock.advance(hours=7)
    look_again(site)
    look_again(site)
    assert kinds(site) == ["undelivered"]
    clock.advance(days=2)
    look_again(site)
    assert kinds(site) == ["undelivered", "unrecorded"]


def test_a_silent_force_is_told_of_once_and_the_alert_ends_when_it_speaks(
    site: Site, clock: HandClock
) -> None:
    with site.database.transaction() as session:
        set_terms(
            session,
            "wiltshire",
            inbox_agreed_at=None,
            notice_address=None,
            supply_interval_hours=24,
            now=clock(),
        )
    clock.advance(hours=23)
    look_again(site)
    assert kinds(site) == []
    clock.advance(hours=2)
    look_again(site)
    look_again(site)
    (alert,) = alerts_of(site)
    assert (alert.kind, alert.state) == ("supply_stale", "open")
    take(site, [], covers=(FIRST, clock() - timedelta(hours=1)))
    look_again(site)
    (alert,) = alerts_of(site)
    assert alert.state == "resolved"
    with site.database.reading() as session:
        logged = session.scalars(
            select(LedgerOpening.kind).order_by(LedgerOpening.entry_index)
        ).all()
    assert logged == ["alert_raised", "supply_taken", "alert_changed"]


def test_empty_files_do_not_make_a_force_less_silent(site: Site, clock: HandClock) -> None:
    with site.database.transaction() as session:
        set_terms(
            session,
            "wiltshire",
            inbox_agreed_at=None,
            notice_address=None,
            supply_interval_hours=24,
            now=clock(),
        )
    until = clock()
    for _ in range(3):
        clock.advance(hours=12)
        take(site, [], covers=(FIRST, until))
    look_again(site)
    assert kinds(site) == ["supply_stale"]


def test_a_force_cannot_silence_an_alert_about_its_silence_by_changing_what_it_agreed(
    site: Site, clock: HandClock
) -> None:
    def agree(hours: int) -> None:
        with site.database.transaction() as session:
            set_terms(
                session,
                "wiltshire",
                inbox_agreed_at=None,
                notice_address=None,
                supply_interval_hours=hours,
                now=clock(),
            )

    agree(24)
    clock.advance(hours=25)
    look_again(site)
    agree(72)
    look_again(site)
    assert [alert.state for alert in alerts_of(site)] == ["resolved"]
    agree(24)
    clock.advance(days=60)
    look_again(site)
    assert [alert.state for alert in alerts_of(site)] == ["open"]


def test_records_that_come_to_cover_the_limit_take_back_that_it_cannot_be_checked(
    site: Site, clock: HandClock
) -> None:
    file_report(site, told=clock() - timedelta(hours=1))
    clock.advance(days=3)
    look_again(site)
    (alert,) = alerts_of(site)
    assert alert.cannot_be_checked_since is not None
    clock.advance(hours=1)
    take(site, [damage("54/2/26")])
    look_again(site)
    (alert,) = alerts_of(site)
    assert (alert.cannot_be_checked_since, alert.state) == (None, "open")


def test_later_changes_of_a_backdated_record_raise_nothing_new(
    site: Site, clock: HandClock
) -> None:
    told_of(site, clock, "54/1/26")
    take(site, [damage("54/2/26")])
    for outcome in ("", "18", "14"):
        clock.advance(days=1)
        take(site, [damage("54/1/26", outcome_type=outcome), damage("54/2/26")])
        look_again(site)
    assert kinds(site).count("backdated") == 1


def test_finding_what_vanished_holds_no_writer_up(site: Site, clock: HandClock) -> None:
    rows = [damage(f"54/{number}/26") for number in range(1, 1200)]
    take(site, rows)
    look_again(site)
    clock.advance(days=1)
    take(site, rows[:1])
    look_again(site)
    (alert,) = alerts_of(site)
    assert (alert.kind, alert.facts["count"]) == ("vanished", 1198)
    assert alert.facts["references"].count(",") == 9


@pytest.mark.parametrize(
    "change", [{}, {"removal_code": "C2"}, {"offence_code": "N100/1"}, {"removal_code": "C1"}]
)
def test_a_confirmed_record_that_goes_missing_is_told_of_once_whatever_became_of_it_before(
    site: Site, clock: HandClock, change: dict[str, str]
) -> None:
    filed = waiting_case(site, clock)
    reads(site, filed, add_person(site, "inspector"), "record")
    sent = {"incident_number": INCIDENT, "offence_code": "28E"}
    clock.advance(days=1)
    take(site, [row("54/7/26", **(sent | change))], is_full=False)
    look_again(site)
    assert "vanished" not in kinds(site)
    other = row("54/9/26", recorded_at=f"{clock():%Y-%m-%d %H:%M}")
    for _ in range(2):
        clock.advance(days=1)
        take(site, [other])
        look_again(site)
        vanished = [one for one in alerts_of(site) if one.kind == "vanished"]
        assert [one.allegation_id for one in vanished] == [allegation_of(site, filed)]


def test_a_record_that_the_rules_let_go_of_and_that_goes_missing_is_told_of_at_the_force(
    site: Site, clock: HandClock
) -> None:
    told_of(site, clock, "54/1/26")
    for cells in ({}, {"removal_code": "C2"}):
        take(site, [damage("54/1/26", recorded_at="2026-02-19 21:00", **cells), damage("54/2/26")])
        look_again(site)
        clock.advance(days=1)
    take(site, [damage("54/2/26")])
    look_again(site)
    (vanished,) = (one for one in alerts_of(site) if one.kind == "vanished")
    assert (vanished.allegation_id, vanished.facts["references"]) == (None, "54/1/26")


@pytest.mark.parametrize("change", [{"removal_code": "C2"}, {"offence_code": "N100/1"}])
def test_a_confirmed_record_that_came_too_late_is_told_of_though_it_was_taken_away_at_once(
    site: Site, clock: HandClock, change: dict[str, str]
) -> None:
    take(site, [])
    filed = waiting_case(site, clock, recorded_at="2026-02-20 10:00")
    reads(site, filed, add_person(site, "inspector"), "record")
    sent = {"incident_number": INCIDENT, "offence_code": "28E", "recorded_at": "2026-02-20 10:00"}
    clock.advance(hours=1)
    take(site, [row("54/7/26", **(sent | change))], is_full=False)
    look_again(site)
    told = [one.allegation_id for one in alerts_of(site) if one.kind == "backdated"]
    assert told.count(allegation_of(site, filed)) == 1
