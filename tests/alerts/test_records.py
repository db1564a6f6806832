"""What an accepted record says against the clock, the report and the force's own supplies."""

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Account
from portal.alerts.records import supplies_around
from portal.matching.deciding import confirm
from portal.matching.models import Match
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import alerts_of, file_report, look_again
from tests.rig.people import add_person
from tests.rig.reviewed import reads
from tests.rig.supplies import FIRST, row, take
from tests.rig.watched import ABOUT

NAMED = {"victim_name": "Ada Quill", "victim_date_of_birth": "1990-05-04"}


def test_only_supplies_that_cover_the_time_of_a_record_speak_about_it(
    site: Site, clock: HandClock
) -> None:
    take(site, [], covers=(FIRST, FIRST + timedelta(days=2)))
    take(site, [], covers=(FIRST + timedelta(days=2), FIRST + timedelta(days=4)))
    with site.database.reading() as session:
        around = supplies_around(session, "wiltshire", FIRST + timedelta(days=1))
        elsewhere = supplies_around(session, "dorset", FIRST + timedelta(days=1))
    assert [supply.ref for supply in around] == ["1"]
    assert elsewhere == []


def test_a_rape_that_later_becomes_another_offence_is_a_lead_and_is_raised_once(
    site: Site, clock: HandClock
) -> None:
    filed = file_report(
        site,
        categories=["raped"],
        happened=clock() - timedelta(hours=14),
        told=clock() - timedelta(hours=1),
        told_how={"crime_reference": "54/7/26"},
        about=ABOUT,
    )
    cells = {
        "recorded_at": "2026-03-02 08:30",
        "occurred_from": "2026-03-01 18:00",
        "occurred_to": "2026-03-01 23:00",
        "place": "Harbour Lane, Swindon",
        "postcode": "SN1 1AA",
        **NAMED,
    }
    take(site, [row("54/7/26", offence_code="19C", **cells)])
    look_again(site)
    assert alerts_of(site) == []
    clock.advance(days=1)
    take(site, [row("54/7/26", offence_code="20A", **cells)])
    look_again(site)
    # Another offence makes it less sure that it is the record of this: two people look.
    for role, force in (("pcc", "wiltshire"), ("inspector", None)):
        reads(site, filed, add_person(site, role, force_id=force), "record")
    for outcome in ("", "18"):
        clock.advance(days=1)
        take(site, [row("54/7/26", offence_code="20A", outcome_type=outcome, **cells)])
        look_again(site)
    (alert,) = [one for one in alerts_of(site) if one.state != "resolved"]
    assert (alert.kind, alert.stage) == ("downgraded", "lead")
    assert alert.facts["from_rape"] is True


def test_a_record_that_a_person_confirmed_and_the_force_then_removed_is_told_of(
    site: Site, clock: HandClock
) -> None:
    file_report(
        site,
        told=clock() - timedelta(hours=1),
        told_how={"incident_number": "5403260000321"},
    )
    cells = {
        "offence_code": "28E",
        "recorded_at": "2026-03-02 08:30",
        "incident_number": "5403260000321",
    }
    take(site, [row("54/7/26", **cells)])
    look_again(site)
    inspector = add_person(site, "inspector")
    with site.database.transaction() as session:
        match = session.scalars(select(Match)).one()
        confirm(
            session,
            match.id,
            account=session.get_one(Account, inspector),
            reason="The same door.",
            version_id=match.version_id,
            keyring=site.keyring,
            now=clock(),
        )
    for outcome in ("", "18"):
        clock.advance(days=1)
        take(site, [row("54/7/26", removal_code="C2", outcome_type=outcome, **cells)])
        look_again(site)
    (alert,) = alerts_of(site)
    assert (alert.kind, alert.stage, alert.facts["removal_code"]) == ("cancelled", "full", "C2")


def test_a_community_resolution_for_a_sexual_offence_is_told_of(
    site: Site, clock: HandClock
) -> None:
    file_report(
        site,
        categories=["sexual-assault"],
        happened=clock() - timedelta(hours=14),
        told=clock() - timedelta(hours=1),
        told_how={"crime_reference": "54/7/26"},
        about=ABOUT,
    )
    cells = {
        "recorded_at": "2026-03-02 08:30",
        "occurred_from": "2026-03-01 18:00",
        "occurred_to": "2026-03-01 23:00",
        **NAMED,
        "offence_code": "20A",
    }
    take(site, [row("54/7/26", **cells)])
    look_again(site)
    clock.advance(days=1)
    take(site, [row("54/7/26", outcome_type="8", **cells)])
    look_again(site)
    assert [alert.kind for alert in alerts_of(site)] == ["unsuitable_outcome"]
