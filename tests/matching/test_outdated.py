"""What a newer version of a record may say that nobody can open: nothing is matched past it."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from sqlalchemy import delete, select, update

from portal.matching.models import Judgement, KeyedRecord, Match, Question
from portal.matching.opening import Supplies, open_candidates
from portal.police.models import CrimeRecordVersion
from portal.reports.models import Allegation
from portal.site import Site
from tests.matching.test_rerunning import comparer_of, rerun
from tests.matching.test_unopened import (
    BORN,
    NAME,
    accepted,
    as_anew,
    crime,
    look,
    pairs,
    told,
    without_key,
)
from tests.rig.asked import REFERENCE, number_case, questions, says
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, look_again
from tests.rig.reviewed import INCIDENT, waiting_case
from tests.rig.supplies import row, take

NAMED = {"victim_name": NAME, "victim_date_of_birth": "1990-05-04", "postcode": "SN1 1AA"}
ANOTHER = {
    "victim_name": "Zed Other",
    "victim_date_of_birth": "1961-01-01",
    "postcode": "BA12 6HA",
    "occurred_from": "2026-02-10 18:00",
    "occurred_to": "2026-02-10 19:00",
}


@contextmanager
def taken_back(
    site: Site, clock: HandClock, is_damaged: bool = False, reference: str = "54/7/26"
) -> Iterator[None]:
    """The force sends that this record is of another crime, against somebody else; which nobody
    can open, until the block ends or, of what is damaged, ever.
    """
    clock.advance(hours=1)
    second = take(site, [crime(reference, **ANOTHER)], is_full=False)
    if is_damaged:
        spoilt = update(CrimeRecordVersion).where(CrimeRecordVersion.supply_id == second.supply_id)
        with site.database.transaction() as session:
            session.execute(spoilt.values(sealed=b"\0" * 64))
        yield
    else:
        with without_key(site, second):
            yield


def open_alerts(site: Site) -> set[str]:
    return {one.kind for one in alerts_of(site) if one.state != "resolved"}


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_person_who_reports_later_is_not_matched_by_what_the_force_may_have_taken_back(
    site: Site, clock: HandClock, is_damaged: bool
) -> None:
    take(site, [crime("54/7/26", **NAMED)])
    look(site)
    with taken_back(site, clock, is_damaged):
        look_again(site)
        told(site, clock, "", about=BORN)
        look_again(site)
        clock.advance(days=7)
        look_again(site)
        assert (accepted(site), open_alerts(site)) == (set(), {"unrecorded"})
    look_again(site)
    assert accepted(site) == set()
    assert pairs(site) == as_anew(site)


def test_a_person_is_matched_when_the_key_shows_that_the_newer_version_is_theirs_too(
    site: Site, clock: HandClock
) -> None:
    take(site, [crime("54/7/26", **NAMED)])
    look(site)
    clock.advance(hours=1)
    second = take(site, [crime("54/7/26", outcome_type="18", **NAMED)], is_full=False)
    with without_key(site, second):
        look(site)
        filed = told(site, clock, "", about=BORN)
        look(site)
        assert (accepted(site), look(site)) == (set(), 0)
    look(site)
    assert accepted(site) == {filed.id}
    assert pairs(site) == as_anew(site)


@pytest.mark.parametrize("is_damaged", [False, True])
def test_what_was_matched_before_stays_though_a_newer_version_does_not_open(
    site: Site, clock: HandClock, is_damaged: bool
) -> None:
    take(site, [crime("54/7/26", **NAMED)])
    filed = told(site, clock, "", about=BORN)
    look(site)
    assert accepted(site) == {filed.id}
    with taken_back(site, clock, is_damaged):
        look(site)
        assert accepted(site) == {filed.id}
        compare_anew(site, filed)
        assert accepted(site) == {filed.id}


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_record_that_another_lets_go_of_is_not_matched_by_what_the_force_may_have_taken_back(
    site: Site, clock: HandClock, is_damaged: bool
) -> None:
    take(site, [crime("54/7/26", **NAMED)])
    told(site, clock, "", parts=2, about=BORN)
    look(site)
    assert states(site) == [("accepted", []), ("proposed", ["taken"])]
    with taken_back(site, clock, is_damaged):
        look(site)
        assert states(site) == [("accepted", []), ("proposed", ["outdated"])]
        with site.database.transaction() as session:
            held = session.scalars(select(Match).where(Match.state == "accepted")).one()
            judged = session.get_one(Judgement, held.allegation_id)
            held.levels, held.zone, judged.to_settle = None, "none", True
        look(site)
        assert states(site) == [("ended", []), ("proposed", ["outdated"])]


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_full_run_finds_no_more_by_what_the_force_may_have_taken_back(
    site: Site, clock: HandClock, is_damaged: bool
) -> None:
    take(site, [crime("54/7/26", **NAMED)])
    first = told(site, clock, "", about=BORN)
    look(site)
    with taken_back(site, clock, is_damaged):
        look(site)
        told(site, clock, "54/7/26", about=BORN)
        look(site)
        before = pairs(site)
        done = rerun(site, comparer_of(site))
        assert (done.same, done.other, done.left) == (2, 0, 0)
        assert (pairs(site), accepted(site)) == (before, {first.id})


@pytest.mark.parametrize("is_damaged", [False, True])
def test_nobody_is_asked_by_what_the_force_may_have_taken_back(
    site: Site, clock: HandClock, is_damaged: bool
) -> None:
    number_case(site, clock)
    assert len(questions(site)) == 1
    with taken_back(site, clock, is_damaged, REFERENCE):
        look(site)
        with site.database.transaction() as session:
            session.execute(delete(Question))
            session.execute(update(Judgement).values(to_settle=True))
        look(site)
        assert questions(site) == []
        assert states(site) == [("proposed", ["another", "outdated"])]


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_yes_makes_no_match_with_what_the_force_may_have_taken_back_since_they_were_asked(
    site: Site, clock: HandClock, is_damaged: bool
) -> None:
    filed = number_case(site, clock)
    with taken_back(site, clock, is_damaged, REFERENCE):
        look(site)
        says(site, filed, "yes")
        look(site)
        assert states(site) == [("proposed", ["another", "outdated"])]


def test_a_newer_version_that_opens_keeps_no_candidate_away_before_it_was_compared(
    site: Site, clock: HandClock
) -> None:
    take(site, [crime("54/7/26", **NAMED)])
    look(site)
    clock.advance(hours=1)
    second = take(site, [crime("54/7/26", **ANOTHER)], is_full=False)
    with site.database.reading() as session:
        (one,) = session.scalars(select(KeyedRecord.record_id))
        assert open_candidates(session, [one], Supplies(site.keyring)).keys() == {one}
    with without_key(site, second), site.database.reading() as session:
        assert open_candidates(session, [one], Supplies(site.keyring)) == {}


def compare_anew(site: Site, filed: Filed) -> None:
    with site.database.transaction() as session:
        again = update(Allegation).where(Allegation.report_id == filed.id)
        session.execute(again.values(to_match=True))
    look(site)


def states(site: Site) -> list[tuple[str, list[str]]]:
    with site.database.reading() as session:
        return sorted((one.state, list(one.gates or ())) for one in session.scalars(select(Match)))


@pytest.mark.parametrize("missing", [False, True])
def test_that_police_have_but_the_note_of_an_incident_is_told_of_though_nobody_can_open_it(
    site: Site, clock: HandClock, missing: bool
) -> None:
    waiting_case(site, clock, category="raped", victim_name=NAME)
    with site.database.reading() as session:
        first = session.scalars(select(CrimeRecordVersion)).one()
        at, recorded = f"{first.occurred_from:%Y-%m-%d %H:%M}", first.recorded_at
    note = {
        "victim_name": NAME,
        "incident_number": INCIDENT,
        "offence_code": "N100/1",
        "recorded_at": f"{recorded:%Y-%m-%d %H:%M}",
        "occurred_from": at,
        "occurred_to": at,
    }
    clock.advance(days=9)
    take(site, [row("54/99/26", recorded_at="2026-03-08 10:00")], is_full=False)
    look_again(site)
    second = take(site, [row("54/7/26", **note)], is_full=False)
    with without_key(site, second) if missing else nullcontext():
        look_again(site)
        clock.advance(days=5)
        look_again(site)
        assert "incident_only" in open_alerts(site)
