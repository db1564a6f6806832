"""What is drawn to be checked, what moved, and errors by group come from the site's own rows."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from portal.matching.checking import (
    Totals,
    draw_audit,
    find_drift,
    groups_of,
    measure_fairness,
    totals,
)
from portal.matching.models import Match
from portal.matching.opening import Supplies
from portal.matching.settling import pack, unpack
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.reports.models import Allegation
from portal.site import Site
from tests.matching.test_judging import decide
from tests.matching.test_refitting import tell, town
from tests.rig.clock import HandClock
from tests.rig.pairs import person, report
from tests.rig.reviewed import waiting_case
from tests.rig.town import look


def test_only_what_no_person_decided_is_drawn_and_the_least_sure_first(site: Site) -> None:
    town(site)
    look(site)
    with site.database.reading() as session:
        whole = draw_audit(session, 1_000, seed=1)
        some = draw_audit(session, 5, seed=1)
        assert some == draw_audit(session, 5, seed=1)
        counted = totals(session)
    assert counted.automatic == len(whole) > 5
    assert [one.log_odds for one in whole] == sorted(one.log_odds for one in whole)
    assert {one.chance for one in whole} == {1.0}
    assert 3 <= len(some) <= 7
    assert all(0 < one.chance <= 1 for one in some)
    with site.database.transaction() as session:
        session.execute(
            update(Match).where(Match.id == whole[0].match_id).values(state="ended", zone="none")
        )
    with site.database.reading() as session:
        left = draw_audit(session, 1_000, seed=1)
    assert whole[0].match_id not in {one.match_id for one in left}


def test_a_match_that_a_person_confirmed_is_no_automatic_one(site: Site, clock: HandClock) -> None:
    waiting_case(site, clock)
    with site.database.reading() as session:
        match = session.scalars(select(Match)).one()
        reference = session.scalars(select(CrimeRecord.reference)).one()
        assert totals(session) == Totals(0, 0)
    decide(site, "confirm", match.allegation_id, reference)
    with site.database.reading() as session:
        assert session.scalars(select(Match.state)).one() == "accepted"
        assert totals(session) == Totals(0, 0)
        assert draw_audit(session, 10, seed=1) == []


def copies(site: Site, count: int, *, days_ago: int, **levels: str) -> None:
    """Matches like one that is there, with other levels, so many days ago."""
    with site.database.transaction() as session:
        one = session.scalars(select(Match).where(Match.state == "accepted").limit(1)).one()
        told = pack(unpack(one.levels or "")._replace(**levels))
        row: dict[str, Any] = {
            column.name: getattr(one, column.name) for column in Match.__table__.columns
        }
        at = site.now() - timedelta(days=days_ago)
        row |= {"levels": told, "decided_at": at, "duplicate_of": one.allegation_id}
        taken = set(session.execute(select(Match.allegation_id, Match.record_id)))
        versions = session.execute(select(CrimeRecordVersion.record_id, CrimeRecordVersion.id))
        pairs = product(session.scalars(select(Allegation.id)).all(), versions.all())
        made = [
            row | {"id": uuid4(), "allegation_id": ours, "record_id": theirs, "version_id": version}
            for ours, (theirs, version) in pairs
            if (ours, theirs) not in taken
        ]
        session.execute(insert(Match), made[:count])


def test_a_force_that_stops_sending_birth_dates_is_noticed(site: Site) -> None:
    # 25 people give 625 pairs of a report and a record, of which a match may stand for each.
    tell(site, [f"Ada{number} Quill{number}" for number in range(25)])
    look(site)
    with site.database.transaction() as session:
        session.execute(delete(Match).where(Match.state != "accepted"))
    copies(site, 250, days_ago=100, birth_date="same")
    with site.database.reading() as session:
        assert find_drift(session, now=site.now()) == ()
    copies(site, 250, days_ago=1, birth_date="missing")
    with site.database.reading() as session:
        moved = find_drift(session, now=site.now())
    found = {(one.field, one.level): one for one in moved}
    gone = found["birth_date", "missing"]
    assert gone.before < 0.2
    assert gone.now > 0.8


def test_groups_are_told_by_what_the_report_says_and_by_nothing_else() -> None:
    one = report(victim=person(birth_date="2010-02-28"), occurred=(date(2024, 2, 2),) * 2)
    assert groups_of(one) == {"offence": "other", "force": "wiltshire", "age": "under 18"}
    other = report(offence_codes=["19C"], victim=person(birth_date="1985"))
    assert groups_of(other) == {"offence": "sexual", "force": "wiltshire"}
    assert groups_of(report(offence_codes=[], force_id=None, victim=person(birth_date=""))) == {
        "force": ""
    }
    assert groups_of(replace(one, occurred=None, told=None)).keys() == {"offence", "force"}


def test_a_cell_of_few_reports_is_not_published(site: Site) -> None:
    town(site)
    with site.database.reading() as session:
        cells = measure_fairness(session, supplies=Supplies(site.keyring), seed=1, most_reports=100)
    assert {one.dimension for one in cells} >= {"age", "force", "offence"}
    assert all(one.hidden is one.missed is None for one in cells)
