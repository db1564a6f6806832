"""What a process of a full run is given, and what it gives back."""

import pickle

from sqlalchemy import select, update

from portal.db import Database
from portal.matching.in_processes import usable_cores
from portal.matching.lots import NO_RECORDS, record_spans
from portal.matching.models import Match
from portal.matching.rerunning_lots import LotWork
from portal.police.models import CrimeRecord, Supply
from portal.reports.models import Allegation
from portal.site import Site
from tests.matching.test_rerunning import comparer_of, fill, lose_report_key
from tests.rig.clock import HandClock


def work_for(site: Site) -> LotWork:
    with site.database.reading() as session:
        reports = session.scalars(select(Allegation.id).order_by(Allegation.id)).all()
    return LotWork.of(site.database, comparer_of(site), reports, memory_limit="600MB", processes=2)


def test_work_is_the_same_after_it_went_through_a_pipe_and_shows_no_key(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=2, records=10)
    work = work_for(site)
    assert site.database.url.database
    assert site.database.url.database not in repr(work)
    with site.database.reading() as session:
        spans = record_spans(session, 6)
    other = pickle.loads(pickle.dumps(work))  # noqa: S301 - made a moment ago
    found = []
    for one in (work, other):
        with one.begin() as compare:
            found.append([compare(span) for span in spans])
    assert found[0] == found[1]
    assert sum(len(pairs) for lot in found[0] for pairs in lot.kept.values()) > 5


def test_lots_together_keep_what_stands_and_count_each_candidate_once(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=2, records=10)
    work = work_for(site)
    with site.database.reading() as session:
        kept = {(one.allegation_id, one.record_id) for one in session.scalars(select(Match))}
        in_one, in_several = record_spans(session), record_spans(session, 6)
    assert (len(in_one), len(in_several)) == (1, 3)
    counted = []
    for some in (in_one, in_several):
        with work.begin() as compare:
            lots = [compare(span) for span in some]
        assert kept == {
            (work.reports[place], record)
            for lot in lots
            for place, pairs in lot.kept.items()
            for record in pairs
        }
        counted.append({place: sum(lot.found.get(place, 0) for lot in lots) for place in range(16)})
        assert sum(lot.opened for lot in lots) == sum(lot.asked for lot in lots) == 15
    assert counted[0] == counted[1]


def test_a_process_gets_the_whole_address_and_its_part_of_the_machine(site: Site) -> None:
    database = Database("postgresql://portal:p%40s%2Fs:%3F@db.example/on record?sslmode=require")
    comparer = comparer_of(site)
    # Keys that were used here cannot be handed on as they are.
    _, wrapped = site.keyring.new_data_key()
    key = comparer.supplies.find(wrapped)
    assert key is not None
    key.open(key.seal(b"", "tried"), "tried")
    comparer.tokens.number("name", "tried")
    work = LotWork.of(database, comparer, [], memory_limit="2GB", processes=4)
    other = pickle.loads(pickle.dumps(work))  # noqa: S301 - as above
    assert Database(other.address).url == database.url
    assert (other.memory_limit, other.threads) == ("500MB", max(1, usable_cores() // 4))
    assert "p@s" not in repr(work)
    assert "p%40s" not in repr(work)
    database.engine.dispose()


def test_records_that_do_not_open_are_named_and_the_others_are_compared(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=2, records=10)
    work = work_for(site)
    with site.database.transaction() as session:
        session.execute(update(Supply).where(Supply.number == 1).values(wrapped_key=bytes(64)))
        theirs = set(session.scalars(select(CrimeRecord.id)))
        spans = record_spans(session)
    with work.begin() as compare:
        (lot,) = map(compare, spans)
    assert lot.closed
    assert lot.closed < theirs
    assert (lot.asked, lot.opened) == (15, 15 - len(lot.closed))
    assert not {record for pairs in lot.kept.values() for record in pairs} & lot.closed


def test_a_report_that_does_not_open_is_said_and_the_others_are_compared(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=2, records=10)
    work = work_for(site)
    with site.database.transaction() as session:
        key = lose_report_key(session)
        of_it = select(Allegation.id).where(Allegation.report_id == key.report_id)
        lost = set(session.scalars(of_it))
    with work.begin() as compare:
        lot = compare(NO_RECORDS)
    assert {work.reports[place] for place in lot.closed_reports} == lost
    assert lot.erased == frozenset()
    assert 0 < len(lost) < len(work.reports)
    assert (lot.asked, lot.opened, lot.found, lot.kept) == (0, 0, {}, {})
