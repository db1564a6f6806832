"""What fits beyond doubt is matched by itself; whatever leaves a doubt goes to a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.ledger.service import timeline
from portal.matching.model import CURRENT, load_model
from portal.matching.models import Judgement, Match
from portal.matching.service import propose
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report
from tests.rig.supplies import row, take

EVENT = {
    "offence_code": "28E",
    "recorded_at": "2026-03-01 23:30",
    "occurred_from": "2026-03-01 18:00",
    "occurred_to": "2026-03-01 23:00",
}


def crime(reference: str = "54/7/26", **cells: str) -> dict[str, str]:
    return dict(row(reference, **(EVENT | cells)))


def told(site: Site, clock: HandClock, reference: str, **more: dict[str, str]) -> Filed:
    told_how = {"crime_reference": reference} if reference else {}
    return file_report(
        site, happened=clock() - timedelta(hours=14), told_how=told_how, about=more.get("about")
    )


def look(site: Site) -> list[tuple[str, str]]:
    propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())
    with site.database.reading() as session:
        rows = session.scalars(select(Match).order_by(Match.proposed_at, Match.record_id))
        return [(match.zone, match.state) for match in rows]


@pytest.mark.parametrize("typed", ["54/7/26", " 54 / 007 / 26 ", "54-7-26", "crime ref 54/0007/26"])
def test_a_reference_matches_however_it_was_typed(site: Site, clock: HandClock, typed: str) -> None:
    told(site, clock, typed)
    take(site, [crime()])
    assert look(site) == [("automatic", "accepted")]


def test_it_does_not_matter_which_came_first(site: Site, clock: HandClock) -> None:
    take(site, [crime()])
    told(site, clock, "54/7/26")
    assert look(site) == [("automatic", "accepted")]
    assert look(site) == [("automatic", "accepted")]


@pytest.mark.parametrize(
    "cells",
    [
        {"occurred_from": "2026-02-25 10:00", "occurred_to": "2026-02-25 12:00"},
        {"offence_code": "N100/1"},
        {"victim_name": "Somebody Else"},
    ],
)
def test_anything_that_does_not_agree_goes_to_a_person(
    site: Site, clock: HandClock, cells: dict[str, str]
) -> None:
    about = {
        "name": "Alex Fen",
        "birth_day": "2",
        "birth_month": "5",
        "birth_year": "1990",
    }
    told(site, clock, "54/7/26", about=about)
    take(site, [crime(**cells)])
    ((zone, state),) = look(site)
    assert zone in ("likely", "possible")
    assert state == "proposed"


def test_an_incident_number_alone_is_never_enough(site: Site, clock: HandClock) -> None:
    file_report(
        site,
        happened=clock() - timedelta(hours=14),
        told_how={"incident_number": "log 321 of 1 March"},
    )
    take(site, [crime("54/8/26", incident_number="LOG 321 of 1 March")])
    ((_, state),) = look(site)
    assert state == "proposed"


def test_a_record_of_another_force_is_found_but_decided_by_a_person(
    site: Site, clock: HandClock
) -> None:
    told(site, clock, "54/7/26")
    take(site, [crime(force="dorset")], force_id="dorset")
    ((zone, state),) = look(site)
    assert zone in ("likely", "possible")
    assert state == "proposed"


def test_a_record_that_another_report_holds_goes_to_a_person(site: Site, clock: HandClock) -> None:
    told(site, clock, "54/7/26")
    take(site, [crime()])
    assert look(site) == [("automatic", "accepted")]
    clock.advance(minutes=1)
    told(site, clock, "54/7/26")
    assert look(site) == [("automatic", "accepted"), ("automatic", "proposed")]


def test_a_changed_record_is_judged_again_and_its_match_can_fall(
    site: Site, clock: HandClock
) -> None:
    told(site, clock, "54/7/26")
    take(site, [crime()])
    look(site)
    clock.advance(days=1)
    take(site, [crime(removal_code="C4")])
    assert look(site) == [("automatic", "ended")]
    clock.advance(days=1)
    take(site, [crime()])
    assert look(site) == [("automatic", "accepted")]


def test_a_match_is_in_the_report_s_ledger_with_its_model(site: Site, clock: HandClock) -> None:
    filed = told(site, clock, "54/7/26")
    take(site, [crime()])
    look(site)
    with site.database.reading() as session:
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        matched = timeline(session, filed.id, data_key.open)[-1]
    assert (matched.kind, matched.fields["record.reference"]) == ("matched", "54/7/26")
    assert matched.fields["match.model"] == CURRENT


def test_what_another_version_of_the_model_matched_is_judged_anew_after_an_update(
    site: Site, clock: HandClock
) -> None:
    told(site, clock, "54/7/26")
    take(site, [crime()])
    by_old = {"keyring": site.keyring, "tokens": site.tokens, "now": site.now()}
    propose(site.database, model=load_model("four-class-1"), **by_old)
    with site.database.reading() as session:
        assert session.scalars(select(Judgement.model_version)).all() == ["four-class-1"]
    assert propose(site.database, **by_old) == 1
    with site.database.reading() as session:
        assert session.scalars(select(Judgement.model_version)).all() == [CURRENT]
        assert session.scalars(select(Match.model_version)).all() == [CURRENT]
    assert propose(site.database, **by_old) == 0, "once is enough"


def test_a_server_that_was_not_updated_yet_undoes_nothing_of_what_another_judged(
    site: Site, clock: HandClock
) -> None:
    told(site, clock, "54/7/26")
    take(site, [crime()])
    look(site)
    by_old = {"keyring": site.keyring, "tokens": site.tokens, "now": site.now()}
    assert propose(site.database, model=load_model("four-class-3"), **by_old) == 0
    with site.database.reading() as session:
        assert session.scalars(select(Match.model_version)).all() == [CURRENT]
