"""Oversight finds what waits: its own force's and no other's, oldest first, without a gap."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from portal.accounts.models import Account
from portal.accounts.service import get_account_by_id
from portal.alerts.lifecycle import act
from portal.matching.queueing import count_cases
from portal.oversight.queries import (
    FORCE_NOT_KNOWN,
    Mark,
    Wanted,
    WantedUnmatched,
    alert_counts,
    list_alerts,
    list_unmatched,
)
from portal.reports.models import Allegation
from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, file_report, look_again
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reviewed import INCIDENT, reads, waiting_case
from tests.rig.supplies import row, take
from tests.rig.watched import (
    alert_without_record,
    file_watched,
    waiting_match,
)


def person(site: Site, role: str, force: str | None = None, name: str = "") -> Account:
    account_id = add_person(site, role, force_id=force, name=name)
    with site.database.reading() as session:
        return get_account_by_id(session, account_id)


def forces(site: Site, account: Account, wanted: Wanted | None = None) -> list[str | None]:
    with site.database.reading() as session:
        page = list_alerts(session, account, wanted or Wanted())
    return [one.alert.force_id for one in page.rows]


def unmatched(
    site: Site, account: Account, wanted: WantedUnmatched | None = None
) -> list[tuple[str, bool]]:
    with site.database.reading() as session:
        page = list_unmatched(session, account, wanted or WantedUnmatched(), now=site.now())
    return [(one.allegation.category, one.has_candidates) for one in page.rows]


def three_alerts(site: Site, clock: HandClock) -> None:
    alert_without_record(site, clock, force="kent")
    alert_without_record(site, clock, force="wiltshire", category="raped")
    alert_without_record(site, clock, force="unsure")


def test_a_pcc_office_sees_the_alerts_of_its_own_force_only(site: Site, clock: HandClock) -> None:
    three_alerts(site, clock)
    assert forces(site, person(site, "pcc", "wiltshire")) == ["wiltshire"]
    assert forces(site, person(site, "registrar", "kent")) == ["kent"]


def test_an_inspector_sees_every_force_and_what_no_force_is_known_for_oldest_first(
    site: Site, clock: HandClock
) -> None:
    three_alerts(site, clock)
    assert forces(site, person(site, "inspector")) == ["kent", "wiltshire", None]


@pytest.mark.parametrize("role", ["liaison", "advocate", "administrator"])
def test_nobody_else_sees_an_alert_or_what_has_no_record(
    site: Site, clock: HandClock, role: str
) -> None:
    three_alerts(site, clock)
    waiting_match(site, clock)
    other = person(site, role, "wiltshire" if role == "liaison" else None)
    assert forces(site, other) == []
    assert unmatched(site, other) == []
    with site.database.reading() as session:
        assert alert_counts(session, other) == {}
        assert count_cases(session, other, now=site.now()) == 0


def test_alerts_are_counted_by_kind_and_state_until_they_are_resolved(
    site: Site, clock: HandClock
) -> None:
    three_alerts(site, clock)
    inspector = person(site, "inspector")
    first, second, _ = alerts_of(site)
    for alert, action in ((first, "resolve"), (second, "ask")):
        with site.database.transaction() as session:
            act(
                session,
                alert.id,
                action,
                account=inspector,
                reason="Checked.",
                keyring=site.keyring,
                now=clock(),
            )
    with site.database.reading() as session:
        counts = alert_counts(session, inspector)
    assert counts == {("unrecorded", "asked"): 1, ("unrecorded", "open"): 1}
    assert forces(site, inspector) == ["wiltshire", None]
    assert forces(site, inspector, Wanted(state="resolved")) == ["kent"]
    assert len(forces(site, inspector, Wanted(state="any"))) == 3


def test_the_list_can_be_narrowed_by_kind_stage_force_and_day(site: Site, clock: HandClock) -> None:
    three_alerts(site, clock)
    inspector = person(site, "inspector")
    second = alerts_of(site)[1].raised_at
    instant = timedelta(microseconds=1)
    assert forces(site, inspector, Wanted(kind="vanished")) == []
    assert forces(site, inspector, Wanted(stage="awaiting_review")) == []
    assert forces(site, inspector, Wanted(force="kent")) == ["kent"]
    assert forces(site, inspector, Wanted(force=FORCE_NOT_KNOWN)) == [None]
    assert forces(site, inspector, Wanted(since=second)) == ["wiltshire", None]
    assert forces(site, inspector, Wanted(until=second)) == ["kent"]
    assert forces(site, inspector, Wanted(since=second, until=second + instant)) == ["wiltshire"]


def test_pages_of_a_list_show_every_alert_once_though_some_are_resolved_meanwhile(
    site: Site, clock: HandClock
) -> None:
    for _ in range(5):
        file_watched(site)
    clock.advance(days=3)
    look_again(site)
    inspector = person(site, "inspector")
    seen: list[object] = []
    mark: Mark | None = None
    while mark is not None or not seen:
        with site.database.reading() as session:
            page = list_alerts(session, inspector, Wanted(), after=mark, at_most=2)
        seen += [one.alert.id for one in page.rows]
        with site.database.transaction() as session:
            act(
                session,
                page.rows[0].alert.id,
                "resolve",
                account=inspector,
                reason="Checked.",
                keyring=site.keyring,
                now=clock(),
            )
        mark = page.after
    assert sorted(seen, key=str) == sorted((one.id for one in alerts_of(site)), key=str)


def test_a_row_names_what_it_is_about_and_the_organisation_of_its_owner(
    site: Site, clock: HandClock
) -> None:
    alert = alert_without_record(site, clock, category="raped")
    pcc = person(site, "pcc", "wiltshire")
    with site.database.transaction() as session:
        act(
            session,
            alert.id,
            "acknowledge",
            account=pcc,
            reason="Mine.",
            keyring=site.keyring,
            now=clock(),
        )
    with site.database.reading() as session:
        (one,) = list_alerts(session, pcc, Wanted()).rows
    assert (one.category, one.owner) == ("raped", "Harbour Support")


def test_what_has_no_record_is_listed_oldest_first_with_its_limit_and_its_candidates(
    site: Site, clock: HandClock
) -> None:
    waiting_match(site, clock)
    clock.advance(days=2)
    file_watched(site, category="raped")
    look_again(site)
    pcc = person(site, "pcc", "wiltshire")
    assert unmatched(site, pcc) == [("burglary-home", True), ("raped", False)]
    assert unmatched(site, pcc, WantedUnmatched(limit="passed")) == [("burglary-home", True)]
    assert unmatched(site, pcc, WantedUnmatched(limit="running")) == [("raped", False)]
    assert unmatched(site, pcc, WantedUnmatched(candidates="waiting")) == [("burglary-home", True)]
    assert unmatched(site, pcc, WantedUnmatched(candidates="none")) == [("raped", False)]
    assert unmatched(site, pcc, WantedUnmatched(since=clock() - timedelta(hours=2))) == [
        ("raped", False)
    ]
    assert unmatched(site, person(site, "pcc", "kent", "other")) == []


def test_an_accepted_record_takes_it_off_the_list_and_an_n100_does_not(
    site: Site, clock: HandClock
) -> None:
    file_watched(site, reference="54/7/26")
    file_watched(site, category="raped", reference="54/8/26")
    night = {"occurred_from": "2026-03-01 18:00", "occurred_to": "2026-03-01 23:00"}
    clock.advance(hours=3)
    records = [
        row("54/7/26", offence_code="28E", recorded_at="2026-03-02 10:00", **night),
        row("54/8/26", offence_code="N100/1", recorded_at="2026-03-02 10:00", **night),
    ]
    take(site, records)
    look_again(site)
    assert [slug for slug, _ in unmatched(site, person(site, "inspector"))] == ["raped"]


@pytest.mark.parametrize("change", [{"removal_code": "C2"}, {"offence_code": "N100/1"}])
def test_a_record_that_a_person_confirmed_and_the_force_took_away_puts_it_back_on_the_list(
    site: Site, clock: HandClock, change: dict[str, str]
) -> None:
    filed, inspector = waiting_case(site, clock), person(site, "inspector")
    reads(site, filed, inspector.id, "record")
    look_again(site)
    assert unmatched(site, inspector) == []
    sent = {"incident_number": INCIDENT, "offence_code": "28E"}
    for cells, listed in ((change, [("burglary-home", False)]), ({}, [])):
        clock.advance(days=1)
        take(site, [row("54/7/26", **(sent | cells))], is_full=False)
        look_again(site)
        assert unmatched(site, inspector) == listed


def test_fraud_alone_and_what_was_kept_are_left_out_and_what_was_withdrawn_stays(
    site: Site, clock: HandClock
) -> None:
    file_report(site, categories=["fraud"])
    file_report(site, way="keep")
    filed = file_report(site, categories=["fraud", "robbery"])
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=clock())
    look_again(site)
    inspector = person(site, "inspector")
    assert sorted(slug for slug, _ in unmatched(site, inspector)) == ["fraud", "robbery"]
    with site.database.reading() as session:
        page = list_unmatched(session, inspector, WantedUnmatched(), now=clock())
    assert [one.withdrawn for one in page.rows] == [True, True]
    assert [one.alert_id for one in page.rows] == [None, None]


def test_fraud_that_was_once_said_to_be_more_is_watched_for_good(
    site: Site, clock: HandClock
) -> None:
    own = Own(site, file_report(site, categories=["fraud"]))
    look_again(site)
    inspector = person(site, "inspector")
    assert unmatched(site, inspector) == []
    for category in ("robbery", "fraud"):
        own.correct("what", 1, category=category, other="")
        look_again(site)
        assert [slug for slug, _ in unmatched(site, inspector)] == ["fraud"]


@pytest.mark.parametrize(
    ("first", "since", "is_watched"),
    [
        ("fraud", None, False),
        ("fraud", "", False),
        ("fraud", "fraud", False),
        ("gone-by-now", None, True),
        ("gone-by-now", "fraud", True),
        ("fraud", "gone-by-now fraud", True),
        ("fraud", "fraud gone-by-now", True),
        ("fraud", "fraud-gone", True),
    ],
)
def test_an_answer_that_is_offered_no_more_is_watched_like_any_that_is_not_fraud(
    site: Site, first: str, since: str | None, is_watched: bool
) -> None:
    file_report(site, categories=["fraud"])
    look_again(site)
    with site.database.transaction() as session:
        allegation = session.scalars(select(Allegation)).one()
        allegation.category, allegation.corrected_categories = first, since
    found = unmatched(site, person(site, "inspector"))
    assert [slug for slug, _ in found] == [first] * is_watched


def test_what_has_no_record_leads_to_its_alert_and_goes_on_after_a_page(
    site: Site, clock: HandClock
) -> None:
    first = alert_without_record(site, clock)
    second = alert_without_record(site, clock)
    inspector = person(site, "inspector")
    wanted = WantedUnmatched()
    with site.database.reading() as session:
        page = list_unmatched(session, inspector, wanted, now=clock(), at_most=1)
        rest = list_unmatched(session, inspector, wanted, now=clock(), after=page.after, at_most=1)
    assert [one.alert_id for one in (*page.rows, *rest.rows)] == [first.id, second.id]
    assert rest.after is None


def test_matches_that_wait_are_counted_for_those_who_may_see_them(
    site: Site, clock: HandClock
) -> None:
    waiting_match(site, clock)
    for account, count in (
        (person(site, "inspector"), 1),
        (person(site, "pcc", "wiltshire"), 1),
        (person(site, "pcc", "kent", "other"), 0),
    ):
        with site.database.reading() as session:
            assert count_cases(session, account, now=site.now()) == count


# PostgreSQL reads a small table whole, whatever its indexes.
@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_lists_walk_the_indexes_of_what_waits(site: Site, clock: HandClock) -> None:
    inspector = person(site, "inspector")
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, query: str, given: object, *_: object) -> None:
        asked.append((query, given))

    engine = site.database.engine
    with site.database.reading() as session:
        event.listen(engine, "before_cursor_execute", note)
        list_alerts(session, inspector, Wanted(), after=Mark(clock(), uuid4()))
        list_unmatched(session, inspector, WantedUnmatched(), now=clock())
        event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", given).all())
            for query, given in asked
            if query.startswith("SELECT")
        ]
    for plan, index in zip(plans, ("ix_alerts_waiting", "ix_clocks_running"), strict=True):
        assert index in plan
        assert "TEMP B-TREE" not in plan
