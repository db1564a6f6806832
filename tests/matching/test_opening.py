"""Records are opened in the version that counts, and by their numbers only where it matters."""

from datetime import UTC, datetime

from sqlalchemy import select

from portal.matching.lots import open_lot
from portal.matching.opening import Supplies, open_candidates, open_records
from portal.police.models import CrimeRecord, Supply
from portal.site import Site
from tests.matching.test_judging import burglary
from tests.rig.clock import HandClock
from tests.rig.supplies import row, take
from tests.rig.town import look


def test_a_record_is_opened_in_its_newest_version_or_in_the_one_that_was_keyed(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    take(site, [crime.record()])
    look(site)
    clock.advance(days=1)
    take(site, [crime.record(victim_name="Bob Other", removal_code="C1")], is_full=False)
    supplies = Supplies(site.keyring)
    with site.database.reading() as session:
        (record_id,) = session.scalars(select(CrimeRecord.id))
        newest = open_records(session, [record_id], supplies)[record_id]
        keyed = open_candidates(session, [record_id], supplies)[record_id]
    # Of a removed record whoever was named before is named too.
    assert [one.surname for one in newest.side.victims] == ["example", "other"]
    assert [one.surname for one in keyed.side.victims] == ["example"]
    assert newest.side.is_removed
    assert not keyed.side.is_removed
    assert newest.side.references == frozenset({crime.reference})


def test_when_police_had_it_is_known_to_the_minute_where_the_force_gives_a_time(
    site: Site, clock: HandClock
) -> None:
    clock.advance(days=60)
    crime = burglary()
    times = {"reported_at": "2026-04-03 20:15", "recorded_at": "2026-04-04 09:00"}
    days = {"reported_at": "2026-04-03", "recorded_at": "2026-04-04"}
    references = ("54/1/26", "54/2/26")
    rows = [
        crime.record(crime_reference=reference, **cells)
        for reference, cells in zip(references, (times, days), strict=True)
    ]
    take(site, rows)
    supplies = Supplies(site.keyring)
    with site.database.reading() as session:
        ids = {one.reference: one.id for one in session.scalars(select(CrimeRecord))}
        found = open_records(session, list(ids.values()), supplies)
    timed, dated = (found[ids[one]].side for one in references)
    # In summer a London clock is an hour ahead.
    assert timed.had_at == datetime(2026, 4, 3, 19, 15, tzinfo=UTC)
    assert dated.had_at is None
    assert (timed.received, timed.recorded) == (dated.received, dated.recorded)


def test_a_candidate_has_its_numbers_once_they_are_asked_for(site: Site, clock: HandClock) -> None:
    take(site, [burglary().record(incident_number="INC 0012345")])
    look(site)
    supplies = Supplies(site.keyring)
    with site.database.reading() as session:
        (record_id,) = session.scalars(select(CrimeRecord.id))
        whole = open_records(session, [record_id], supplies)[record_id]
        candidate = open_candidates(session, [record_id], supplies)[record_id]
    assert not candidate.side.references
    assert not candidate.side.incident_numbers
    assert candidate.whole == whole.side == whole.whole
    assert candidate.whole.incident_numbers


def test_what_a_bare_row_leaves_empty_is_taken_from_the_last_that_said_it(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    bare = row(crime.reference, offence_code="28E")
    supplies = Supplies(site.keyring)
    steps = (
        (crime.record(victim_name="Bob Other"), "other"),
        (crime.record(), "example"),
        (dict(bare) | {"outcome_type": "18"}, "example"),
        (dict(bare) | {"removal_code": "C2"}, "example"),
        (crime.record(victim_name="", victim_date_of_birth=""), ""),
        (dict(bare) | {"removal_code": "C3"}, ""),
    )
    for sent, surname in steps:
        clock.advance(hours=1)
        take(site, [sent], is_full=False)
        with site.database.reading() as session:
            (record_id,) = session.scalars(select(CrimeRecord.id))
            one = open_records(session, [record_id], supplies)[record_id].side
        assert [each.surname for each in one.victims] == [surname] * bool(surname)
        assert one.place.unit == "SN11AA"
        assert one.occurred
        assert one.incident_numbers


def test_what_a_version_that_does_not_open_would_complete_is_not_guessed_at(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    first = take(site, [crime.record()])
    for sent, is_known in (
        (row(crime.reference, removal_code="C2"), False),
        (crime.record(victim_name="Bob Other"), True),
    ):
        clock.advance(hours=1)
        take(site, [sent])
        with site.database.transaction() as session:
            session.get_one(Supply, first.supply_id).wrapped_key = b"\0" * 64
        with site.database.reading() as session:
            (record_id,) = session.scalars(select(CrimeRecord.id))
            assert bool(open_records(session, [record_id], Supplies(site.keyring))) == is_known
            assert bool(open_lot(session, [record_id], Supplies(site.keyring)).closed) != is_known
