"""What was compared goes with an erased report, and the crime record is free for another."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from portal.matching.erasing import forget_matches
from portal.matching.models import Match
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.asked import number_case, questions
from tests.rig.asked import told as told_of_last_night
from tests.rig.clock import HandClock
from tests.rig.erased import allegations_of, erase
from tests.rig.filed import Filed, file_report, look_again
from tests.rig.supplies import Row, row, take
from tests.rig.town import match_all_again

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


def test_who_was_one_of_too_many_is_given_the_record_once_one_of_them_is_erased(
    site: Site, clock: HandClock
) -> None:
    crowd = [told(site, clock) for _ in range(41)]
    take(site, [crime()])
    look_again(site)
    # More than forty reports for one record are no honest crowd: a person looks at each.
    assert (len(holders(site, "accepted")), len(holders(site, "proposed"))) == (0, 41)
    with site.database.transaction() as session:
        forget_matches(session, allegations_of(site, crowd[0].id))
        session.execute(
            update(Allegation)
            .where(Allegation.report_id == crowd[0].id)
            .values(clock_starts_at=None, to_match=False)
        )
    look_again(site)
    in_steps = [sorted(map(str, holders(site, each))) for each in ("accepted", "proposed")]
    match_all_again(site)
    at_once = [sorted(map(str, holders(site, each))) for each in ("accepted", "proposed")]
    assert in_steps == at_once
    assert holders(site, "accepted")


def test_who_told_two_things_with_one_number_is_asked_about_the_one_that_is_left(
    site: Site, clock: HandClock
) -> None:
    broken = told_of_last_night(site, clock, "damage-vehicle", crime_reference=REFERENCE)
    burgled = number_case(site, clock)
    assert (len(holders(site, "proposed")), questions(site)) == (2, [])
    erase(site, burgled)
    look_again(site)
    assert [one.allegation_id for one in questions(site)] == allegations_of(site, broken.id)
