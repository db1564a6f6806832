"""A kept pair explains itself the same way for as long as it is kept, and names nobody."""

from sqlalchemy import select

from portal.matching.explained import find_candidate, find_early, find_explanation, gate_words
from portal.matching.models import Match
from portal.matching.zones import GATE_WORDS
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.reports.corrections import correct
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.early import early_case
from tests.rig.filed import look_again
from tests.rig.people import add_person
from tests.rig.reviewed import reads
from tests.rig.watched import ABOUT, waiting_match


def waiting(site: Site) -> tuple[Match, Allegation, CrimeRecord]:
    with site.database.reading() as session:
        match = session.scalars(select(Match)).one()
        allegation = session.get_one(Allegation, match.allegation_id)
        return match, allegation, session.get_one(CrimeRecord, match.record_id)


def test_a_pair_that_waits_is_explained_by_three_questions(site: Site, clock: HandClock) -> None:
    waiting_match(site, clock)
    match, allegation, record = waiting(site)
    found = find_explanation(match, allegation, record)
    assert found is not None
    assert len(found.subtotals) == 3
    assert {bar.field for bar in found.bars if bar.level != "missing"} >= {"reference", "when"}
    assert ABOUT["name"] not in str(found)
    assert "Too little is known about the person on both sides." in gate_words(match)
    candidate = find_candidate(match, allegation)
    assert candidate is not None
    assert candidate.weights.total == match.total


def test_a_pair_of_before_there_were_levels_has_no_explanation(
    site: Site, clock: HandClock
) -> None:
    waiting_match(site, clock)
    match, allegation, record = waiting(site)
    match.model_version = "reference-1"
    assert find_explanation(match, allegation, record) is None
    match.levels = None
    assert find_candidate(match, allegation) is None
    match.gates = None
    assert gate_words(match) == []


def test_what_somebody_decided_on_is_explained_as_they_saw_it_whatever_is_corrected_later(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_match(site, clock)
    match, allegation, record = waiting(site)
    seen = find_explanation(match, allegation, record)
    reads(site, filed, add_person(site, "inspector"), "record")
    keys = {"keyring": site.keyring, "now": clock()}
    rape = {"category": "raped", "other": ""}
    with site.database.transaction() as session:
        correct(session, filed.id, "what", 1, rape, **keys)  # type: ignore[arg-type]
    look_again(site)
    match, allegation, record = waiting(site)
    assert (match.state, match.kind) == ("accepted", "household")
    assert allegation.categories == ("burglary-home", "raped")
    assert find_explanation(match, allegation, record) == seen
    candidate = find_candidate(match, allegation)
    assert candidate is not None
    assert candidate.weights.total == match.total
    # What was decided before the kind was kept is explained by what is told now.
    match.kind = None
    assert find_explanation(match, allegation, record) != seen


def test_the_two_times_that_hold_a_pair_back_are_those_that_it_was_judged_by(
    site: Site, clock: HandClock
) -> None:
    early_case(site)
    match, allegation, _ = waiting(site)
    with site.database.reading() as session:
        version = session.get_one(CrimeRecordVersion, match.version_id)
    began, told = allegation.occurred_from, version.reported_at
    assert began is not None
    assert told is not None
    recorded = version.recorded_at
    found = find_early(match, allegation, reported_at=told, recorded_at=recorded)
    assert found == (told, began)
    later = find_early(match, allegation, reported_at=None, recorded_at=recorded)
    assert later == (recorded, began)
    # Midnight is what an export writes for a day.
    day = told.replace(hour=0)
    assert find_early(match, allegation, reported_at=day, recorded_at=recorded) == later
    assert find_early(match, allegation, reported_at=day, recorded_at=day) is None
    # What was corrected since a person decided makes other times.
    assert find_early(match, allegation, reported_at=began, recorded_at=began) is None
    match.is_early = False
    assert find_early(match, allegation, reported_at=told, recorded_at=recorded) is None


def test_of_a_record_that_a_reader_names_it_is_said_that_police_had_it_before(site: Site) -> None:
    early_case(site)
    match, *_ = waiting(site)
    assert gate_words(match) == [GATE_WORDS["early"]]
    match.gates = []
    assert gate_words(match) == [], "what is too far off for any gate waits for nobody"
    match.chance = None
    assert gate_words(match) == [GATE_WORDS["early"]]
