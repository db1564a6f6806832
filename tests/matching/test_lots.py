"""A lot of records in columns, each of which is the record that the other way opens."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.matching.columns import Cleaner, Columns, Wanted
from portal.matching.lots import NO_RECORDS, open_lot, record_spans, records_within
from portal.matching.opening import Supplies, open_records
from portal.matching.tokenise import OF_PERSON
from portal.police.models import CrimeRecord
from portal.site import Site
from tests.matching.test_judging import burglary
from tests.matching.test_rerunning import all_matches, comparer_of, rerun
from tests.matching.test_without_names import COLUMNS, KEYS, look, named, tokens, told
from tests.rig.clock import HandClock
from tests.rig.supplies import Row, row, take


def test_a_record_stands_in_columns_as_it_was_sent_and_opens_as_any(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    take(site, [crime.record(incident_number="INC 0012345")])
    supplies = Supplies(site.keyring)
    with site.database.reading() as session:
        (record_id,) = session.scalars(select(CrimeRecord.id))
        lot = open_lot(session, [record_id], supplies)
        opened = open_records(session, [record_id], supplies)[record_id]
    assert (len(lot), lot.others) == (1, {})
    told = dict(zip(Columns._fields, next(zip(*lot.columns, strict=True)), strict=True))
    side = opened.side
    assert (told["record"], told["force_id"]) == (record_id, "wiltshire")
    assert (told["first_day"], told["last_day"]) == side.occurred
    assert (told["received"] or None, told["recorded"]) == (side.received, side.recorded)
    assert told["incident_number"] == "INC 0012345"
    assert lot.record(record_id) == opened
    assert lot.side(record_id) == side


def test_a_record_with_two_victims_stands_in_no_column_and_is_there_all_the_same(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    take(site, [crime.record(), crime.record(victim_name="Bob Other")])
    supplies = Supplies(site.keyring)
    with site.database.reading() as session:
        (record_id,) = session.scalars(select(CrimeRecord.id))
        lot = open_lot(session, [record_id], supplies)
        opened = open_records(session, [record_id], supplies)
    assert (len(lot), list(lot.columns.record)) == (1, [])
    assert lot.others == opened
    assert lot.record(record_id) == opened[record_id]


def placed_by_tokens() -> list[Row]:
    return [tokens()]


def told_by_tokens() -> list[Row]:
    clear = {"place": "Harbour Lane, Swindon", "postcode": "SN1 1AA", "place_tokens": ""}
    return [tokens() | clear]


def with_its_place_alone_by_tokens() -> list[Row]:
    no_tokens = {name: "" for name in OF_PERSON if name.startswith("victim_")}
    theirs = {name: cell for name, cell in named().items() if name in COLUMNS[:2]}
    return [tokens() | no_tokens | theirs]


def of_two_calls() -> list[Row]:
    return [named() | {"incident_number": f"{number}-010326"} for number in (12, 13)]


@pytest.mark.parametrize(
    "sent", [placed_by_tokens, told_by_tokens, with_its_place_alone_by_tokens, of_two_calls]
)
def test_a_full_run_keeps_what_the_steps_kept_of_a_record_that_no_column_holds(
    site: Site, clock: HandClock, sent: Callable[[], list[Row]]
) -> None:
    told(site, clock)
    take(site, sent())
    assert look(site, KEYS)
    supplies = Supplies(site.keyring, KEYS)
    with site.database.reading() as session:
        (record_id,) = session.scalars(select(CrimeRecord.id))
        assert list(open_lot(session, [record_id], supplies).others) == [record_id]
    before = all_matches(site)
    done = rerun(site, replace(comparer_of(site), supplies=supplies))
    assert (done.same, done.other) == (1, 0)
    assert all_matches(site) == before


def test_what_a_bare_removal_leaves_empty_stands_in_the_columns_too(
    site: Site, clock: HandClock
) -> None:
    told(site, clock)
    take(site, [named() | {"reported_at": "2026-03-01 20:00"}])
    clock.advance(hours=1)
    when = {"recorded_at": "2026-03-01 23:30", "offence_code": "28E"}
    take(site, [row("54/9/26", removal_code="C2", **when)], is_full=False)
    assert look(site, KEYS)
    supplies = Supplies(site.keyring)
    with site.database.reading() as session:
        (record_id,) = session.scalars(select(CrimeRecord.id))
        columns = open_lot(session, [record_id], supplies).columns
        side = open_records(session, [record_id], supplies)[record_id].side
    assert (columns.received, columns.name) == ((side.received,), ("Fen, Alexander",))
    assert side.received is not None
    before = all_matches(site)
    assert rerun(site, comparer_of(site)).other == 0
    assert all_matches(site) == before


def test_a_lot_shows_nothing_of_anybody_in_a_traceback(site: Site, clock: HandClock) -> None:
    take(site, [named()])
    with site.database.reading() as session:
        (record_id,) = session.scalars(select(CrimeRecord.id))
        lot = open_lot(session, [record_id], Supplies(site.keyring))
    cleaned = Cleaner().clean(lot.columns, Wanted())
    for shown in (repr(lot), repr(lot.columns), repr(cleaned)):
        assert "1 records" in shown
        assert not {"Fen", "fen", "1990", "SN1"} & set(re.findall(r"\w+", shown))


def test_spans_hold_every_record_once_and_in_order(site: Site, clock: HandClock) -> None:
    with site.database.reading() as session:
        assert record_spans(session) == []
        assert records_within(session, NO_RECORDS) == []
    take(site, [row(f"54/{number}/26") for number in range(7)])
    with site.database.reading() as session:
        every = session.scalars(select(CrimeRecord.id).order_by(CrimeRecord.id)).all()
        for at_once, sizes in ((3, [3, 3, 1]), (7, [7]), (50, [7])):
            found = [records_within(session, one) for one in record_spans(session, at_once)]
            assert [len(some) for some in found] == sizes
            assert [one for some in found for one in some] == every
