"""A kept pair explains itself the same way for as long as it is kept, and names nobody."""

from sqlalchemy import select

from portal.matching.explained import find_candidate, find_explanation, gate_words
from portal.matching.models import Match
from portal.police.models import CrimeRecord
from portal.reports.corrections import correct
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
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
