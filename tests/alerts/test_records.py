"""What an accepted record says against the clock, the report and the force's own supplies."""

from datetime import timedelta

import pytest
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
    gone, unrecorded = sorted(alerts_of(site), key=lambda one: one.kind)
    assert (gone.kind, gone.stage, gone.facts["removal_code"]) == ("cancelled", "full", "C2")
    assert unrecorded.kind == "unrecorded", "no record stands"


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


CELLS = {
    "recorded_at": "2026-03-02 08:30",
    "place": "Harbour Lane, Swindon",
    "postcode": "SN1 1AA",
    "victim_name": "Ada Quill",
}
SURELY = {"victim_date_of_birth": "1990-05-04", "occurred_from": "2026-03-01 18:00"}
ANOTHER_DAY = {"occurred_from": "2026-02-27 18:00", "occurred_to": "2026-02-27 18:30"}


def matched(site: Site, clock: HandClock, *, by_a_person: bool) -> dict[str, str]:
    """A rape with the record that is accepted for it, and the row that the force sent of it."""
    filed = file_report(
        site,
        categories=["raped"],
        happened=clock() - timedelta(hours=14),
        told=clock() - timedelta(hours=1),
        told_how={} if by_a_person else {"crime_reference": "54/7/26"},
        about=ABOUT,
    )
    more = ANOTHER_DAY if by_a_person else SURELY
    sent = dict(row("54/7/26", offence_code="19C", **CELLS, **more))
    take(site, [sent])
    look_again(site)
    if by_a_person:
        for role, force in (("pcc", "wiltshire"), ("inspector", None)):
            reads(site, filed, add_person(site, role, force_id=force), "record")
        look_again(site)
    clock.advance(days=5)
    take(site, [sent])
    look_again(site)
    assert alerts_of(site) == []
    return sent


@pytest.mark.parametrize("is_bare", [True, False])
@pytest.mark.parametrize(
    ("change", "confirmed", "automatic"),
    [
        ({"removal_code": "C2"}, *[{"cancelled", "unrecorded"}] * 2),
        ({"outcome_type": "8"}, {"unsuitable_outcome"}, {"unsuitable_outcome"}),
        ({"offence_code": "N100/1"}, *[{"incident_only", "unrecorded"}] * 2),
        # Another offence makes it less sure that it is the record of this: people look.
        ({"offence_code": "8N"}, {"downgraded"}, {"unrecorded"}),
    ],
)
@pytest.mark.parametrize("by_a_person", [True, False])
def test_what_a_force_makes_of_a_matched_record_is_told_of_though_its_row_says_nothing_more(
    site: Site,
    clock: HandClock,
    change: dict[str, str],
    confirmed: set[str],
    automatic: set[str],
    by_a_person: bool,
    is_bare: bool,
) -> None:
    sent = matched(site, clock, by_a_person=by_a_person)
    clock.advance(days=1)
    bare = dict(row("54/7/26", offence_code="19C", recorded_at=CELLS["recorded_at"]))
    take(site, [(bare if is_bare else sent) | change])
    look_again(site)
    expected = confirmed if by_a_person else automatic
    assert {alert.kind for alert in alerts_of(site)} == expected


@pytest.mark.parametrize("is_bare", [True, False])
def test_a_crime_that_one_force_recorded_in_time_and_passed_on_is_not_late(
    site: Site, clock: HandClock, is_bare: bool
) -> None:
    sent = matched(site, clock, by_a_person=False)
    bare = dict(row("54/7/26", offence_code="19C", recorded_at=CELLS["recorded_at"]))
    take(site, [(bare if is_bare else sent) | {"removal_code": "C1"}])
    look_again(site)
    clock.advance(days=1)
    theirs = {"crime_reference": "D/9/26", "force": "dorset", "recorded_at": "2026-03-08 10:00"}
    take(site, [sent | theirs], force_id="dorset")
    look_again(site)
    clock.advance(days=5)
    look_again(site)
    kinds = {alert.kind: alert.state for alert in alerts_of(site)}
    assert "recorded_late" not in kinds
    assert kinds["cancelled"] == "open"
