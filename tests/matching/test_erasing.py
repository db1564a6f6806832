"""What was compared goes with an erased report, and the crime record is free for another."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal.matching.erasing import forget_matches
from portal.matching.models import Match
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.erased import allegations_of, erase
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.supplies import Row, row, take

REFERENCE = "54/7/26"
HAPPENED = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)


def crime(**cells: str) -> Row:
    """A record of the same burglary, on the same evening."""
    same = {
        "offence_code": "28E",
        "occurred_from": "2026-03-01 19:00",
        "recorded_at": "2026-03-02 08:30",
    }
    return row(REFERENCE, **same, **cells)


def told(site: Site, clock: HandClock) -> Filed:
    return file_report(
        site,
        happened=HAPPENED,
        told=HAPPENED + timedelta(hours=1),
        told_how={"crime_reference": REFERENCE},
    )


def holders(site: Site, state: str) -> list[object]:
    with site.database.reading() as session:
        query = select(Allegation.report_id).join(Match, Match.allegation_id == Allegation.id)
        return list(session.scalars(query.where(Match.state == state)))


def test_only_the_matches_of_these_allegations_go(site: Site, clock: HandClock) -> None:
    mine, other = told(site, clock), told(site, clock)
    take(site, [crime()])
    look_again(site)
    ids = allegations_of(site, mine.id)
    with site.database.transaction() as session:
        forget_matches(session, ids)
    with site.database.reading() as session:
        query = select(Allegation.report_id).join(Match, Match.allegation_id == Allegation.id)
        assert session.scalars(query).all() == [other.id]


def test_an_erased_report_is_never_compared_again_and_holds_no_record(
    site: Site, clock: HandClock
) -> None:
    mine = told(site, clock)
    take(site, [crime()])
    look_again(site)
    assert holders(site, "accepted") == [mine.id]
    erase(site, mine)
    clock.advance(hours=1)
    take(site, [crime(outcome_type="14"), row("54/9/26")])
    look_again(site)
    assert holders(site, "accepted") == []
    other = told(site, clock)
    look_again(site)
    assert holders(site, "accepted") == [other.id]
