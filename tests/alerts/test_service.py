"""The sweep raises what is due, once, and takes nothing for a match but an accepted record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from portal.accounts.models import Account
from portal.alerts.lifecycle import act
from portal.alerts.models import Alert, AlertAction, Clock
from portal.alerts.service import sweep
from portal.ledger.models import LedgerOpening
from portal.ledger.service import timeline
from portal.notifications.models import OutboxMessage
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation, ReportKey
from portal.reports.service import withdraw
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, file_report, look_again
from tests.rig.people import add_person
from tests.rig.supplies import row, take
from tests.rig.watched import waiting_match

DAY = timedelta(days=1)


def kinds(site: Site) -> list[tuple[str, str, str]]:
    return [(alert.kind, alert.stage, alert.state) for alert in alerts_of(site)]


def burglary(reference: str = "54/7/26", **cells: str) -> dict[str, str]:
    plain = {
        "offence_code": "28E",
        "recorded_at": "2026-03-02 12:00",
        "occurred_from": "2026-03-01 18:00",
        "occurred_to": "2026-03-01 23:00",
    }
    return dict(row(reference, **(plain | cells)))


def file_burglary(site: Site, clock: HandClock, reference: str = "54/7/26") -> None:
    file_report(
        site,
        happened=clock() - timedelta(hours=14),
        told=clock() - timedelta(hours=1),
        told_how={"crime_reference": reference},
    )


def test_no_alert_comes_before_the_limit_and_its_allowance(site: Site, clock: HandClock) -> None:
    file_burglary(site, clock)
    clock.advance(hours=46, minutes=59)
    assert look_again(site) == 0
    with site.database.reading() as session:
        (kept,) = session.scalars(select(Clock))
    assert (kept.limit_at, kept.alert_at) == (kept.started_at + DAY, kept.started_at + 2 * DAY)


def test_a_report_without_a_record_raises_one_alert_however_often_we_look(
    site: Site, clock: HandClock
) -> None:
    file_burglary(site, clock)
    clock.advance(hours=47)
    assert look_again(site) == 1
    assert look_again(site) == 0
    assert kinds(site) == [("unrecorded", "full", "open")]
    (alert,) = alerts_of(site)
    assert alert.cannot_be_checked_since is not None


def test_two_sweeps_at_once_raise_each_alert_once(site: Site, clock: HandClock) -> None:
    for number in range(6):
        file_burglary(site, clock, f"54/{number}/26")
    clock.advance(hours=72)
    with ThreadPoolExecutor(4) as pool:
        raised = pool.map(
            lambda _: sweep(site.database, keyring=site.keyring, now=clock()), range(4)
        )
    assert sum(raised) == 6
    assert len(alerts_of(site)) == 6


def test_every_alert_is_in_the_ledger_and_told_to_those_who_must_look(
    site: Site, clock: HandClock
) -> None:
    add_person(site, "pcc", force_id="wiltshire")
    add_person(site, "pcc", force_id="kent", name="kent")
    add_person(site, "inspector")
    filed = file_report(site)
    clock.advance(days=3)
    look_again(site)
    (alert,) = alerts_of(site)
    with site.database.reading() as session:
        messages = session.scalar(select(func.count()).select_from(OutboxMessage))
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        entries = timeline(session, filed.id, data_key.open)
    assert messages == 2
    assert [entry.kind for entry in entries] == ["submitted", "alert_raised"]
    assert entries[1].index == alert.entry_index
    assert entries[1].fields["alert.kind"] == "unrecorded"


def test_an_accepted_record_in_time_stops_the_clock(site: Site, clock: HandClock) -> None:
    file_burglary(site, clock)
    clock.advance(hours=6)
    take(site, [burglary()])
    clock.advance(days=5)
    take(site, [burglary()], is_full=True)
    assert look_again(site) == 0
    with site.database.reading() as session:
        (kept,) = session.scalars(select(Clock))
    assert kept.met_at is not None
    assert kept.next_look_at is None


def test_a_record_made_after_the_limit_is_recorded_late(site: Site, clock: HandClock) -> None:
    file_burglary(site, clock)
    clock.advance(days=3)
    look_again(site)
    clock.advance(hours=1)
    take(site, [burglary(recorded_at="2026-03-05 08:00")])
    look_again(site)
    assert kinds(site) == [
        ("unrecorded", "full", "resolved"),
        ("recorded_late", "full", "open"),
    ]


def test_withdrawing_stops_no_clock(site: Site, clock: HandClock) -> None:
    filed = file_report(site)
    with site.database.transaction() as session:
        withdraw(session, filed.id, keyring=site.keyring, now=clock())
    clock.advance(days=3)
    assert look_again(site) == 1


def test_a_report_kept_for_now_is_never_looked_at(site: Site, clock: HandClock) -> None:
    file_report(site, way="keep", told_how={"crime_reference": "54/7/26"})
    take(site, [burglary()])
    clock.advance(days=30)
    take(site, [burglary()])
    look_again(site)
    assert alerts_of(site) == []


def test_fraud_alone_raises_nothing_against_a_force_but_does_not_hide_another_part(
    site: Site, clock: HandClock
) -> None:
    file_report(site, categories=["fraud"])
    file_report(site, categories=["fraud", "robbery"])
    clock.advance(days=3)
    assert look_again(site) == 2


def test_one_recorded_part_does_not_stop_the_clock_of_the_other(
    site: Site, clock: HandClock
) -> None:
    file_report(
        site,
        categories=["burglary-home", "raped"],
        happened=clock() - timedelta(hours=14),
        told=clock() - timedelta(hours=1),
        told_how={"crime_reference": "54/7/26"},
    )
    clock.advance(hours=12)
    take(site, [burglary()])
    look_again(site)
    clock.advance(days=2)
    look_again(site)
    found = kinds(site)
    assert ("unrecorded", "awaiting_review", "open") in found
    assert len(found) == 1


def test_a_possible_match_makes_the_alert_wait_48_hours_and_no_longer(
    site: Site, clock: HandClock
) -> None:
    waiting_match(site, clock)
    clock.advance(hours=41)
    look_again(site)
    assert kinds(site) == [("unrecorded", "awaiting_review", "open")]
    clock.advance(hours=48)
    look_again(site)
    assert kinds(site) == [("unrecorded", "full", "open")]
    with site.database.reading() as session:
        (action,) = session.scalars(select(AlertAction))
        logged = session.scalars(
            select(LedgerOpening.kind).where(LedgerOpening.kind == "alert_changed")
        ).all()
    assert (action.action, len(logged)) == ("became_full", 1)


def test_an_n100_stops_nothing(site: Site, clock: HandClock) -> None:
    file_report(
        site,
        categories=["raped"],
        happened=clock() - timedelta(hours=14),
        told=clock() - timedelta(hours=1),
        told_how={"crime_reference": "54/7/26"},
    )
    clock.advance(hours=12)
    take(site, [burglary(offence_code="N100/1")])
    clock.advance(days=5)
    look_again(site)
    assert [kind for kind, *_ in kinds(site)] == ["incident_only", "unrecorded"]


def test_an_alert_settled_by_a_match_opens_again_when_the_match_falls(
    site: Site, clock: HandClock
) -> None:
    file_burglary(site, clock)
    clock.advance(days=3)
    look_again(site)
    take(site, [burglary()])
    look_again(site)
    assert kinds(site) == [("unrecorded", "full", "resolved")]
    clock.advance(days=1)
    take(site, [burglary(removal_code="C4")])
    look_again(site)
    assert kinds(site) == [("unrecorded", "full", "open"), ("cancelled", "full", "open")]


def test_an_alert_marks_since_when_the_force_s_records_are_silent(
    site: Site, clock: HandClock
) -> None:
    file_burglary(site, clock)
    silent_since = clock() - timedelta(hours=2)
    take(site, [], covers=(silent_since - DAY, silent_since))
    clock.advance(days=3)
    look_again(site)
    with site.database.reading() as session:
        (alert,) = session.scalars(select(Alert))
    assert alert.cannot_be_checked_since == silent_since


def test_a_burglary_written_down_as_criminal_damage_is_a_lead_to_ask_about(
    site: Site, clock: HandClock
) -> None:
    file_burglary(site, clock)
    clock.advance(hours=6)
    take(site, [burglary(offence_code="58A")])
    look_again(site)
    assert kinds(site) == [("downgraded", "lead", "open")]


def test_an_alert_that_somebody_took_on_opens_again_when_its_match_falls(
    site: Site, clock: HandClock
) -> None:
    file_burglary(site, clock)
    clock.advance(days=3)
    look_again(site)
    inspector = add_person(site, "inspector")
    (alert,) = alerts_of(site)
    with site.database.transaction() as session:
        person = session.get_one(Account, inspector)
        act(
            session,
            alert.id,
            "acknowledge",
            account=person,
            reason="I ask them.",
            keyring=site.keyring,
            now=clock(),
        )
    for removal_code in ("", "C4"):
        clock.advance(hours=1)
        take(site, [burglary(removal_code=removal_code)])
        look_again(site)
    assert ("unrecorded", "full", "acknowledged") in kinds(site)


def test_an_alert_that_a_person_resolved_stays_resolved(site: Site, clock: HandClock) -> None:
    file_burglary(site, clock)
    clock.advance(days=3)
    look_again(site)
    inspector = add_person(site, "inspector")
    (alert,) = alerts_of(site)
    with site.database.transaction() as session:
        person = session.get_one(Account, inspector)
        act(
            session,
            alert.id,
            "resolve",
            account=person,
            reason="Told twice.",
            keyring=site.keyring,
            now=clock(),
        )
        session.execute(update(Allegation).values(to_sweep=True))
    look_again(site)
    assert kinds(site) == [("unrecorded", "full", "resolved")]


def test_a_report_whose_key_does_not_open_holds_up_no_other(site: Site, clock: HandClock) -> None:
    broken = file_report(site)
    file_burglary(site, clock)
    with site.database.transaction() as session:
        session.execute(
            update(ReportKey).where(ReportKey.report_id == broken.id).values(wrapped=b"broken")
        )
    clock.advance(days=3)
    assert sweep(site.database, keyring=site.keyring, now=clock()) == 1
    assert sweep(site.database, keyring=site.keyring, now=clock()) == 0


def test_a_report_whose_key_was_destroyed_still_raises_its_alert(
    site: Site, clock: HandClock
) -> None:
    erased = file_report(site)
    with site.database.transaction() as session:
        session.execute(delete(ReportKey).where(ReportKey.report_id == erased.id))
    clock.advance(days=3)
    assert sweep(site.database, keyring=site.keyring, now=clock()) == 1


def test_a_force_cannot_amend_lateness_away(site: Site, clock: HandClock) -> None:
    clock.advance(days=3)
    take(site, [burglary(recorded_at="2026-03-05 08:00")])
    clock.advance(hours=1)
    take(site, [burglary(recorded_at="2026-03-02 12:00")])
    file_report(
        site,
        happened=clock() - timedelta(days=3, hours=15),
        told=clock() - timedelta(days=3, hours=2),
        told_how={"crime_reference": "54/7/26"},
    )
    look_again(site)
    assert "recorded_late" in [kind for kind, *_ in kinds(site)]
